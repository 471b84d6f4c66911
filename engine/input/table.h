/* CSV with a header (CONTRACT, "Input files"), through libcsv. Private to this room. */
#pragma once

#include "engine/input/input.h"

#define INPUT_RECORDS_MOST 4000000

/* True when the first line that is neither blank nor a comment has a cell "domain" (any case) between commas,
 * semicolons or tabs. `text` is UTF-8. */
bool table_detect(const char *text);

/* Reads records into `out`; columns that are not known are ignored. */
void table_read(const char *source, const char *text, struct input *out);

/* Add to `out`; ownership of the spec's content or the message goes over. */
void input_add(struct input *out, struct target_spec *spec);
void input_problem(struct input *out, unsigned line, char *message);
