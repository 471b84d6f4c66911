/* How much of the tree an export holds, as the prompt for its file has it: everything, what the filter shows,
 * what is tagged, or what changed since the session that is compared with. */
#pragma once

#include "tui/state.h"

#define EXTENT_NAME_SIZE 64

/* The name of a file that is proposed for it: "mxscope-2026-11-26.json", "changes-2026-11-26.txt". */
void extent_name(enum export_extent extent, char name[EXTENT_NAME_SIZE]);

/* False for what there is nothing of: no filter, or one that shows nothing; no tags; nothing compared. */
bool extent_offered(const struct screen *screen, enum export_extent extent);

/* Something besides everything. */
bool extent_any(const struct screen *screen);

/* The next one that there is; the proposed name goes with it, unless another one was typed. */
void extent_next(struct screen *screen);

/* Where there are only words, the answer begins with it: "shown FILE". *extent and the rest of `text`; all of
 * it, with *extent as it was, where no such word stands before something else. */
const char *extent_word(const char *text, enum export_extent *extent);

/* Why that can't be exported now. */
const char *extent_why_not(enum export_extent extent);

/* The prompt's beginning: "export the 12 shown to: "; the caller frees. */
char *extent_label(const struct screen *screen);

/* "the 12 shown of 41 targets"; the caller frees. */
char *extent_text(const struct screen *screen);
