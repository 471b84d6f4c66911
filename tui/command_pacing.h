/* mxscope --explain-pacing: says what a run would send to whom, and how long it would take. Only DNS is
 * asked. */
#pragma once

#include "tui/options.h"

/* Returns the exit code. */
int command_pacing(const struct options *options);
