#include "tui/requests.h"

#include "tui/keymap.h"
#include "tui/menu.h"
#include "tui/press.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

static void test_no_key_twice(void **state)
{
    size_t count, i, j, k, l;
    const struct request *table = requests_table(&count);

    (void)state;
    for (i = 0; i < count; i++)
        for (j = 0; j < REQUEST_KEYS && table[i].keys[j]; j++)
            for (k = 0; k < count; k++)
                for (l = 0; l < REQUEST_KEYS && table[k].keys[l]; l++)
                    if (i != k || j != l)
                        assert_int_not_equal(table[i].keys[j], table[k].keys[l]);
}

static void test_every_request_is_whole(void **state)
{
    size_t count, i, j;
    const struct request *table = requests_table(&count);

    (void)state;
    assert_true(count < MENU_MOST);
    for (i = 0; i < count; i++) {
        assert_true(table[i].name[0] && table[i].group[0] && table[i].help[0]);
        assert_true(strlen(table[i].help) <= 47); /* fits help's column at 80 columns */
        assert_non_null(table[i].run);
        assert_int_not_equal(table[i].keys[0], PRESS_NONE);
        assert_int_equal(!table[i].brief, !table[i].rank);
        for (j = 0; j < i; j++) {
            assert_string_not_equal(table[i].name, table[j].name);
            if (table[i].rank)
                assert_int_not_equal(table[i].rank, table[j].rank);
        }
    }
}

/* The keys that stay, as far as they are here. */
static void test_keys_that_stay(void **state)
{
    static const struct {
        const char *key, *name;
    } fixed[] = {
        {"j", "down"},
        {"k", "up"},
        {"Down", "down"},
        {"Up", "up"},
        {"h", "fold"},
        {"Left", "fold"},
        {"l", "unfold"},
        {"Right", "unfold"},
        {"Enter", "toggle"},
        {"g", "first"},
        {"G", "last"},
        {"Home", "first"},
        {"End", "last"},
        {"PgUp", "page-up"},
        {"PgDn", "page-down"},
        {"C-d", "half-page-down"},
        {"C-u", "half-page-up"},
        {"Space", "tag"},
        {"*", "fold-all"},
        {"1", "depth-1"},
        {"4", "depth-4"},
        {"/", "search"},
        {"n", "next-hit"},
        {"N", "previous-hit"},
        {"f", "filter"},
        {"v", "detail-size"},
        {"a", "add"},
        {"p", "partner"},
        {"t", "note"},
        {"y", "copy"},
        {"Y", "copy-message"},
        {"r", "reprobe"},
        {"R", "reprobe-problems"},
        {"e", "next-problem"},
        {"E", "previous-problem"},
        {":", "palette"},
        {"?", "help"},
        {"q", "quit"},
        {"C-l", "redraw"},
        {"C-z", "suspend"},
    };
    size_t i, count;
    const struct request *table = requests_table(&count);
    struct keymap keymap;

    (void)state;
    keymap_init(&keymap, table, count);
    for (i = 0; i < sizeof fixed / sizeof fixed[0]; i++) {
        uint32_t key;

        assert_true(press_parse(fixed[i].key, &key));
        assert_non_null(keymap_request(&keymap, key));
        assert_string_equal(keymap_request(&keymap, key)->name, fixed[i].name);
    }
    assert_null(keymap_request(&keymap, 'Z'));
}

static void test_menu_narrows(void **state)
{
    size_t count;
    const struct request *table = requests_table(&count);
    struct keymap keymap;
    const char *text;
    struct menu menu;

    (void)state;
    keymap_init(&keymap, table, count);
    menu_open(&menu, &keymap, false);
    assert_int_equal(menu.count, count);
    assert_int_equal(menu_key(&menu, '/', 5), MENU_STAYS);
    for (text = "suspend"; *text; text++)
        assert_int_equal(menu_key(&menu, (uint32_t)*text, 5), MENU_STAYS);
    assert_int_equal(menu.count, 1);
    assert_string_equal(menu.items[menu.selected]->name, "suspend");
    assert_int_equal(menu_key(&menu, PRESS_ENTER, 5), MENU_CHOSEN);
    menu_key(&menu, 'Z', 5);
    assert_int_equal(menu.count, 0);
    assert_int_equal(menu_key(&menu, PRESS_ENTER, 5), MENU_STAYS);
    assert_int_equal(menu_key(&menu, PRESS_ESC, 5), MENU_CLOSED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_key_twice),
        cmocka_unit_test(test_every_request_is_whole),
        cmocka_unit_test(test_keys_that_stay),
        cmocka_unit_test(test_menu_narrows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
