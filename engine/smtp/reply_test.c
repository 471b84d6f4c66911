#include "engine/smtp/reply.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/base/mem.h"
#include "engine/smtp/imap.h"
#include "engine/smtp/pop3.h"

#include <stdlib.h>
#include <string.h>

struct row {
    const char *command; /* of IMAP and POP3 */
    const char *bytes;
    enum reply_status status;
    int code;
    const char *lines; /* joined by "|" */
    const char *rest;  /* what is not taken, when the reply is complete */
};

static void assert_lines(const struct reply *reply, const char *expected)
{
    char *text = mem_string("");
    size_t i;

    for (i = 0; i < reply->lines.count; i++) {
        char *longer = mem_format("%s%s%s", text, i ? "|" : "", reply->lines.items[i]);

        free(text);
        text = longer;
    }
    assert_string_equal(text, expected);
    free(text);
}

/* Feeds copies of exactly the size of each piece: [0, first), [first, second), [second, end). */
static size_t feed_pieces(struct reply *reply, const struct reply_grammar *grammar, const struct row *row,
                          size_t first, size_t second)
{
    size_t length = strlen(row->bytes), taken = 0;
    size_t cuts[] = {0, first, second, length}, i;

    for (i = 0; i < 3; i++) {
        size_t size = cuts[i + 1] - cuts[i];
        char *copy = mem_copy(row->bytes + cuts[i], size);

        taken += reply_feed_as(reply, grammar, row->command, copy, size);
        free(copy);
    }
    return taken;
}

static void check_pieces(const struct reply_grammar *grammar, const struct row *row, size_t first,
                         size_t second)
{
    struct reply reply = {0};
    size_t taken = feed_pieces(&reply, grammar, row, first, second);

    assert_int_equal(reply.status, row->status);
    if (row->status == REPLY_COMPLETE) {
        assert_int_equal(reply.code, row->code);
        assert_lines(&reply, row->lines);
        assert_string_equal(row->bytes + taken, row->rest ? row->rest : "");
    }
    reply_clear(&reply);
    assert_int_equal(reply.status, REPLY_PENDING);
    assert_int_equal(reply.lines.count, 0);
}

static void check(const struct reply_grammar *grammar, const struct row *rows, size_t count)
{
    size_t i, first, second;

    for (i = 0; i < count; i++) {
        size_t length = strlen(rows[i].bytes);

        for (first = 0; first <= length; first++)
            for (second = first; second <= length; second++)
                check_pieces(grammar, &rows[i], first, second);
    }
}

#define CHECK(grammar, rows) check(grammar, rows, sizeof rows / sizeof rows[0])

