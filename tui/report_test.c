#include "tui/report.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

static enum report_kind parse(const char *sequence, struct report *report)
{
    return report_parse((const uint8_t *)sequence, strlen(sequence), report);
}

static void test_modes(void **state)
{
    struct report report;

    (void)state;
    assert_int_equal(parse("\033[?2026;2$y", &report), REPORT_MODE);
    assert_int_equal(report.mode, 2026);
    assert_int_equal(report.value, 2);
    assert_int_equal(parse("\033[?1;0$y", &report), REPORT_MODE);
    assert_int_equal(report.value, 0);
    assert_false(report_mode_known(0));
    assert_true(report_mode_known(1) && report_mode_known(2) && report_mode_known(3));
    assert_false(report_mode_known(4));
}

static void test_mouse(void **state)
{
    struct report report;

    (void)state;
    assert_int_equal(parse("\033[<0;1;24M", &report), REPORT_MOUSE);
    assert_int_equal(report.mouse.button, 0);
    assert_int_equal(report.mouse.column, 0);
    assert_int_equal(report.mouse.line, 23);
    assert_false(report.mouse.released);
    assert_int_equal(parse("\033[<65;300;100m", &report), REPORT_MOUSE);
    assert_int_equal(report.mouse.button, 65);
    assert_int_equal(report.mouse.column, 299);
    assert_true(report.mouse.released);
    assert_int_equal(parse("\033[<0;65535;65535M", &report), REPORT_MOUSE);
}

static void test_what_is_no_report(void **state)
{
    static const char *const others[] = {
        "\033[?2026$y",          "\033[?;2$y", "\033[?2026;2y",  "\033[?2026;2$y0",
        "\033[<0;0;1M",          "\033[<0;1M", "\033[<0;1;1;1M", "\033[<0;1;1Mx",
        "\033[<0;65536;1M",      "\033[<;;M",  "\033[?1;2c",     "\033[>0;10;1c",
        "\033[?99999999999;2$y", "\033[?"};
    static const char *const keys[] = {"\033",      "\033[",     "\033[A", "\033OP",
                                       "\033[200~", "\033[1;5C", "\033?2"};
    struct report report;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof others / sizeof others[0]; i++) {
        assert_int_equal(parse(others[i], &report), REPORT_PRIVATE);
        assert_true(report_begins((const uint8_t *)others[i], strlen(others[i])));
    }
    for (i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        assert_int_equal(parse(keys[i], &report), REPORT_NONE);
        assert_false(report_begins((const uint8_t *)keys[i], strlen(keys[i])));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_modes),
        cmocka_unit_test(test_mouse),
        cmocka_unit_test(test_what_is_no_report),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
