/* One cell of CSV, as csv.h has it. */
#pragma once

#include "engine/report/out.h"

/* NULL is an empty cell. */
void cell_text(struct out *out, const char *text);
