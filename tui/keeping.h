/* The snapshot that a session is kept in while it goes on, and the file that one is looked at in. */
#pragma once

#include "engine/model/model.h"
#include "engine/report/read.h"
#include "engine/store/store.h"
#include "engine/store/writer.h"

#include <stdbool.h>

struct keeping {
    struct store *store;  /* opened, and not written to yet; else NULL */
    bool loaded;          /* the model comes from it */
    bool at_rest;         /* looked at: what is said of the session stays as it is ... */
    bool probed;          /* ... unless this is set, since something is probed after all */
    struct store *rested; /* the file that was looked at, once all of it was read; closed; owned; NULL */
    struct store_loading *loading; /* of `store`, while there is more to read; else NULL */
    struct report_reading *report; /* of a report in JSON, while there is more to read; else NULL */
    struct store_writer *writer;   /* NULL: the session is kept nowhere */
    struct store_session about;    /* what is said of the session; owned */
    char *unnamed; /* a file that nobody asked for, and that goes once another has all; owned; NULL */
};

/* Opens the file. Where it holds a session, *model is a new one that has nothing yet but its baseline,
 * `about` is what was said of it, and keeping_load brings the rest, before keeping_begin; else *model is
 * NULL. False and *error when it can't be kept there. */
bool keeping_open(struct keeping *keeping, const char *path, enum store_mode mode, struct model **model,
                  char **error);

/* Opens the file, a snapshot or a report in JSON or JSONL, to look at the session in it, in the same way;
 * nothing is kept. False and *error when there is none, or when it can't be shown. */
bool keeping_look(struct keeping *keeping, const char *path, struct model **model, char **error);
bool keeping_loading(const struct keeping *keeping);
/* Some rows more. False and *error when the file can't be read: that is all then. */
bool keeping_load(struct keeping *keeping, char **error);
bool keeping_load_all(struct keeping *keeping, char **error);

/* Goes on with the session, in the file that was opened. */
bool keeping_begin(struct keeping *keeping, struct model *model, char **error);

/* Keeps a session that nobody named a file for in `path`, until it is moved; nobody else may read that. False
 * and *error when it can't be. */
bool keeping_begin_unnamed(struct keeping *keeping, const char *path, struct model *model, char **error);

/* Keeps the session in another file from now on; the one so far ends with what it has, when there is one. The
 * file must be new, or the one that was looked at, as it was read: what changed since then is written there.
 * False and *error: then nothing changed, the session goes on to where it is kept, and the file is as it was.
 */
bool keeping_move(struct keeping *keeping, const char *path, struct model *model, char **error);

/* The file that was looked at, where it is the place to keep what was changed in it; NULL where there is
 * none, or where the session became a later one since something was probed. Valid until it is moved or ended.
 */
const char *keeping_looked_at(const struct keeping *keeping);

/* Something is probed after all, from `vantage`: what is said of the session is true no longer. */
void keeping_probes(struct keeping *keeping, const char *vantage);

/* Takes a little of what changed. True when there is more. */
bool keeping_take(struct keeping *keeping, struct model *model);

/* To poll; -1 when the session is kept nowhere. */
int keeping_descriptor(const struct keeping *keeping);

/* True when there is something new to say of the file (a sentence in *text, the caller frees), or when that
 * is over (NULL). */
bool keeping_news(struct keeping *keeping, char **text);

/* What the session held at that time, seconds since 1970, is in the file; 0: nothing is said of it, or it is
 * kept nowhere. *trouble: what came since can't be written now. */
int64_t keeping_saved_at(const struct keeping *keeping, bool *trouble);

/* The same for people, in the clock of this place: "saved 14:03:05", "NOT SAVED since 14:03:05", "NOT SAVED";
 * "" where nothing is said. The caller frees. */
char *keeping_saved_text(const struct keeping *keeping);

/* The file; NULL when the session is kept nowhere. Valid until it is moved or ended. */
const char *keeping_path(const struct keeping *keeping);

/* True when that is the file which the session is kept in, by what it is and not by its name. It must not
 * even be opened a second time: SQLite's locks would go with that. */
bool keeping_is_here(const struct keeping *keeping, const char *path);

/* Writes what is left. False and *error when that failed. The content of `keeping` is released in either
 * case; one that keeps nothing is true. A file that nobody asked for goes when there is no target in it, or
 * when the session was moved. */
bool keeping_end(struct keeping *keeping, struct model *model, bool complete, char **error);

/* True for a session that is only looked at: `about` is what its file says of it, and stays so. */
bool keeping_rests(const struct keeping *keeping);

/* True when something was changed in a session that is only looked at, and that is kept nowhere. */
bool keeping_changed(const struct keeping *keeping, const struct model *model);

/* True when everything that was asked was answered: every live target has its route, every host its
 * addresses, every endpoint its facts, and nothing here stood in the way. */
bool keeping_complete(const struct model *model);
