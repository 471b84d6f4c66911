#include "engine/base/reader.h"

/* Where empty readers point, so that NULL means failure alone. */
static const uint8_t nothing[1];

struct reader reader_of(const void *bytes, size_t length)
{
    const uint8_t *at = bytes ? bytes : nothing;
    struct reader r = {at, bytes ? at + length : at, false};

    return r;
}

bool reader_fail(struct reader *r)
{
    r->failed = true;
    r->at = r->end;
    return false;
}

const uint8_t *reader_bytes(struct reader *r, size_t length)
{
    const uint8_t *bytes = r->at;

    if (r->failed || length > reader_left(r)) {
        reader_fail(r);
        return NULL;
    }
    r->at += length;
    return bytes;
}

static uint32_t number(struct reader *r, unsigned width)
{
    const uint8_t *bytes = reader_bytes(r, width);
    uint32_t value = 0;
    unsigned i;

    for (i = 0; bytes && i < width; i++)
        value = value << 8 | bytes[i];
    return value;
}

uint8_t reader_u8(struct reader *r)
{
    return (uint8_t)number(r, 1);
}

uint16_t reader_u16(struct reader *r)
{
    return (uint16_t)number(r, 2);
}

uint32_t reader_u24(struct reader *r)
{
    return number(r, 3);
}

uint32_t reader_u32(struct reader *r)
{
    return number(r, 4);
}

struct reader reader_sub(struct reader *r, size_t length)
{
    const uint8_t *bytes = reader_bytes(r, length);
    struct reader sub = reader_of(bytes, length);

    sub.failed = !bytes;
    return sub;
}

struct reader reader_vector(struct reader *r, unsigned width)
{
    return reader_sub(r, number(r, width));
}

bool reader_done(const struct reader *r)
{
    return !r->failed && r->at == r->end;
}
