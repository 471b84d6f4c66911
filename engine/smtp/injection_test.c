#include "engine/smtp/injection.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

struct row {
    const char *name;
    struct {
        int code; /* 0: no more comes */
        size_t lines;
    } replies[3];
    bool more; /* one more may come */
    enum injection_state state;
};

static const struct row rows[] = {
    {"a good server", {{250, 5}, {221, 1}}, false, INJECTION_NO},
    {"one whose EHLO has one line", {{250, 1}, {221, 1}}, false, INJECTION_NO},
    {"EHLO refused", {{502, 1}, {221, 1}}, false, INJECTION_NO},
    {"no goodbye", {{250, 5}}, true, INJECTION_NO},
    {"no goodbye, and nothing clear", {{250, 1}}, true, INJECTION_NOT_TESTED},
    {"NOOP answered first", {{250, 1}, {250, 5}, {221, 1}}, false, INJECTION_YES},
    {"NOOP answered first, no goodbye", {{250, 1}, {250, 5}}, true, INJECTION_YES},
    {"NOOP refused first", {{503, 1}, {250, 5}, {221, 1}}, false, INJECTION_YES},
    {"all of one line", {{250, 1}, {250, 1}, {221, 1}}, false, INJECTION_YES},
    {"250 for goodbye", {{250, 5}, {250, 1}}, true, INJECTION_NOT_TESTED},
    {"NOOP answered late", {{250, 5}, {250, 1}, {221, 1}}, false, INJECTION_YES},
    {"busy", {{421, 1}}, true, INJECTION_NOT_TESTED},
    {"busy in the end", {{250, 1}, {421, 1}}, false, INJECTION_NOT_TESTED},
    {"a third reply that is none to us", {{250, 1}, {250, 1}, {421, 1}}, false, INJECTION_NOT_TESTED},
};

static void judges_by_counting(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct injection injection = {.asked = true};
        bool more = true;

        for (size_t r = 0; r < 3 && rows[i].replies[r].code; r++) {
            assert_true(more);
            more = injection_heard(&injection, rows[i].replies[r].code, rows[i].replies[r].lines);
        }
        if (more != rows[i].more || injection.state != rows[i].state)
            fail_msg("%s: %s", rows[i].name, injection_state_name(injection.state));
    }
}

static void judges_the_answer_to_starttls(void **state)
{
    static const int unclear[] = {220, 421, 454, 501, 502, 550};
    struct injection injection = {.asked = true};

    (void)state;
    for (size_t i = 0; i < sizeof unclear / sizeof *unclear; i++)
        injection_answered(&injection, unclear[i]);
    assert_int_equal(injection.state, INJECTION_NOT_TESTED);
    injection_answered(&injection, 554);
    assert_int_equal(injection.state, INJECTION_NO);
    injection = (struct injection){.asked = true};
    injection_answered(&injection, 503);
    assert_int_equal(injection.state, INJECTION_NO);
    assert_false(injection.by_close);
    injection = (struct injection){.asked = true};
    injection_closed(&injection);
    assert_int_equal(injection.state, INJECTION_NO);
    assert_true(injection.by_close);
}

static void says_nothing_unasked(void **state)
{
    struct injection injection = {0};

    (void)state;
    injection_answered(&injection, 554);
    injection_closed(&injection);
    assert_false(injection_heard(&injection, 250, 1));
    assert_false(injection_heard(&injection, 250, 5));
    assert_int_equal(injection.state, INJECTION_NOT_TESTED);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(judges_by_counting),
        cmocka_unit_test(judges_the_answer_to_starttls),
        cmocka_unit_test(says_nothing_unasked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
