#include "engine/base/buf.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

static void writes_numbers_big_endian(void **state)
{
    static const uint8_t expected[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    struct buf b;

    (void)state;
    buf_init(&b, 0);
    buf_u8(&b, 1);
    buf_u16(&b, 0x0203);
    buf_u24(&b, 0x040506);
    buf_u32(&b, 0x0708090a);
    assert_int_equal(b.length, sizeof expected);
    assert_memory_equal(b.bytes, expected, sizeof expected);
    buf_release(&b);
    assert_null(b.bytes);
}

static void latches_at_its_limit(void **state)
{
    struct buf b;

    (void)state;
    buf_init(&b, 4);
    buf_add_string(&b, "abc");
    buf_add_string(&b, "de");
    assert_true(b.failed);
    buf_add_string(&b, "d");
    buf_printf(&b, "%d", 7);
    buf_u8(&b, 1);
    assert_string_equal(buf_string(&b), "abc");
    buf_reset(&b);
    assert_false(b.failed);
    buf_add_string(&b, "abcd");
    assert_false(b.failed);
    assert_string_equal(buf_string(&b), "abcd");
    buf_printf(&b, "%s", "");
    assert_false(b.failed);
    buf_add(&b, "e", 1);
    assert_true(b.failed);
    buf_release(&b);
}

static void an_absurd_length_does_not_wrap(void **state)
{
    struct buf b;

    (void)state;
    buf_init(&b, 0);
    buf_add_string(&b, "a");
    buf_add(&b, "b", SIZE_MAX);
    assert_true(b.failed);
    assert_int_equal(b.length, 1);
    buf_release(&b);
}

static void fills_length_fields(void **state)
{
    static const uint8_t expected[] = {0, 0, 5, 0, 3, 2, 'a', 'b'};
    size_t outer, middle, inner;
    struct buf b;

    (void)state;
    buf_init(&b, 0);
    outer = buf_mark(&b, 3);
    middle = buf_mark(&b, 2);
    inner = buf_mark(&b, 1);
    buf_add_string(&b, "ab");
    buf_fill(&b, inner, 1);
    buf_fill(&b, middle, 2);
    buf_fill(&b, outer, 3);
    assert_false(b.failed);
    assert_int_equal(b.length, sizeof expected);
    assert_memory_equal(b.bytes, expected, sizeof expected);
    buf_release(&b);
}

static void fill_of(size_t length, bool fits)
{
    char *bytes = calloc(1, length + 1);
    struct buf b;
    size_t mark;

    buf_init(&b, 0);
    mark = buf_mark(&b, 1);
    buf_add(&b, bytes, length);
    buf_fill(&b, mark, 1);
    assert_int_equal(b.failed, !fits);
    buf_release(&b);
    free(bytes);
}

static void a_length_that_does_not_fit_latches(void **state)
{
    (void)state;
    fill_of(0, true);
    fill_of(255, true);
    fill_of(256, false);
}

static void fill_after_failure_touches_nothing(void **state)
{
    struct buf b;
    size_t mark;

    (void)state;
    buf_init(&b, 1);
    buf_u8(&b, 9);
    mark = buf_mark(&b, 2);
    buf_fill(&b, mark, 2);
    assert_true(b.failed);
    assert_int_equal(b.length, 1);
    assert_int_equal(b.bytes[0], 9);
    buf_release(&b);
}

static void consumes_from_the_front(void **state)
{
    struct buf b;

    (void)state;
    buf_init(&b, 0);
    buf_consume(&b, 3);
    buf_add_string(&b, "abcdef");
    buf_consume(&b, 2);
    assert_string_equal(buf_string(&b), "cdef");
    buf_consume(&b, 0);
    assert_string_equal(buf_string(&b), "cdef");
    buf_consume(&b, 99);
    assert_int_equal(b.length, 0);
    assert_string_equal(buf_string(&b), "");
    buf_release(&b);
}

static void hands_its_text_over(void **state)
{
    struct buf b;
    char *text;

    (void)state;
    buf_init(&b, 8);
    text = buf_take_string(&b);
    assert_string_equal(text, "");
    free(text);
    buf_printf(&b, "%s-%d", "ab", 12);
    text = buf_take_string(&b);
    assert_string_equal(text, "ab-12");
    free(text);
    assert_int_equal(b.length, 0);
    assert_int_equal(b.limit, 8);
    buf_add_string(&b, "123456789");
    assert_true(b.failed);
    buf_release(&b);
}

static void a_zeroed_buf_grows(void **state)
{
    struct buf b = {0};
    unsigned i;

    (void)state;
    assert_string_equal(buf_string(&b), "");
    for (i = 0; i < 1000; i++)
        buf_printf(&b, "%03u", i);
    assert_int_equal(b.length, 3000);
    assert_memory_equal(buf_string(&b) + 2997, "999", 4);
    buf_release(&b);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_numbers_big_endian),
        cmocka_unit_test(latches_at_its_limit),
        cmocka_unit_test(an_absurd_length_does_not_wrap),
        cmocka_unit_test(fills_length_fields),
        cmocka_unit_test(a_length_that_does_not_fit_latches),
        cmocka_unit_test(fill_after_failure_touches_nothing),
        cmocka_unit_test(consumes_from_the_front),
        cmocka_unit_test(hands_its_text_over),
        cmocka_unit_test(a_zeroed_buf_grows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
