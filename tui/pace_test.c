#include "tui/pace.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static void assert_left(const struct pace *pace, unsigned steps, const char *text)
{
    char out[PACE_SIZE];

    pace_left(pace, steps, out);
    assert_string_equal(out, text);
}

static void test_nothing_known(void **state)
{
    struct pace pace = {0};

    (void)state;
    assert_true(pace_rate(&pace) < 0);
    assert_left(&pace, 10, "");
    pace_take(&pace, 1000, 0);
    pace_take(&pace, 1900, 50);
    assert_left(&pace, 10, "");
}

static void test_steady(void **state)
{
    struct pace pace = {0};
    unsigned i;

    (void)state;
    for (i = 0; i < 1000; i++)
        pace_take(&pace, i * 100, i);
    assert_true(pace_rate(&pace) > 9.9 && pace_rate(&pace) < 10.1);
    assert_left(&pace, 400, "40 s left");
    assert_left(&pace, 0, "");
    assert_left(&pace, 1, "1 s left");
    assert_left(&pace, 1800, "3 min left");
    assert_left(&pace, 75000, "2 h 5 min left");
    assert_left(&pace, 4000000000u, "");
}

/* What happened long ago no longer counts; no progress at all says nothing. */
static void test_follows(void **state)
{
    struct pace pace = {0};
    unsigned i;

    (void)state;
    for (i = 0; i < 40; i++)
        pace_take(&pace, i * 500, i * 100);
    for (i = 0; i < 20; i++)
        pace_take(&pace, 20000 + i * 500, 3900);
    assert_left(&pace, 10, "");
}

static void test_begins_anew(void **state)
{
    struct pace pace = {0};

    (void)state;
    pace_take(&pace, 0, 0);
    pace_take(&pace, 2000, 20);
    assert_true(pace_rate(&pace) > 0);
    pace_take(&pace, 2010, 5);
    assert_true(pace_rate(&pace) < 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_known),
        cmocka_unit_test(test_steady),
        cmocka_unit_test(test_follows),
        cmocka_unit_test(test_begins_anew),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
