/* The place is made, for its owner alone. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tui/autosave.h"

#include "engine/base/mem.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *made(void)
{
    const char *folder = getenv("TEST_TMPDIR");
    char *path = mem_format("%s/autosave-XXXXXX", folder ? folder : "/tmp");

    assert_non_null(mkdtemp(path));
    return path;
}

static void is_in(char *path, const char *folder, const char *below)
{
    char *expected = mem_format("%s%s/", folder, below), *slash;
    struct stat status;

    assert_non_null(path);
    assert_int_equal(strncmp(path, expected, strlen(expected)), 0);
    assert_string_equal(path + strlen(path) - strlen(".mxscope"), ".mxscope");
    assert_int_equal(access(path, F_OK), -1);
    slash = strrchr(path, '/');
    *slash = 0;
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0700);
    free(expected);
    free(path);
}

static void test_places(void **unused)
{
    char *home = made(), *state = mem_format("%s/a/b", home), *error = NULL;

    (void)unused;
    is_in(autosave_path(state, home, &error), state, "/mxscope");
    is_in(autosave_path(state, home, &error), state, "/mxscope");
    is_in(autosave_path(NULL, home, &error), home, "/.local/state/mxscope");
    is_in(autosave_path("not/absolute", home, &error), home, "/.local/state/mxscope");
    assert_null(error);
    free(state);
    free(home);
}

static void test_nowhere(void **unused)
{
    char *error = NULL;

    (void)unused;
    assert_null(autosave_path(NULL, NULL, &error));
    assert_null(autosave_path("", "", &error));
    assert_null(error);
    assert_null(autosave_path("/proc/nowhere", NULL, &error));
    assert_non_null(strstr(error, "/proc/nowhere/mxscope: "));
    free(error);
}

/* The process is one that is not there: above the most that there may be. */
static char *old(const char *folder, const char *name, time_t written)
{
    const struct timespec times[2] = {{written, 0}, {written, 0}};
    char *path = mem_format("%s/%s", folder, name);
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    fclose(file);
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
    return path;
}

static void assert_there(char *path, bool there)
{
    if ((access(path, F_OK) == 0) != there)
        fail_msg("%s is %sthere", path, there ? "not " : "");
    free(path);
}

/* By when they were written last, not by their names. */
static void test_old_ones_go(void **unused)
{
    char *folder = made(), *fresh = mem_format("%s/fresh.mxscope", folder);
    char *mine = mem_format("2001-01-01-000000-%ld.mxscope", (long)getpid());
    char *first = old(folder, "2020-01-01-000000-99999991.mxscope", 4000);
    char *second = old(folder, "2021-01-01-000000-99999992.mxscope", 1000);
    char *beside = old(folder, "2021-01-01-000000-99999992.mxscope-journal", 1000);
    char *third = old(folder, "2022-01-01-000000-99999993.mxscope", 3000);
    char *alive = old(folder, mine, 1);
    char *named = old(folder, "partners.mxscope", 1);
    char *other = old(folder, "2021-01-01-000000-99999992.mxscope.bak", 1);
    char *letters = old(folder, "2021-01-01-00000x-99999992.mxscope", 1);
    char *link = mem_format("%s/2000-01-01-000000-99999990.mxscope", folder);

    (void)unused;
    assert_int_equal(symlink(named, link), 0);
    autosave_tidy(fresh, 2);
    assert_there(first, true);
    assert_there(second, false);
    assert_there(beside, false);
    assert_there(third, true);
    assert_there(alive, true);
    assert_there(named, true);
    assert_there(other, true);
    assert_there(letters, true);
    assert_there(link, true);
    autosave_tidy("/nowhere/at/all.mxscope", 0);
    free(mine);
    free(fresh);
    free(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_nowhere),
        cmocka_unit_test(test_old_ones_go),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
