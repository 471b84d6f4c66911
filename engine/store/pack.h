/* Values as bytes and back, for the content columns of a snapshot. Writing goes into a struct buf; reading is
 * by a struct reader with its latching error: whatever the bytes are, it ends, and what it gives is bounded.
 *
 * A number is written in groups of seven bits, the lowest first; a negative one in the zigzag way. Text is
 * its length plus one and its bytes; a single 0 is NULL. */
#pragma once

#include "engine/base/buf.h"
#include "engine/base/reader.h"
#include "engine/base/strings.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

void pack_number(struct buf *out, uint64_t value);
void pack_signed(struct buf *out, int64_t value);
void pack_text(struct buf *out, const char *text); /* NULL is allowed */
void pack_strings(struct buf *out, const struct strings *list);

uint64_t unpack_number(struct reader *in);
int64_t unpack_signed(struct reader *in);
/* At most `most`, else it fails and gives 0. */
uint64_t unpack_bounded(struct reader *in, uint64_t most);
int unpack_int(struct reader *in); /* fails beyond the range of int */
unsigned unpack_unsigned(struct reader *in);
int64_t unpack_time(struct reader *in); /* seconds since 1970; fails beyond the years 0 to 9999 */
/* The number of items that follow, each of at least one byte; at most `most`. */
size_t unpack_count(struct reader *in, size_t most);
/* NULL where NULL was written, and after a failure; the caller frees. A NUL byte within fails. */
char *unpack_text(struct reader *in);
/* The same where there is always one: NULL in the bytes fails; "" after a failure. */
char *unpack_some_text(struct reader *in);
/* Appends to `list`. */
void unpack_strings(struct reader *in, size_t most, struct strings *list);

/* Puts the checksum of all of `out`, and of the row's name, behind it. */
void pack_seal(struct buf *out, const char *name);
/* A reader over what was sealed; failed when the checksum is another. One of the content alone is sound too:
 * rows were sealed so up to schema 2, and what they say is all in their content. */
struct reader unpack_sealed(const void *bytes, size_t length, const char *name);
