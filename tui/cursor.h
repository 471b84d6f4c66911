/* The selection: a row's identity and the screen line it stands on. Rows that come or go elsewhere never move
 * it; only the user does, or the end of its row. */
#pragma once

#include "tui/rows.h"

#include <stdbool.h>
#include <stddef.h>

struct cursor {
    struct row row;
    size_t index;    /* position among the visible rows, as last placed */
    size_t line;     /* line in the pane, as last placed */
    size_t wanted;   /* the line that the user chose: `line`, unless rows or the pane are too few for it */
    struct row lost; /* what was selected when no row was left to select; ROW_NONE: nothing was */
    size_t top;      /* index of the pane's first row */
    bool anchored;   /* the user has moved: until then the first row stays selected */
};

/* Finds the row again and keeps it on its line of a pane of `height` lines. Call before painting. */
void cursor_place(struct cursor *cursor, const struct rows *rows, size_t height);

/* Moves by visible rows, stopping at the ends. */
void cursor_move(struct cursor *cursor, const struct rows *rows, long delta, size_t height);

/* Moves by `delta` rows and scrolls the pane as far, so that the line stays where it can. */
void cursor_page(struct cursor *cursor, const struct rows *rows, long delta, size_t height);

/* Selects a row; one outside the pane comes to its middle. */
void cursor_select(struct cursor *cursor, const struct rows *rows, const struct row *row, size_t height);
