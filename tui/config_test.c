#include "tui/config.h"

#include "tui/press.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct request table[] = {
    {.name = "down", .keys = {'j', PRESS_DOWN}},
    {.name = "help", .keys = {'?'}},
    {.name = "palette", .keys = {':'}},
};

enum { DOWN, HELP, PALETTE };

static void test_all_settings(void **state)
{
    struct config config;
    char *error = NULL;

    (void)state;
    config_init(&config, table, 3);
    assert_null(config.theme);
    assert_int_equal(config.ascii, CONFIG_UNSAID);
    assert_int_equal(config.detail, PANE_NORMAL);
    assert_true(config_parse(&config, "f",
                             "# mine\n\n  theme dark\t\nascii yes\r\nmouse no\ndetail large\n"
                             "key C-n down\nkey # help\nkey j none\n\t# the end",
                             &error));
    assert_null(error);
    assert_ptr_equal(config.theme, theme_find("dark"));
    assert_int_equal(config.ascii, CONFIG_YES);
    assert_int_equal(config.mouse, CONFIG_NO);
    assert_int_equal(config.detail, PANE_LARGE);
    assert_ptr_equal(keymap_request(&config.keymap, CONTROL('n')), &table[DOWN]);
    assert_ptr_equal(keymap_request(&config.keymap, '#'), &table[HELP]);
    assert_null(keymap_request(&config.keymap, 'j'));
    assert_ptr_equal(keymap_request(&config.keymap, PRESS_DOWN), &table[DOWN]);
}

static void test_the_last_line_wins(void **state)
{
    struct config config;
    char *error = NULL;

    (void)state;
    config_init(&config, table, 3);
    assert_true(config_parse(
        &config, "f", "ascii yes\nascii no\nkey x down\nkey x help\nkey : none\nkey p palette", &error));
    assert_int_equal(config.ascii, CONFIG_NO);
    assert_ptr_equal(keymap_request(&config.keymap, 'x'), &table[HELP]);
    assert_ptr_equal(keymap_request(&config.keymap, 'p'), &table[PALETTE]);
}

static void test_errors_say_where_and_what(void **state)
{
    static const struct {
        const char *text, *error;
    } cases[] = {
        {"colour red", "f:1: \"colour\": expected theme, ascii, mouse, detail or key"},
        {"\n\ntheme drak", "f:3: \"drak\": expected theme NAME, with NAME " THEME_NAMES},
        {"theme", "f:1: \"theme\": expected a word more behind it"},
        {"key j", "f:1: \"key\": expected a word more behind it"},
        {"ascii maybe", "f:1: \"maybe\": expected ascii yes or ascii no"},
        {"mouse 1", "f:1: \"1\": expected mouse yes or mouse no"},
        {"detail huge", "f:1: \"huge\": expected detail none, normal or large"},
        {"ascii yes please", "f:1: \"please\": expected nothing more on the line"},
        {"key j down now", "f:1: \"now\": expected nothing more on the line"},
        {"key j fly", "f:1: \"fly\": expected a command as help names it, such as down, or none"},
        {"key Paste down",
         "f:1: \"Paste\": expected a key as help shows it, such as j, C-n, PgDn, Enter or Space"},
        {"key Hyper down",
         "f:1: \"Hyper\": expected a key as help shows it, such as j, C-n, PgDn, Enter or Space"},
        {"a\033]0;x\007", "f:1: \"a\\x1b]0;x\\x07\": expected theme, ascii, mouse, detail or key"},
    };
    struct config config;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *error = NULL;

        config_init(&config, table, 3);
        assert_false(config_parse(&config, "f", cases[i].text, &error));
        assert_string_equal(error, cases[i].error);
        free(error);
    }
}

/* Keys that never arrive as such, and the palette's last one. */
static void test_refused_keys(void **state)
{
    static const char *const texts[] = {"key Paste help", "key C-j down", "key C-h down", "key : none",
                                        "key : help"};
    struct config config;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        char *error = NULL;

        config_init(&config, table, 3);
        assert_false(config_parse(&config, "f", texts[i], &error));
        assert_non_null(error);
        free(error);
    }
}

static void test_too_many_keys(void **state)
{
    char *text = malloc(KEYMAP_MOST * 32), *at = text, *error = NULL;
    struct config config;
    unsigned i;

    (void)state;
    for (i = 0; i < KEYMAP_MOST; i++)
        at += sprintf(at, "key %c%c down\n", (char)(0xc4 + (i >> 6)), (char)(0x80 + (i & 63)));
    config_init(&config, table, 3);
    assert_false(config_parse(&config, "f", text, &error));
    assert_non_null(strstr(error, "at most"));
    free(error);
    free(text);
}

static void test_path(void **state)
{
    char *path;

    (void)state;
    path = config_path("/etc/xdg", "/home/ann");
    assert_string_equal(path, "/etc/xdg/mxscope/config");
    free(path);
    path = config_path(NULL, "/home/ann");
    assert_string_equal(path, "/home/ann/.config/mxscope/config");
    free(path);
    path = config_path("relative", "/home/ann");
    assert_string_equal(path, "/home/ann/.config/mxscope/config");
    free(path);
    assert_null(config_path("", NULL));
    assert_null(config_path("", ""));
}

static void test_files(void **state)
{
    char path[] = "/tmp/config_test.XXXXXX", *error = NULL;
    int descriptor = mkstemp(path);
    struct config config;

    (void)state;
    config_init(&config, table, 3);
    assert_true(config_load(&config, "/nowhere/at/all", false, &error));
    assert_false(config_load(&config, "/nowhere/at/all", true, &error));
    assert_non_null(strstr(error, "/nowhere/at/all: No such file"));
    free(error);
    assert_false(config_load(&config, "/tmp", false, &error));
    free(error);
    assert_int_equal(write(descriptor, "mouse yes\nascii\0no\n", 20), 20);
    assert_false(config_load(&config, path, true, &error));
    assert_non_null(strstr(error, "expected a text file"));
    free(error);
    assert_int_equal(ftruncate(descriptor, 10), 0);
    assert_true(config_load(&config, path, true, &error));
    assert_int_equal(config.mouse, CONFIG_YES);
    close(descriptor);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_settings),
        cmocka_unit_test(test_the_last_line_wins),
        cmocka_unit_test(test_errors_say_where_and_what),
        cmocka_unit_test(test_refused_keys),
        cmocka_unit_test(test_too_many_keys),
        cmocka_unit_test(test_path),
        cmocka_unit_test(test_files),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
