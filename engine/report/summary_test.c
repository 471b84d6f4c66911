#include "engine/report/summary.h"

#include "engine/model/fixture.h"
#include "engine/report/sample.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>

static void test_counts(void **state)
{
    struct model *model = sample_model();
    struct report_summary summary;

    (void)state;
    report_summarise(model, &summary);
    assert_int_equal(summary.counts.targets, 6);
    assert_int_equal(summary.verdicts[VERDICT_NOT_READY], 2);
    assert_int_equal(summary.verdicts[VERDICT_PENDING], 2);
    assert_int_equal(summary.consequences[CONSEQUENCE_STOPS], 1);
    assert_int_equal(summary.consequences[CONSEQUENCE_SOMETIMES_PLAINTEXT], 1);
    assert_int_equal(summary.versions[TLS_1_0], 0);
    assert_int_equal(summary.clear, 2); /* STARTTLS comes and goes there */
    assert_int_equal(summary.silent, 4);
    assert_int_equal(summary.partners, 2);
    assert_int_equal(summary.problems, 3);
    assert_int_equal(summary.to_write, 2);
    assert_int_equal(summary.contacts[CONTACT_PROMISED], 1);
    model_free(model);
}

static void assert_order(const struct target **list, size_t count, const char *const *domains)
{
    for (size_t i = 0; i < count; i++)
        assert_string_equal(list[i]->spec.domain, domains[i]);
    assert_null(domains[count]);
    free(list);
}

static void test_order(void **state)
{
    struct model *model = sample_model();
    const struct target **list;
    size_t count;

    (void)state;
    list = report_by_consequence(model, report_is_problem, &count);
    assert_order(list, count,
                 (const char *const[]){"fabrikam.example", "shared.example", "dead.example", NULL});
    list = report_by_connector(model, report_is_partner, &count);
    assert_order(list, count, (const char *const[]){"fabrikam.example", "pending.example", NULL});
    model_free(model);
}

static void assert_span(struct summary_versions versions, const char *expected)
{
    char text[REPORT_SPAN_SIZE];

    report_span(&versions, text);
    assert_string_equal(text, expected);
}

static void test_spans(void **state)
{
    (void)state;
    assert_span((struct summary_versions){-1, -1, false}, "");
    assert_span((struct summary_versions){-1, -1, true}, "none");
    assert_span((struct summary_versions){TLS_1_0, TLS_1_0, false}, "TLS 1.0");
    assert_span((struct summary_versions){TLS_1_0, TLS_1_3, false}, "TLS 1.0–1.3");
    assert_span((struct summary_versions){TLS_1_2, TLS_1_2, true}, "none–TLS 1.2");
}

static void test_dates(void **state)
{
    char text[REPORT_DATE_SIZE];

    (void)state;
    report_date(text, 0);
    assert_string_equal(text, "");
    report_date(text, FIXTURE_NOW);
    assert_string_equal(text, "2026-11-18");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counts),
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_spans),
        cmocka_unit_test(test_dates),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
