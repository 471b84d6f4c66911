/* Where the session is kept. */
#pragma once

#include "tui/state.h"

/* Enter in the prompt: from now on the session is kept in that file (keeping_move). What speaks against
 * it is said there, and the prompt stays. */
void keep_save(struct screen *screen);

/* Hands over what changed, and says when the file can't be written, or can be again. True when there is more
 * to hand over: come again soon. */
bool keep_take(struct screen *screen);
