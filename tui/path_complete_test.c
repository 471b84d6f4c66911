#include "tui/path_complete.h"

#include "engine/base/mem.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void touch(const char *name)
{
    int descriptor = open(name, O_CREAT | O_WRONLY, 0600);

    assert_true(descriptor >= 0);
    close(descriptor);
}

/* A folder of its own to stand in, and its path. */
static int begin(void **state)
{
    const char *base = getenv("TEST_TMPDIR");
    char *folder = mem_format("%s/paths.XXXXXX", base ? base : "/tmp");

    if (!mkdtemp(folder) || chdir(folder))
        return 1;
    mkdir("exports", 0700);
    mkdir("exports/old", 0700);
    mkdir(".hidden", 0700);
    touch("connectors.json");
    touch("connectors.csv");
    touch("contoso list.txt");
    touch("esc\033[2J.txt");
    touch("bad\xff.txt");
    touch("exports/a.json");
    *state = folder;
    return 0;
}

static int end(void **state)
{
    free(*state);
    return 0;
}

static void assert_completes(const char *text, const char *home, const char *expected, size_t from)
{
    struct candidates list = {0};
    char *found = mem_string("");
    size_t i;

    path_complete(&list, text, strlen(text), home, NULL);
    for (i = 0; i < list.count; i++) {
        char *longer = mem_format("%s%s,", found, list.items[i].text);

        free(found);
        found = longer;
    }
    if (strcmp(found, expected) != 0 || list.from != from || list.to != strlen(text))
        fail_msg("%s: %s from %zu", text, found, list.from);
    free(found);
    candidates_release(&list);
}

static void test_names(void **state)
{
    const char *home = *state;
    char *absolute = mem_format("%s/exports/", home);

    assert_completes("", NULL, "connectors.csv,connectors.json,contoso list.txt,exports/,", 0);
    assert_completes("con", NULL, "connectors.csv,connectors.json,contoso list.txt,", 0);
    assert_completes("connectors.j", NULL, "connectors.json,", 0);
    assert_completes("contoso l", NULL, "contoso list.txt,", 0);
    assert_completes("exp", NULL, "exports/,", 0);
    assert_completes("exports/", NULL, "a.json,old/,", 8);
    assert_completes("./exports/o", NULL, "old/,", 10);
    assert_completes("nowhere/", NULL, "", 8);
    assert_completes("connectors.json/", NULL, "", 16);
    assert_completes(absolute, NULL, "a.json,old/,", strlen(absolute));
    free(absolute);
}

static void test_hidden_only_when_asked_for(void **state)
{
    (void)state;
    assert_completes(".", NULL, ".hidden/,", 0);
    assert_completes("exports/..", NULL, "../,", 8);
}

static bool is_json(const char *name)
{
    const char *dot = strrchr(name, '.');

    return dot && strcmp(dot, ".json") == 0;
}

static void test_only_files_that_are_taken(void **state)
{
    struct candidates list = {0};

    (void)state;
    path_complete(&list, "", 0, NULL, is_json);
    assert_int_equal(list.count, 2);
    assert_string_equal(list.items[0].text, "connectors.json");
    assert_string_equal(list.items[1].text, "exports/");
    candidates_release(&list);
}

static void test_home(void **state)
{
    const char *home = *state;

    assert_completes("~", home, "~/,", 0);
    assert_completes("~/exports/o", home, "old/,", 10);
    assert_completes("~/exports/o", NULL, "", 10);
    assert_completes("~other/", home, "", 7);
}

static void assert_expands(const char *text, const char *home, const char *expected)
{
    char *path = path_expand(text, home);

    assert_string_equal(path, expected);
    free(path);
}

static void test_expand(void **state)
{
    (void)state;
    assert_expands(" a b.txt ", "/home/kim", "a b.txt");
    assert_expands("~", "/home/kim", "/home/kim");
    assert_expands("~/x y ", "/home/kim", "/home/kim/x y");
    assert_expands("~lee/x", "/home/kim", "~lee/x");
    assert_expands("~/x", NULL, "~/x");
    assert_expands("", "/home/kim", "");
    assert_expands("  ", "/home/kim", "");
}

static void test_bounded(void **state)
{
    struct candidates list = {0};
    char name[32];
    int i;

    (void)state;
    assert_int_equal(mkdir("many", 0700), 0);
    for (i = 0; i < CANDIDATES_MOST + 10; i++) {
        snprintf(name, sizeof name, "many/%04d", i);
        touch(name);
    }
    path_complete(&list, "many/", 5, NULL, NULL);
    assert_int_equal(list.count, CANDIDATES_MOST);
    assert_true(list.more);
    assert_string_equal(list.items[0].text, "0000");
    candidates_release(&list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_names, begin, end),
        cmocka_unit_test_setup_teardown(test_hidden_only_when_asked_for, begin, end),
        cmocka_unit_test_setup_teardown(test_only_files_that_are_taken, begin, end),
        cmocka_unit_test_setup_teardown(test_home, begin, end),
        cmocka_unit_test(test_expand),
        cmocka_unit_test_setup_teardown(test_bounded, begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
