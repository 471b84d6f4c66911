/* CSV with a header (CONTRACT, "Input files"), through libcsv. Private to this room. */
#pragma once

#include "engine/input/input.h"

/* True when the first line that is neither blank nor a comment has a cell "domain" (any case) between commas,
 * semicolons or tabs. `text` is UTF-8. */
bool table_detect(const char *text);

/* Reads records into `out`; columns that are not known are ignored. */
void table_read(const char *source, const char *text, struct input *out);
