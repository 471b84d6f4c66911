#include "tui/complete.h"

#include "engine/base/mem.h"
#include "engine/model/target.h"
#include "tests/tui/sample.h"
#include "tui/filter.h"
#include "tui/filter_terms.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

static void add(struct model *model, const char *domain, const char *connector, const char *owner)
{
    struct target_spec spec;

    target_spec_init(&spec);
    spec.domain = mem_string(domain);
    spec.unicode = mem_string(domain);
    spec.class = CLASS_PARTNER;
    spec.requirement = REQUIREMENT_ENCRYPTION;
    spec.protocol = PROTOCOL_SMTP;
    spec.connector = mem_string(connector);
    spec.owner = mem_string(owner);
    spec.source = mem_string("test");
    model_add(model, &spec, NULL);
    target_spec_release(&spec);
}

static struct model *make_model(void)
{
    struct model *model = sample_model();

    add(model, "a.example", "To Fabrikam", "kim");
    add(model, "b.example", "To Contoso", "kim");
    add(model, "c.example", "To Contoso", "lee");
    add(model, "d.example", "Bad \"quote\"", "tab\there");
    add(model, "e.example", "Bad \033[2J", "\xff");
    return model;
}

/* The candidates with a comma behind each, for a `|` in the text where the cursor is, or its end. */
static char *candidates_of(const struct model *model, const char *text, size_t *from, size_t *to)
{
    char *copy = mem_string(text), *bar = strchr(copy, '|'), *all = mem_string("");
    struct candidates list = {0};
    size_t i;

    if (bar)
        memmove(bar, bar + 1, strlen(bar));
    complete_filter(&list, copy, bar ? (size_t)(bar - copy) : strlen(copy), model);
    *from = list.from;
    *to = list.to;
    for (i = 0; i < list.count; i++) {
        char *longer = mem_format("%s%s,", all, list.items[i].text);

        free(all);
        all = longer;
    }
    candidates_release(&list);
    free(copy);
    return all;
}

static void test_candidates(void **state)
{
    static const struct {
        const char *text, *candidates;
        size_t from, to;
    } cases[] = {
        {"ver", "verdict:,", 0, 3},
        {"a !co", "consequence:,connector:,contact:,", 3, 5},
        {"c", "class:,consequence:,cert<,connector:,contact:,change:,", 0, 1},
        {"change:n", "newly-unknown,newly-known,noted,", 7, 8},
        {"nothing", "", 0, 7},
        {"verdict:not", "not-ready,", 8, 11},
        {"verdict:|not", "pending,no-mail,ready,unknown,unreachable,at-risk,plaintext,not-ready,", 8, 8},
        {"verdict:P class:|", "partner,opportunistic,relay,service,", 16, 16},
        {"verdict:P|", "pending,plaintext,", 8, 9},
        {"ver|dict:ready", "verdict:,", 0, 8},
        {"tls", "tls<,", 0, 3},
        {"tls>=1.", ">=1.2,>=1.3,>=1.1,>=1.0,", 3, 7},
        {"tls<ss", "<ssl3,", 3, 6},
        {"cert<", "<30d,<14d,<7d,<0d,<60d,<90d,", 4, 5},
        {"cert<=3", "<=30d,", 4, 7},
        {"cert<<<3", "", 4, 8},
        {"is:", "tagged,problem,open,contradicted,changed,better,worse,noted,", 3, 3},
        {"state:fi", "fixed,", 6, 8},
        {"connector:", "\"To Contoso\",\"To Fabrikam\",", 10, 10},
        {"connector:\"to f", "\"To Fabrikam\",", 10, 15},
        {"connector:\"To Fabrikam\"", "\"To Fabrikam\",", 10, 23},
        {"owner:", "kim,lee,", 6, 6},
        {"!owner:l", "lee,", 7, 8},
        {"operator:li", "litware.example,", 9, 11},
        {"note:a", "", 5, 6},
    };
    struct model *model = make_model();
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t from, to;
        char *found = candidates_of(model, cases[i].text, &from, &to);

        if (strcmp(found, cases[i].candidates) != 0 || from != cases[i].from || to != cases[i].to)
            fail_msg("%s: %s from %zu to %zu", cases[i].text, found, from, to);
        free(found);
    }
    model_free(model);
}

static void assert_all_terms(const struct model *model, const char *text)
{
    struct candidates list = {0};
    size_t count;

    filter_terms(&count);
    complete_filter(&list, text, strlen(text), model);
    assert_int_equal(list.count, count);
    assert_non_null(list.items[0].help);
    candidates_release(&list);
}

static void test_all_terms_at_a_beginning(void **state)
{
    struct model *model = sample_empty();

    (void)state;
    assert_all_terms(model, "");
    assert_all_terms(model, "class:partner ");
    assert_all_terms(model, "!");
    model_free(model);
}

static unsigned nothing_kept(const struct model *model, const char *text)
{
    char *error = NULL;
    struct filter *filter = filter_parse(text, &error);
    unsigned kept = 0;
    size_t i;

    if (!filter)
        fail_msg("%s: %s", text, error);
    for (i = 0; i < model_target_count(model); i++)
        kept += filter_keeps(filter, model_target_at(model, i));
    filter_free(filter);
    return !kept;
}

/* What is offered can be read, and a value of the session finds whom it is taken from. */
static void test_offers_can_be_read(void **state)
{
    static const char *const texts[] = {"verdict:", "class:", "consequence:", "reason:",   "route:", "is:",
                                        "tls<",     "cert>=", "connector:",   "operator:", "owner:"};
    struct model *model = make_model();
    size_t i, j;

    (void)state;
    for (i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct candidates list = {0};

        complete_filter(&list, texts[i], strlen(texts[i]), model);
        assert_true(list.count > 0);
        for (j = 0; j < list.count; j++) {
            char *text = mem_format("%.*s%s", (int)list.from, texts[i], list.items[j].text);
            bool none = nothing_kept(model, text);

            if (i >= 8)
                assert_false(none);
            free(text);
        }
        candidates_release(&list);
    }
    model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_candidates),
        cmocka_unit_test(test_all_terms_at_a_beginning),
        cmocka_unit_test(test_offers_can_be_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
