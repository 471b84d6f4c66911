/* The place is made, for its owner alone. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tui/autosave.h"

#include "engine/base/mem.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_nowhere),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
