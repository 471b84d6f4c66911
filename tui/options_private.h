/* The one table of options, for tui/options.c alone. */
#pragma once

#include "tui/options.h"

/* One option. `set` takes the argument (NULL for a flag) and returns NULL or what was expected. */
struct option_row {
    const char *name;
    char letter; /* 0: none */
    const char *argument;
    const char *help;
    const char *(*set)(struct options *options, const char *argument);
};

#define OPTION_ROWS 49

/* All of them, in the order of --help. */
const struct option_row *option_rows(void);
