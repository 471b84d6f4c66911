/* How much of the tree an export holds, as the prompt for its file has it: everything, what the filter shows,
 * or what is tagged. */
#pragma once

#include "tui/state.h"

/* False for what there is nothing of: no filter, or one that shows nothing; no tags. */
bool extent_offered(const struct screen *screen, enum export_extent extent);

/* Something besides everything. */
bool extent_any(const struct screen *screen);

/* The next one that there is. */
void extent_next(struct screen *screen);

/* The prompt's beginning: "export the 12 shown to: "; the caller frees. */
char *extent_label(const struct screen *screen);

/* "the 12 shown of 41 targets"; the caller frees. */
char *extent_text(const struct screen *screen);
