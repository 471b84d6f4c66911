/* Sessions that are read whole from their snapshots, or from reports in JSON or JSONL: which of them a file
 * is shows in what it holds, whatever it is called. */
#pragma once

#include "engine/model/model.h"
#include "engine/store/store.h"

/* The session in a file: a new model. NULL and *error (one sentence, the caller frees) when there is none to
 * be read. The caller releases `session` in either case. */
struct model *snapshot_load(const char *path, struct store_session *session, char **error);

/* The store of a session that is to be read; NULL and *error as above. */
struct store *snapshot_open(const char *path, char **error);

/* True for a file that says to be a snapshot in its first bytes; else *error as snapshot_load has. Whether it
 * is sound, and of a schema that is known, is seen when it is read. */
bool snapshot_check(const char *path, char **error);

/* Two of them at once, a thread each. False and *error when one can't be read: then neither is there. */
bool snapshot_load_pair(const char *const paths[2], struct model *models[2], struct store_session sessions[2],
                        char **error);

/* The end of the path: what people call the file. */
const char *snapshot_name(const char *path);
