/* mxscope diff: what changed between two snapshots. */
#pragma once

#include "tui/options.h"

/* The process's exit code: 1 when something regressed. */
int command_diff(const struct options *options);
