/* The machine that a benchmark ran on. */
#pragma once

#include <jansson.h>

/* {"processor", "cores", "memory_mib", "kernel", "architecture", "load", "libraries": {…}}. */
json_t *machine_describe(void);
