/* What a terminal's type must be able to do before a screen is drawn on it. Writes nothing to it. */
#pragma once

#include <stdbool.h>

/* `type` is a name of terminfo, as in $TERM; NULL or "": there is none. False and *error (one sentence, the
 * caller frees) when it is not known here, or has no way to move the cursor, which a screen needs. */
bool terminal_type_usable(const char *type, char **error);
