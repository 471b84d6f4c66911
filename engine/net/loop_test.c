#include "engine/net/loop.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>

struct seen {
    struct net_loop *loop;
    struct net_timer *timer, *other;
    unsigned wakes, fired;
    bool inside;
    uint64_t at;
};

static void on_wake(void *context)
{
    struct seen *seen = context;

    assert_false(seen->inside);
    seen->wakes++;
    net_loop_stop(seen->loop);
}

static void start(struct seen *seen)
{
    *seen = (struct seen){0};
    seen->loop = net_loop_new(on_wake, seen);
    assert_non_null(seen->loop);
}

static void *wake_often(void *context)
{
    struct seen *seen = context;
    int i;

    for (i = 0; i < 1000; i++)
        net_loop_wake(seen->loop);
    return NULL;
}

static void another_thread_wakes_it(void **state)
{
    struct seen seen;
    pthread_t thread;

    (void)state;
    start(&seen);
    pthread_create(&thread, NULL, wake_often, &seen);
    net_loop_run(seen.loop);
    pthread_join(thread, NULL);
    net_loop_free(seen.loop);
    assert_int_equal(seen.wakes, 1); /* the first one stopped it */
}

static void waking_calls_nobody_from_inside(void **state)
{
    struct seen seen;

    (void)state;
    start(&seen);
    seen.inside = true;
    net_loop_wake(seen.loop);
    net_loop_wake(seen.loop);
    seen.inside = false;
    net_loop_run(seen.loop);
    net_loop_free(seen.loop);
    assert_int_equal(seen.wakes, 1);
}

static void a_loop_that_never_ran_is_freed(void **state)
{
    struct seen seen;

    (void)state;
    start(&seen);
    net_loop_wake(seen.loop);
    net_loop_free(seen.loop);
    start(&seen);
    net_timer_free(net_timer_new(seen.loop, on_wake, &seen));
    net_timer_free(NULL);
    net_loop_stop(seen.loop);
    net_loop_stop(seen.loop);
    net_loop_run(seen.loop);
    net_loop_free(seen.loop);
    assert_int_equal(seen.wakes, 0);
}

static void on_last(void *context)
{
    struct seen *seen = context;

    seen->fired++;
    seen->at = net_loop_now_ms(seen->loop) - seen->at;
    net_timer_free(seen->timer); /* from its own callback */
    net_loop_stop(seen->loop);
}

static void on_never(void *context)
{
    (void)context;
    fail();
}

static void timers_start_again_and_stop(void **state)
{
    struct seen seen;
    uint64_t before = net_clock_us();

    (void)state;
    start(&seen);
    seen.at = net_loop_now_ms(seen.loop);
    seen.timer = net_timer_new(seen.loop, on_last, &seen);
    seen.other = net_timer_new(seen.loop, on_never, &seen);
    net_timer_start(seen.timer, 1);
    net_timer_start(seen.timer, 20);
    net_timer_start(seen.other, 1);
    net_timer_stop(seen.other);
    net_loop_run(seen.loop);
    assert_int_equal(seen.fired, 1);
    assert_true(seen.at >= 20);
    assert_true(net_clock_us() - before >= 19000);
    net_timer_free(seen.other);
    net_loop_free(seen.loop);
}

static void on_fired(void *context)
{
    struct seen *seen = context;

    if (++seen->fired == 5000)
        net_loop_stop(seen->loop);
}

static void thousands_of_timers(void **state)
{
    static struct net_timer *timers[5000];
    struct seen seen;
    size_t i;

    (void)state;
    start(&seen);
    for (i = 0; i < 5000; i++) {
        timers[i] = net_timer_new(seen.loop, on_fired, &seen);
        net_timer_start(timers[i], i % 7);
    }
    assert_int_equal(seen.fired, 0);
    net_loop_run(seen.loop);
    assert_int_equal(seen.fired, 5000);
    for (i = 0; i < 5000; i++)
        net_timer_free(timers[i]);
    net_loop_free(seen.loop);
}

static void on_signal(void *context)
{
    struct seen *seen = context;

    raise(SIGPIPE); /* as a write to a closed socket would */
    net_loop_stop(seen->loop);
}

static void a_broken_pipe_does_not_end_the_process(void **state)
{
    struct seen seen;
    sigset_t mask;

    (void)state;
    start(&seen);
    seen.timer = net_timer_new(seen.loop, on_signal, &seen);
    net_timer_start(seen.timer, 0);
    net_loop_run(seen.loop);
    net_timer_free(seen.timer);
    net_loop_free(seen.loop);
    pthread_sigmask(SIG_SETMASK, NULL, &mask);
    assert_int_equal(sigismember(&mask, SIGPIPE), 0);
}

static void the_descriptor_limit_is_raised(void **state)
{
    struct rlimit limit;

    (void)state;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
    if (limit.rlim_max > 64) {
        limit.rlim_cur = 64;
        assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
    }
    assert_int_equal(net_descriptor_limit(), limit.rlim_max);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
    assert_int_equal(limit.rlim_cur, limit.rlim_max);
}

static void no_descriptors_no_loop(void **state)
{
    struct seen seen = {0};
    struct rlimit limit, few;

    (void)state;
    getrlimit(RLIMIT_NOFILE, &limit);
    few = limit;
    few.rlim_cur = 3;
    setrlimit(RLIMIT_NOFILE, &few);
    seen.loop = net_loop_new(on_wake, &seen);
    setrlimit(RLIMIT_NOFILE, &limit);
    assert_null(seen.loop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(another_thread_wakes_it),
        cmocka_unit_test(waking_calls_nobody_from_inside),
        cmocka_unit_test(a_loop_that_never_ran_is_freed),
        cmocka_unit_test(timers_start_again_and_stop),
        cmocka_unit_test(thousands_of_timers),
        cmocka_unit_test(a_broken_pipe_does_not_end_the_process),
        cmocka_unit_test(the_descriptor_limit_is_raised),
        cmocka_unit_test(no_descriptors_no_loop),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