static void reads_smtp_in_any_pieces(void **state)
{
    static const struct row rows[] = {
        {NULL, "220 mx.example ESMTP\r\n", REPLY_COMPLETE, 220, "mx.example ESMTP", ""},
        {NULL, "220 mx\n", REPLY_COMPLETE, 220, "mx", ""},
        {NULL, "220\r\n", REPLY_COMPLETE, 220, "", ""},
        {NULL, "220\n", REPLY_COMPLETE, 220, "", ""},
        {NULL, "220 \r\n", REPLY_COMPLETE, 220, "", ""},
        {NULL, "220-a\r\n220-\r\n220 c\r\nrest", REPLY_COMPLETE, 220, "a||c", "rest"},
        {NULL, "250-mx\r\n250-SIZE 1\r\n250\r\n250 x\r\n", REPLY_COMPLETE, 250, "mx|SIZE 1|", "250 x\r\n"},
        {NULL, "354  go \r\n", REPLY_COMPLETE, 354, " go ", ""},
        {NULL, "599 a\rb\r\n", REPLY_COMPLETE, 599, "a\\x0db", ""},
        {NULL, "220 \x1b[1m\xff\r\n", REPLY_COMPLETE, 220, "\\x1b[1m\\xff", ""},
        {NULL, "220-a\r\n220", REPLY_PENDING, 0, "", NULL},
        {NULL, "220 no end", REPLY_PENDING, 0, "", NULL},
        {NULL, "220-a\r\n250 b\r\n", REPLY_NOT_SMTP, 0, "", NULL},
        {NULL, "220-a\r\nhello\r\n", REPLY_NOT_SMTP, 0, "", NULL},
        {NULL, "\r\n220 a\r\n", REPLY_NOT_SMTP, 0, "", NULL},
        {NULL, "S", REPLY_NOT_SMTP, 0, "", NULL},
        {NULL, "SSH-2.0-x\r\n", REPLY_NOT_SMTP, 0, "", NULL},
        {NULL, "\x15\x03\x01", REPLY_NOT_SMTP, 0, "", NULL},
        {NULL, "100 a\r\n", REPLY_NOT_SMTP, 0, "", NULL},
        {NULL, "600 a\r\n", REPLY_NOT_SMTP, 0, "", NULL},
        {NULL, "22\r\n", REPLY_NOT_SMTP, 0, "", NULL},
        {NULL, "2200 a\r\n", REPLY_NOT_SMTP, 0, "", NULL},
        {NULL, "220+a\r\n", REPLY_NOT_SMTP, 0, "", NULL},
        {NULL, "220\ra\r\n", REPLY_NOT_SMTP, 0, "", NULL},
        {NULL, "+OK pop\r\n", REPLY_NOT_SMTP, 0, "", NULL},
    };

    (void)state;
    CHECK(&smtp_grammar, rows);
}

static void reads_imap_in_any_pieces(void **state)
{
    static const struct row rows[] = {
        {NULL, "* OK ready\r\nmore", REPLY_COMPLETE, 200, "* OK ready", "more"},
        {NULL, "* ok\r\n", REPLY_COMPLETE, 200, "* ok", ""},
        {NULL, "* OK {3}\r\n", REPLY_COMPLETE, 200, "* OK {3}", ""},
        {NULL, "* PREAUTH hi\r\n", REPLY_COMPLETE, 200, "* PREAUTH hi", ""},
        {NULL, "* BYE full\r\n", REPLY_COMPLETE, 421, "* BYE full", ""},
        {NULL, "* OKAY\r\n", REPLY_NOT_SMTP, 0, "", NULL},
        {NULL, "* NO\r\n", REPLY_NOT_SMTP, 0, "", NULL},
        {NULL, "+ go\r\n", REPLY_NOT_SMTP, 0, "", NULL},
        {NULL, "220 smtp\r\n", REPLY_NOT_SMTP, 0, "", NULL},
        {NULL, "a1 OK\r\n", REPLY_NOT_SMTP, 0, "", NULL},
        {"a1 CAPABILITY", "* CAPABILITY X\r\na1 OK done\r\n* x", REPLY_COMPLETE, 200,
         "* CAPABILITY X|a1 OK done", "* x"},
        {"a1 CAPABILITY", "* OK [ALERT] {9}\r\na1 ok\r\n", REPLY_COMPLETE, 200, "* OK [ALERT] {9}|a1 ok", ""},
        {"a1 CAPABILITY", "* ID {6}\r\na1 OK\n {1+}\r\nx)\r\na1 OK\r\n", REPLY_COMPLETE, 200,
         "* ID {6}| {1+}|)|a1 OK", ""},
        {"a1 CAPABILITY", "* ID {0}\r\n\r\na1 OK\r\n", REPLY_COMPLETE, 200, "* ID {0}||a1 OK", ""},
        {"a1 CAPABILITY", "* ID {}\r\n+\r\n+ x\r\na1 BAD\r\n", REPLY_COMPLETE, 500, "* ID {}|+|+ x|a1 BAD",
         ""},
        {"a1 CAPABILITY", "* x}\r\na1 NO\r\n", REPLY_COMPLETE, 500, "* x}|a1 NO", ""},
        {"a2 STARTTLS", "a2 NO [UNAVAILABLE] later\r\n", REPLY_COMPLETE, 400, "a2 NO [UNAVAILABLE] later",
         ""},
        {"a2 STARTTLS", "* BYE\r\na2 OK\r\n", REPLY_COMPLETE, 421, "* BYE", "a2 OK\r\n"},
        {"a4 LOGOUT", "* BYE\r\na4 OK\r\n", REPLY_COMPLETE, 200, "* BYE|a4 OK", ""},
        {"a1 CAPABILITY", "* ID {70000}\r\n", REPLY_TOO_LONG, 0, "", NULL},
        {"a1 CAPABILITY", "* ID {99999999999999999999999}\r\n", REPLY_TOO_LONG, 0, "", NULL},
        {"a1 CAPABILITY", "a2 OK\r\n", REPLY_NOT_SMTP, 0, "", NULL},
        {"a1 CAPABILITY", "a1\r\n", REPLY_NOT_SMTP, 0, "", NULL},
        {"a1 CAPABILITY", "a1 MAYBE\r\n", REPLY_NOT_SMTP, 0, "", NULL},
        {"a1 CAPABILITY", "*\r\n", REPLY_NOT_SMTP, 0, "", NULL},
        {"a1 CAPABILITY", "\r\n", REPLY_NOT_SMTP, 0, "", NULL},
    };

    (void)state;
    CHECK(&imap_grammar, rows);
}

