/* The clock that nobody sets. */
#pragma once

#include <stdint.h>

/* Milliseconds since some moment before the program began. */
int64_t clock_milliseconds(void);
