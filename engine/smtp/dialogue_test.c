#include "engine/smtp/dialogue.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

static void assert_said(struct dialogue *d, const char *expected)
{
    assert_string_equal(buf_string(dialogue_output(d)), expected);
    buf_reset(dialogue_output(d));
}

static void feed(struct dialogue *d, const char *text)
{
    dialogue_feed(d, text, strlen(text));
}

static void keeps_what_the_server_told(void **state)
{
    struct dialogue *d = dialogue_new(PROTOCOL_SMTP, "probe.example");
    const struct dialogue_result *result = dialogue_result(d);

    (void)state;
    feed(d, "220-wait\x1b[0m\r\n220 mx\r\n");
    feed(d, "250-mx greets\r\n250-SIZE 5\r\n250 STARTTLS\r\n");
    feed(d, "220 go\r\n");
    assert_string_equal(result->banner, "wait\\x1b[0m\nmx");
    assert_int_equal(result->ehlo.count, 3);
    assert_string_equal(result->ehlo.items[0], "mx greets");
    assert_string_equal(result->ehlo.items[2], "STARTTLS");
    assert_int_equal(result->ehlo_tls.count, 0);
    dialogue_tls_started(d);
    feed(d, "250-mx\r\n250 AUTH\r\n");
    assert_int_equal(result->ehlo_tls.count, 2);
    assert_string_equal(result->ehlo_tls.items[1], "AUTH");
    assert_false(result->helo);
    dialogue_free(d);
}

/* Only the transcript is left out. */
static void keeps_no_transcript_when_quiet(void **state)
{
    struct dialogue *d = dialogue_new(PROTOCOL_SMTP, "probe.example");
    const struct dialogue_result *result = dialogue_result(d);

    (void)state;
    dialogue_quiet(d);
    feed(d, "220 mx\r\n250-mx greets\r\n250 STARTTLS\r\n");
    assert_said(d, "EHLO probe.example\r\nSTARTTLS\r\n");
    feed(d, "454 not now\r\n");
    assert_string_equal(result->banner, "mx");
    assert_int_equal(result->ehlo.count, 2);
    assert_int_equal(result->starttls, STARTTLS_OFFERED);
    assert_int_equal(result->error, PROBE_GREYLISTED);
    assert_int_equal(result->code, 454);
    assert_string_equal(result->detail, "not now");
    assert_said(d, "QUIT\r\n");
    dialogue_eof(d, false);
    assert_int_equal(result->transcript.count, 0);
    dialogue_free(d);
    d = dialogue_new(PROTOCOL_SMTPS, "probe.example");
    dialogue_quiet(d);
    assert_int_equal(dialogue_result(d)->transcript.count, 0);
    dialogue_free(d);
}

static void keeps_why_it_was_refused(void **state)
{
    struct dialogue *d = dialogue_new(PROTOCOL_SMTP, "probe.example");
    const struct dialogue_result *result = dialogue_result(d);

    (void)state;
    feed(d, "220 a\r\n500 what\r\n550-no\r\n550 really\r\n");
    assert_true(result->helo);
    assert_string_equal(result->detail, "no\nreally");
    feed(d, "221 bye\r\n");
    assert_string_equal(result->detail, "no\nreally");
    dialogue_free(d);
    d = dialogue_new(PROTOCOL_SMTP, "probe.example");
    feed(d, "HTTP/1.1 400 Bad\x01\r\nrest\r\n");
    assert_string_equal(dialogue_result(d)->detail, "HTTP/1.1 400 Bad\\x01");
    dialogue_free(d);
}

static void assert_transcript(const struct dialogue *d, const char *expected)
{
    const struct transcript *t = &dialogue_result(d)->transcript;
    struct buf text;
    size_t i;

    buf_init(&text, 0);
    for (i = 0; i < t->count; i++)
        buf_printf(&text, "%c %s\n", "SCN"[t->lines[i].side], t -> lines[i].text);
    assert_string_equal(buf_string(&text), expected);
    buf_release(&text);
}

static void writes_a_transcript(void **state)
{
    struct dialogue *d = dialogue_new(PROTOCOL_SMTP, "probe.example");

    (void)state;
    feed(d, "220-a\r\n22");
    feed(d, "0 b\r\n");
    feed(d, "250 STARTTLS\r\n");
    feed(d, "220 go\r\nevil\r\n");
    dialogue_tls_started(d);
    feed(d, "250-a\r\n25");
    dialogue_eof(d, false);
    assert_transcript(d, "S 220-a\nS 220 b\nC EHLO probe.example\nS 250 STARTTLS\nC STARTTLS\nS 220 go\n"
                         "N TLS starts here\nN 6 bytes came before our hello: evil\\x0d\\x0a\n"
                         "C EHLO probe.example\nS 250-a\nS 25\nN the server closed the connection\n");
    dialogue_free(d);
}

