/* Input bytes → UTF-8 text: UTF-8 or UTF-16, with a byte order mark or without one. */
#pragma once

#include "engine/base/buf.h"

#include <stdbool.h>
#include <stddef.h>

struct encoding {
    struct buf text; /* UTF-8 so far; its limit is what the whole may take */
    struct buf raw;  /* bytes that are not decoded yet: a few, where it is UTF-16 */
    int unit;        /* bytes of a code unit: 0 not known yet, 1 UTF-8, 2 UTF-16 */
    bool big;        /* UTF-16 with the high byte first */
    unsigned line;
    char *error; /* of UTF-16; the first that is met */
};

/* Bytes come piece by piece, so that a file never stands in memory twice. `limit` bounds the text. UTF-16
 * without mark is told by the zero byte beside its first character. */
void encoding_init(struct encoding *e, size_t limit);
void encoding_feed(struct encoding *e, const void *bytes, size_t length);

/* The text without its mark, for the caller to free, and everything is released. NULL and *error (a sentence
 * without the source's name, the caller frees) when bytes are no valid text in their encoding, which names
 * the line; NULL and no error when the limit was passed. */
char *encoding_finish(struct encoding *e, char **error);

/* All at once: turns the content of `bytes` into UTF-8 text. False and *error as above. */
bool encoding_to_utf8(struct buf *bytes, char **error);
