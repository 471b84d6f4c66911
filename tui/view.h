/* Paints the screen's state: one frame, one update of the terminal, only the visible rows. */
#pragma once

#include "tui/state.h"

/* Fits layout and cursor to the terminal's size. Before keys are handled and before painting. */
void view_layout(struct screen *screen);

void view_paint(struct screen *screen);

/* The painted screen as text, lines without trailing spaces, each ended by a newline; the caller frees. */
char *view_text(void);
