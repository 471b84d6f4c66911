/* How the screen was arranged when it was left, as lines of a small file. Pure. */
#pragma once

#include "tui/arrange.h"
#include "tui/layout.h"

#include <stdbool.h>

#define VIEW_STATE_MOST 16384 /* bytes of the file */

struct view_state {
    enum grouping grouping;
    enum sorting sorting;
    bool reversed;
    unsigned depth; /* 1 to 5 */
    enum pane_size detail;
    bool detail_said; /* the pane's size was in the file, or chosen */
    char *theme;      /* its name; owned; NULL: none was chosen */
    char *filter;     /* owned; NULL: none */
};

/* What holds without a file. */
void view_state_init(struct view_state *state);
void view_state_release(struct view_state *state);

/* Takes the lines of `text`, whoever wrote them: those that are none of ours, and whatever is behind the last
 * line's end, are left out. */
void view_state_parse(struct view_state *state, const char *text);

/* The lines that view_state_parse takes; the caller frees. */
char *view_state_text(const struct view_state *state);
