/* `mxscope lab`: the loopback lab in the foreground, until SIGINT or SIGTERM. */
#pragma once

#include "tui/options.h"

/* Prints the DNS address, the ports and the trust file, one `name value` a line, then waits. Returns the exit
 * code. */
int command_lab(const struct options *options);