/* A reply's line bears the time at which its end came; the command behind it goes out at once. */
static void tells_when_lines_came(void **state)
{
    static const int expected[] = {5, 5, 5, 40, 40, 90, 90, 200};
    struct dialogue *d = dialogue_new(PROTOCOL_SMTP, "probe.example");
    const struct transcript *t = &dialogue_result(d)->transcript;
    size_t i;

    (void)state;
    dialogue_at(d, 5);
    feed(d, "220-a\r\n220 b\r\n250");
    dialogue_at(d, 40);
    feed(d, " STARTTLS\r\n");
    dialogue_at(d, 90);
    feed(d, "220 go\r\n");
    dialogue_at(d, 200);
    dialogue_tls_started(d);
    assert_int_equal(t->count, 8);
    for (i = 0; i < 8; i++)
        assert_int_equal(t->lines[i].at_ms, expected[i]);
    dialogue_free(d);
}

/* TLS from the first byte begins when the connection stands, which is the first time that is told. */
static void tells_when_direct_tls_begins(void **state)
{
    struct dialogue *d = dialogue_new(PROTOCOL_SMTPS, "probe.example");
    const struct transcript *t = &dialogue_result(d)->transcript;

    (void)state;
    assert_int_equal(t->lines[0].at_ms, -1);
    dialogue_at(d, 30);
    dialogue_at(d, 70);
    dialogue_tls_started(d);
    feed(d, "220 a\r\n");
    assert_int_equal(t->lines[0].at_ms, 30);
    assert_int_equal(t->lines[1].at_ms, 70);
    dialogue_free(d);
}

static void writes_an_imap_transcript(void **state)
{
    struct dialogue *d = dialogue_new(PROTOCOL_IMAP, NULL);

    (void)state;
    feed(d, "* OK hi\r\n");
    feed(d, "* CAPABILITY IMAP4rev1\r\na1 OK done\r\n");
    feed(d, "* BYE\r\na4 OK\r\n");
    assert_transcript(d, "S * OK hi\nC a1 CAPABILITY\nS * CAPABILITY IMAP4rev1\nS a1 OK done\nC a4 LOGOUT\n"
                         "S * BYE\nS a4 OK\n");
    assert_int_equal(dialogue_result(d)->ehlo.count, 1);
    assert_string_equal(dialogue_result(d)->ehlo.items[0], "IMAP4rev1");
    dialogue_free(d);
}

/* A server that closes in place of its answer did not take the command; that is to be seen twice. */
static void a_close_at_starttls_is_no_injection(void **state)
{
    struct dialogue *d = dialogue_new(PROTOCOL_SMTP, "probe.example");

    (void)state;
    dialogue_check_injection(d);
    feed(d, "220 a\r\n250 STARTTLS\r\n");
    dialogue_eof(d, true);
    assert_int_equal(dialogue_result(d)->error, PROBE_RESET);
    assert_int_equal(dialogue_result(d)->injection.state, INJECTION_NO);
    assert_true(dialogue_result(d)->injection.by_close);
    dialogue_free(d);
    d = dialogue_new(PROTOCOL_SMTP, "probe.example");
    dialogue_check_injection(d);
    feed(d, "220 a\r\n");
    dialogue_eof(d, false);
    assert_int_equal(dialogue_result(d)->injection.state, INJECTION_NOT_TESTED);
    dialogue_free(d);
}

static void writes_both_commands_of_a_check(void **state)
{
    struct dialogue *d = dialogue_new(PROTOCOL_SMTP, "probe.example");

    (void)state;
    dialogue_check_injection(d);
    feed(d, "220 a\r\n250 STARTTLS\r\n220 go\r\n");
    assert_transcript(d, "S 220 a\nC EHLO probe.example\nS 250 STARTTLS\nC STARTTLS\nC NOOP\n"
                         "N sent in one piece, before the answer\nS 220 go\nN TLS starts here\n");
    dialogue_free(d);
}

static void nobody_talks_before_the_greeting(void **state)
{
    struct dialogue *d = dialogue_new(PROTOCOL_SMTP, "probe.example");

    (void)state;
    dialogue_timeout(d);
    assert_said(d, "");
    assert_int_equal(dialogue_phase(d), PHASE_OVER);
    assert_int_equal(dialogue_result(d)->error, PROBE_BANNER_TIMEOUT);
    dialogue_free(d);
}

static void silence_later_is_an_io_timeout(void **state)
{
    struct dialogue *d = dialogue_new(PROTOCOL_SMTP, "probe.example");

    (void)state;
    feed(d, "220 a\r\n");
    feed(d, "250 STARTTLS\r\n");
    buf_reset(dialogue_output(d));
    dialogue_timeout(d);
    assert_said(d, "QUIT\r\n");
    assert_int_equal(dialogue_result(d)->error, PROBE_IO_TIMEOUT);
    assert_int_equal(dialogue_result(d)->starttls, STARTTLS_OFFERED);
    feed(d, "220 go\r\n");
    assert_int_equal(dialogue_phase(d), PHASE_OVER);
    dialogue_free(d);
}

