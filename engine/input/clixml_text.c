#include "engine/input/clixml_text.h"

#include <stdint.h>
#include <string.h>

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The UTF-16 unit of "_xHHHH_" at `at`, or 0. */
static uint32_t unit_at(const char *at, size_t length)
{
    uint32_t unit = 0;
    int i;

    if (length < 7 || at[0] != '_' || at[1] != 'x' || at[6] != '_')
        return 0;
    for (i = 2; i < 6; i++) {
        if (hex(at[i]) < 0)
            return 0;
        unit = unit << 4 | (uint32_t)hex(at[i]);
    }
    return unit;
}

static size_t put_utf8(char *out, uint32_t c)
{
    size_t size = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4, i;

    if (size == 1) {
        out[0] = (char)c;
        return 1;
    }
    for (i = size - 1; i; i--, c >>= 6)
        out[i] = (char)(0x80 | (c & 0x3f));
    out[0] = (char)(0xf00 >> size | c);
    return size;
}

/* Decodes one escape; its length, or 0 when there is none (half a surrogate pair and NUL are none). */
static size_t escape_at(const char *at, size_t length, uint32_t *c)
{
    uint32_t low;

    *c = unit_at(at, length);
    if (!*c || (*c >= 0xdc00 && *c < 0xe000))
        return 0;
    if (*c < 0xd800 || *c >= 0xe000)
        return 7;
    low = unit_at(at + 7, length - 7);
    if (low < 0xdc00 || low >= 0xe000)
        return 0;
    *c = 0x10000 + ((*c - 0xd800) << 10) + (low - 0xdc00);
    return 14;
}

void clixml_decode(struct buf *out, size_t first)
{
    char *text = (char *)out->bytes;
    size_t from = first, to = first;
    uint32_t c;

    if (out->length == first || !memchr(text + first, '_', out->length - first))
        return;
    while (from < out->length) {
        size_t size = escape_at(text + from, out->length - from, &c);

        if (size) {
            to += put_utf8(text + to, c);
            from += size;
        } else {
            text[to++] = text[from++];
        }
    }
    out->length = to;
}
