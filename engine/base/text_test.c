#include "engine/base/text.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

struct decoded {
    const char *bytes;
    size_t length;
    uint32_t code_point; /* when `length` is not 0 */
};

static void decodes_utf8(void **state)
{
    static const struct decoded rows[] = {
        {"a", 1, 'a'},
        {"\x7f", 1, 0x7f},
        {"\xc2\x80", 2, 0x80},
        {"\xdf\xbf", 2, 0x7ff},
        {"\xe0\xa0\x80", 3, 0x800},
        {"\xed\x9f\xbf", 3, 0xd7ff},
        {"\xee\x80\x80", 3, 0xe000},
        {"\xef\xbf\xbf", 3, 0xffff},
        {"\xf0\x90\x80\x80", 4, 0x10000},
        {"\xf4\x8f\xbf\xbf", 4, 0x10ffff},
        {"\x80", 0, 0},
        {"\xbf", 0, 0},
        {"\xc0\x80", 0, 0},
        {"\xc1\xbf", 0, 0},
        {"\xe0\x9f\xbf", 0, 0},
        {"\xed\xa0\x80", 0, 0},
        {"\xed\xbf\xbf", 0, 0},
        {"\xf0\x8f\xbf\xbf", 0, 0},
        {"\xf4\x90\x80\x80", 0, 0},
        {"\xf8\x88\x80\x80\x80", 0, 0},
        {"\xff", 0, 0},
        {"\xc2", 0, 0},
        {"\xe2\x82", 0, 0},
        {"\xe2\x28\xa1", 0, 0},
        {"\xf0\x9f\x98", 0, 0},
        {"", 0, 0},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint32_t code_point = 0;
        size_t length = strlen(rows[i].bytes);

        assert_int_equal(text_decode((const uint8_t *)rows[i].bytes, length, &code_point), rows[i].length);
        assert_int_equal(code_point, rows[i].length ? rows[i].code_point : 0);
    }
}

static void decodes_nul(void **state)
{
    uint32_t code_point = 1;

    (void)state;
    assert_int_equal(text_decode((const uint8_t *)"", 1, &code_point), 1);
    assert_int_equal(code_point, 0);
}

struct escaped {
    const char *bytes;
    const char *text;
};

static void escapes_what_acts_or_hides(void **state)
{
    static const struct escaped rows[] = {
        {"plain 250-OK", "plain 250-OK"},
        {"a\\b", "a\\\\b"},
        {"\x1b[31m", "\\x1b[31m"},
        {"a\tb\r\n", "a\\x09b\\x0d\\x0a"},
        {"\x7f", "\\x7f"},
        {"gr\xc3\xbc\xc3\x9f", "gr\xc3\xbc\xc3\x9f"},
        {"gr\xfc\xdf", "gr\\xfc\\xdf"},
        {"\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80"},
        {"\xf0\x9f\x98", "\\xf0\\x9f\\x98"},
        {"\xc2\x9b", "\\u{9b}"},
        {"\xc2\xad", "\\u{ad}"},
        {"\xd8\x9c", "\\u{61c}"},
        {"\xe2\x80\xae", "\\u{202e}"},
        {"\xe2\x80\xa8", "\\u{2028}"},
        {"\xe2\x81\xa9", "\\u{2069}"},
        {"\xef\xbb\xbf", "\\u{feff}"},
        {"\xf3\xa0\x81\xbf", "\\u{e007f}"},
        {"\xe2\x82\xac", "\xe2\x82\xac"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char *text = text_escaped(rows[i].bytes, strlen(rows[i].bytes));

        assert_string_equal(text, rows[i].text);
        free(text);
    }
}

static void escapes_nul_and_nothing(void **state)
{
    char *text = text_escaped("a\0b", 3);

    (void)state;
    assert_string_equal(text, "a\\x00b");
    free(text);
    text = text_escaped(NULL, 0);
    assert_string_equal(text, "");
    free(text);
}

/* Whatever goes in, what comes out is valid UTF-8 without a control. */
static void every_pair_of_bytes_comes_out_harmless(void **state)
{
    unsigned pair;

    (void)state;
    for (pair = 0; pair < 0x10000; pair++) {
        const uint8_t bytes[] = {(uint8_t)(pair >> 8), (uint8_t)pair};
        char *text = text_escaped(bytes, sizeof bytes);
        const uint8_t *at = (const uint8_t *)text;
        size_t left = strlen(text);

        assert_true(left >= 2);
        while (left) {
            uint32_t c = 0;
            size_t size = text_decode(at, left, &c);

            assert_true(size && c >= 0x20 && (c < 0x7f || c > 0x9f));
            at += size;
            left -= size;
        }
        free(text);
    }
}

struct moment {
    int64_t when;
    const char *text;
};

static void writes_times(void **state)
{
    static const struct moment rows[] = {
        {0, "1970-01-01T00:00:00Z"},
        {-1, "1969-12-31T23:59:59Z"},
        {1795428000, "2026-11-23T10:00:00Z"},
        {951782400, "2000-02-29T00:00:00Z"},
        {253402300799, "9999-12-31T23:59:59Z"},
        {253402300800, "9999-12-31T23:59:59Z"},
        {INT64_MAX, "9999-12-31T23:59:59Z"},
        {-62167219200, "0000-01-01T00:00:00Z"},
        {-62167219201, "0000-01-01T00:00:00Z"},
        {INT64_MIN, "0000-01-01T00:00:00Z"},
        {-61851600000, "0010-01-01T00:00:00Z"},
        {-30641760000, "0999-01-01T00:00:00Z"},
        {-30610310400, "0999-12-31T00:00:00Z"},
    };
    char text[TEXT_TIME_SIZE];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        text_time(text, rows[i].when);
        assert_string_equal(text, rows[i].text);
    }
}

