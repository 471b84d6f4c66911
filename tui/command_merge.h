/* mxscope merge: one snapshot of several. */
#pragma once

#include "tui/options.h"

/* The process's exit code. The new file is there whole or not at all; one that is there already stays as it
 * is. */
int command_merge(const struct options *options);
