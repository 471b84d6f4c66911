#include "tui/history.h"

#include "engine/base/mem.h"
#include "tui/prompt.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *make_home(void **state)
{
    const char *base = getenv("TEST_TMPDIR");
    char *home = mem_format("%s/history.XXXXXX", base ? base : "/tmp");

    assert_non_null(mkdtemp(home));
    *state = home;
    return home;
}

static char *path_in(const char *home)
{
    char *path = history_path(NULL, home);

    assert_non_null(path);
    return path;
}

static void put_file(const char *path, const char *bytes, size_t length)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

static void test_back(void **state)
{
    struct history history = {0};

    (void)state;
    assert_null(history_back(&history, HISTORY_FILTER, 1));
    history_add(&history, HISTORY_FILTER, "class:partner");
    history_add(&history, HISTORY_FILTER, "tls<1.2");
    history_add(&history, HISTORY_SEARCH, "contoso");
    assert_string_equal(history_back(&history, HISTORY_FILTER, 1), "tls<1.2");
    assert_string_equal(history_back(&history, HISTORY_FILTER, 2), "class:partner");
    assert_null(history_back(&history, HISTORY_FILTER, 3));
    assert_null(history_back(&history, HISTORY_FILTER, 0));
    assert_string_equal(history_back(&history, HISTORY_SEARCH, 1), "contoso");
    history_release(&history);
}

static void test_each_text_once(void **state)
{
    struct history history = {0};

    (void)state;
    history_add(&history, HISTORY_ADD, "a.example");
    history_add(&history, HISTORY_ADD, "b.example");
    history_add(&history, HISTORY_ADD, history_back(&history, HISTORY_ADD, 2));
    assert_string_equal(history_back(&history, HISTORY_ADD, 1), "a.example");
    assert_string_equal(history_back(&history, HISTORY_ADD, 2), "b.example");
    assert_null(history_back(&history, HISTORY_ADD, 3));
    history_release(&history);
}

static void test_what_is_left_out(void **state)
{
    struct history history = {0};
    char *longest = mem_alloc(PROMPT_SIZE + 1);

    (void)state;
    history_add(&history, HISTORY_ADD, "");
    history_add(&history, HISTORY_ADD, "  ");
    history_add(&history, HISTORY_ADD, "a\nb");
    history_add(&history, HISTORY_ADD, "a\033[2J");
    history_add(&history, HISTORY_ADD, "\xff");
    memset(longest, 'a', PROMPT_SIZE);
    history_add(&history, HISTORY_ADD, longest);
    assert_null(history_back(&history, HISTORY_ADD, 1));
    longest[PROMPT_SIZE - 1] = '\0';
    history_add(&history, HISTORY_ADD, longest);
    assert_string_equal(history_back(&history, HISTORY_ADD, 1), longest);
    free(longest);
    history_release(&history);
}

static void test_bounded(void **state)
{
    struct history history = {0};
    char text[16];
    int i;

    (void)state;
    for (i = 0; i < HISTORY_MOST + 5; i++) {
        snprintf(text, sizeof text, "text %d", i);
        history_add(&history, HISTORY_SEARCH, text);
    }
    assert_string_equal(history_back(&history, HISTORY_SEARCH, 1), text);
    assert_string_equal(history_back(&history, HISTORY_SEARCH, HISTORY_MOST), "text 5");
    assert_null(history_back(&history, HISTORY_SEARCH, HISTORY_MOST + 1));
    history_release(&history);
}

static void test_where(void **state)
{
    char *home = make_home(state), *path = history_path(home, "/nowhere"), *expected;

    expected = mem_format("%s/mxscope/history", home);
    assert_string_equal(path, expected);
    free(path);
    free(expected);
    path = history_path("/nowhere", home); /* made when something is written */
    assert_string_equal(path, "/nowhere/mxscope/history");
    free(path);
    path = history_path("relative", home);
    expected = mem_format("%s/.local/state/mxscope/history", home);
    assert_string_equal(path, expected);
    free(path);
    free(expected);
    assert_null(history_path(NULL, NULL));
    assert_null(history_path("", ""));
    assert_null(history_path(".", "."));
    free(home);
}

