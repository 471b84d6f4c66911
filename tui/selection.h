/* --filter: which targets a report of the command line holds. */
#pragma once

#include "engine/report/report.h"
#include "tui/filter.h"
#include "tui/options.h"

/* NULL and no *error without --filter. NULL and *error (one sentence, the caller frees) for one that can't be
 * read, or asks for tags, which only the screen has. */
struct filter *selection_read(const struct options *options, char **error);

/* Leaves in the model just what `filter` (freed; NULL: everything) keeps, and notes in `report` that it is
 * so. For a model that is not kept any longer. */
void selection_apply(const struct options *options, struct filter *filter, struct model *model,
                     struct report_options *report);
