#include "engine/store/pack.h"

#include "engine/base/mem.h"

#include <endian.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define SEAL_SIZE  4
#define TIME_FIRST (-62167219200) /* year 0 */
#define TIME_LAST  253402300799   /* the end of 9999 */

void pack_number(struct buf *out, uint64_t value)
{
    for (; value > 0x7f; value >>= 7)
        buf_u8(out, (uint8_t)(value & 0x7f) | 0x80);
    buf_u8(out, (uint8_t)value);
}

void pack_signed(struct buf *out, int64_t value)
{
    pack_number(out, (uint64_t)value << 1 ^ (value < 0 ? UINT64_MAX : 0));
}

void pack_text(struct buf *out, const char *text)
{
    size_t length = text ? strlen(text) : 0;

    pack_number(out, text ? (uint64_t)length + 1 : 0);
    buf_add(out, text, length);
}

void pack_strings(struct buf *out, const struct strings *list)
{
    pack_number(out, list->count);
    for (size_t i = 0; i < list->count; i++)
        pack_text(out, list->items[i]);
}

uint64_t unpack_number(struct reader *in)
{
    uint64_t value = 0;

    for (unsigned shift = 0; shift < 64; shift += 7) {
        uint8_t byte = reader_u8(in);

        if (shift == 63 && byte > 1)
            break;
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (!(byte & 0x80))
            return value;
    }
    reader_fail(in);
    return 0;
}

int64_t unpack_signed(struct reader *in)
{
    uint64_t value = unpack_number(in);

    return (int64_t)(value >> 1 ^ (value & 1 ? UINT64_MAX : 0));
}

uint64_t unpack_bounded(struct reader *in, uint64_t most)
{
    uint64_t value = unpack_number(in);

    if (value <= most)
        return value;
    reader_fail(in);
    return 0;
}

int unpack_int(struct reader *in)
{
    int64_t value = unpack_signed(in);

    if (value >= INT_MIN && value <= INT_MAX)
        return (int)value;
    reader_fail(in);
    return 0;
}

unsigned unpack_unsigned(struct reader *in)
{
    return (unsigned)unpack_bounded(in, UINT_MAX);
}

int64_t unpack_time(struct reader *in)
{
    int64_t value = unpack_signed(in);

    if (value >= TIME_FIRST && value <= TIME_LAST)
        return value;
    reader_fail(in);
    return 0;
}

size_t unpack_count(struct reader *in, size_t most)
{
    size_t left = reader_left(in);

    return (size_t)unpack_bounded(in, left < most ? left : most);
}

char *unpack_text(struct reader *in)
{
    uint64_t length = unpack_bounded(in, (uint64_t)reader_left(in));
    const uint8_t *bytes;

    if (!length || in->failed)
        return NULL;
    bytes = reader_bytes(in, (size_t)length - 1);
    if (bytes && !memchr(bytes, 0, (size_t)length - 1))
        return mem_string_n((const char *)bytes, (size_t)length - 1);
    reader_fail(in);
    return NULL;
}

char *unpack_some_text(struct reader *in)
{
    char *text = unpack_text(in);

    if (text)
        return text;
    reader_fail(in);
    return mem_string("");
}

void unpack_strings(struct reader *in, size_t most, struct strings *list)
{
    size_t count = unpack_count(in, most);

    for (size_t i = 0; i < count && !in->failed; i++)
        strings_give(list, unpack_some_text(in));
}

static uint64_t mix(uint64_t h, uint64_t value)
{
    h = (h ^ value) * 0x9e3779b97f4a7c15u;
    return h ^ h >> 29;
}

/* Eight bytes at a time, the same on every machine. */
static uint64_t mix_bytes(uint64_t h, const void *from, size_t length)
{
    const uint8_t *bytes = from;
    uint64_t eight;

    h = mix(h, length);
    for (; length >= sizeof eight; bytes += sizeof eight, length -= sizeof eight) {
        memcpy(&eight, bytes, sizeof eight);
        h = mix(h, le64toh(eight));
    }
    for (; length; bytes++, length--)
        h = mix(h, *bytes);
    return h;
}

/* Against damage, not against forgers. */
static uint32_t checksum(const void *bytes, size_t length, const char *name)
{
    uint64_t h = mix_bytes(0, bytes, length);

    if (*name)
        h = mix_bytes(h, name, strlen(name));
    return (uint32_t)(h ^ h >> 32);
}

void pack_seal(struct buf *out, const char *name)
{
    buf_u32(out, checksum(out->bytes, out->length, name));
}

struct reader unpack_sealed(const void *bytes, size_t length, const char *name)
{
    size_t body = length >= SEAL_SIZE ? length - SEAL_SIZE : 0;
    struct reader seal = reader_of((const uint8_t *)bytes + body, length - body);
    struct reader in = reader_of(bytes, body);
    uint32_t said = reader_u32(&seal);

    if (seal.failed || (said != checksum(bytes, body, name) && said != checksum(bytes, body, "")))
        reader_fail(&in);
    return in;
}
