/* All letters of a session, to files of their own or to stdout. */
#pragma once

#include "engine/report/letter.h"

#include <stdbool.h>
#include <stddef.h>

/* Writes a letter to each partner that one is due to (letter_is_due): a file for each in the folder, which is
 * made when it is not there and there are letters; NULL or "-" is stdout, each behind a line that names its
 * file. *count is how many were written. No file that is there is written over: then none is written at all.
 * False and *error (one sentence, the caller frees) when not all could be. */
bool letters_write(const struct letter *letter, const struct model *model, const char *vantage,
                   const char *folder, size_t *count, char **error);
