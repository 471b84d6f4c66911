#include "engine/report/json_out.h"

#include "engine/base/buf.h"
#include "engine/base/text.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

static bool is_seen(const char *character, size_t length)
{
    struct buf escaped;
    bool same;

    buf_init(&escaped, 0);
    text_escape(&escaped, character, length);
    same = escaped.length == length && memcmp(escaped.bytes, character, length) == 0;
    buf_release(&escaped);
    return same;
}

static void add_unit(struct out *out, uint32_t unit)
{
    out_printf(out, "\\u%04X", unit);
}

static void add_code_point(struct out *out, uint32_t code_point)
{
    if (code_point > 0xffff) {
        add_unit(out, 0xd800 + ((code_point - 0x10000) >> 10));
        add_unit(out, 0xdc00 + ((code_point - 0x10000) & 0x3ff));
    } else {
        add_unit(out, code_point);
    }
}

/* One character beyond ASCII, or DEL; its length. */
static size_t add_one(struct out *out, const char *text, size_t length)
{
    uint32_t code_point = 0;
    size_t own = text_decode((const uint8_t *)text, length, &code_point);

    if (!own || is_seen(text, own))
        out_add(out, text, own ? own : 1);
    else
        add_code_point(out, code_point);
    return own ? own : 1;
}

/* jansson gives whole characters, valid UTF-8. */
static int add(const char *text, size_t length, void *data)
{
    struct out *out = data;
    size_t from, at = 0;

    while (at < length) {
        for (from = at; at < length && (unsigned char)text[at] < 0x7f;)
            at++;
        out_add(out, text + from, at - from);
        if (at < length)
            at += add_one(out, text + at, length - at);
    }
    return 0;
}

void json_out(struct out *out, const json_t *value)
{
    json_dump_callback(value, add, out, JSON_COMPACT);
}
