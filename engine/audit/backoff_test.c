#include "engine/audit/backoff.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#define QUIET 1000 /* milliseconds */

/* As long as it may get by 60 seconds. */
static double pause_of(const struct backoff *backoff, uint64_t now)
{
    return backoff_stretch(1.0, backoff_steps(backoff, now), 60);
}

static void doubles_up_to_the_limit(void **state)
{
    unsigned reach = backoff_reach(1.0, 60);
    struct backoff backoff;
    int i;

    (void)state;
    backoff_init(&backoff, QUIET);
    assert_true(pause_of(&backoff, 5) == 1);
    for (i = 0; i < 5; i++)
        backoff_more(&backoff, 5, reach);
    assert_true(pause_of(&backoff, 5) == 32);
    backoff_more(&backoff, 5, reach);
    assert_true(pause_of(&backoff, 5) == 60);
    for (i = 0; i < 100; i++)
        backoff_more(&backoff, 5, reach);
    assert_int_equal(backoff_steps(&backoff, 5), 6);
    backoff_less(&backoff, 5);
    assert_true(pause_of(&backoff, 5) == 32);
}

static void shrinks_by_halves(void **state)
{
    struct backoff backoff;

    (void)state;
    backoff_init(&backoff, QUIET);
    for (int i = 0; i < 3; i++)
        backoff_more(&backoff, 0, 9);
    backoff_less(&backoff, 0);
    assert_true(pause_of(&backoff, 0) == 4);
    backoff_less(&backoff, 0);
    backoff_less(&backoff, 0);
    backoff_less(&backoff, 0);
    assert_true(pause_of(&backoff, 0) == 1);
}

static void shrinks_while_it_is_quiet(void **state)
{
    struct backoff backoff;

    (void)state;
    backoff_init(&backoff, QUIET);
    for (int i = 0; i < 4; i++)
        backoff_more(&backoff, 7000, 9);
    assert_true(pause_of(&backoff, 7999) == 16);
    assert_true(pause_of(&backoff, 8000) == 8);
    assert_true(pause_of(&backoff, 10999) == 2);
    assert_true(pause_of(&backoff, 11000) == 1);
    assert_true(pause_of(&backoff, UINT64_MAX) == 1);
}

/* What was quiet before counts once, and a new sign ends the quiet. */
static void a_sign_ends_the_quiet(void **state)
{
    struct backoff backoff;

    (void)state;
    backoff_init(&backoff, QUIET);
    for (int i = 0; i < 4; i++)
        backoff_more(&backoff, 0, 9);
    backoff_more(&backoff, 2500, 9); /* 4 - 2 + 1 */
    assert_int_equal(backoff_steps(&backoff, 3499), 3);
    assert_int_equal(backoff_steps(&backoff, 3500), 2);
    backoff_less(&backoff, 3600);
    assert_int_equal(backoff_steps(&backoff, 4599), 1);
    assert_int_equal(backoff_steps(&backoff, 4600), 0);
}

/* Signs that come no rarer than quiet periods do are not forgotten, and a lower limit takes nothing away. */
static void stays_as_long_as_signs_come(void **state)
{
    struct backoff backoff;
    uint64_t now = 0;

    (void)state;
    backoff_init(&backoff, QUIET);
    for (int i = 0; i < 50; i++)
        backoff_more(&backoff, now += QUIET - 1, 5);
    assert_int_equal(backoff_steps(&backoff, now), 5);
    backoff_more(&backoff, now, 2);
    assert_int_equal(backoff_steps(&backoff, now), 5);
    backoff_more(&backoff, now + QUIET / 2, 2);
    assert_int_equal(backoff_steps(&backoff, now + QUIET), 5);
}

/* The loop's clock may be behind the one that a sign was noted by. */
static void bears_an_earlier_now(void **state)
{
    struct backoff backoff;

    (void)state;
    backoff_init(&backoff, 0);
    backoff_more(&backoff, 5000, 9);
    assert_int_equal(backoff_steps(&backoff, 4000), 1);
    assert_int_equal(backoff_steps(&backoff, 5001), 0);
}

/* Nothing is stretched where no pause was wanted, or one longer than the limit; the sign is known all the
 * same. */
static void leaves_these_alone(void **state)
{
    (void)state;
    assert_true(backoff_stretch(0, 9, 60) == 0);
    assert_true(backoff_stretch(60, 9, 60) == 60);
    assert_true(backoff_stretch(300, 9, 60) == 300);
    assert_int_equal(backoff_reach(0, 60), 1);
    assert_int_equal(backoff_reach(60, 60), 1);
    assert_int_equal(backoff_reach(300, 60), 1);
    assert_int_equal(backoff_reach(0.25, 4), 4);
    assert_true(backoff_stretch(0.25, 4, 30) == 4);
    assert_true(backoff_stretch(1e-9, backoff_reach(1e-9, 60), 60) < 60);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(doubles_up_to_the_limit),     cmocka_unit_test(shrinks_by_halves),
        cmocka_unit_test(shrinks_while_it_is_quiet),   cmocka_unit_test(a_sign_ends_the_quiet),
        cmocka_unit_test(stays_as_long_as_signs_come), cmocka_unit_test(bears_an_earlier_now),
        cmocka_unit_test(leaves_these_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
