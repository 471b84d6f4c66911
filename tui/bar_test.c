#include "tui/bar.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static void assert_split(const unsigned *counts, size_t parts, int width, const int *expected)
{
    int cells[BAR_PARTS];
    size_t i;

    assert_true(bar_split(counts, parts, width, cells));
    for (i = 0; i < parts; i++)
        assert_int_equal(cells[i], expected[i]);
}

static void test_in_proportion(void **state)
{
    static const unsigned half[] = {50, 50}, quarter[] = {1, 0, 3}, thirds[] = {1, 1, 1};
    static const int five_five[] = {5, 5}, two_six[] = {2, 0, 6}, four_three[] = {4, 3, 3};

    (void)state;
    assert_split(half, 2, 10, five_five);
    assert_split(quarter, 3, 8, two_six);
    assert_split(thirds, 3, 10, four_three);
}

static void test_the_few_are_seen_among_the_many(void **state)
{
    static const unsigned few[] = {1, 99999, 1, 0, 1}, most[] = {4294967295u, 1, 4294967295u};
    static const int seen[] = {1, 17, 1, 0, 1}, ends[] = {5, 1, 4};

    (void)state;
    assert_split(few, 5, 20, seen);
    assert_split(most, 3, 10, ends);
}

static void test_no_room(void **state)
{
    static const unsigned none[3], three[] = {1, 1, 1};
    int cells[3] = {7, 7, 7};

    (void)state;
    assert_false(bar_split(none, 3, 10, cells));
    assert_int_equal(cells[0] + cells[1] + cells[2], 0);
    assert_false(bar_split(three, 3, 2, cells));
    assert_int_equal(cells[0] + cells[1] + cells[2], 0);
    assert_false(bar_split(three, 3, -5, cells));
    assert_true(bar_split(three, 3, 3, cells));
}

/* Whatever is counted: all cells are used, none by what is not there. */
static void test_all_cells_are_used(void **state)
{
    unsigned seed = 1, round, counts[8], i;
    int cells[8];

    (void)state;
    for (round = 0; round < 20000; round++) {
        int width = 8 + (int)(round % 300), sum = 0;

        for (i = 0; i < 8; i++) {
            seed = seed * 1103515245u + 12345u;
            counts[i] = (seed >> 16) % (round % 7 ? 5 : 100000);
        }
        counts[round % 8] = 1;
        assert_true(bar_split(counts, 8, width, cells));
        for (i = 0; i < 8; i++) {
            assert_true(counts[i] ? cells[i] >= 1 : cells[i] == 0);
            sum += cells[i];
        }
        assert_int_equal(sum, width);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_in_proportion),
        cmocka_unit_test(test_the_few_are_seen_among_the_many),
        cmocka_unit_test(test_no_room),
        cmocka_unit_test(test_all_cells_are_used),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
