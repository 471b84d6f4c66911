/* What helps with typing a line: completion and earlier texts. */
#pragma once

#include "tui/state.h"

/* Takes Tab, Shift-Tab, Up, Down, C-p and C-n where the prompt has a use for them; false for other keys. */
bool line_key(struct screen *screen, uint32_t key);

/* The user typed or moved: what was offered is old. Empty, the filter prompt shows its terms and that of
 * an import the folder. */
void line_edited(struct screen *screen);

/* The text did what it was typed for: it goes into the prompt's history. */
void line_accepted(struct screen *screen);
