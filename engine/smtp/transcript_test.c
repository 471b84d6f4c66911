#include "engine/smtp/transcript.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

static void keeps_lines_and_sides(void **state)
{
    struct transcript t = {0};

    (void)state;
    transcript_add(&t, SAID_BY_SERVER, "220 hello");
    transcript_add(&t, SAID_BY_CLIENT, "EHLO a.example");
    transcript_add(&t, NOTED, "TLS starts here");
    assert_int_equal(t.count, 3);
    assert_int_equal(t.lines[0].side, SAID_BY_SERVER);
    assert_string_equal(t.lines[1].text, "EHLO a.example");
    assert_int_equal(t.lines[2].side, NOTED);
    transcript_release(&t);
    assert_int_equal(t.count, 0);
    assert_null(t.lines);
}

/* A line bears the time that was set before it came, in a copy too. */
static void lines_bear_their_times(void **state)
{
    static const int times[] = {12, 12, 340, 61005};
    struct transcript t = {0}, copy;
    size_t i;

    (void)state;
    transcript_add(&t, NOTED, "before any time");
    for (i = 0; i < 4; i++) {
        t.now_ms = times[i];
        transcript_add(&t, SAID_BY_SERVER, "250 ok");
    }
    transcript_copy(&copy, &t);
    transcript_release(&t);
    assert_int_equal(t.now_ms, 0);
    assert_int_equal(copy.lines[0].at_ms, 0);
    for (i = 0; i < 4; i++)
        assert_int_equal(copy.lines[i + 1].at_ms, times[i]);
    transcript_release(&copy);
}

static void says_that_more_was_cut(void **state)
{
    struct transcript t = {0};
    char text[16];
    unsigned i;

    (void)state;
    for (i = 0; i < TRANSCRIPT_MOST + 50; i++) {
        snprintf(text, sizeof text, "line %u", i);
        transcript_add(&t, SAID_BY_SERVER, text);
    }
    assert_int_equal(t.count, TRANSCRIPT_MOST);
    assert_string_equal(t.lines[TRANSCRIPT_MOST - 2].text, "line 198");
    assert_int_equal(t.lines[TRANSCRIPT_MOST - 1].side, NOTED);
    transcript_release(&t);
}

static void a_copy_stands_alone(void **state)
{
    struct transcript from = {0}, to, empty = {0};
    unsigned i;

    (void)state;
    for (i = 0; i < TRANSCRIPT_MOST + 1; i++)
        transcript_add(&from, SAID_BY_CLIENT, "NOOP");
    transcript_copy(&to, &from);
    transcript_release(&from);
    assert_int_equal(to.count, TRANSCRIPT_MOST);
    assert_string_equal(to.lines[0].text, "NOOP");
    assert_int_equal(to.lines[TRANSCRIPT_MOST - 1].side, NOTED);
    transcript_release(&to);
    transcript_copy(&to, &empty);
    assert_int_equal(to.count, 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_lines_and_sides),
        cmocka_unit_test(lines_bear_their_times),
        cmocka_unit_test(says_that_more_was_cut),
        cmocka_unit_test(a_copy_stands_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
