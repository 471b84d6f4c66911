/* Hosts beside a target's route: shown behind those of the route, and never a problem of the target. */
#include "tests/tui/sample.h"
#include "tui/detail.h"
#include "tui/filter.h"
#include "tui/finder.h"
#include "tui/rows.h"
#include "tui/summary.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#define NOW 1795514400
#define MX  "mx.a.example"

struct fixture {
    struct model *model;
    struct target *target;
    struct rows *rows;
};

static void sync(struct fixture *f)
{
    size_t count;
    uint32_t *changed = model_take_changed(f->model, &count);

    rows_sync(f->rows, changed, count);
    free(changed);
}

/* A good gateway, and behind it another partner; the MX of the first is bad. */
static void begin(struct fixture *f)
{
    static const struct sample_endpoint good = {"192.0.2.1", TLS_1_2, TLS_1_3, PROBE_OK},
                                        bad = {"192.0.2.2", TLS_1_0, TLS_1_0, PROBE_OK};

    f->model = sample_empty();
    f->target = sample_add(f->model, "a.example", CLASS_PARTNER);
    sample_add(f->model, "b.example", CLASS_PARTNER);
    sample_route(f->model, f->target, "gw.a.example", -1);
    sample_addresses(f->model, "gw.a.example", &good, 1);
    sample_facts(f->model, "gw.a.example", &good);
    f->rows = rows_new(f->model);
    rows_fold_to_depth(f->rows, 4);
    sample_beside(f->model, f->target, MX, 10);
    sample_addresses(f->model, MX, &bad, 1);
    sample_facts(f->model, MX, &bad);
    sync(f);
}

static void end(struct fixture *f)
{
    rows_free(f->rows);
    model_free(f->model);
}

static struct row row_of(const struct fixture *f, enum row_kind kind)
{
    const struct host *mx = f->target->beside.hosts[0].host;

    return (struct row){.kind = kind,
                        .target = f->target->id,
                        .host = kind > ROW_TARGET ? mx->id : 0,
                        .endpoint = kind > ROW_HOST ? mx->endpoints[0]->id : 0};
}

static char *text_of(const struct fixture *f, enum row_kind kind)
{
    struct row row = row_of(f, kind);
    struct page page;
    char *text;

    page_init(&page, 80, false);
    detail_build(&page, f->model, f->rows, &row, NOW);
    text = page_text(&page);
    page_release(&page);
    return text;
}

static void assert_says(const struct fixture *f, enum row_kind kind, const char *part)
{
    char *text = text_of(f, kind);

    if (!strstr(text, part))
        fail_msg("\"%s\" is missing in:\n%s", part, text);
    free(text);
}

static void test_rows_behind_the_route(void **state)
{
    static const enum row_kind kinds[] = {ROW_GROUP, ROW_TARGET,   ROW_HOST,  ROW_ENDPOINT,
                                          ROW_HOST,  ROW_ENDPOINT, ROW_TARGET};
    struct fixture f;
    size_t i, index;

    (void)state;
    begin(&f);
    assert_int_equal(rows_count(f.rows), sizeof kinds / sizeof *kinds);
    for (i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct row row = rows_at(f.rows, i);

        assert_int_equal(row.kind, kinds[i]);
        assert_true(rows_locate(f.rows, &row, &index));
        assert_int_equal(index, i);
    }
    assert_int_equal(rows_at(f.rows, 2).host, f.target->hosts[0].host->id);
    assert_int_equal(rows_at(f.rows, 4).host, f.target->beside.hosts[0].host->id);
    end(&f);
}

static void test_folds(void **state)
{
    struct fixture f;
    struct row host, endpoint;
    size_t index;

    (void)state;
    begin(&f);
    host = row_of(&f, ROW_HOST);
    endpoint = row_of(&f, ROW_ENDPOINT);
    assert_true(rows_has_children(f.rows, &host));
    rows_set_open(f.rows, &host, false);
    assert_int_equal(rows_count(f.rows), 6);
    assert_true(rows_locate(f.rows, &endpoint, &index));
    assert_true(row_equal(&endpoint, &host));
    assert_int_equal(index, 4);
    assert_int_equal(summary_work_of(f.target).endpoints, 2);
    end(&f);
}

/* They come and go with lookups. */
static void test_another_lookup(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f);
    sample_beside(f.model, f.target, "gw.a.example", 10);
    sync(&f);
    assert_int_equal(rows_count(f.rows), 5);
    end(&f);
}

static void test_no_problem_of_the_target(void **state)
{
    struct row from = {0}, hit;
    struct fixture f;

    (void)state;
    begin(&f);
    assert_int_equal(model_judge_host(f.model, f.target, f.target->beside.hosts[0].host).verdict,
                     VERDICT_NOT_READY);
    assert_false(rows_next_problem(f.rows, &from, true, &hit));
    from = row_of(&f, ROW_ENDPOINT);
    assert_false(rows_next_problem(f.rows, &from, true, &hit));
    assert_false(rows_next_problem(f.rows, &from, false, &hit));
    assert_int_equal(rows_all_verdicts(f.rows)[VERDICT_NOT_READY], 0);
    assert_int_equal(summary_of_target(f.target).weakest, TLS_1_3);
    end(&f);
}

static void test_found_by_name_and_address(void **state)
{
    static const char *const terms[] = {MX, "192.0.2.2"};
    struct row from = {0}, hit;
    struct finder_walk walk;
    struct fixture f;

    (void)state;
    begin(&f);
    for (size_t i = 0; i < sizeof terms / sizeof *terms; i++) {
        char *error = NULL;
        struct filter *filter = filter_parse(terms[i], &error);

        assert_true(filter_keeps(filter, f.target));
        filter_free(filter);
        assert_int_equal(finder_begin(&walk, f.model, f.rows, &from, terms[i], true, false, &hit),
                         FINDER_MORE);
        assert_int_equal(finder_go_on(&walk, f.model, f.rows, terms[i], SIZE_MAX, &hit), FINDER_FOUND);
        assert_int_equal(hit.target, f.target->id);
    }
    end(&f);
}

static void test_details(void **state)
{
    struct fixture f;
    char *text;

    (void)state;
    begin(&f);
    text = text_of(&f, ROW_TARGET);
    assert_memory_equal(text, "✓ ready\n", strlen("✓ ready\n"));
    assert_null(strstr(text, "Warnings"));
    free(text);
    assert_says(&f, ROW_TARGET, "MX of the domain\nInformation: mail does not take this way.\n");
    assert_says(&f, ROW_TARGET, " 10 " MX);
    assert_says(&f, ROW_HOST, "✗ not ready");
    assert_says(&f, ROW_HOST, "Information: mail does not take this way.");
    assert_says(&f, ROW_ENDPOINT, "mail to a.example does not");
    end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows_behind_the_route),
        cmocka_unit_test(test_folds),
        cmocka_unit_test(test_another_lookup),
        cmocka_unit_test(test_no_problem_of_the_target),
        cmocka_unit_test(test_found_by_name_and_address),
        cmocka_unit_test(test_details),
    };

    setlocale(LC_ALL, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
