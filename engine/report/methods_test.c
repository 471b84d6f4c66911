#include "engine/report/methods.h"

#include "engine/model/fixture.h"
#include "engine/report/sample.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

static bool has(const struct strings *list, const char *text)
{
    for (size_t i = 0; i < list->count; i++)
        if (strstr(list->items[i], text))
            return true;
    return false;
}

static void test_limits_of_this_run(void **state)
{
    struct model *model = sample_model();
    struct report_options options = sample_options();
    struct report_summary summary;
    struct strings limits = {0};

    (void)state;
    options.complete = false;
    report_summarise(model, &summary);
    report_limits(model, &options, &summary, &limits);
    assert_true(has(&limits, "The run was not finished"));
    assert_true(has(&limits, "2 targets are not probed yet."));
    assert_true(has(&limits, "1 target is unreachable or unknown: nothing is claimed about its TLS"));
    assert_true(has(&limits, "Trouble where this was looked from: This machine has no route for IPv6."));
    strings_release(&limits);
    model_free(model);
}

/* A run without trouble says no more than what holds for all. */
static void test_limits_of_all_runs(void **state)
{
    struct model *model = fixture_model("tls1.3");
    struct report_options options = sample_options();
    struct report_summary summary;
    struct strings limits = {0};

    (void)state;
    report_summarise(model, &summary);
    report_limits(model, &options, &summary, &limits);
    assert_int_equal(limits.count, 4);
    strings_release(&limits);
    model_free(model);
}

static void assert_gives(char *text, const char *expected)
{
    assert_string_equal(text, expected);
    free(text);
}

static void test_head(void **state)
{
    struct model *model = fixture_model("exchange-online"), *newest = fixture_model("tls1.3");
    struct report_options options = sample_options();
    struct strings methods = {0};
    char *floor = report_floor(model);

    (void)state;
    assert_gives(report_title(model), "Who is ready for TLS 1.2 or better?");
    assert_gives(report_title(newest), "Who is ready for TLS 1.3?");
    assert_gives(report_period(&options), "2026-11-18 11:05 to 2026-11-18 11:06 UTC");
    options.finished_at = 0;
    assert_gives(report_period(&options), "2026-11-18 11:05 to (not finished), UTC");
    options.started_at = 0;
    assert_gives(report_period(&options), "not noted");
    options.started_at = FIXTURE_NOW - 100;
    assert_non_null(
        strstr(floor, "exchange-online, Exchange Online (Office 365): at least TLS 1.2 and one of its "));
    assert_non_null(strstr(floor, " cipher suites, in force since 2020-10-15"));
    report_methods(model, &options, &methods);
    assert_true(has(&methods, "mxscope 0.1.0 looked from host.example, "));
    strings_release(&methods);
    free(floor);
    model_free(model);
    model_free(newest);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_limits_of_this_run),
        cmocka_unit_test(test_limits_of_all_runs),
        cmocka_unit_test(test_head),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
