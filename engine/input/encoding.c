#include "engine/input/encoding.h"

#include "engine/base/mem.h"
#include "engine/base/text.h"

#include <string.h>

static bool copy_utf8(const uint8_t *at, size_t length, struct buf *out, char **error)
{
    const uint8_t *start = at, *end = at + length;
    unsigned line = 1;

    while (at < end) {
        uint32_t c = 0;
        size_t size = text_decode(at, (size_t)(end - at), &c);

        if (!size || !c) {
            *error = mem_format(
                "line %u: not valid UTF-8 text; expected UTF-8, or UTF-16 with a byte order mark", line);
            return false;
        }
        line += c == '\n';
        at += size;
    }
    buf_add(out, start, length);
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
    *error =
        mem_format("line %u: not valid UTF-16 text, though it begins with UTF-16's byte order mark", line);
    return false;
}

bool encoding_to_utf8(const void *bytes, size_t length, struct buf *out, char **error)
{
    const uint8_t *b = bytes;

    if (length >= 2 && b[0] == 0xff && b[1] == 0xfe)
        return from_utf16(b + 2, length - 2, false, out, error);
    if (length >= 2 && b[0] == 0xfe && b[1] == 0xff)
        return from_utf16(b + 2, length - 2, true, out, error);
    if (length >= 3 && memcmp(b, "\xef\xbb\xbf", 3) == 0)
        return copy_utf8(b + 3, length - 3, out, error);
    return copy_utf8(b, length, out, error);
}
