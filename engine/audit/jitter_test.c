#include "engine/audit/jitter.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#define MANY 10000

static void around_the_pause(void **state)
{
    struct jitter jitter;
    uint64_t least = UINT64_MAX, most = 0, sum = 0;

    (void)state;
    jitter_init(&jitter, 7);
    for (int i = 0; i < MANY; i++) {
        uint64_t pause = jitter_ms(&jitter, 1.0);

        least = pause < least ? pause : least;
        most = pause > most ? pause : most;
        sum += pause;
    }
    assert_in_range(least, 750, 760);
    assert_in_range(most, 1240, 1250);
    assert_in_range(sum / MANY, 995, 1005);
    assert_int_equal(jitter_ms(&jitter, 0), 0);
    assert_int_equal(jitter_ms(&jitter, 0.0001), 1);
}

static void by_the_seed(void **state)
{
    struct jitter one, same, other, random;
    unsigned differ = 0, random_differ = 0;

    (void)state;
    jitter_init(&one, 3);
    jitter_init(&same, 3);
    jitter_init(&other, 4);
    jitter_init(&random, 0);
    for (int i = 0; i < 100; i++) {
        uint64_t pause = jitter_ms(&one, 60);

        assert_int_equal(jitter_ms(&same, 60), pause);
        differ += jitter_ms(&other, 60) != pause;
        random_differ += jitter_ms(&random, 60) != pause;
    }
    assert_true(differ > 90);
    assert_true(random_differ > 90);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(around_the_pause),
        cmocka_unit_test(by_the_seed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
