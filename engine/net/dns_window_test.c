#include "engine/net/dns_window.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static void answered(struct dns_window *window, unsigned times)
{
    while (times--)
        dns_window_answered(window);
}

static bool lost(struct dns_window *window, unsigned cuts)
{
    struct dns_sent sent = {.cuts = cuts};

    dns_window_passed(window, &sent, 1);
    return dns_window_weigh(window, 1000);
}

/* Losses, one after the other, until one cuts; how many it took. */
static unsigned cut(struct dns_window *window)
{
    unsigned cuts = window->cuts, times = 1;

    while (!lost(window, cuts))
        times++;
    return times;
}

static void answers_open_it(void **state)
{
    struct dns_window window;

    (void)state;
    dns_window_init(&window, 500);
    assert_int_equal(window.allowed, 64);
    answered(&window, 63);
    assert_int_equal(window.allowed, 64);
    answered(&window, 1);
    assert_int_equal(window.allowed, 128);
    answered(&window, 128 + 256);
    assert_int_equal(window.allowed, 500);
    answered(&window, 5000);
    assert_int_equal(window.allowed, 500);
}

static void a_small_one_is_never_exceeded(void **state)
{
    struct dns_window window;

    (void)state;
    dns_window_init(&window, 1);
    answered(&window, 100);
    assert_int_equal(window.allowed, 1);
    cut(&window);
    assert_int_equal(window.allowed, 1);
    answered(&window, 100);
    assert_int_equal(window.allowed, 1);
}

static void losses_halve_it(void **state)
{
    struct dns_window window;

    (void)state;
    dns_window_init(&window, 64);
    assert_int_equal(cut(&window), 9); /* more than an eighth of 64 */
    assert_int_equal(window.allowed, 32);
    assert_int_equal(cut(&window), 5);
    assert_int_equal(window.allowed, 16);
    while (window.allowed > 2)
        cut(&window);
    cut(&window);
    assert_int_equal(window.allowed, 2);
}

static void what_went_out_before_a_cut_is_paid_for(void **state)
{
    struct dns_window window;

    (void)state;
    dns_window_init(&window, 64);
    cut(&window);
    for (unsigned i = 0; i < 100; i++)
        assert_false(lost(&window, 0));
    assert_int_equal(window.allowed, 32);
    assert_int_equal(window.losses, 109);
}

static void behind_a_cut_it_grows_step_by_step(void **state)
{
    struct dns_window window;

    (void)state;
    dns_window_init(&window, 64);
    cut(&window);
    answered(&window, 32);
    assert_int_equal(window.allowed, 37);
    answered(&window, 37);
    assert_int_equal(window.allowed, 42);
}

/* Two in a hundred change nothing; five in a hundred let it grow no further. */
static void a_few_losses_are_the_networks(void **state)
{
    struct dns_window window;

    (void)state;
    dns_window_init(&window, 100);
    for (unsigned i = 0; i < 50; i++) {
        answered(&window, 98);
        assert_false(lost(&window, 0) || lost(&window, 0));
    }
    assert_int_equal(window.allowed, 100);
    dns_window_init(&window, 500);
    for (unsigned i = 0; i < 50; i++) {
        answered(&window, 10);
        assert_false(lost(&window, 0));
        answered(&window, 9);
    }
    assert_int_equal(window.allowed, 64);
}

/* An answer that was only overtaken is no loss, nor is a query that is gone. */
static void what_comes_on_its_heels_was_not_lost(void **state)
{
    struct dns_window window;
    struct dns_sent late = {0}, gone = {0}, missing = {0};

    (void)state;
    dns_window_init(&window, 64);
    dns_window_sent(&window, &late);
    dns_window_passed(&window, &late, 5000);
    dns_window_passed(&window, &late, 5001);
    dns_window_passed(&window, &gone, 5000);
    dns_window_passed(&window, &missing, 5000);
    assert_false(dns_window_weigh(&window, 5001));
    dns_window_forget(&late);
    dns_window_forget(&gone);
    dns_window_forget(&gone);
    assert_int_equal(window.losses, 0);
    assert_false(dns_window_weigh(&window, 6000));
    assert_int_equal(window.losses, 1);
    assert_false(dns_window_weigh(&window, 7000));
    assert_int_equal(window.losses, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_open_it),
        cmocka_unit_test(a_small_one_is_never_exceeded),
        cmocka_unit_test(losses_halve_it),
        cmocka_unit_test(what_went_out_before_a_cut_is_paid_for),
        cmocka_unit_test(behind_a_cut_it_grows_step_by_step),
        cmocka_unit_test(a_few_losses_are_the_networks),
        cmocka_unit_test(what_comes_on_its_heels_was_not_lost),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
