/* Where a session is kept that nobody named a file for. */
#pragma once

#include <stddef.h>

#define AUTOSAVE_KEPT 20 /* sessions of the past */

/* A file of a new name in mxscope/ in `state_home` ($XDG_STATE_HOME, when it is an absolute path), else in
 * .local/state/ of `home` ($HOME); its folder is made, and nobody else may look into it. NULL when there is
 * no such place; NULL and *error (one sentence, the caller frees) when it can't be made. The caller frees. */
char *autosave_path(const char *state_home, const char *home, char **error);

/* Removes the oldest of what stands beside `path` under a name as autosave_path gives it, and leaves the
 * `kept` that were written last. One of a process that is still there stays too, and so does whatever is no
 * regular file. What can't be removed stays, and nobody is told. */
void autosave_tidy(const char *path, size_t kept);
