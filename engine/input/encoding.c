#include "engine/input/encoding.h"

#include "engine/base/mem.h"
#include "engine/base/text.h"

#include <stdlib.h>
#include <string.h>

/* Eight bytes at once that are all ASCII and none of them zero. */
static bool is_plain(const uint8_t *at)
{
    static const uint64_t high = 0x8080808080808080u, low = 0x0101010101010101u;
    uint64_t word;

    memcpy(&word, at, sizeof word);
    return !(((word - low) | word) & high);
}

static unsigned lines_until(const uint8_t *at, const uint8_t *end)
{
    unsigned line = 1;

    for (; at < end; at++)
        line += *at == '\n';
    return line;
}

static bool check_utf8(const uint8_t *start, size_t length, char **error)
{
    const uint8_t *at = start, *end = start + length;

    while (at < end) {
        uint32_t c = 0;
        size_t size;

        if (end - at >= 8 && is_plain(at)) {
            at += 8;
            continue;
        }
        size = text_decode(at, (size_t)(end - at), &c);
        if (!size || !c) {
            *error =
                mem_format("line %u: not valid UTF-8 text; expected UTF-8 or UTF-16", lines_until(start, at));
            return false;
        }
        at += size;
    }
    return true;
}

static void put_utf8(struct buf *out, uint32_t c)
{
    if (c < 0x80) {
        buf_u8(out, (uint8_t)c);
    } else if (c < 0x800) {
        buf_u8(out, (uint8_t)(0xc0 | c >> 6));
        buf_u8(out, (uint8_t)(0x80 | (c & 0x3f)));
    } else if (c < 0x10000) {
        buf_u8(out, (uint8_t)(0xe0 | c >> 12));
        buf_u8(out, (uint8_t)(0x80 | (c >> 6 & 0x3f)));
        buf_u8(out, (uint8_t)(0x80 | (c & 0x3f)));
    } else {
        buf_u8(out, (uint8_t)(0xf0 | c >> 18));
        buf_u8(out, (uint8_t)(0x80 | (c >> 12 & 0x3f)));
        buf_u8(out, (uint8_t)(0x80 | (c >> 6 & 0x3f)));
        buf_u8(out, (uint8_t)(0x80 | (c & 0x3f)));
    }
}

static uint32_t unit_at(const struct encoding *e, size_t at)
{
    unsigned high = e->raw.bytes[at + (e->big ? 0 : 1)], low = e->raw.bytes[at + (e->big ? 1 : 0)];

    return high << 8 | low;
}

static bool is_high(uint32_t unit)
{
    return unit >= 0xd800 && unit < 0xdc00;
}

static bool is_low(uint32_t unit)
{
    return unit >= 0xdc00 && unit < 0xe000;
}

/* Decodes whole characters; a high surrogate at the end waits for the next piece. */
static void decode_utf16(struct encoding *e)
{
    size_t at = 0;

    while (at + 2 <= e->raw.length && !e->error) {
        uint32_t c = unit_at(e, at);
        size_t size = 2;

        if (is_high(c) && at + 4 > e->raw.length)
            break;
        if (is_high(c) && is_low(unit_at(e, at + 2))) {
            c = 0x10000 + ((c - 0xd800) << 10) + (unit_at(e, at + 2) - 0xdc00);
            size = 4;
        }
        if (!c || (size == 2 && (is_high(c) || is_low(c)))) {
            e->error = mem_format("line %u: not valid UTF-16 text, though it begins as UTF-16", e->line);
            break;
        }
        e->line += c == '\n';
        put_utf8(&e->text, c);
        at += size;
    }
    buf_consume(&e->raw, at);
}

static void tell_unit(struct encoding *e)
{
    const uint8_t *b = e->raw.bytes;
    size_t length = e->raw.length;
    bool marked = length >= 2 && ((b[0] == 0xff && b[1] == 0xfe) || (b[0] == 0xfe && b[1] == 0xff));

    e->unit = marked || (length >= 2 && !b[0] != !b[1]) ? 2 : 1;
    e->big = length && (b[0] == 0xfe || !b[0]);
    if (marked)
        buf_consume(&e->raw, 2);
    else if (length >= 3 && memcmp(b, "\xef\xbb\xbf", 3) == 0)
        buf_consume(&e->raw, 3);
}

static void decode(struct encoding *e)
{
    if (!e->unit)
        tell_unit(e);
    if (e->unit == 2) {
        decode_utf16(e);
        return;
    }
    buf_add(&e->text, e->raw.bytes, e->raw.length);
    buf_reset(&e->raw);
}

void encoding_init(struct encoding *e, size_t limit)
{
    memset(e, 0, sizeof *e);
    buf_init(&e->text, limit);
    buf_init(&e->raw, 0);
    e->line = 1;
}

void encoding_feed(struct encoding *e, const void *bytes, size_t length)
{
    buf_add(&e->raw, bytes, length);
    if (e->unit || e->raw.length >= 4)
        decode(e);
}

char *encoding_finish(struct encoding *e, char **error)
{
    bool passed = e->text.failed;
    char *text = NULL;

    if (e->raw.length)
        decode(e);
    passed |= e->text.failed;
    if (!e->error && e->raw.length)
        e->error = mem_format("line %u: the last character of UTF-16 text is cut", e->line);
    if (!passed && !e->error && (e->unit == 2 || check_utf8(e->text.bytes, e->text.length, &e->error)))
        text = buf_take_string(&e->text);
    if (!text && !passed)
        *error = e->error;
    else
        free(e->error);
    buf_release(&e->text);
    buf_release(&e->raw);
    return text;
}

bool encoding_to_utf8(struct buf *bytes, char **error)
{
    struct encoding e;
    char *text;

    encoding_init(&e, 0);
    encoding_feed(&e, bytes->bytes, bytes->length);
    text = encoding_finish(&e, error);
    buf_reset(bytes);
    if (!text)
        return false;
    buf_add_string(bytes, text);
    free(text);
    return true;
}
