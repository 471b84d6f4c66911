#include "engine/report/out.h"

#include "engine/base/mem.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

static const struct out_rules nothing;

static bool after_www(const char *text, size_t at)
{
    return text[at] == '.' && at >= 3 && strncmp(text + at - 3, "www", 3) == 0;
}

static const struct out_rules some = {.of = {['<'] = "&lt;", ['\n'] = " "}, .slash = after_www};

static void assert_safe(const char *text, const struct out_rules *rules, const char *expected)
{
    struct out out;
    char *got;

    out_init(&out, NULL, NULL);
    out_safe(&out, text, rules);
    got = out_text(&out);
    assert_string_equal(got, expected);
    free(got);
}

static void test_safe(void **state)
{
    (void)state;
    assert_safe(NULL, &nothing, "");
    assert_safe("", &nothing, "");
    assert_safe("J\xc3\xb6rg \\x1B", &nothing, "J\xc3\xb6rg \\x1B");
    assert_safe("a\x1b[31m\x7f\n", &nothing, "a\\x1b[31m\\x7f\\x0a");
    assert_safe("\xff\xc3", &nothing, "\\xff\\xc3");
    assert_safe("a\xe2\x80\xaez", &nothing, "a\\u{202e}z");
    assert_safe("<b>\nwww.x.y", &some, "&lt;b> www\\.x.y");
}

struct taken {
    size_t bytes, calls, room;
};

static bool take(void *data, const char *bytes, size_t length)
{
    struct taken *taken = data;

    (void)bytes;
    taken->calls++;
    if (taken->bytes + length > taken->room)
        return false;
    taken->bytes += length;
    return true;
}

static void add_much(struct out *out)
{
    for (int i = 0; i < 100000; i++)
        out_printf(out, "%09d\n", i);
}

static void test_piece_by_piece(void **state)
{
    struct taken taken = {.room = SIZE_MAX};
    struct out out;

    (void)state;
    out_init(&out, take, &taken);
    add_much(&out);
    assert_true(out.capacity < 1 << 19);
    assert_true(out_flush(&out));
    assert_int_equal(taken.bytes, 1000000);
    assert_true(taken.calls > 10);
    out_release(&out);
}

static void test_no_more_after_a_failure(void **state)
{
    struct taken taken = {.room = 200000};
    struct out out;
    size_t calls;

    (void)state;
    out_init(&out, take, &taken);
    add_much(&out);
    calls = taken.calls;
    add_much(&out);
    assert_false(out_flush(&out));
    assert_int_equal(taken.calls, calls);
    out_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_safe),
        cmocka_unit_test(test_piece_by_piece),
        cmocka_unit_test(test_no_more_after_a_failure),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