static void reads_pop3_in_any_pieces(void **state)
{
    static const struct row rows[] = {
        {NULL, "+OK\r\n+OK\r\n", REPLY_COMPLETE, 200, "+OK", "+OK\r\n"},
        {NULL, "+ok <1@x>\n", REPLY_COMPLETE, 200, "+ok <1@x>", ""},
        {NULL, "-ERR no\r\n", REPLY_COMPLETE, 500, "-ERR no", ""},
        {NULL, "-ERR [SYS/TEMP] no\r\n", REPLY_COMPLETE, 400, "-ERR [SYS/TEMP] no", ""},
        {NULL, "-ERR  [in-use]\r\n", REPLY_COMPLETE, 400, "-ERR  [in-use]", ""},
        {NULL, "+OKAY\r\n", REPLY_NOT_SMTP, 0, "", NULL},
        {NULL, "+\r\n", REPLY_NOT_SMTP, 0, "", NULL},
        {NULL, "-ER\r\n", REPLY_NOT_SMTP, 0, "", NULL},
        {NULL, "* OK\r\n", REPLY_NOT_SMTP, 0, "", NULL},
        {"CAPA", "+OK list\r\nSTLS\r\n..x\r\n.\r\n+", REPLY_COMPLETE, 200, "+OK list|STLS|..x|.", "+"},
        {"CAPA", "+OK\r\n.\r\n", REPLY_COMPLETE, 200, "+OK|.", ""},
        {"CAPA", "+OK\r\n\r\n.\n", REPLY_COMPLETE, 200, "+OK||.", ""},
        {"CAPA", "+OK\r\n. \r\nSTLS\r\n", REPLY_PENDING, 0, "", NULL},
        {"CAPA", "-ERR\r\n", REPLY_COMPLETE, 500, "-ERR", ""},
        {"STLS", "+OK\r\nSTLS\r\n", REPLY_COMPLETE, 200, "+OK", "STLS\r\n"},
    };

    (void)state;
    CHECK(&pop3_grammar, rows);
}

/* One line of `length` bytes with its end, fed in pieces of `step`. */
static enum reply_status line_of(size_t length, size_t step)
{
    struct reply reply = {0};
    char *line = mem_alloc(length);
    enum reply_status status;
    size_t at;

    memset(line, 'x', length);
    memcpy(line, "220 ", 4);
    memcpy(line + length - 2, "\r\n", 2);
    for (at = 0; at < length; at += step)
        reply_feed(&reply, line + at, length - at < step ? length - at : step);
    status = reply.status;
    reply_clear(&reply);
    free(line);
    return status;
}

