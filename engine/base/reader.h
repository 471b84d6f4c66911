/* A bounded reader with a latching error over bytes that nobody vouches for. Past the end, or after any
 * failure, every read gives 0 or an empty span and `failed` stays set: a parser reads straight through and
 * looks once. It owns nothing; the bytes must outlive it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct reader {
    const uint8_t *at;
    const uint8_t *end;
    bool failed;
};

struct reader reader_of(const void *bytes, size_t length);

static inline size_t reader_left(const struct reader *r)
{
    return (size_t)(r->end - r->at);
}

uint8_t reader_u8(struct reader *r);
uint16_t reader_u16(struct reader *r); /* big-endian */
uint32_t reader_u24(struct reader *r);
uint32_t reader_u32(struct reader *r);

/* The next `length` bytes, or NULL (and failed) when there are fewer. */
const uint8_t *reader_bytes(struct reader *r, size_t length);

/* A reader over the next `length` bytes, which this one skips; failed like this one when there are fewer. */
struct reader reader_sub(struct reader *r, size_t length);

/* A reader over a vector whose length stands before it in `width` (1, 2 or 3) bytes. */
struct reader reader_vector(struct reader *r, unsigned width);

/* Latches the error and returns false, for use in a parser's own checks. */
bool reader_fail(struct reader *r);

/* True when nothing failed and nothing is left. */
bool reader_done(const struct reader *r);
