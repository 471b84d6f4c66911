/* Keeps a session in its snapshot while it goes on: a thread of its own writes what changed. Its owner, the
 * thread that the model belongs to, is never kept waiting but by store_writer_end.
 *
 * What is taken is on disk within about a second: commits are STORE_COMMIT_MS apart, and one takes as long as
 * the disk does. When a commit fails (no room, a disk that went away) nothing is lost: it is tried again
 * until it succeeds or the session ends, and what changes meanwhile waits in the model once 64 MiB of it are
 * queued. */
#pragma once

#include "engine/model/model.h"
#include "engine/store/store.h"

#include <stdbool.h>
#include <stdint.h>

#define STORE_COMMIT_MS 800

struct store_writer;

/* All of a writer that may fail, before it has a store: its thread and its descriptor. NULL and *error (about
 * the file `path`) when they are not to be had. It begins, or is cancelled. */
struct store_writer *store_writer_prepare(const char *path, char **error);
void store_writer_cancel(struct store_writer *writer);

/* Takes the store over, which was opened to write. What the model holds is written whole, in one commit
 * unless it is more than waits at a time, or, when it came from this store by store_load (`loaded`), only
 * what changed since. Nothing is written before store_writer_take was called. `session` is what is said until
 * it is told otherwise or ends, so that one which goes on is neither finished nor complete. */
void store_writer_begin(struct store_writer *writer, struct store *store, struct model *model, bool loaded,
                        const struct store_session *session);

/* Both; NULL and *error when it can't be: then the store is still the caller's. */
struct store_writer *store_writer_new(struct store *store, struct model *model, bool loaded,
                                      const struct store_session *session, char **error);

/* Another `session` is said from now on. */
void store_writer_tell(struct store_writer *writer, const struct store_session *session);

/* Takes some of what changed, a few milliseconds' worth. True when there is more: call again soon. */
bool store_writer_take(struct store_writer *writer, struct model *model);

/* Readable when there is trouble, when it is over, or when something was written: then call
 * store_writer_trouble and store_writer_take. */
int store_writer_descriptor(const struct store_writer *writer);

/* True when that changed since the last call: *text is one sentence (the caller frees), or NULL when all is
 * well again. */
bool store_writer_trouble(struct store_writer *writer, char **text);

/* Rows on disk so far. */
uint64_t store_writer_saved(struct store_writer *writer);

/* What the model held at that time, seconds since 1970, is on disk; 0: nothing is said of it yet. *trouble:
 * the last commit failed. */
int64_t store_writer_saved_at(struct store_writer *writer, bool *trouble);

const char *store_writer_path(const struct store_writer *writer);

/* Writes what is left and `session`, ends the thread, closes the store and frees the writer. False and *error
 * when that could not be written. */
bool store_writer_end(struct store_writer *writer, struct model *model, const struct store_session *session,
                      char **error);
