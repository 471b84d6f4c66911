/* Where a session is kept that nobody named a file for. */
#pragma once

/* A file of a new name in mxscope/ in `state_home` ($XDG_STATE_HOME, when it is an absolute path), else in
 * .local/state/ of `home` ($HOME); its folder is made, and nobody else may look into it. NULL when there is
 * no such place; NULL and *error (one sentence, the caller frees) when it can't be made. The caller frees. */
char *autosave_path(const char *state_home, const char *home, char **error);
