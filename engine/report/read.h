/* JSON and JSONL → model: what json_write and jsonl_write wrote comes back as the targets, routes and facts
 * that it tells of. Verdicts, explanations and counts follow from those by the rules and are not taken over;
 * where the report says another verdict, the session's notes (model_notes) tell so.
 *
 * A report may come from anyone: one that is not as the schema (data/schema/mxscope.schema.json) has it is
 * refused with the file, the place in it and what was expected; keys that are not known are left aside. The
 * file is read an element of `domains[]` at a time (engine/report/pieces.h), and never held whole.
 *
 * What reports do not hold is not there: targets that were removed; in JSONL what was noted of the session's
 * inputs, and of preflight all that no verdict looks at. Lines may be of several sessions: of what is said of
 * them the first one's counts. */
#pragma once

#include "engine/model/model.h"

#include <stdbool.h>
#include <stdint.h>

/* What is said of a session beside its model. */
struct report_about {
    char *generator; /* "mxscope 0.1.0" that wrote it; NULL */
    char *vantage;   /* NULL */
    char *options;   /* NULL */
    int64_t started_at;
    int64_t finished_at; /* 0: it is not, or that is not known */
    bool complete;
};
void report_about_release(struct report_about *about);

/* True for a file that is to be read here and nowhere else: its first byte that is no blank begins an object.
 */
bool report_is_json(const char *path);

/* The session in a report: a new model. NULL and *error (one sentence, the caller frees) when it is none. The
 * caller releases `about` in either case. */
struct model *report_read(const char *path, struct report_about *about, char **error);

/* The same a piece at a time, so that a screen need not wait. `*model` is the caller's at once, and has its
 * baseline, preflight and notes; what is said of the session is in `about`. */
struct report_reading;
struct report_reading *report_read_begin(const char *path, struct report_about *about, struct model **model,
                                         char **error);
/* Reads so many targets more; *over: that was all. False and *error for a report that can't be read. The
 * model is watched between two calls and from the last one on (model_watch). */
bool report_read_more(struct report_reading *reading, unsigned targets, bool *over, char **error);
/* Once all was read: false where a line of JSONL is from a session that is not complete, or lines are
 * missing; what is in `about` speaks of the first line. */
bool report_read_complete(const struct report_reading *reading);
/* How much of the file was read, in percent. */
unsigned report_read_share(const struct report_reading *reading);
void report_read_end(struct report_reading *reading);
