/* Search: which rows hold a text. Smart-case: a text without capitals finds both cases. */
#pragma once

#include "tui/rows.h"

#include <stdbool.h>

/* True when `needle` is in `text`; ASCII letters compare without case when `needle` has no capital. NULL text
 * holds nothing. */
bool finder_holds(const char *text, const char *needle);

/* True when the row itself shows `needle`: a group's or connector's name, a target's domain, owner, contact,
 * note, or connector where that has no row above it, a host's name, an endpoint's address. */
bool finder_matches(const struct model *model, const struct rows *rows, const struct row *row,
                    const char *needle);

/* The way to the next row that holds a text, in the whole tree, folded parts too: piece by piece, so that
 * nobody waits for a large one. Zeroed, it is at rest. Rows may change between two pieces. */
struct finder_walk {
    struct row at, first;
    size_t left; /* rows to look at, at most */
    bool forward, running;
};
enum finder_outcome { FINDER_FOUND, FINDER_NOTHING, FINDER_MORE };

/* Starts behind `from`, or with it when `inclusive`. FINDER_MORE: to be gone on with. */
enum finder_outcome finder_begin(struct finder_walk *walk, const struct model *model, const struct rows *rows,
                                 const struct row *from, const char *needle, bool forward, bool inclusive,
                                 struct row *hit);

/* Looks at `most` targets at most. */
enum finder_outcome finder_go_on(struct finder_walk *walk, const struct model *model, const struct rows *rows,
                                 const char *needle, size_t most, struct row *hit);
