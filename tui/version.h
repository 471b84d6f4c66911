/* Which mxscope this is, and what it runs on. */
#pragma once

#include <stdio.h>

#define VERSION           "0.1.0"
#define VERSION_GENERATOR "mxscope " VERSION

/* One line for mxscope, one for each library in use. */
void version_print(FILE *out);
