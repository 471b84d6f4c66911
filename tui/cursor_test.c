#include "tui/cursor.h"

#include "tests/tui/sample.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>

struct tree {
    struct model *model;
    struct rows *rows;
};

static int set_up(void **state)
{
    struct tree *tree = calloc(1, sizeof *tree);

    tree->model = sample_model();
    tree->rows = rows_new(tree->model);
    *state = tree;
    return 0;
}

static int tear_down(void **state)
{
    struct tree *tree = *state;

    rows_free(tree->rows);
    model_free(tree->model);
    free(tree);
    return 0;
}

static void sync(struct tree *tree)
{
    size_t count;
    uint32_t *changed = model_take_changed(tree->model, &count);

    rows_sync(tree->rows, changed, count);
    free(changed);
}

static void test_moves_stop_at_the_ends(void **state)
{
    struct tree *tree = *state;
    struct cursor cursor = {0};

    cursor_move(&cursor, tree->rows, -1, 5);
    assert_int_equal(cursor.index, 0);
    cursor_move(&cursor, tree->rows, 100, 5);
    assert_int_equal(cursor.index, 9);
    assert_int_equal(cursor.line, 4);
    assert_int_equal(cursor.top, 5);
    cursor_move(&cursor, tree->rows, -3, 5);
    assert_int_equal(cursor.line, 1);
    assert_int_equal(cursor.top, 5);
}

/* The selected row keeps row and line while a partner gets hosts above it. */
static void test_anchor(void **state)
{
    static const struct sample_endpoint late[] = {{"198.51.100.1", TLS_1_2, TLS_1_3, PROBE_OK}};
    struct tree *tree = *state;
    struct target *partner = sample_add(tree->model, "early.example", CLASS_PARTNER);
    struct cursor cursor = {0};
    struct row before;
    size_t line, index;

    sync(tree);
    rows_fold_to_depth(tree->rows, 4);
    cursor_move(&cursor, tree->rows, 20, 12);
    before = cursor.row;
    line = cursor.line;
    index = cursor.index;
    sample_route(tree->model, partner, "mx.early.example", 10);
    sample_addresses(tree->model, "mx.early.example", late, 1);
    sync(tree);
    cursor_place(&cursor, tree->rows, 12);
    assert_true(row_equal(&cursor.row, &before));
    assert_int_equal(cursor.line, line);
    assert_int_equal(cursor.index, index + 2);
}

static void test_first_row_until_moved(void **state)
{
    struct model *model = sample_empty();
    struct rows *rows = rows_new(model);
    struct cursor cursor = {0};
    size_t count;

    (void)state;
    cursor_place(&cursor, rows, 10);
    sample_add(model, "b.example", CLASS_OPPORTUNISTIC);
    free(model_take_changed(model, &count));
    rows_sync(rows, NULL, 0);
    cursor_place(&cursor, rows, 10);
    sample_add(model, "a.example", CLASS_PARTNER);
    rows_sync(rows, NULL, 0);
    cursor_place(&cursor, rows, 10);
    assert_int_equal(cursor.index, 0);
    assert_int_equal(cursor.top, 0);
    assert_string_equal(rows_name(rows, cursor.row.group), "Partners");
    rows_free(rows);
    model_free(model);
}

static void test_fold_moves_to_the_parent(void **state)
{
    struct tree *tree = *state;
    struct cursor cursor = {0};

    cursor_move(&cursor, tree->rows, 3, 10);
    rows_fold_to_depth(tree->rows, 1);
    cursor_place(&cursor, tree->rows, 10);
    assert_int_equal(cursor.row.kind, ROW_GROUP);
    assert_int_equal(cursor.index, 0);
}

static void test_small_panes(void **state)
{
    struct tree *tree = *state;
    struct cursor cursor = {0};
    struct row last;

    cursor_page(&cursor, tree->rows, 100, 1);
    assert_int_equal(cursor.index, 9);
    assert_int_equal(cursor.line, 0);
    cursor_place(&cursor, tree->rows, 0);
    assert_int_equal(cursor.line, 0);
    cursor_page(&cursor, tree->rows, -100, 4);
    assert_int_equal(cursor.top, 0);
    last = rows_at(tree->rows, 9);
    cursor_select(&cursor, tree->rows, &last, 4);
    assert_int_equal(cursor.line, 3); /* with no line empty below it */
}

static bool keeps_nothing(void *context, const struct target *target)
{
    (void)context, (void)target;
    return false;
}

/* A pane that was small for a while, and a filter that hid everything: then line and row are as before. */
static void test_comes_back(void **state)
{
    struct tree *tree = *state;
    struct cursor cursor = {0};
    struct row row;

    rows_fold_to_depth(tree->rows, 4);
    cursor_move(&cursor, tree->rows, 5, 8);
    row = cursor.row;
    assert_int_equal(cursor.line, 5);
    cursor_place(&cursor, tree->rows, 3);
    assert_int_equal(cursor.line, 2);
    rows_set_filter(tree->rows, keeps_nothing, NULL);
    cursor_place(&cursor, tree->rows, 8);
    assert_int_equal(cursor.row.kind, ROW_NONE);
    rows_set_filter(tree->rows, NULL, NULL);
    cursor_place(&cursor, tree->rows, 8);
    assert_true(row_equal(&cursor.row, &row));
    assert_int_equal(cursor.line, 5);
}

/* A ghost that goes leaves its line to what stood below it. */
static void test_ghost_goes(void **state)
{
    struct tree *tree = *state;
    struct target ghost = *model_target_at(tree->model, 0);
    struct row row = {.kind = ROW_TARGET, .target = rows_next_ghost(tree->rows)};
    struct cursor cursor = {0};
    size_t index, line;

    ghost.id = row.target;
    rows_add_ghost(tree->rows, &ghost, SINCE_CHANGED, false);
    cursor_select(&cursor, tree->rows, &row, 8);
    assert_true(row_equal(&cursor.row, &row));
    index = cursor.index;
    line = cursor.line;
    assert_true(index > 1);
    rows_drop_ghost(tree->rows, ghost.id);
    cursor_place(&cursor, tree->rows, 8);
    assert_int_equal(cursor.index, index);
    assert_int_equal(cursor.line, line);
    row = rows_at(tree->rows, index);
    assert_true(row_equal(&cursor.row, &row));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_moves_stop_at_the_ends, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_anchor, set_up, tear_down),
        cmocka_unit_test(test_first_row_until_moved),
        cmocka_unit_test_setup_teardown(test_fold_moves_to_the_parent, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_small_panes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_ghost_goes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_comes_back, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
