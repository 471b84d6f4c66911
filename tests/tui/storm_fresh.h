/* Rows that went through everything are held against rows that were never anything else. */
#pragma once

#include "tui/state.h"

/* In what the screen's rows, which are not busy, differ from fresh ones: one sentence that the caller frees,
 * or NULL. */
char *storm_fresh(const struct screen *screen);
