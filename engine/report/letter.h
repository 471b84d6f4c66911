/* Notices to partners that fall short: plain text from a template (data/letters/README.md has its
 * placeholders). Text from outside stands in it harmless: control characters escaped, never a line of the
 * header that the template does not have. */
#pragma once

#include "engine/model/model.h"

#include <stdbool.h>

#define LETTER_TEMPLATE_MOST (1 << 20) /* bytes */

/* A template that was read. */
struct letter;

/* NULL and *error ("letter.txt:3: …", the caller frees) for an unknown placeholder, a brace that is not
 * closed, a list that does not stand alone on a line behind the header, and text that is no UTF-8. `name` is
 * the file's, for the error. */
struct letter *letter_read(const char *name, const char *text, char **error);
/* The one that comes with the program. */
struct letter *letter_builtin(void);
void letter_free(struct letter *letter); /* NULL is allowed */

/* True when there is something to write to them: a partner that is there, falls short, and was not waived. */
bool letter_is_due(const struct model *model, const struct target *target);

/* The letter to a target for which that is true, looked at from `vantage` (NULL: not known); the caller
 * frees. Ends in a newline. */
char *letter_text(const struct letter *letter, const struct model *model, const struct target *target,
                  const char *vantage);

/* The name of its file, "contoso.com.txt": nothing but letters, digits, "-", "_" and ".", which it does not
 * begin with; the caller frees. */
char *letter_file_name(const struct target *target);
