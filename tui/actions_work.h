/* What the prompt to add does. */
#pragma once

#include "tui/state.h"

/* Adds what the prompt says (tui/addition.h), all of it as one step to undo; a bad name leaves the prompt
 * open with prompt_error set. */
void work_add(struct screen *screen);

/* Unfolds what is above a target and selects it. */
void work_select(struct screen *screen, const struct target *target);
