#include "tui/progress.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

static void assert_text(const struct work *work, const struct pace *pace, int room, const char *expected)
{
    char *text = progress_text(work, pace, room);

    assert_string_equal(text, expected);
    free(text);
}

/* Twelve steps a second over two seconds. */
static const struct pace twelve = {.samples = {{1000, 10}, {3000, 34}}, .count = 2};

static void test_all_that_fits(void **state)
{
    struct work work = {.busy = true,
                        .targets = 90,
                        .resolved = 90,
                        .endpoints = 120,
                        .judged = 37,
                        .running = 8,
                        .queued = 75};

    (void)state;
    assert_text(&work, &twelve, 100, "readiness 37/120, 8 running, 75 waiting, 12/s, 17 s left");
    assert_text(&work, &twelve, 55, "readiness 37/120, 8 running, 75 waiting, 17 s left");
    assert_text(&work, &twelve, 40, "readiness 37/120, 12/s, 17 s left");
    assert_text(&work, &twelve, 28, "readiness 37/120, 17 s left");
    assert_text(&work, &twelve, 18, "37/120, 17 s left");
    assert_text(&work, &twelve, 16, "readiness 37/120");
    assert_text(&work, &twelve, 6, "37/120");
    assert_text(&work, &twelve, 1, "37/120");
    work.judged = 120;
    work.done = 60;
    assert_text(&work, &twelve, 100, "all versions 60/120, 8 running, 75 waiting, 12/s, 5 s left");
}

/* What runs and waits may be of either kind: both are counted, or what runs is left out. */
static void test_two_kinds_of_work(void **state)
{
    struct work work = {.busy = true,
                        .targets = 30,
                        .resolved = 30,
                        .endpoints = 39,
                        .judged = 38,
                        .done = 31,
                        .running = 1,
                        .queued = 7};

    (void)state;
    assert_text(&work, &twelve, 100,
                "readiness 38/39, all versions 31/39, 1 running, 7 waiting, 12/s, 1 s left");
    assert_text(&work, &twelve, 52, "readiness 38/39, all versions 31/39, 12/s, 1 s left");
    assert_text(&work, &twelve, 34, "readiness 38/39, 1 s left");
    work.paused = true;
    assert_text(&work, &twelve, 100, "paused: readiness 38/39, all versions 31/39, 1 running, 7 waiting");
    assert_text(&work, &twelve, 12, "paused 38/39");
}

/* Neither a rate nor a time while those who put us off are waited for; beside other work they are not part of
 * it. */
static void test_later_tries(void **state)
{
    struct work work = {
        .busy = true, .targets = 30, .resolved = 30, .endpoints = 39, .judged = 38, .done = 38, .later = 1};

    (void)state;
    assert_text(&work, &twelve, 100, "readiness 38/39, all versions 38/39, 1 asked again later");
    assert_text(&work, &twelve, 50, "readiness 38/39, 1 asked again later");
    assert_text(&work, &twelve, 20, "readiness 38/39");
    work = (struct work){.busy = true,
                         .targets = 30,
                         .resolved = 30,
                         .endpoints = 39,
                         .judged = 39,
                         .done = 3,
                         .running = 4,
                         .queued = 20,
                         .later = 12};
    assert_text(&work, &twelve, 100,
                "all versions 3/39, 4 running, 20 waiting, 12 asked again later, 12/s, 2 s left");
}

/* A limit of this machine is said before how much is done and left. */
static void test_what_limits(void **state)
{
    struct work work = {.busy = true,
                        .targets = 90,
                        .resolved = 90,
                        .endpoints = 120,
                        .judged = 37,
                        .running = 8,
                        .queued = 75,
                        .limit = LIMIT_OPEN_FILES};
    struct pace none = {.count = 0};

    (void)state;
    assert_text(&work, &twelve, 100,
                "readiness 37/120, 8 running, 75 waiting, 12/s, 17 s left, limited by open files");
    assert_text(&work, &twelve, 60, "readiness 37/120, 17 s left, limited by open files");
    assert_text(&work, &twelve, 45, "readiness 37/120, limited by open files");
    assert_text(&work, &twelve, 30, "37/120, limited by open files");
    assert_text(&work, &twelve, 28, "readiness 37/120, 17 s left");
    work.limit = LIMIT_LOCAL_PORTS;
    assert_text(&work, &twelve, 30, "37/120, limited by local ports");
    work = (struct work){.busy = true, .targets = 4, .resolved = 1, .limit = LIMIT_RESOLVER};
    assert_text(&work, &none, 100, "resolving 1 of 4, limited by the resolver");
    assert_text(&work, &none, 30, "resolving 1 of 4");
}

/* What can't be known is not said: a rate before the second sample, the time left before all is resolved. */
static void test_what_is_not_known(void **state)
{
    struct work work = {
        .busy = true, .targets = 90, .resolved = 80, .endpoints = 120, .judged = 37, .running = 8};
    struct pace none = {.count = 0}, still = {.samples = {{1000, 34}, {9000, 34}}, .count = 2};

    (void)state;
    assert_text(&work, &none, 100, "readiness 37/120, 8 running, 0 waiting");
    assert_text(&work, &still, 100, "readiness 37/120, 8 running, 0 waiting");
    assert_text(&work, &twelve, 100, "readiness 37/120, 8 running, 0 waiting, 12/s");
    work.resolved = 90;
    work.paused = true;
    assert_text(&work, &twelve, 100, "paused: readiness 37/120, 8 running, 0 waiting");
    work = (struct work){.busy = true, .targets = 4, .resolved = 1};
    assert_text(&work, &none, 100, "resolving 1 of 4");
}

static void assert_rate(unsigned steps, int64_t milliseconds, const char *rate)
{
    struct work work = {.busy = true, .targets = 2, .resolved = 1, .endpoints = 9, .running = 1};
    struct pace pace = {.samples = {{0, 0}, {milliseconds, steps}}, .count = 2};
    char *text = progress_text(&work, &pace, 100);

    assert_non_null(strstr(text, "waiting, "));
    assert_string_equal(strstr(text, "waiting, ") + 9, rate);
    free(text);
}

static void test_rates(void **state)
{
    (void)state;
    assert_rate(2500, 2000, "1250/s");
    assert_rate(5, 2000, "2.5/s");
    assert_rate(1, 2000, "30/min");
    assert_rate(1, 30000, "2/min");
}

static void test_before_and_behind(void **state)
{
    struct work work = {.targets = 0};
    struct pace none = {.count = 0};

    (void)state;
    assert_text(&work, &none, 100, "nothing to probe");
    work = (struct work){.busy = true, .targets = 3, .resolved = 3, .endpoints = 1, .judged = 1, .done = 1};
    assert_text(&work, &twelve, 100, "1/1 probed, finishing");
    assert_text(&work, &twelve, 5, "1/1");
    work.later = 1;
    assert_text(&work, &none, 100, "all versions 1/1, 1 asked again later");
    work.later = 0;
    work.busy = false;
    assert_text(&work, &none, 100, "done, 1 address");
    assert_text(&work, &none, 5, "done");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_that_fits),     cmocka_unit_test(test_two_kinds_of_work),
        cmocka_unit_test(test_later_tries),       cmocka_unit_test(test_what_limits),
        cmocka_unit_test(test_what_is_not_known), cmocka_unit_test(test_rates),
        cmocka_unit_test(test_before_and_behind),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
