#include "tui/terminal_type.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

static void assert_refused(const char *type, const char *why)
{
    char *error = NULL;

    assert_false(terminal_type_usable(type, &error));
    assert_non_null(strstr(error, why));
    assert_non_null(strstr(error, "--plain"));
    assert_null(strchr(error, '\n'));
    free(error);
}

static void test_usable(void **state)
{
    char *error = NULL;

    (void)state;
    assert_true(terminal_type_usable("xterm-256color", &error));
    assert_true(terminal_type_usable("vt100", &error));
    assert_null(error);
}

static void test_refused(void **state)
{
    (void)state;
    assert_refused("dumb", "\"dumb\" cannot move the cursor");
    assert_refused("no-such-terminal", "is not known here");
    assert_refused("a\033[2Jb", "is not known here");
    assert_refused("", "set TERM");
    assert_refused(NULL, "set TERM");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_usable),
        cmocka_unit_test(test_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
