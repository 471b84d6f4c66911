#include "tui/script.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

static void test_steps(void **state)
{
    struct script_step step;
    char *error;
    struct script *script =
        script_parse("s", "# a comment\nwait ready\nkey j C-d\r\ntype é\nsave-screen out\nquit\n", &error);

    (void)state;
    assert_non_null(script);
    script_next(script, "not yet", 1000, &step);
    assert_int_equal(step.action, SCRIPT_WAIT);
    assert_int_equal(step.deadline, 61000);
    script_next(script, "all ready", 2000, &step);
    assert_int_equal(step.action, SCRIPT_WAIT);
    script_next(script, "", 2000, &step);
    assert_int_equal(step.action, SCRIPT_PRESS);
    assert_int_equal(step.key, 'j');
    script_next(script, "", 2000, &step);
    assert_int_equal(step.key, 4);
    script_next(script, "", 2000, &step);
    assert_int_equal(step.key, 0xe9);
    script_next(script, "", 2000, &step);
    assert_int_equal(step.action, SCRIPT_SAVE);
    assert_string_equal(step.path, "out");
    script_next(script, "", 2000, &step);
    assert_int_equal(step.action, SCRIPT_QUIT);
    script_next(script, "", 2000, &step);
    assert_int_equal(step.action, SCRIPT_OVER);
    script_free(script);
}

static void test_patience_ends(void **state)
{
    struct script_step step;
    char *error;
    struct script *script = script_parse("s", "gone busy", &error);

    (void)state;
    script_next(script, "busy", 5, &step);
    script_next(script, "busy", 60004, &step);
    assert_int_equal(step.action, SCRIPT_WAIT);
    script_next(script, "busy", 60005, &step);
    assert_int_equal(step.action, SCRIPT_FAILED);
    assert_non_null(strstr(step.message, "s:1:"));
    script_free(script);
}

static void test_bad_lines(void **state)
{
    static const char *const bad[] = {"jump", "wait", "key Nonsense", "quit now", "ok\n", "\n\nkey"};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char *error = NULL;

        assert_null(script_parse("s", bad[i], &error));
        assert_non_null(strstr(error, "s:"));
        free(error);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_steps),
        cmocka_unit_test(test_patience_ends),
        cmocka_unit_test(test_bad_lines),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
