#include "engine/report/out.h"

#include "engine/base/mem.h"
#include "engine/base/text.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PIECE 65536

void out_init(struct out *out, out_take *take, void *data)
{
    *out = (struct out){.take = take, .data = data};
}

void out_release(struct out *out)
{
    free(out->bytes);
    out_init(out, out->take, out->data);
}

bool out_flush(struct out *out)
{
    if (out->take && out->length && !out->failed)
        out->failed = !out->take(out->data, out->bytes, out->length);
    if (out->take)
        out->length = 0;
    return !out->failed;
}

void out_add(struct out *out, const char *bytes, size_t length)
{
    if (out->failed)
        return;
    if (out->capacity - out->length <= length) {
        out->capacity = (out->length + length + 1) * 2;
        out->bytes = mem_resize(out->bytes, out->capacity, 1);
    }
    memcpy(out->bytes + out->length, bytes, length);
    out->length += length;
    if (out->take && out->length >= PIECE)
        out_flush(out);
}

void out_string(struct out *out, const char *text)
{
    out_add(out, text, strlen(text));
}

void out_printf(struct out *out, const char *format, ...)
{
    va_list args;
    char *text;
    int length;

    va_start(args, format);
    length = vasprintf(&text, format, args);
    va_end(args);
    if (length < 0)
        return;
    out_add(out, text, (size_t)length);
    free(text);
}

char *out_text(struct out *out)
{
    char *text;

    out_add(out, "", 1);
    text = out->bytes;
    out_init(out, out->take, out->data);
    return text;
}

static bool is_plain(const char *text, size_t at, const struct out_rules *rules)
{
    unsigned char c = (unsigned char)text[at];

    return c >= 0x20 && c < 0x7f && !rules->of[c] && !(rules->slash && rules->slash(text, at));
}

/* One character that is not plain; its length. */
static size_t add_one(struct out *out, const char *text, const struct out_rules *rules, bool slash)
{
    unsigned char first = (unsigned char)*text;
    uint32_t code_point;
    size_t length = 1;
    struct buf escaped;

    if (first < 128 && rules->of[first]) {
        out_string(out, rules->of[first]);
        return 1;
    }
    if (slash || first == '\\') {
        out_add(out, "\\", slash);
        out_add(out, text, 1);
        return 1;
    }
    if (first >= 0x80)
        length = text_decode((const uint8_t *)text, strnlen(text, 4), &code_point);
    length = length ? length : 1;
    buf_init(&escaped, 0);
    text_escape(&escaped, text, length);
    out_string(out, buf_string(&escaped));
    buf_release(&escaped);
    return length;
}

void out_safe(struct out *out, const char *text, const struct out_rules *rules)
{
    size_t at = 0, end;

    while (text && text[at]) {
        for (end = at; is_plain(text, end, rules);)
            end++;
        out_add(out, text + at, end - at);
        at = end;
        if (text[at])
            at += add_one(out, text + at, rules, rules->slash && rules->slash(text, at));
    }
}
