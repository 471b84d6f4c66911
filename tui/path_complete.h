/* Paths in prompts: what Tab can put there, and what they mean. */
#pragma once

#include "tui/candidates.h"

#include <stdbool.h>
#include <stddef.h>

#define PATH_ENTRIES 20000 /* of a folder that are looked at */

/* Fills `list`, empty before, with what is in the folder that the first `cursor` bytes of `text` name and
 * begins as they end, in order of names; folders end with a slash. Names that begin with a dot come only when
 * one is typed, names that no prompt takes never. `home` is where "~/" leads; NULL: nowhere. Files, but not
 * folders, that `takes` refuses are left out; NULL: none is. Reads the disk. */
void path_complete(struct candidates *list, const char *text, size_t cursor, const char *home,
                   bool (*takes)(const char *name));

/* The path without spaces around it, "~/" made `home`; the caller frees. */
char *path_expand(const char *text, const char *home);
