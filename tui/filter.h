/* The live filter's language: terms separated by spaces, all of which must hold. `!` before a term turns it
 * around. verdict:NAME, class:NAME, consequence:NAME, route:NAME compare the words of CONTRACT (a beginning
 * is enough), connector:, owner: and note: look for text, tls<1.2 (also <= > >= =) compares the weakest best
 * version of the target's endpoints; anything else is looked for in names, hosts and addresses. */
#pragma once

#include "engine/model/model.h"

#include <stdbool.h>

struct filter;

/* NULL and *error (one sentence, the caller frees) for a term that can't be read: a word after verdict:,
 * class:, consequence: or route: that begins no known one, or no version after tls. */
struct filter *filter_parse(const char *text, char **error);
void filter_free(struct filter *filter); /* NULL is allowed */

bool filter_keeps(const struct filter *filter, const struct target *target);