static void bounds_a_line(void **state)
{
    static const size_t steps[] = {1, 7, 1000, 100000};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        assert_int_equal(line_of(REPLY_LINE_MOST, steps[i]), REPLY_COMPLETE);
        assert_int_equal(line_of(REPLY_LINE_MOST + 1, steps[i]), REPLY_TOO_LONG);
        assert_int_equal(line_of(50000, steps[i]), REPLY_TOO_LONG);
    }
}

/* A reply of `total` bytes in lines of 8, the last one shorter or as long. */
static enum reply_status reply_of(size_t total)
{
    struct reply reply = {0};
    enum reply_status status;
    size_t at;

    for (at = 0; at + 16 <= total; at += 8)
        assert_int_equal(reply_feed(&reply, "250-ab\r\n", 8), 8);
    for (reply_feed(&reply, "250 ", 4), at += 4; at + 1 < total; at++)
        reply_feed(&reply, "x", 1);
    reply_feed(&reply, "\n", 1);
    status = reply.status;
    reply_clear(&reply);
    return status;
}

static void bounds_a_reply(void **state)
{
    (void)state;
    assert_int_equal(reply_of(REPLY_TOTAL_MOST), REPLY_COMPLETE);
    assert_int_equal(reply_of(REPLY_TOTAL_MOST + 1), REPLY_TOO_LONG);
}

static void a_settled_reply_takes_nothing(void **state)
{
    struct reply reply = {0};

    (void)state;
    assert_int_equal(reply_feed(&reply, "250 a\r\n250 b\r\n", 14), 7);
    assert_int_equal(reply_feed(&reply, "250 b\r\n", 7), 0);
    assert_lines(&reply, "a");
    reply_clear(&reply);
    assert_int_equal(reply_feed(&reply, "250 b\r\n", 7), 7);
    assert_lines(&reply, "b");
    reply_clear(&reply);
}

static void names_imap_capabilities(void **state)
{
    static const char *const lines[] = {
        "* OK [CAPABILITY IMAP4rev1 ID] ready",
        "* capability IMAP4rev1  STARTTLS",
        "* OK CAPABILITY NOT THIS",
        "* FLAGS CAPABILITY",
        "a1 OK [CAPABILITY IDLE]",
        "a1 CAPABILITY WRONG",
        "CAPABILITY WRONG",
    };
    struct strings from = {0}, to = {0};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof lines / sizeof lines[0]; i++)
        strings_add(&from, lines[i]);
    imap_capabilities(&from, &to);
    assert_int_equal(to.count, 4);
    assert_string_equal(to.items[0], "IMAP4rev1");
    assert_string_equal(to.items[1], "ID");
    assert_string_equal(to.items[2], "STARTTLS");
    assert_string_equal(to.items[3], "IDLE");
    strings_release(&from);
    strings_release(&to);
}

static void names_pop3_capabilities(void **state)
{
    struct strings from = {0}, to = {0};

    (void)state;
    pop3_capabilities(&from, &to);
    strings_add(&from, "+OK");
    pop3_capabilities(&from, &to);
    assert_int_equal(to.count, 0);
    strings_add(&from, "STLS");
    strings_add(&from, "..X");
    strings_add(&from, ".");
    pop3_capabilities(&from, &to);
    assert_int_equal(to.count, 2);
    assert_string_equal(to.items[0], "STLS");
    assert_string_equal(to.items[1], ".X");
    strings_release(&from);
    strings_release(&to);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_smtp_in_any_pieces), cmocka_unit_test(reads_imap_in_any_pieces),
        cmocka_unit_test(reads_pop3_in_any_pieces), cmocka_unit_test(bounds_a_line),
        cmocka_unit_test(bounds_a_reply),           cmocka_unit_test(a_settled_reply_takes_nothing),
        cmocka_unit_test(names_imap_capabilities),  cmocka_unit_test(names_pop3_capabilities),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