/* The C library knows the calendar too. */
static void days_are_the_calendar_s(void **state)
{
    char text[TEXT_TIME_SIZE], expected[80];
    int64_t day, day_back;

    (void)state;
    for (day = -354284; day < 2932896; day += 7) { /* years 1000 to 9999 */
        time_t when = (time_t)day * 86400 + day % 86400;
        struct tm tm;

        assert_non_null(gmtime_r(&when, &tm));
        assert_int_not_equal(strftime(expected, sizeof expected, "%Y-%m-%dT%H:%M:%SZ", &tm), 0);
        text_time(text, when);
        assert_string_equal(text, expected);
        assert_true(text_time_parse(text, &day_back));
        assert_int_equal(day_back, when);
    }
}

static void reads_times(void **state)
{
    static const char *const bad[] = {"",
                                      "2026-11-23",
                                      "2026-11-23T10:00:00",
                                      "2026-11-23T10:00:00+",
                                      "2026-11-23 10:00:00Z",
                                      "2026-11-23T10:00:00Z ",
                                      "2026-11-31T10:00:00Z",
                                      "2026-13-01T10:00:00Z",
                                      "2026-11-23T24:00:00Z",
                                      "2026-11-23T10:60:00Z",
                                      "2026-1-123T10:00:00Z",
                                      "+026-11-23T10:00:00Z",
                                      "2026-11-23T-1:00:00Z",
                                      "2026-11-23t10:00:00z"};
    int64_t when = 77;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (text_time_parse(bad[i], &when))
            fail_msg("'%s' is taken for a time", bad[i]);
    assert_true(text_time_parse("1969-12-31T23:59:59Z", &when));
    assert_int_equal(when, -1);
    assert_true(text_time_parse("0000-01-01T00:00:00Z", &when));
    assert_int_equal(when, -62167219200);
}

static void reads_whole_numbers(void **state)
{
    static const char *const bad[] = {
        "", " 1", "1 ", "+1", "-1", "0x10", "1.", "a", "256", "4", "99999999999999999999999"};
    unsigned long value = 77;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(text_number(bad[i], 5, 255, &value));
    assert_int_equal(value, 77);
    assert_true(text_number("5", 5, 255, &value));
    assert_int_equal(value, 5);
    assert_true(text_number("0255", 5, 255, &value));
    assert_int_equal(value, 255);
}

static void reads_seconds(void **state)
{
    static const char *const bad[] = {"",    ".",   "1.2.3", "-1", "1e3",  "inf",
                                      "nan", "0x1", " 1",    "1 ", "60.5", "1,5"};
    double value = 77;
    char many[512];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(text_seconds(bad[i], 60, &value));
    memset(many, '9', sizeof many - 1);
    many[sizeof many - 1] = 0;
    assert_false(text_seconds(many, 60, &value));
    assert_true(value == 77);
    assert_true(text_seconds("0.25", 60, &value) && value == 0.25);
    assert_true(text_seconds("60", 60, &value) && value == 60);
    assert_true(text_seconds(".5", 60, &value) && value == 0.5);
    assert_true(text_seconds("7.", 60, &value) && value == 7);
    assert_true(text_seconds("0.1", 60, &value) && value == 0.1);
}

static void writes_hex(void **state)
{
    static const uint8_t bytes[] = {0x00, 0x7f, 0xa0, 0xff};
    char out[2 * sizeof bytes + 1];

    (void)state;
    text_hex(out, bytes, sizeof bytes);
    assert_string_equal("007fa0ff", out);
    text_hex(out, bytes, 0);
    assert_string_equal("", out);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(decodes_utf8),
        cmocka_unit_test(decodes_nul),
        cmocka_unit_test(escapes_what_acts_or_hides),
        cmocka_unit_test(escapes_nul_and_nothing),
        cmocka_unit_test(every_pair_of_bytes_comes_out_harmless),
        cmocka_unit_test(writes_times),
        cmocka_unit_test(days_are_the_calendar_s),
        cmocka_unit_test(reads_times),
        cmocka_unit_test(reads_whole_numbers),
        cmocka_unit_test(reads_seconds),
        cmocka_unit_test(writes_hex),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
