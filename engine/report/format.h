/* The formats of reports: one table for the command line and for the ends of files' names. */
#pragma once

#include "engine/report/report.h"

#include <stdbool.h>

struct report_format {
    const char *name;   /* "csv-endpoints" */
    const char *suffix; /* ".endpoints.csv" */
    void (*write)(const struct model *model, const struct report_options *options, struct out *out);
};

/* NULL for a name that is none of them. */
const struct report_format *report_format_named(const char *name);

/* By the end of a file's name, in any case; the longest one counts. NULL for a name that ends in none. */
const struct report_format *report_format_of(const char *path);

/* JSON. */
const struct report_format *report_format_default(void);

/* The names of the table, for people. */
#define REPORT_FORMATS "json, jsonl, csv, csv-endpoints, markdown or html"

/* ".json, .jsonl or .csv"; the caller frees. */
char *report_format_suffixes(void);

/* Writes the report as report_write does, piece by piece. */
bool report_save(const char *path, const struct report_format *format, const struct model *model,
                 const struct report_options *options, char **error);
