/* What was searched, filtered and added before: a list for each kind of prompt, kept in a small file from one
 * session to the next. */
#pragma once

#include "engine/base/strings.h"

#include <stdbool.h>
#include <stddef.h>

#define HISTORY_MOST 100 /* entries of a kind; the oldest go */

enum history_kind {
    HISTORY_SEARCH,
    HISTORY_FILTER,
    HISTORY_ADD,
    HISTORY_IMPORT,
    HISTORY_EXPORT,
    history_kind_count
};

/* A zeroed struct is an empty history. */
struct history {
    struct strings lists[history_kind_count]; /* oldest first, each text once */
    struct strings fresh[history_kind_count]; /* those of this session alone */
};

void history_release(struct history *history);

/* Puts a copy of `text` last; one that is there already moves. Blank text, text longer than a prompt holds
 * and text with characters that no prompt takes are left out. */
void history_add(struct history *history, enum history_kind kind, const char *text);

/* The entry that is `back` steps before the present, 1 the last one; NULL past the oldest. The history's
 * own. */
const char *history_back(const struct history *history, enum history_kind kind, size_t back);

/* Where it is kept: mxscope/history in `state_home` ($XDG_STATE_HOME), else in .local/state of `home`
 * ($HOME). NULL when neither is a directory that is there (relative paths count as none). The caller frees.
 */
char *history_path(const char *state_home, const char *home);

/* Adds what the file holds, before what was added here. Lines that are none of ours are ignored, and so is
 * all behind the first quarter of a megabyte; a file that is not there is empty. */
void history_load(struct history *history, const char *path);

/* Writes the file as it is now with what this session added behind; makes its directory. Whole or not at all,
 * for the user's eyes only (mode 0600). Nothing is written when nothing was added. False and *error (one
 * sentence, the caller frees) when that fails. */
bool history_save(const struct history *history, const char *path, char **error);
