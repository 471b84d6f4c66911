#include "engine/base/reader.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

static const uint8_t numbers[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};

static void reads_big_endian(void **state)
{
    struct reader r = reader_of(numbers, sizeof numbers);

    (void)state;
    assert_int_equal(reader_u8(&r), 1);
    assert_int_equal(reader_u16(&r), 0x0203);
    assert_int_equal(reader_u24(&r), 0x040506);
    assert_false(reader_done(&r));
    assert_int_equal(reader_u32(&r), 0x0708090a);
    assert_true(reader_done(&r));
}

/* Reads the numbers in a copy of exactly `length` bytes, so that a byte too many is found by the sanitizer.
 */
static void read_cut(size_t length)
{
    uint8_t *copy = malloc(length ? length : 1);
    struct reader r;

    memcpy(copy, numbers, length);
    r = reader_of(copy, length);
    reader_u8(&r);
    reader_u16(&r);
    reader_u24(&r);
    reader_u32(&r);
    assert_int_equal(r.failed, length < sizeof numbers);
    assert_int_equal(reader_done(&r), length == sizeof numbers);
    assert_int_equal(reader_left(&r), 0);
    free(copy);
}

static void fails_wherever_it_is_cut(void **state)
{
    size_t length;

    (void)state;
    for (length = 0; length <= sizeof numbers; length++)
        read_cut(length);
}

static void the_error_latches(void **state)
{
    struct reader r = reader_of(numbers, 3), sub;

    (void)state;
    assert_int_equal(reader_u32(&r), 0);
    assert_true(r.failed);
    assert_int_equal(reader_u8(&r), 0);
    assert_null(reader_bytes(&r, 0));
    assert_false(reader_done(&r));
    sub = reader_sub(&r, 0);
    assert_true(sub.failed);
    assert_int_equal(reader_left(&sub), 0);
    assert_int_equal(reader_u16(&sub), 0);
}

static void a_parser_can_fail_it(void **state)
{
    struct reader r = reader_of(numbers, sizeof numbers);

    (void)state;
    assert_false(reader_fail(&r));
    assert_int_equal(reader_left(&r), 0);
    assert_false(reader_done(&r));
}

static void reads_vectors(void **state)
{
    static const uint8_t bytes[] = {2, 'a', 'b', 0, 1, 'c', 0, 0, 0, 7};
    struct reader r = reader_of(bytes, sizeof bytes);
    struct reader one = reader_vector(&r, 1), two = reader_vector(&r, 2), three = reader_vector(&r, 3);

    (void)state;
    assert_int_equal(reader_u16(&one), 'a' << 8 | 'b');
    assert_true(reader_done(&one));
    assert_int_equal(reader_u16(&two), 0);
    assert_true(two.failed);
    assert_true(reader_done(&three));
    assert_int_equal(reader_u8(&r), 7);
    assert_true(reader_done(&r));
}

static void a_vector_longer_than_the_rest_fails_both(void **state)
{
    static const uint8_t bytes[] = {0, 3, 'a', 'b'};
    struct reader r = reader_of(bytes, sizeof bytes), v = reader_vector(&r, 2);

    (void)state;
    assert_true(v.failed);
    assert_true(r.failed);
    assert_false(reader_done(&v));
}

static void nothing_is_a_valid_input(void **state)
{
    struct reader r = reader_of(NULL, 0), sub;

    (void)state;
    assert_true(reader_done(&r));
    assert_non_null(reader_bytes(&r, 0));
    sub = reader_sub(&r, 0);
    assert_true(reader_done(&sub));
    assert_true(reader_done(&r));
    assert_null(reader_bytes(&r, 1));
    assert_true(r.failed);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_big_endian),
        cmocka_unit_test(fails_wherever_it_is_cut),
        cmocka_unit_test(the_error_latches),
        cmocka_unit_test(a_parser_can_fail_it),
        cmocka_unit_test(reads_vectors),
        cmocka_unit_test(a_vector_longer_than_the_rest_fails_both),
        cmocka_unit_test(nothing_is_a_valid_input),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
