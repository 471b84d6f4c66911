#include "tui/paste.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#define START "\033[200~"
#define END   "\033[201~"

/* What came out, in order: keys as they are, a paste in braces. */
static void feed(struct paste *paste, const char *bytes, size_t length, int64_t now, struct buf *out)
{
    size_t used;

    for (; length; bytes += used, length -= used) {
        enum paste_outcome outcome = paste_feed(paste, (const uint8_t *)bytes, length, now, &used);

        assert_true(used > 0);
        buf_add(out, paste->keys.bytes, paste->keys.length);
        buf_reset(&paste->keys);
        if (outcome == PASTE_CLICK)
            buf_printf(out, "<%u at %u,%u%s>", paste->click.button, paste->click.column, paste->click.line,
                       paste->click.released ? " up" : "");
        if (outcome == PASTE_TOO_LARGE)
            buf_add_string(out, "{too large}");
        if (outcome != PASTE_WHOLE)
            continue;
        buf_u8(out, '{');
        buf_add(out, paste->text.bytes, paste->text.length);
        buf_u8(out, '}');
    }
}

static void late(struct paste *paste, int64_t now, struct buf *out)
{
    if (paste_late(paste, now) == PASTE_UNFINISHED)
        buf_add_string(out, "{unfinished}");
    buf_add(out, paste->keys.bytes, paste->keys.length);
    buf_reset(&paste->keys);
}

static const struct {
    const char *sent, *expected;
    size_t length; /* of `sent` when it holds a NUL */
} cases[] = {
    {"jk", "jk", 0},
    {START "a\nb" END, "{a\nb}", 0},
    {"j" START "q" END "k" START "" END "l", "j{q}k{}l", 0},
    {START "\033[2J\033[201\033[201x\033\033" END "j", "{\033[2J\033[201\033[201x\033\033}j", 0},
    {START "\003\032\034\r\n\t\177\x9b\xff" END, "{\003\032\034\r\n\t\177\x9b\xff}", 0},
    {START "a" START "b" END "c", "{a" START "b}c", 0},
    {START "a\0b" END, "{a\0b}", 15},
    {"\033[A\033OB\033[1;5Cx", "\033[A\033OB\033[1;5Cx", 0},
    {"\033\033[A\033x\033[200z", "\033\033[A\033x\033[200z", 0},
    {"\033[20" START "q" END, "\033[20{q}", 0},
    {"\033O" START "q" END, "\033O{q}", 0},
    {"\033[0123456789012345678~j", "\033[0123456789012345678~j", 0},
    {END "j", END "j", 0},
    {"\033[\303\251j", "\033[\303\251j", 0},
    {"j\033[?2026;2$yk", "jk", 0},
    {"j\033[?2026;0$y\033[?1;2cq", "jq", 0},
    {"j\033[<0;12;3Mk\033[<65;300;100m\033[A", "j<0 at 11,2>k<65 at 299,99 up>\033[A", 0},
    {"\033\033[<0;1;1M\033", "\033<0 at 0,0>", 0},
    {"\033[<0;1\033[Aj", "\033[Aj", 0},
    {START "\033[?2026;2$y\033[<0;1;1M" END, "{\033[?2026;2$y\033[<0;1;1M}", 0},
};

static void assert_out(struct buf *out, size_t i)
{
    size_t length = cases[i].length ? cases[i].length - 10 : strlen(cases[i].expected);

    assert_int_equal(out->length, length);
    assert_memory_equal(out->bytes, cases[i].expected, length);
    buf_release(out);
}

static void test_split_at_every_byte(void **state)
{
    size_t i, split;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t length = cases[i].length ? cases[i].length : strlen(cases[i].sent);

        for (split = 0; split <= length; split++) {
            struct paste paste;
            struct buf out;

            paste_init(&paste);
            buf_init(&out, 0);
            feed(&paste, cases[i].sent, split, 1, &out);
            feed(&paste, cases[i].sent + split, length - split, 2, &out);
            assert_out(&out, i);
            paste_release(&paste);
        }
    }
}

static void test_byte_by_byte(void **state)
{
    size_t i, j;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t length = cases[i].length ? cases[i].length : strlen(cases[i].sent);
        struct paste paste;
        struct buf out;

        paste_init(&paste);
        buf_init(&out, 0);
        for (j = 0; j < length; j++)
            feed(&paste, cases[i].sent + j, 1, (int64_t)j, &out);
        assert_out(&out, i);
        paste_release(&paste);
    }
}

/* However long the line is held up in the middle of the start mark, what is pasted is no key: at most the
 * mark's own beginning was pressed. */
static void test_slow_start(void **state)
{
    const char *sent = START "qy" END;
    size_t split;

    (void)state;
    for (split = 1; split < strlen(START); split++) {
        struct paste paste;
        struct buf out;

        paste_init(&paste);
        buf_init(&out, 0);
        feed(&paste, sent, split, 1000, &out);
        assert_int_equal(out.length, 0);
        assert_int_equal(paste.deadline, split == 1 ? 1005 : 1250);
        late(&paste, paste.deadline - 1, &out);
        assert_int_equal(out.length, 0);
        late(&paste, paste.deadline, &out);
        assert_int_equal(out.length, split);
        assert_int_equal(paste.deadline, 0);
        feed(&paste, sent + split, strlen(sent) - split, 9000, &out);
        assert_int_equal(out.length, split + 4);
        assert_memory_equal(out.bytes + split, "{qy}", 4);
        buf_release(&out);
        paste_release(&paste);
    }
}

