#include "engine/base/buf.h"

#include "engine/base/mem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BUF_MOST ((size_t)1 << 30)

void buf_init(struct buf *b, size_t limit)
{
    memset(b, 0, sizeof *b);
    b->limit = limit && limit < BUF_MOST ? limit : BUF_MOST;
}

void buf_release(struct buf *b)
{
    free(b->bytes);
    memset(b, 0, sizeof *b);
}

void buf_reset(struct buf *b)
{
    b->length = 0;
    b->failed = false;
}

/* Makes room for `extra` bytes and one NUL behind them. */
static bool reserve(struct buf *b, size_t extra)
{
    size_t limit = b->limit ? b->limit : BUF_MOST;
    size_t need, capacity;

    if (b->failed || extra > limit || b->length > limit - extra) {
        b->failed = true;
        return false;
    }
    need = b->length + extra + 1;
    if (need <= b->capacity)
        return true;
    capacity = b->capacity ? b->capacity * 2 : 64;
    if (capacity < need)
        capacity = need;
    b->bytes = mem_resize(b->bytes, capacity, 1);
    b->capacity = capacity;
    return true;
}

void buf_add(struct buf *b, const void *bytes, size_t length)
{
    if (!length || !reserve(b, length))
        return;
    memcpy(b->bytes + b->length, bytes, length);
    b->length += length;
}

void buf_add_string(struct buf *b, const char *text)
{
    buf_add(b, text, strlen(text));
}

void buf_printf(struct buf *b, const char *format, ...)
{
    va_list args;
    int length;

    va_start(args, format);
    length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (length < 0) {
        b->failed = true;
        return;
    }
    if (!reserve(b, (size_t)length))
        return;
    va_start(args, format);
    vsnprintf((char *)b->bytes + b->length, (size_t)length + 1, format, args);
    va_end(args);
    b->length += (size_t)length;
}

static void add_number(struct buf *b, uint32_t value, unsigned width)
{
    uint8_t bytes[4];
    unsigned i;

    for (i = 0; i < width; i++)
        bytes[i] = (uint8_t)(value >> (8 * (width - 1 - i)));
    buf_add(b, bytes, width);
}

void buf_u8(struct buf *b, uint8_t value)
{
    add_number(b, value, 1);
}

void buf_u16(struct buf *b, uint16_t value)
{
    add_number(b, value, 2);
}

void buf_u24(struct buf *b, uint32_t value)
{
    add_number(b, value, 3);
}

void buf_u32(struct buf *b, uint32_t value)
{
    add_number(b, value, 4);
}

size_t buf_mark(struct buf *b, unsigned width)
{
    size_t mark = b->length;

    add_number(b, 0, width);
    return mark;
}

void buf_fill(struct buf *b, size_t mark, unsigned width)
{
    size_t length;
    unsigned i;

    if (b->failed)
        return;
    length = b->length - mark - width;
    if (length >> (8 * width)) {
        b->failed = true;
        return;
    }
    for (i = 0; i < width; i++)
        b->bytes[mark + i] = (uint8_t)(length >> (8 * (width - 1 - i)));
}

void buf_consume(struct buf *b, size_t length)
{
    if (length >= b->length) {
        b->length = 0;
        return;
    }
    memmove(b->bytes, b->bytes + length, b->length - length);
    b->length -= length;
}

const char *buf_string(struct buf *b)
{
    if (!b->bytes)
        return "";
    b->bytes[b->length] = 0;
    return (const char *)b->bytes;
}

char *buf_take_string(struct buf *b)
{
    size_t limit = b->limit;
    char *text;

    if (!b->bytes)
        return mem_string("");
    b->bytes[b->length] = 0;
    text = (char *)b->bytes;
    memset(b, 0, sizeof *b);
    b->limit = limit;
    return text;
}
