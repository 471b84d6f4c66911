#include "tui/selection.h"

#include "engine/base/mem.h"
#include "engine/report/select.h"

#include <stdio.h>
#include <stdlib.h>

struct filter *selection_read(const struct options *options, char **error)
{
    struct filter *filter;
    char *why = NULL;

    *error = NULL;
    if (!options->filter)
        return NULL;
    filter = filter_parse(options->filter, &why);
    if (filter && filter_minds_tags(filter))
        why = mem_string("is:tagged is for the screen, where there are tags");
    else if (filter && filter_minds_changes(filter))
        why = mem_string(
            "change: is for the screen, where sessions are compared; mxscope diff tells of changes");
    if (!why)
        return filter;
    *error = mem_format("--filter: %s", why);
    filter_free(filter);
    free(why);
    return NULL;
}

static bool is_kept(const struct target *target, const void *filter)
{
    return filter_keeps(filter, target);
}

void selection_apply(const struct options *options, struct filter *filter, struct model *model,
                     struct report_options *report)
{
    struct model_counts counts;

    if (!filter)
        return;
    filter_look_in(filter, model, NULL);
    report->selection = options->filter;
    report->selected_of = report_select(model, is_kept, filter);
    filter_free(filter);
    model_counts(model, &counts);
    if (!counts.targets)
        fprintf(stderr, "mxscope: --filter keeps none of %u target%s\n", report->selected_of,
                report->selected_of == 1 ? "" : "s");
}
