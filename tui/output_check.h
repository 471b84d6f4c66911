/* What is written must not take the place of what it is made from. */
#pragma once

#include "tui/options.h"

#include <stdbool.h>

/* False and *error (one sentence, the caller frees) when the output is the snapshot, a session that is read,
 * or one of the inputs, by whatever name. Devices may be both. */
bool output_check(const struct options *options, char **error);
