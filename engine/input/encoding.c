#include "engine/input/encoding.h"

#include "engine/base/mem.h"
#include "engine/base/text.h"

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

static uint32_t unit_at(const uint8_t *bytes, size_t index, bool big)
{
    unsigned high = bytes[2 * index + (big ? 0 : 1)], low = bytes[2 * index + (big ? 1 : 0)];

    return high << 8 | low;
}

static bool from_utf16(const uint8_t *bytes, size_t length, bool big, struct buf *out, char **error)
{
    size_t units = length / 2, i;
    unsigned line = 1;

    for (i = 0; i < units; i++) {
        uint32_t c = unit_at(bytes, i, big);

        if (c >= 0xd800 && c < 0xdc00 && i + 1 < units) {
            uint32_t low = unit_at(bytes, i + 1, big);

            if (low >= 0xdc00 && low < 0xe000) {
                c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
                i++;
            }
        }
        if (!c || (c >= 0xd800 && c < 0xe000))
            break;
        line += c == '\n';
        put_utf8(out, c);
    }
    if (i == units && !(length & 1))
        return true;
    *error = mem_format("line %u: not valid UTF-16 text, though it begins as UTF-16", line);
    return false;
}

/* Bytes of the mark that says UTF-16 (2), of a first character that shows it (0), or -1 for another encoding.
 */
static int utf16_mark(const uint8_t *b, size_t length, bool *big)
{
    if (length < 2)
        return -1;
    *big = b[0] == 0xfe || !b[0];
    if ((b[0] == 0xff && b[1] == 0xfe) || (b[0] == 0xfe && b[1] == 0xff))
        return 2;
    return !b[0] != !b[1] ? 0 : -1;
}

bool encoding_to_utf8(struct buf *bytes, char **error)
{
    bool big = false, ok;
    int mark = utf16_mark(bytes->bytes, bytes->length, &big);
    struct buf utf8;

    if (mark < 0) {
        if (bytes->length >= 3 && memcmp(bytes->bytes, "\xef\xbb\xbf", 3) == 0)
            buf_consume(bytes, 3);
        return check_utf8(bytes->bytes, bytes->length, error);
    }
    buf_init(&utf8, 0);
    ok = from_utf16(bytes->bytes + mark, bytes->length - (size_t)mark, big, &utf8, error);
    buf_release(bytes);
    *bytes = utf8;
    return ok;
}
