/* What the screen's benchmark presses: short scripts of each kind, by the names of requests, so that they
 * stay true when keys change. A script with a request that there is none of is left out. */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum press_kind {
    PRESS_MOVE,
    PRESS_PAGE,
    PRESS_FOLD,
    PRESS_DEPTH,
    PRESS_PROBLEM,
    PRESS_SEARCH,
    PRESS_HIT,
    PRESS_FILTER,
    PRESS_ORDER,
    PRESS_GROUPING,
    PRESS_DETAIL,
    PRESS_OTHERS,
    PRESS_LONE_ESC, /* wherever it is: it may be the beginning of another key, so the screen waits a moment */
    press_kind_count
};

extern const char *const press_kind_titles[press_kind_count];

/* One press: what the terminal sends for it. */
struct press_bytes {
    enum press_kind kind;
    char bytes[8];
};

/* Presses in an order that `seed` makes, whole scripts, at least `count`; the caller frees. */
struct press_bytes *press_list(size_t count, uint64_t seed, size_t *made);
