#include "tui/layout.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static void assert_inside(const struct area *area, int lines, int columns)
{
    if (area->height <= 0 || area->width <= 0)
        return;
    assert_true(area->y >= 0 && area->x >= 0);
    assert_true(area->y + area->height <= lines);
    assert_true(area->x + area->width <= columns);
}

static void test_every_size(void **state)
{
    struct layout layout;
    int lines, columns, pane;

    (void)state;
    for (pane = 0; pane < pane_size_count; pane++)
        for (lines = 1; lines <= 100; lines++)
            for (columns = 1; columns <= 300; columns += 3) {
                layout_make(&layout, lines, columns, (enum pane_size)pane, (unsigned)columns % 4);
                assert_inside(&layout.tree, lines, columns);
                assert_inside(&layout.detail, lines, columns);
                assert_true(layout.tree.height >= 1);
                assert_true(layout.footer < lines && layout.rule < lines);
            }
}

static void test_columns_fill_and_never_overlap(void **state)
{
    struct columns columns;
    int width;

    (void)state;
    for (width = 1; width <= 300; width++) {
        layout_columns(&columns, width);
        assert_true(columns.name.width > 0);
        assert_int_equal(columns.verdict.x, columns.name.width);
        assert_int_equal(columns.reason.x + columns.reason.width, width);
        if (width >= 34)
            assert_true(columns.verdict.width >= 13);
    }
    layout_columns(&columns, 80);
    assert_true(columns.mail.width && columns.versions.width);
    layout_columns(&columns, 100);
    assert_true(columns.reason.width && !columns.route.width);
    layout_columns(&columns, 118);
    assert_true(columns.reason.width && columns.name.width >= 48);
    layout_columns(&columns, 130);
    assert_true(columns.reason.width && columns.route.width);
    layout_columns(&columns, 40);
    assert_int_equal(columns.mail.width, 0);
}

static void test_beside_and_below(void **state)
{
    struct layout layout;

    (void)state;
    layout_make(&layout, 24, 80, PANE_NORMAL, 0);
    assert_true(layout.rule > 0 && layout.wall < 0);
    layout_make(&layout, 50, 200, PANE_NORMAL, 0);
    assert_true(layout.rule < 0 && layout.wall > 0);
    layout_make(&layout, 24, 80, PANE_NONE, 0);
    assert_int_equal(layout.detail.height, 0);
    layout_make(&layout, 10, 40, PANE_NORMAL, 0);
    assert_int_equal(layout.detail.height, 0);
    layout_make(&layout, 10, 40, PANE_LARGE, 0);
    assert_true(layout.detail.height > 0);
}

/* Large is more than the tree has, and some of the tree stays. */
static void test_large_is_most(void **state)
{
    static const int sizes[][2] = {{24, 80}, {50, 200}, {10, 40}, {60, 300}};
    struct layout layout;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        layout_make(&layout, sizes[i][0], sizes[i][1], PANE_LARGE, 0);
        assert_true(layout.detail.height * layout.detail.width > layout.tree.height * layout.tree.width);
        assert_true(layout.tree.height > 1);
        assert_true(layout.tree.width >= 40);
    }
}

static void test_notice_has_its_own_line(void **state)
{
    struct layout without, with;

    (void)state;
    layout_make(&without, 24, 80, PANE_NONE, 0);
    layout_make(&with, 24, 80, PANE_NONE, LAYOUT_NOTICE);
    assert_int_equal(without.notice, -1);
    assert_int_equal(with.notice, with.counts + 1);
    assert_int_equal(with.heading, with.notice + 1);
    assert_int_equal(with.tree.height, without.tree.height - 1);
    layout_make(&with, 10, 40, PANE_NORMAL, LAYOUT_NOTICE);
    assert_true(with.notice > 0 && with.tree.height >= 4);
}

static void test_bar_where_there_is_room(void **state)
{
    struct layout layout;

    (void)state;
    layout_make(&layout, 29, 80, PANE_NORMAL, LAYOUT_NOTICE);
    assert_int_equal(layout.bar, -1);
    layout_make(&layout, 30, 80, PANE_NORMAL, LAYOUT_NOTICE);
    assert_int_equal(layout.bar, layout.counts + 1);
    assert_int_equal(layout.notice, layout.bar + 1);
    layout_make(&layout, 100, 300, PANE_NORMAL, 0);
    assert_int_equal(layout.heading, layout.bar + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_size),
        cmocka_unit_test(test_columns_fill_and_never_overlap),
        cmocka_unit_test(test_beside_and_below),
        cmocka_unit_test(test_large_is_most),
        cmocka_unit_test(test_notice_has_its_own_line),
        cmocka_unit_test(test_bar_where_there_is_room),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
