/* The filter that the prompt asks for, tried piece by piece. */
#pragma once

#include "tui/state.h"

/* Tries `most` more targets of the filter that is on its way, and applies it behind the last. */
void filter_go_on(struct screen *screen, size_t most);
