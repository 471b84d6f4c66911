#include "engine/lab/records.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

/* A ServerHello's record, a ChangeCipherSpec, and what looks like a handshake but is encrypted. */
static const uint8_t flight[] = {22, 3, 3, 0, 3, 'a', 'b', 'c', 20, 3, 3, 0, 1, 1, 22, 3, 3, 0, 2, 'x', 'y'};

static void assert_cut(size_t most, const void *expected, size_t length)
{
    struct records records = {.most = most};
    struct buf out;

    buf_init(&out, 0);
    records_cut(&records, flight, sizeof flight, &out);
    assert_int_equal(out.length, length);
    assert_memory_equal(out.bytes, expected, length);
    assert_int_equal(records.over, most != 0);
    buf_release(&out);
}

static void handshakes_in_clear_are_cut(void **state)
{
    static const uint8_t ones[] = {22, 3,   3,  0, 1, 'a', 22, 3, 3,  0, 1, 'b', 22, 3,   3,  0,
                                   1,  'c', 20, 3, 3, 0,   1,  1, 22, 3, 3, 0,   2,  'x', 'y'};
    static const uint8_t twos[] = {22, 3, 3, 0, 2, 'a', 'b', 22, 3, 3, 0, 1,   'c',
                                   20, 3, 3, 0, 1, 1,   22,  3,  3, 0, 2, 'x', 'y'};

    (void)state;
    assert_cut(0, flight, sizeof flight);
    assert_cut(1, ones, sizeof ones);
    assert_cut(2, twos, sizeof twos);
    assert_cut(3, flight, sizeof flight);
}

static void what_is_no_record_stays(void **state)
{
    static const uint8_t text[] = "500 what?", half[] = {22, 3, 3, 0, 9, 'a'};
    struct records one = {.most = 1}, two = {.most = 1};
    struct buf out;

    (void)state;
    buf_init(&out, 0);
    records_cut(&one, text, sizeof text, &out);
    assert_int_equal(out.length, sizeof text);
    assert_memory_equal(out.bytes, text, sizeof text);
    buf_reset(&out);
    records_cut(&two, half, sizeof half, &out);
    assert_int_equal(out.length, sizeof half);
    assert_memory_equal(out.bytes, half, sizeof half);
    buf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(handshakes_in_clear_are_cut),
        cmocka_unit_test(what_is_no_record_stays),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
