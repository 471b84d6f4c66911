#include "tui/paste.h"

#include <string.h>

#define ESC        0x1b
#define MARK_START "\033[200~"
#define MARK_END   "\033[201~"

/* Milliseconds that a key's sequence may be torn apart; after a lone ESC the user waits for them. */
enum { PATIENCE_ESC = 5, PATIENCE_SEQUENCE = 250, PATIENCE_ANSWER = 2000 };

#define MODE_SYNCHRONISED 2026

void paste_init(struct paste *paste)
{
    memset(paste, 0, sizeof *paste);
    buf_init(&paste->keys, 0);
    buf_init(&paste->text, PASTE_MOST);
}

void paste_release(struct paste *paste)
{
    buf_release(&paste->keys);
    buf_release(&paste->text);
}

void paste_expect(struct paste *paste, int64_t now)
{
    paste->expects_until = now + PATIENCE_ANSWER;
}

/* A report is for nobody who waits for keys. */
static void give(struct paste *paste)
{
    if (report_begins(paste->sequence, paste->length))
        return;
    buf_add(&paste->keys, paste->sequence + paste->given, paste->length - paste->given);
    paste->given = paste->length;
}

static void begin(struct paste *paste)
{
    buf_release(&paste->text);
    buf_init(&paste->text, PASTE_MOST);
    paste->pasting = true;
    paste->matched = 0;
}

/* True for a click. */
static bool take_report(struct paste *paste)
{
    struct report report;
    enum report_kind kind = report_parse(paste->sequence, paste->length, &report);

    if (kind == REPORT_MODE && report.mode == MODE_SYNCHRONISED) {
        paste->synchronises = report_mode_known(report.value);
        paste->expects_until = 0;
    }
    paste->click = report.mouse;
    return kind == REPORT_MOUSE;
}

/* The sequence is whole: the start mark, a report or a key's. True for a click. */
static bool end_sequence(struct paste *paste)
{
    size_t length = strlen(MARK_START);
    bool click = false;

    if (paste->length == length && memcmp(paste->sequence, MARK_START, length) == 0)
        begin(paste);
    else if (report_begins(paste->sequence, paste->length))
        click = take_report(paste);
    else
        give(paste);
    paste->length = paste->given = 0;
    paste->stale = false;
    return click;
}

static bool goes_on(const struct paste *paste, uint8_t byte)
{
    if (paste->length == 2)
        return byte == '[' || byte == 'O';
    return paste->sequence[1] == '[' && byte >= 0x20 && byte < 0x40 && paste->length < sizeof paste->sequence;
}

/* True when a click is whole. */
static bool take_key(struct paste *paste, uint8_t byte)
{
    if (paste->length && (byte == ESC || (paste->stale && !report_goes_on(byte))))
        end_sequence(paste);
    if (byte != ESC && !paste->length) {
        buf_u8(&paste->keys, byte);
        return false;
    }
    paste->sequence[paste->length++] = byte;
    return byte != ESC && !goes_on(paste, byte) && end_sequence(paste);
}

/* The mark has one ESC, at its beginning: what failed to match holds no other beginning. */
static bool take_text(struct paste *paste, uint8_t byte)
{
    if (byte != (uint8_t)MARK_END[paste->matched]) {
        buf_add(&paste->text, MARK_END, paste->matched);
        paste->matched = 0;
    }
    if (byte == (uint8_t)MARK_END[paste->matched])
        paste->matched++;
    else
        buf_u8(&paste->text, byte);
    return paste->matched == strlen(MARK_END);
}

static int64_t next_deadline(const struct paste *paste, int64_t now)
{
    if (paste->pasting)
        return now + PASTE_PATIENCE;
    if (paste->given == paste->length)
        return 0;
    return now + (paste->length == 1 && now >= paste->expects_until ? PATIENCE_ESC : PATIENCE_SEQUENCE);
}

enum paste_outcome paste_feed(struct paste *paste, const uint8_t *bytes, size_t length, int64_t now,
                              size_t *used)
{
    bool over = false, click = false;
    size_t i;

    for (i = 0; i < length && !over && !click; i++) {
        if (paste->pasting)
            over = take_text(paste, bytes[i]);
        else
            click = take_key(paste, bytes[i]);
    }
    *used = i;
    paste->pasting &= !over;
    if (length)
        paste->deadline = next_deadline(paste, now);
    if (!over)
        return click ? PASTE_CLICK : PASTE_NONE;
    return paste->text.failed ? PASTE_TOO_LARGE : PASTE_WHOLE;
}

enum paste_outcome paste_late(struct paste *paste, int64_t now)
{
    bool unfinished = paste->pasting;

    if (!paste->deadline || now < paste->deadline)
        return PASTE_NONE;
    paste->deadline = 0;
    paste->pasting = false;
    paste->stale = report_begins(paste->sequence, paste->length);
    give(paste);
    return unfinished ? PASTE_UNFINISHED : PASTE_NONE;
}