static void test_kept(void **state)
{
    char *home = make_home(state), *path = path_in(home), *error;
    struct history first = {0}, second = {0};
    struct stat about;

    assert_true(history_save(&first, path, &error));
    assert_int_not_equal(access(path, F_OK), 0);
    history_add(&first, HISTORY_FILTER, "note:\"ä b\"");
    history_add(&first, HISTORY_ADD, "a.example");
    assert_true(history_save(&first, path, &error));
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    history_load(&second, path);
    assert_string_equal(history_back(&second, HISTORY_FILTER, 1), "note:\"ä b\"");
    assert_string_equal(history_back(&second, HISTORY_ADD, 1), "a.example");
    history_release(&first);
    history_release(&second);
    free(path);
    free(home);
}

/* Neither of two sessions at the same time loses what the other kept. */
static void test_two_sessions(void **state)
{
    char *home = make_home(state), *path = path_in(home), *error;
    struct history first = {0}, second = {0}, third = {0};

    history_load(&first, path);
    history_load(&second, path);
    history_add(&first, HISTORY_ADD, "a.example");
    history_add(&second, HISTORY_ADD, "b.example");
    assert_true(history_save(&first, path, &error));
    assert_true(history_save(&second, path, &error));
    history_load(&third, path);
    assert_string_equal(history_back(&third, HISTORY_ADD, 1), "b.example");
    assert_string_equal(history_back(&third, HISTORY_ADD, 2), "a.example");
    history_release(&first);
    history_release(&second);
    history_release(&third);
    free(path);
    free(home);
}

static void test_hostile_file(void **state)
{
    static const char bytes[] = "search\tgood\n"
                                "no tab\n"
                                "searching\tx\n"
                                "\tx\n"
                                "filter\t\033]0;owned\007\n"
                                "filter\t\xc0\xaf\n"
                                "filter\tfine\n"
                                "filter\tfi\0ne\n"
                                "search\tbetter\n"
                                "add\tcut short";
    char *home = make_home(state), *path = mem_format("%s/file", home);
    struct history history = {0};

    put_file(path, bytes, sizeof bytes - 1);
    history_load(&history, path);
    assert_string_equal(history_back(&history, HISTORY_SEARCH, 1), "better");
    assert_string_equal(history_back(&history, HISTORY_SEARCH, 2), "good");
    assert_null(history_back(&history, HISTORY_SEARCH, 3));
    assert_string_equal(history_back(&history, HISTORY_FILTER, 1), "fine");
    assert_null(history_back(&history, HISTORY_FILTER, 2));
    assert_null(history_back(&history, HISTORY_ADD, 1));
    history_release(&history);
    history_load(&history, home);
    history_load(&history, "/dev/zero");
    assert_null(history_back(&history, HISTORY_SEARCH, 1));
    history_release(&history);
    free(path);
    free(home);
}

static void test_large_file(void **state)
{
    char *home = make_home(state), *path = mem_format("%s/file", home);
    size_t length = 1024 * 1024, i;
    char *bytes = mem_alloc(length);
    struct history history = {0};

    for (i = 0; i < length; i++)
        bytes[i] = i % 8 == 7 ? '\n' : "add\tabc"[i % 8];
    memcpy(bytes, "search\tx\n", 9);
    put_file(path, bytes, length);
    history_load(&history, path);
    assert_string_equal(history_back(&history, HISTORY_ADD, 1), "abc");
    assert_string_equal(history_back(&history, HISTORY_SEARCH, 1), "x");
    history_release(&history);
    free(bytes);
    free(path);
    free(home);
}

static void test_nowhere_to_keep(void **state)
{
    char *home = make_home(state), *file = mem_format("%s/file", home),
         *path = mem_format("%s/below/history", file), *error;
    struct history history = {0};

    put_file(file, "x", 1);
    history_add(&history, HISTORY_ADD, "a.example");
    assert_false(history_save(&history, path, &error));
    assert_non_null(strstr(error, path));
    free(error);
    history_release(&history);
    free(path);
    free(file);
    free(home);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_back),
        cmocka_unit_test(test_each_text_once),
        cmocka_unit_test(test_what_is_left_out),
        cmocka_unit_test(test_bounded),
        cmocka_unit_test(test_where),
        cmocka_unit_test(test_kept),
        cmocka_unit_test(test_two_sessions),
        cmocka_unit_test(test_hostile_file),
        cmocka_unit_test(test_large_file),
        cmocka_unit_test(test_nowhere_to_keep),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
