/* What the prompts to add and to note do. */
#pragma once

#include "tui/state.h"

/* Adds what the prompt says; a bad name leaves the prompt open with prompt_error set. */
void work_add(struct screen *screen);

/* Unfolds what is above a target and selects it. */
void work_select(struct screen *screen, const struct target *target);

/* Puts what the prompt says on the target that was asked about. */
void work_note(struct screen *screen);
