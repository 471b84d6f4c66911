#include "tui/detail_bundle.h"

#include "engine/base/mem.h"
#include "tests/tui/sample.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#define MOST 500

static struct target *add(struct model *model, size_t number)
{
    struct target_spec spec;
    struct target *target;

    target_spec_init(&spec);
    spec.domain = mem_format("d%zu.example", number);
    spec.unicode = mem_string(spec.domain);
    spec.connector = mem_string("To all");
    spec.source = mem_string("connectors.json:2, connector 1");
    spec.class = CLASS_PARTNER;
    target = model_add(model, &spec, NULL);
    target_spec_release(&spec);
    return target;
}

/* The page of a connector with `count` domains, the first `removed` of them removed. */
static char *page_with(size_t count, size_t removed)
{
    struct model *model = sample_empty();
    struct rows *rows;
    struct page page;
    char *text;
    size_t i;

    for (i = 0; i < count; i++) {
        struct target *target = add(model, i);

        if (i < removed)
            model_remove(model, target);
    }
    rows = rows_new(model);
    page_init(&page, 100, true);
    detail_bundle(&page, rows, 1);
    text = page_text(&page);
    page_release(&page);
    rows_free(rows);
    model_free(model);
    return text;
}

static void a_page_lists_so_many_and_counts_the_rest(void **state)
{
    static const struct {
        size_t count, removed;
        const char *last, *rest; /* the last domain listed; what is said of the others */
    } rows[] = {
        {1, 0, "d0.example", NULL},
        {MOST, 0, "d499.example", NULL},
        {MOST + 1, 0, "d499.example", "and 1 more"},
        {MOST + 100, 0, "d499.example", "and 100 more"},
        {MOST + 100, 100, "d599.example", NULL},
        {MOST + 100, 99, "d598.example", "and 1 more"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *text = page_with(rows[i].count, rows[i].removed);
        char *beyond = mem_format("d%zu.example", MOST + rows[i].removed);

        assert_non_null(strstr(text, rows[i].last));
        assert_null(strstr(text, beyond));
        if (rows[i].rest)
            assert_non_null(strstr(text, rows[i].rest));
        else
            assert_null(strstr(text, " more"));
        free(beyond);
        free(text);
    }
}

static void the_campaign_in_words(void **state)
{
    struct rows_campaign campaign = {.overdue = 0};
    char *words = detail_campaign_words(&campaign);

    (void)state;
    assert_string_equal(words, "");
    free(words);
    campaign.states[CONTACT_NONE] = 7;
    campaign.states[CONTACT_TO_CONTACT] = 2;
    campaign.states[CONTACT_WAIVED] = 1;
    campaign.overdue = 3;
    words = detail_campaign_words(&campaign);
    assert_string_equal(words, "3 overdue, 2 to contact, 1 waived");
    free(words);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_lists_so_many_and_counts_the_rest),
        cmocka_unit_test(the_campaign_in_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
