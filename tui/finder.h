/* Search: which rows hold a text. Smart-case: a text without capitals finds both cases. */
#pragma once

#include "tui/rows.h"

#include <stdbool.h>

/* True when `needle` is in `text`; ASCII letters compare without case when `needle` has no capital. NULL text
 * holds nothing. */
bool finder_holds(const char *text, const char *needle);

/* True when the row itself shows `needle`: the name of a group or connector, a target's domain, connector,
 * owner or note, a host's name, an endpoint's address. */
bool finder_matches(const struct model *model, const struct rows *rows, const struct row *row,
                    const char *needle);

/* The next row that holds `needle`, in the whole tree, folded parts too; `from` itself counts when
 * `inclusive`. False when none does. */
bool finder_next(const struct model *model, const struct rows *rows, const struct row *from,
                 const char *needle, bool forward, bool inclusive, struct row *hit);
