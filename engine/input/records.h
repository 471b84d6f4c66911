/* What an input is collected into. Private to this room. */
#pragma once

#include "engine/input/input.h"

#define INPUT_RECORDS_MOST 4000000

/* Add to `out`; ownership of the spec's content or the message goes over. */
void input_add(struct input *out, struct target_spec *spec);
void input_problem(struct input *out, unsigned line, char *message);

/* Tells who watches of the line; false when the rest is not wanted. */
bool input_goes_on(const struct input *out, unsigned line);

/* Keeps the first `count` specs; the others were released or moved. */
void input_cut(struct input *out, size_t count);
