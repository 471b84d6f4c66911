/* A comparison as text, JSON, CSV and Markdown. Each text is the caller's to free and ends in a newline. What
 * came from servers and files is harmless in all of them. */
#pragma once

#include "engine/report/compare.h"

#include <stdbool.h>
#include <stdint.h>

/* What is said of one of the two sessions. */
struct compare_session {
    const char *name;    /* the file */
    const char *vantage; /* NULL */
    int64_t started_at, finished_at;
    bool complete;
};

struct compare_options {
    const char *generator;           /* "mxscope 0.1.0" */
    const struct baseline *baseline; /* by which both were judged */
    const char *former_baseline;     /* the older session's own where that was another one; NULL */
    struct compare_session before, after;
};

/* For people: changes by kind, targets first. */
char *compare_text(const struct comparison *comparison, const struct compare_options *options);
char *compare_markdown(const struct comparison *comparison, const struct compare_options *options);

/* data/schema/mxscope-diff.schema.json. */
char *compare_json(const struct comparison *comparison, const struct compare_options *options);

/* As reports in CSV are written (engine/report/csv.h): a row for each difference, and one for each of its
 * facts. */
char *compare_csv(const struct comparison *comparison);
