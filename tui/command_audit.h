/* `mxscope audit`: the work without a screen. */
#pragma once

#include "tui/options.h"

/* Returns the exit code (CONTRACT): 0, 1, 2 or 3. */
int command_audit(const struct options *options);
