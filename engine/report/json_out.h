/* Writing JSON so that a terminal which shows it does nothing: characters that engine/base/text.h would
 * escape (C1 controls, DEL, line separators, what turns the direction or is not seen) stand in it as \uNNNN.
 * That is the same value for whoever reads it. */
#pragma once

#include "engine/report/out.h"

#include <jansson.h>

/* In one line, without its end. `value` is the caller's. */
void json_out(struct out *out, const json_t *value);
