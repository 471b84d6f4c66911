#include "tui/filter.h"

#include "tests/tui/sample.h"
#include "tui/finder.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>

static unsigned kept(struct model *model, const char *text)
{
    char *error = NULL;
    struct filter *filter = filter_parse(text, &error);
    unsigned count = 0;
    size_t i;

    if (!filter)
        fail_msg("%s: %s", text, error);
    for (i = 0; i < model_target_count(model); i++)
        count += filter_keeps(filter, model_target_at(model, i));
    filter_free(filter);
    return count;
}

static void test_terms(void **state)
{
    struct model *model = sample_model();

    (void)state;
    assert_int_equal(kept(model, ""), 8);
    assert_int_equal(kept(model, "contoso"), 1);
    assert_int_equal(kept(model, "CONTOSO"), 0);
    assert_int_equal(kept(model, "!contoso"), 7);
    assert_int_equal(kept(model, "2001:db8"), 1);
    assert_int_equal(kept(model, "gw."), 1);
    assert_int_equal(kept(model, "class:partner"), 3);
    assert_int_equal(kept(model, "class:partner verdict:ready"), 1);
    assert_int_equal(kept(model, "verdict:not"), 2);
    assert_int_equal(kept(model, "consequence:stops"), 1);
    assert_int_equal(kept(model, "route:smart"), 3);
    assert_int_equal(kept(model, "tls<1.2"), 3);
    assert_int_equal(kept(model, "tls<=1.2"), 4);
    assert_int_equal(kept(model, "tls=1.3"), 1);
    assert_int_equal(kept(model, "tls>1.2"), 1);
    assert_int_equal(kept(model, "  !  "), 8);
    model_free(model);
}

static void test_errors(void **state)
{
    static const char *const bad[] = {"verdict:nonsense", "class:x", "tls<9", "tls=", "consequence:zz"};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char *error = NULL;

        assert_null(filter_parse(bad[i], &error));
        assert_non_null(error);
        free(error);
    }
}

static void test_smart_case(void **state)
{
    (void)state;
    assert_true(finder_holds("Contoso", "con"));
    assert_false(finder_holds("contoso", "Con"));
    assert_true(finder_holds("Contoso", "Con"));
    assert_false(finder_holds(NULL, ""));
}

static void test_problems_go_round(void **state)
{
    struct model *model = sample_model();
    struct rows *rows = rows_new(model);
    struct row row = {0}, hit;
    unsigned i;

    (void)state;
    for (i = 0; i < 5; i++) {
        assert_true(rows_next_problem(rows, &row, true, &hit));
        assert_true(rows_is_problem(model_target(model, hit.target)->judgement.verdict));
        assert_false(row_equal(&row, &hit));
        row = hit;
    }
    assert_true(rows_next_problem(rows, &row, true, &hit));
    assert_string_equal(model_target(model, hit.target)->spec.domain, "fabrikam.example");
    rows_free(rows);
    model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_terms),
        cmocka_unit_test(test_errors),
        cmocka_unit_test(test_smart_case),
        cmocka_unit_test(test_problems_go_round),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
