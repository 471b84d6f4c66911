#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/base/day.h"

#include <time.h>

/* Every day there is, and its neighbours in the C library's calendar. */
static void test_all_days(void **state)
{
    char text[DAY_TEXT_SIZE], expected[32];
    int32_t day, read;

    (void)state;
    for (day = 1; day <= DAY_MOST; day++) {
        time_t when = (time_t)day * 86400;
        struct tm tm;

        day_text(text, day);
        gmtime_r(&when, &tm);
        strftime(expected, sizeof expected, "%Y-%m-%d", &tm);
        if (day % 97 == 0 || tm.tm_mday > 27)
            assert_string_equal(text, expected);
        if (!day_parse(text, &read) || read != day)
            fail_msg("%s", text);
    }
}

static void test_relative(void **state)
{
    static const struct {
        const char *today, *text, *expected;
    } cases[] = {
        {"2026-11-26", "+14d", "2026-12-10"},  {"2026-11-26", "+14", "2026-12-10"},
        {"2026-11-26", "-1d", "2026-11-25"},   {"2026-11-26", "+2w", "2026-12-10"},
        {"2026-11-26", "today", "2026-11-26"}, {"2027-01-31", "+1m", "2027-02-28"},
        {"2028-01-31", "+1m", "2028-02-29"},   {"2026-11-30", "+3m", "2027-02-28"},
        {"2026-01-15", "-1m", "2025-12-15"},   {"2026-11-26", " 2027-03-01 ", "2027-03-01"},
    };
    char text[DAY_TEXT_SIZE];
    int32_t today, day;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_true(day_parse(cases[i].today, &today));
        if (!day_read(cases[i].text, today, &day))
            fail_msg("%s", cases[i].text);
        day_text(text, day);
        assert_string_equal(text, cases[i].expected);
    }
}

static void test_refused(void **state)
{
    static const char *const bad[] = {"",           " ",        "2026-13-01",  "2026-00-10",  "2026-02-29",
                                      "2026-2-1",   "26-02-01", "2026-02-01x", "1970-01-01",  "1969-12-31",
                                      "2026/02/01", "+",        "+d",          "+1x",         "+1dd",
                                      "+123456d",   "-99999d",  "tomorrow",    "-900m",       "++1d",
                                      "9999-12-32", "+ 1d",     "2026-02-1\n", "1 2026-02-01"};
    int32_t day;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (day_read(bad[i], 20000, &day))
            fail_msg("%s", bad[i]);
}

static void test_of_time(void **state)
{
    (void)state;
    assert_int_equal(day_of(0), 0);
    assert_int_equal(day_of(86399), 0);
    assert_int_equal(day_of(86400), 1);
    assert_int_equal(day_of(-1), 0);
    assert_int_equal(day_of(INT64_MAX), DAY_MOST);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_days),
        cmocka_unit_test(test_relative),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_of_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
