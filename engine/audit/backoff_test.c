#include "engine/audit/backoff.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static void doubles_up_to_the_limit(void **state)
{
    double factor = 1;
    int i;

    (void)state;
    for (i = 0; i < 5; i++)
        factor = backoff_more(factor, 1.0, 60);
    assert_true(factor == 32);
    factor = backoff_more(factor, 1.0, 60);
    assert_true(factor == 60);
    assert_true(backoff_more(factor, 1.0, 60) == 60);
}

static void shrinks_by_halves(void **state)
{
    (void)state;
    assert_true(backoff_less(60) == 30);
    assert_true(backoff_less(3) == 1.5);
    assert_true(backoff_less(1.5) == 1);
    assert_true(backoff_less(1) == 1);
}

/* Nothing is stretched where no pause was wanted, or one longer than the limit. */
static void leaves_these_alone(void **state)
{
    (void)state;
    assert_true(backoff_more(1, 0, 60) == 1);
    assert_true(backoff_more(1, 60, 60) == 1);
    assert_true(backoff_more(1, 300, 60) == 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(doubles_up_to_the_limit),
        cmocka_unit_test(shrinks_by_halves),
        cmocka_unit_test(leaves_these_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