static void test_escape_key(void **state)
{
    struct paste paste;
    struct buf out;

    (void)state;
    paste_init(&paste);
    buf_init(&out, 0);
    feed(&paste, "\033", 1, 100, &out);
    late(&paste, 104, &out);
    assert_string_equal(buf_string(&out), "");
    late(&paste, 105, &out);
    assert_string_equal(buf_string(&out), "\033");
    feed(&paste, "j", 1, 5000, &out);
    assert_string_equal(buf_string(&out), "\033j");
    assert_int_equal(paste.deadline, 0);
    buf_release(&out);
    paste_release(&paste);
}

static void test_unfinished(void **state)
{
    struct paste paste;
    struct buf out;

    (void)state;
    paste_init(&paste);
    buf_init(&out, 0);
    feed(&paste, START "contoso.exa", 17, 100, &out);
    assert_int_equal(paste.deadline, 100 + PASTE_PATIENCE);
    feed(&paste, "mp", 2, 2000, &out);
    late(&paste, 1999 + PASTE_PATIENCE, &out);
    assert_true(paste.pasting);
    late(&paste, 2000 + PASTE_PATIENCE, &out);
    feed(&paste, "j" START "a" END, 14, 9000, &out);
    assert_string_equal(buf_string(&out), "{unfinished}j{a}");
    buf_release(&out);
    paste_release(&paste);
}

/* Exactly as much as is taken, then one byte more; the end is found behind it in any case. */
static void test_bound(void **state)
{
    size_t more, length = strlen(START);
    char *sent = malloc(PASTE_MOST + 64);

    (void)state;
    for (more = 0; more < 2; more++) {
        struct paste paste;
        struct buf out;

        paste_init(&paste);
        buf_init(&out, 0);
        memcpy(sent, START, length);
        memset(sent + length, 'x', PASTE_MOST + more);
        strcpy(sent + length + PASTE_MOST + more, END "j" START "b" END);
        feed(&paste, sent, length + PASTE_MOST + more + strlen(END "j" START "b" END), 1, &out);
        if (more)
            assert_string_equal(buf_string(&out), "{too large}j{b}");
        else
            assert_int_equal(out.length, PASTE_MOST + strlen("{}j{b}"));
        buf_release(&out);
        paste_release(&paste);
    }
    free(sent);
}

/* Late, and torn apart anywhere for as long as may be: nothing of an answer is a key but its ESC, where that
 * came alone. */
static void test_slow_answer(void **state)
{
    const char *sent = "\033[?2026;2$yj";
    size_t split;

    (void)state;
    for (split = 1; split < strlen(sent) - 1; split++) {
        struct paste paste;
        struct buf out;

        paste_init(&paste);
        buf_init(&out, 0);
        feed(&paste, sent, split, 1000, &out);
        late(&paste, 1000 + 250, &out);
        feed(&paste, sent + split, strlen(sent) - split, 9000, &out);
        assert_string_equal(buf_string(&out), split == 1 ? "\033j" : split == 2 ? "\033[j" : "j");
        assert_true(paste.synchronises);
        buf_release(&out);
        paste_release(&paste);
    }
}

/* While an answer is expected a lone ESC waits for it as long as any sequence does, and no longer. */
static void test_expected_answer(void **state)
{
    struct paste paste;
    struct buf out;

    (void)state;
    paste_init(&paste);
    buf_init(&out, 0);
    assert_false(paste.synchronises);
    paste_expect(&paste, 1000);
    feed(&paste, "\033", 1, 1100, &out);
    assert_int_equal(paste.deadline, 1350);
    feed(&paste, "[?2026;0$y", 10, 1300, &out);
    assert_int_equal(out.length, 0);
    assert_false(paste.synchronises);
    feed(&paste, "\033", 1, 1400, &out);
    assert_int_equal(paste.deadline, 1405);
    paste_expect(&paste, 1000);
    late(&paste, 1500, &out);
    feed(&paste, "\033", 1, 5000, &out);
    assert_int_equal(paste.deadline, 5005);
    buf_release(&out);
    paste_release(&paste);
}

/* What began as a report and never ended takes no key with it. */
static void test_torn_report(void **state)
{
    struct paste paste;
    struct buf out;

    (void)state;
    paste_init(&paste);
    buf_init(&out, 0);
    feed(&paste, "\033[<0;1", 6, 1000, &out);
    assert_int_equal(paste.deadline, 1250);
    late(&paste, 1250, &out);
    assert_int_equal(paste.deadline, 0);
    feed(&paste, "jk\033[A", 5, 2000, &out);
    assert_string_equal(buf_string(&out), "jk\033[A");
    buf_release(&out);
    paste_release(&paste);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_split_at_every_byte), cmocka_unit_test(test_byte_by_byte),
        cmocka_unit_test(test_slow_start),          cmocka_unit_test(test_escape_key),
        cmocka_unit_test(test_unfinished),          cmocka_unit_test(test_bound),
        cmocka_unit_test(test_slow_answer),         cmocka_unit_test(test_expected_answer),
        cmocka_unit_test(test_torn_report),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
