/* A growable byte buffer with an upper bound and a latching error: writers go straight on, and the end
 * looks once at `failed`. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf {
    uint8_t *bytes;  /* owned; NULL while empty */
    size_t length;   /* bytes in use */
    size_t capacity; /* bytes allocated */
    size_t limit;    /* most bytes it may hold; 0 = 1 GiB */
    bool failed;     /* a write would have passed `limit`; it and all later ones wrote nothing */
};

/* Sets the buffer empty; allocates nothing. `limit` 0 stands for 1 GiB. */
void buf_init(struct buf *b, size_t limit);

/* Frees the content; the buffer may be used again after buf_init. */
void buf_release(struct buf *b);

/* Empties the buffer and its error, keeps the memory. */
void buf_reset(struct buf *b);

void buf_add(struct buf *b, const void *bytes, size_t length);
void buf_add_string(struct buf *b, const char *text);
void buf_printf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_u8(struct buf *b, uint8_t value);
void buf_u16(struct buf *b, uint16_t value); /* big-endian, as everything on the wire here */
void buf_u24(struct buf *b, uint32_t value);
void buf_u32(struct buf *b, uint32_t value);

/* A length field that is filled in later: `mark` writes `width` (1, 2 or 3) zero bytes and returns where;
 * `fill` writes the number of bytes added since. A length that does not fit latches the error. */
size_t buf_mark(struct buf *b, unsigned width);
void buf_fill(struct buf *b, size_t mark, unsigned width);

/* Drops `length` bytes from the front. */
void buf_consume(struct buf *b, size_t length);

/* The content as a NUL-terminated string, still owned by the buffer; "" when empty. */
const char *buf_string(struct buf *b);

/* Hands the content over as a NUL-terminated string that the caller frees; the buffer is empty after. */
char *buf_take_string(struct buf *b);
