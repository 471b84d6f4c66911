#include "tui/keymap.h"

#include "tui/press.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>

static const struct request table[] = {
    {.name = "down", .keys = {'j', PRESS_DOWN}},
    {.name = "help", .keys = {'?'}},
    {.name = "palette", .keys = {':'}},
};

enum { DOWN, HELP, PALETTE };

static void assert_text(const struct keymap *keymap, unsigned request, const char *text)
{
    char out[64];

    keymap_text(keymap, &table[request], out, sizeof out);
    assert_string_equal(out, text);
}

static void test_as_the_table_says(void **state)
{
    struct keymap keymap;

    (void)state;
    keymap_init(&keymap, table, 3);
    assert_ptr_equal(keymap_request(&keymap, 'j'), &table[DOWN]);
    assert_ptr_equal(keymap_request(&keymap, ':'), &table[PALETTE]);
    assert_null(keymap_request(&keymap, 'x'));
    assert_text(&keymap, DOWN, "j Down");
    assert_int_equal(keymap_key(&keymap, &table[HELP], 0), '?');
    assert_int_equal(keymap_key(&keymap, &table[HELP], 1), 0);
    assert_ptr_equal(keymap_named(&keymap, "help"), &table[HELP]);
    assert_null(keymap_named(&keymap, "hel"));
}

static void test_binding(void **state)
{
    char name[PRESS_NAME_SIZE];
    struct keymap keymap;

    (void)state;
    keymap_init(&keymap, table, 3);
    assert_true(keymap_bind(&keymap, CONTROL('n'), &table[DOWN]));
    assert_text(&keymap, DOWN, "C-n j Down");
    assert_true(keymap_bind(&keymap, 'j', &table[HELP]));
    assert_text(&keymap, DOWN, "C-n Down");
    assert_text(&keymap, HELP, "j ?");
    assert_string_equal(keymap_name(&keymap, "help", name), "j");
    assert_true(keymap_bind(&keymap, 'j', NULL));
    assert_null(keymap_request(&keymap, 'j'));
    assert_true(keymap_bind(&keymap, '?', NULL));
    assert_text(&keymap, HELP, "");
    assert_null(keymap_name(&keymap, "help", name));
    assert_null(keymap_name(&keymap, "no such request", name));
}

static void test_full(void **state)
{
    struct keymap keymap;
    uint32_t key;

    (void)state;
    keymap_init(&keymap, table, 3);
    for (key = 0x400; keymap_bind(&keymap, key, &table[DOWN]); key++)
        assert_true(keymap.count <= KEYMAP_MOST);
    assert_int_equal(keymap.count, KEYMAP_MOST);
    assert_null(keymap_request(&keymap, key));
    assert_true(keymap_bind(&keymap, 0x400, &table[HELP]));
    assert_text(&keymap, PALETTE, ":");
}

static void test_short_room_for_text(void **state)
{
    struct keymap keymap;
    char out[4];

    (void)state;
    keymap_init(&keymap, table, 3);
    keymap_text(&keymap, &table[DOWN], out, sizeof out);
    assert_string_equal(out, "j D");
}

static void assert_expands(const struct keymap *keymap, const char *text, bool format, const char *expected)
{
    char *out = keymap_expand(keymap, text, format);

    assert_string_equal(out, expected);
    free(out);
}

static void test_expand(void **state)
{
    struct keymap keymap;

    (void)state;
    keymap_init(&keymap, table, 3);
    assert_expands(&keymap, "{down} goes down; {help} lists", false, "j goes down; ? lists");
    assert_expands(&keymap, "", false, "");
    assert_expands(&keymap, "{what} {} { {down", false, "{what} {} { {down");
    assert_expands(&keymap, "{{down}}", false, "{j}");
    keymap_bind(&keymap, '%', &table[DOWN]);
    keymap_bind(&keymap, '?', NULL);
    assert_expands(&keymap, "%s: {down}, {help}", true, "%s: %%, :help");
    assert_expands(&keymap, "{down}", false, "%");
    keymap.by_name = true;
    assert_expands(&keymap, "%s: {down}, {help}, {what}", true, "%s: down, help, {what}");
}

/* Pages scroll with the user's keys too, and Enter and Down are what they are wherever they lead. */
static void test_meaning_in_lists(void **state)
{
    struct keymap keymap;

    (void)state;
    keymap_init(&keymap, table, 3);
    assert_int_equal(keymap_meaning(&keymap, 'j'), 'j');
    assert_int_equal(keymap_meaning(&keymap, 'x'), 'x');
    keymap_bind(&keymap, CONTROL('n'), &table[DOWN]);
    keymap_bind(&keymap, 'j', NULL);
    keymap_bind(&keymap, PRESS_ENTER, &table[DOWN]);
    assert_int_equal(keymap_meaning(&keymap, CONTROL('n')), 'j');
    assert_int_equal(keymap_meaning(&keymap, 'j'), PRESS_OTHER);
    assert_int_equal(keymap_meaning(&keymap, PRESS_ENTER), PRESS_ENTER);
    assert_int_equal(keymap_meaning(&keymap, PRESS_DOWN), PRESS_DOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_as_the_table_says),
        cmocka_unit_test(test_binding),
        cmocka_unit_test(test_full),
        cmocka_unit_test(test_short_room_for_text),
        cmocka_unit_test(test_meaning_in_lists),
        cmocka_unit_test(test_expand),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
