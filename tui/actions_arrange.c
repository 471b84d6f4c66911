#include "tui/actions.h"
#include "tui/actions_filter.h"

/* A connector is left behind with its grouping: its first target stands for it. */
static void stand_on_target(struct screen *screen)
{
    const struct row *row = &screen->cursor.row;
    const struct target *target = NULL;

    if (row->kind != ROW_CONNECTOR)
        return;
    do
        target = rows_next_target(screen->rows, row->connector, target);
    while (target && (target->removed || (screen->filter && !filter_keeps(screen->filter, target))));
    if (target)
        screen->cursor.row = (struct row){.kind = ROW_TARGET, .target = target->id};
}

static void group_by(struct screen *screen, int step)
{
    int next = ((int)rows_grouping(screen->rows) + step + grouping_count) % grouping_count;

    if (next == GROUP_BY_CHANGE && !screen->against.path)
        next = (next + step) % grouping_count;
    stand_on_target(screen);
    rows_set_grouping(screen->rows, (enum grouping)next);
    filter_keep_selected(screen);
    state_say(screen, STYLE_MESSAGE, "grouped by %s", grouping_name((enum grouping)next));
}

void action_group(struct screen *screen)
{
    group_by(screen, 1);
}

void action_group_back(struct screen *screen)
{
    group_by(screen, -1);
}

static void sort_by(struct screen *screen, enum sorting sorting, bool reversed)
{
    rows_set_sorting(screen->rows, sorting, reversed);
    filter_keep_selected(screen);
    state_say(screen, STYLE_MESSAGE, "sorted by %s%s", sorting_name(sorting), reversed ? ", reversed" : "");
}

void action_sort(struct screen *screen)
{
    sort_by(screen, (enum sorting)((rows_sorting(screen->rows) + 1) % sorting_count), false);
}

void action_sort_back(struct screen *screen)
{
    sort_by(screen, rows_sorting(screen->rows), !rows_reversed(screen->rows));
}
