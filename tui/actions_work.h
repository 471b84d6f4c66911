/* What the add prompt does. */
#pragma once

#include "tui/state.h"

/* Adds what the prompt says; a bad name leaves the prompt open with prompt_error set. */
void work_add(struct screen *screen);