static void finishing_keeps_lock_step(void **state)
{
    struct dialogue *d = dialogue_new(PROTOCOL_SMTP, "probe.example");

    (void)state;
    feed(d, "220 a\r\n");
    buf_reset(dialogue_output(d));
    dialogue_finish(d);
    dialogue_finish(d);
    assert_int_equal(dialogue_phase(d), PHASE_QUIT);
    assert_said(d, "");
    feed(d, "250-a\r\n250 STARTTLS");
    assert_said(d, "");
    feed(d, "\r\n");
    assert_said(d, "QUIT\r\n");
    feed(d, "221 bye\r\n");
    assert_int_equal(dialogue_phase(d), PHASE_OVER);
    assert_int_equal(dialogue_result(d)->error, PROBE_OK);
    dialogue_free(d);
}

static void finishing_before_tls_says_nothing(void **state)
{
    struct dialogue *d = dialogue_new(PROTOCOL_SMTP, "probe.example");

    (void)state;
    feed(d, "220 a\r\n");
    feed(d, "250 STARTTLS\r\n");
    feed(d, "220 go\r\n");
    buf_reset(dialogue_output(d));
    dialogue_finish(d);
    assert_int_equal(dialogue_phase(d), PHASE_OVER);
    assert_said(d, "");
    dialogue_free(d);
}

static void closed_and_reset_are_told_apart(void **state)
{
    struct dialogue *d = dialogue_new(PROTOCOL_SMTP, "probe.example");

    (void)state;
    dialogue_eof(d, false);
    assert_int_equal(dialogue_result(d)->error, PROBE_CLOSED);
    dialogue_free(d);
    d = dialogue_new(PROTOCOL_SMTP, "probe.example");
    feed(d, "220 a\r\n");
    dialogue_eof(d, true);
    assert_int_equal(dialogue_result(d)->error, PROBE_RESET);
    dialogue_free(d);
    d = dialogue_new(PROTOCOL_SMTP, "probe.example");
    feed(d, "554 no\r\n");
    dialogue_eof(d, true);
    assert_int_equal(dialogue_result(d)->error, PROBE_SMTP_REJECTED);
    dialogue_free(d);
    d = dialogue_new(PROTOCOL_SMTP, "probe.example");
    feed(d, "220 a\r\n");
    feed(d, "250 a\r\n");
    dialogue_eof(d, true);
    assert_int_equal(dialogue_result(d)->error, PROBE_OK);
    assert_int_equal(dialogue_phase(d), PHASE_OVER);
    dialogue_free(d);
}

static void an_endless_reply_ends_it(void **state)
{
    struct dialogue *d = dialogue_new(PROTOCOL_SMTP, "probe.example");
    unsigned i;

    (void)state;
    for (i = 0; i < 100000 && dialogue_phase(d) != PHASE_OVER; i++)
        feed(d, "220-tarpit\r\n");
    assert_true(i < 10000);
    assert_int_equal(dialogue_result(d)->error, PROBE_REPLY_TOO_LONG);
    assert_int_equal(dialogue_result(d)->transcript.count, TRANSCRIPT_MOST);
    assert_said(d, "");
    dialogue_free(d);
}

static void early_answers_are_read_in_their_turn(void **state)
{
    struct dialogue *d = dialogue_new(PROTOCOL_SMTP, "probe.example");

    (void)state;
    feed(d, "220 a\r\n250 STARTTLS\r\n220 go\r\n\x16\x03");
    assert_int_equal(dialogue_phase(d), PHASE_TLS_READY);
    assert_int_equal(dialogue_result(d)->injected, 2);
    feed(d, "more");
    assert_int_equal(dialogue_result(d)->injected, 6);
    dialogue_free(d);
}

static void our_name_cannot_carry_a_command(void **state)
{
    struct dialogue *d = dialogue_new(PROTOCOL_SMTP, "a.example\r\nMAIL FROM:<>");

    (void)state;
    feed(d, "220 a\r\n");
    assert_said(d, "EHLO a.example\r\n");
    dialogue_free(d);
    dialogue_free(NULL);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_what_the_server_told),
        cmocka_unit_test(keeps_no_transcript_when_quiet),
        cmocka_unit_test(keeps_why_it_was_refused),
        cmocka_unit_test(writes_a_transcript),
        cmocka_unit_test(tells_when_lines_came),
        cmocka_unit_test(tells_when_direct_tls_begins),
        cmocka_unit_test(writes_an_imap_transcript),
        cmocka_unit_test(nobody_talks_before_the_greeting),
        cmocka_unit_test(a_close_at_starttls_is_no_injection),
        cmocka_unit_test(writes_both_commands_of_a_check),
        cmocka_unit_test(silence_later_is_an_io_timeout),
        cmocka_unit_test(finishing_keeps_lock_step),
        cmocka_unit_test(finishing_before_tls_says_nothing),
        cmocka_unit_test(closed_and_reset_are_told_apart),
        cmocka_unit_test(an_endless_reply_ends_it),
        cmocka_unit_test(early_answers_are_read_in_their_turn),
        cmocka_unit_test(our_name_cannot_carry_a_command),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
