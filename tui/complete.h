/* What can stand at the cursor of the filter prompt: names of terms, and behind one its words, versions,
 * days, or the connectors, operators and owners of the session. Pure. */
#pragma once

#include "engine/model/model.h"
#include "tui/candidates.h"

#include <stddef.h>

#define COMPLETE_TARGETS 20000 /* that are looked at for values, the first ones */
#define COMPLETE_VALUES  2000  /* different values that are counted */

/* Fills `list`, empty before, for the text up to `cursor` (its length at most). Words compare without case by
 * their beginnings. Values of the session (`model` NULL: none) stand in order of how many targets have them,
 * in quotation marks where they need some; those that can't be typed are left out. */
void complete_filter(struct candidates *list, const char *text, size_t cursor, const struct model *model);
