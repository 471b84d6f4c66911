/* Paints the screen's state: one frame, only the visible rows. */
#pragma once

#include "tui/state.h"

/* Brings rows up to date and fits layout and cursor to the terminal's size. Before keys are handled and
 * before painting. */
void view_layout(struct screen *screen);

/* Paints into curses; terminal_update brings it to the terminal. */
void view_paint(struct screen *screen);

/* The painted screen as text, lines without trailing spaces, each ended by a newline; the caller frees. */
char *view_text(void);
