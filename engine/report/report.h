/* Model → JSON and JSONL (CONTRACT, "JSON"). */
#pragma once

#include "engine/model/model.h"
#include "engine/report/out.h"

#include <stdbool.h>
#include <stdint.h>

struct report_options {
    const char *generator; /* "mxscope 0.1.0" */
    const char *vantage;   /* host name of the vantage point */
    int64_t started_at;    /* seconds since 1970 */
    int64_t finished_at;   /* 0 = not finished: null */
    bool complete;
    const char *options; /* the command line that the session was started with, for people; NULL */
    /* Where the model holds a selection only (engine/report/select.h): by which words it was chosen, and how
     * many targets there are besides. NULL: it holds all. */
    const char *selection;
    unsigned selected_of;
};

void json_write(const struct model *model, const struct report_options *options, struct out *out);
void jsonl_write(const struct model *model, const struct report_options *options, struct out *out);

/* The text is the caller's to free; ends in a newline. */
char *report_json(const struct model *model, const struct report_options *options);

/* One `domains[]` element a line, with `session` in each: what JSON says of it in its head. NULL: none has
 * it.
 */
char *report_jsonl(const struct model *model, const struct report_options *options);

/* Writes `text` to `path` through a temporary file beside it that is renamed only when all was written and
 * synced, so that an old file is replaced whole or not at all; NULL or "-" is stdout. A path that exists and
 * is no regular file (a device, a FIFO) is written to directly. False and *error (one sentence) on failure.
 */
bool report_write(const char *path, const char *text, char **error);

/* The same of a text that `fill` makes piece by piece, while it is written. */
bool report_fill(const char *path, void (*fill)(struct out *out, const void *data), const void *data,
                 char **error);
