/* mxscope open: the screen on a snapshot. mxscope export: its report. */
#pragma once

#include "tui/config.h"
#include "tui/options.h"

/* The process's exit codes. */
int command_open(const struct options *options, const struct config *config);
int command_export(const struct options *options);
