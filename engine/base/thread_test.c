#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/base/thread.h"

#include <signal.h>
#include <stdbool.h>

static const int some[] = {SIGHUP, SIGINT, SIGTERM, SIGWINCH, SIGPIPE, SIGCHLD, SIGUSR1, SIGTSTP};

static void *look(void *context)
{
    pthread_sigmask(SIG_SETMASK, NULL, context);
    return context;
}

static bool all_held(const sigset_t *mask)
{
    for (size_t i = 0; i < sizeof some / sizeof *some; i++)
        if (!sigismember(mask, some[i]))
            return false;
    return true;
}

/* Nothing but SIGUSR1 is held back here. */
static void hold_one(void)
{
    sigset_t one;

    sigemptyset(&one);
    sigaddset(&one, SIGUSR1);
    pthread_sigmask(SIG_SETMASK, &one, NULL);
}

static void one_is_held(void)
{
    sigset_t mask;

    pthread_sigmask(SIG_SETMASK, NULL, &mask);
    for (size_t i = 0; i < sizeof some / sizeof *some; i++)
        assert_int_equal(sigismember(&mask, some[i]), some[i] == SIGUSR1);
}

static void test_gets_no_signal(void **unused)
{
    pthread_t thread;
    sigset_t mask;
    void *result;

    (void)unused;
    sigemptyset(&mask);
    hold_one();
    assert_int_equal(thread_start(&thread, look, &mask), 0);
    one_is_held();
    assert_int_equal(pthread_join(thread, &result), 0);
    assert_ptr_equal(result, &mask);
    assert_true(all_held(&mask));
}

/* No address space is as large as that stack. */
static void test_no_thread_to_be_had(void **unused)
{
    pthread_attr_t before, huge;
    pthread_t thread;

    (void)unused;
    hold_one();
    pthread_getattr_default_np(&before);
    pthread_getattr_default_np(&huge);
    pthread_attr_setstacksize(&huge, SIZE_MAX / 4);
    assert_int_equal(pthread_setattr_default_np(&huge), 0);
    assert_int_not_equal(thread_start(&thread, look, NULL), 0);
    one_is_held();
    pthread_setattr_default_np(&before);
    assert_int_equal(thread_start(&thread, look, &(sigset_t){0}), 0);
    pthread_join(thread, NULL);
    pthread_attr_destroy(&huge);
    pthread_attr_destroy(&before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gets_no_signal),
        cmocka_unit_test(test_no_thread_to_be_had),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
