/* What the tests of reading reports share. */
#pragma once

#include "engine/report/read.h"

#include <jansson.h>

/* A file in the test's folder; paths and texts are the caller's to free. */
char *testing_path(const char *name);
char *testing_written(const char *name, const char *text);

/* Its report, with the sample's options, as of FIXTURE_NOW. */
char *testing_json(struct model *model);

/* The model that the text gives; `about` may be NULL. */
struct model *testing_read(const char *text, struct report_about *about);

/* The text is refused, in one line that begins with the file and has `expected`. */
void testing_refused(const char *text, const char *expected);

/* A report with `value` (JSON) in place of what stands at `path` ("domains/0/class"); NULL takes it away. */
char *testing_changed(const char *text, const char *path, const char *value);
