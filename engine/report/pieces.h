/* A file of JSON taken apart into its values, one at a time, so that a report is read without ever being held
 * whole. What it gives is text with the brackets and quotes in balance, no more: whoever parses it says what
 * is wrong with it. Blanks between values are skipped, and a UTF-8 byte order mark in front. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PIECE_MOST ((size_t)64 << 20) /* bytes of one value */

struct pieces;

/* One value; as long as no other is asked for. */
struct piece {
    const char *bytes;
    size_t length;
    uint64_t line; /* of the file, from 1, where it begins */
};

/* A moment to return to. */
struct pieces_place {
    uint64_t at, line;
};

/* NULL and *error (one sentence, the caller frees) for what can't be opened, and for what is no regular file.
 */
struct pieces *pieces_open(const char *path, char **error);
void pieces_close(struct pieces *pieces); /* NULL is allowed */

/* The next byte behind blanks, which stays; -1 at the end of the file and after a failure. */
int pieces_peek(struct pieces *pieces);

/* Takes the next byte behind blanks if it is `wanted`. */
bool pieces_take(struct pieces *pieces, char wanted);

/* Takes the next value. False at the end of the file, for one that is cut short or too large, and where none
 * begins; pieces_wrong tells which. */
bool pieces_value(struct pieces *pieces, struct piece *piece);

struct pieces_place pieces_place(struct pieces *pieces);
void pieces_return(struct pieces *pieces, struct pieces_place place);

/* The line of the next value. */
uint64_t pieces_line(struct pieces *pieces);

/* How much of the file was taken, in percent. */
unsigned pieces_share(const struct pieces *pieces);

/* What stands in the way, as it goes behind "FILE:LINE: "; NULL while nothing does. */
const char *pieces_wrong(const struct pieces *pieces);
