/* A snapshot: a session on disk, so that it can be resumed, reopened and shared. One SQLite file with an
 * application_id, a schema version and forward migrations.
 *
 * The file has a rollback journal, no write-ahead log: between two commits the file alone is whole, so that
 * it can be copied, mailed and kept on a network share, and who reads it needs to write nothing beside it. A
 * commit is on disk (synchronous=EXTRA: the folder too) before it counts.
 *
 * One process at a time keeps a session in a file, which a lock tells that ends with the process (an open
 * file description lock far behind the end of the file, where SQLite has none). Others read it meanwhile.
 *
 * What is read is believed no more than what comes from the network: the schema must be ours to the letter,
 * every row carries a checksum, every list is bounded. Verdicts are not kept: they follow from facts. */
#pragma once

#include "engine/model/model.h"

#include <stdbool.h>
#include <stdint.h>

#define STORE_APPLICATION 0x4d585363 /* "MXSc" */
#define STORE_SCHEMA      3

enum store_mode {
    STORE_READ,    /* nothing is changed, but that a commit which was cut off is taken back */
    STORE_WRITE,   /* to keep a session there; made when it is not there or empty */
    STORE_PRIVATE, /* the same; when it is made, nobody else may read it */
};

struct store;

/* NULL and *error (one sentence that says what is wrong with the file or the place, the caller frees): not
 * SQLite, of another application, of a newer schema, damaged, kept by another process, no permission, no
 * room. The file is then as it was, and not there when it was not. */
struct store *store_open(const char *path, enum store_mode mode, char **error);
void store_close(struct store *store); /* NULL is allowed */
/* The same, and a file that this store_open made and nothing was written to is gone again. */
void store_discard(struct store *store);

/* Of a store that was opened to read, and whose session was loaded: closes the file, and remembers what
 * store_open_again needs. */
void store_rest(struct store *store);
/* Opens the file again to keep the session there that was loaded from it, and takes `rested` over; it is
 * brought up to date. NULL and *error when it is another one by now, or was changed since, when another
 * process keeps its session there, or when it can't be written: then it is as it was, and `rested` too. */
struct store *store_open_again(struct store *rested, char **error);
/* True when `path` leads to the file of `rested`, or to what is in its place now. */
bool store_is_at(const struct store *rested, const char *path);

/* True when there is no session in it yet. */
bool store_is_new(const struct store *store);
/* The file, as an absolute path; as long as the store. */
const char *store_path(const struct store *store);

/* What is said of a session beside its model. */
struct store_session {
    char *generator; /* "mxscope 0.1.0" that wrote last; NULL */
    char *vantage;   /* host name of the vantage point; NULL */
    char *options;   /* the command line that it was started with, for people; NULL */
    int64_t started_at;
    int64_t finished_at; /* 0: it is not */
    bool complete;       /* all that was asked was answered */
};
void store_session_release(struct store_session *session);

/* The session of a store that is not new: a new model with its baseline, targets, routes, facts and
 * preflight, judged again. NULL and *error when it is damaged. Ids are new ones. The caller releases
 * `session` in either case.
 *
 * A store that was opened to write is brought up to date once all of it could be read, here or by the last
 * store_load_more: its schema, in one transaction; cut off or failed, the file is as it was, and what is
 * damaged is not written to. One that was opened to read is read as it is. */
struct model *store_load(struct store *store, struct store_session *session, char **error);

/* The same a piece at a time, so that a screen need not wait. `*model` is the caller's at once, and has its
 * baseline and preflight. */
struct store_loading;
struct store_loading *store_load_begin(struct store *store, struct store_session *session,
                                       struct model **model, char **error);
/* Reads so many rows more; *over: that was all. False and *error when the file is damaged. The model is
 * watched between two calls and from the last one on (model_watch): what others change in it is noted. */
bool store_load_more(struct store_loading *loading, unsigned rows, bool *over, char **error);
/* How much of it was read, in percent; about. */
unsigned store_load_share(const struct store_loading *loading);
void store_load_end(struct store_loading *loading); /* before the store is closed or written to */
