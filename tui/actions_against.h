/* The session held against an earlier one. */
#pragma once

#include "tui/state.h"

/* Enter in the prompt. What speaks against a path is said there, and the prompt stays. */
void against_accepted(struct screen *screen);

/* What --against asked for, once the session that is shown was read. */
void against_begin(struct screen *screen);
