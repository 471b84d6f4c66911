/* What was read from inputs, as text to compare. For tests. */
#pragma once

#include "engine/input/input.h"

/* A line for each target with what it has only sometimes indented below, then "note …" and "problem …" lines;
 * the caller frees. */
char *told(const struct input *input);
