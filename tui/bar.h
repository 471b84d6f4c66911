/* A bar in parts, as long as what they count. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define BAR_PARTS 16

/* Shares `width` cells out among at most BAR_PARTS counts: in proportion, but at least one for each that is
 * not 0, and all of them together. False, and all 0, when nothing is counted or there are too few cells. */
bool bar_split(const unsigned *counts, size_t parts, int width, int *cells);
