/* What changed since the session that is compared with: walked through, and written to a file. */
#pragma once

#include "tui/state.h"

/* Enter in the prompt of ASK_CHANGES. What speaks against a path is said there, and the prompt stays. */
void changes_accepted(struct screen *screen);
