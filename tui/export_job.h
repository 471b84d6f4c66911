/* Writing a report while the screen goes on: a child process has the model as it is at this moment, makes the
 * report of it and writes it. The model here may change meanwhile, and nothing waits for the disk. */
#pragma once

#include "engine/base/buf.h"
#include "engine/model/model.h"
#include "engine/report/report.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* True for a path that ends in a slash: a folder for letters. */
bool export_is_letters(const char *path);

/* One sentence that says why `path` can't be written, NULL when nothing speaks against it: no name, no suffix
 * of report_format_of nor a slash at its end, no such folder, not allowed, no regular file. A file is made
 * beside it for a moment, since only that tells; nothing is left. The caller frees. */
char *export_hindrance(const char *path);

/* The same for any file whose name `takes`; else `wanted` says what it must end in. */
char *export_hindrance_but(const char *path, bool (*takes)(const char *path), const char *wanted);
/* What of the model is written: what `wanted` holds for, said to have been chosen by `words`. */
struct export_choice {
    bool (*wanted)(const struct target *target, const void *data);
    const void *data;
    const char *words;
};

/* A zeroed struct is at rest. */
struct export_job {
    pid_t process;  /* 0: at rest */
    int descriptor; /* readable when it has ended or has something to say */
    char *path;     /* owned */
    struct buf said;
    size_t letters; /* written, once it has ended without an error */
};

bool export_running(const struct export_job *job);

/* Starts on a job at rest. `path` (copied) passed export_hindrance; an old file there is replaced whole or
 * not at all, old letters never. `choice` NULL: everything. The model stays as it is, here. False and *error
 * (one sentence, the caller frees) when it can't begin. */
bool export_begin(struct export_job *job, struct model *model, const struct report_options *options,
                  const struct export_choice *choice, const char *path, char **error);

/* The same for whatever `write` writes there: it runs in the child process, where `what` is as it was at the
 * beginning. False and *said, an error, when it failed. */
bool export_begin_with(struct export_job *job, bool (*write)(const void *what, const char *path, char **said),
                       const void *what, const char *path, char **error);

/* Looks for the end, or waits for it. True when there is one, *error then NULL or one sentence that the
 * caller frees; `path` stays until the next beginning. */
bool export_ended(struct export_job *job, bool wait, char **error);

/* Only of a job at rest. */
void export_release(struct export_job *job);
