/* What changed between two sessions, written to a file. */
#pragma once

#include "engine/report/compare_write.h"

#include <stdbool.h>

/* Suffixes that have a format, for people. */
#define CHANGES_SUFFIXES ".txt, .json, .csv or .md"

bool changes_file_takes(const char *path);

/* Both models with what is said of them. */
struct changes {
    const struct model *before, *after;
    struct compare_options options;
};

/* `what` is a struct changes. Compares and writes in the format of the path's suffix, as report_write does.
 */
bool changes_file_write(const void *what, const char *path, char **error);
