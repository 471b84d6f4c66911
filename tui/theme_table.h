/* The themes themselves. */
#pragma once

#include "tui/theme.h"

extern const struct theme theme_table[];
extern const unsigned theme_count;
