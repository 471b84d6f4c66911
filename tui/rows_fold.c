#include "tui/rows_private.h"

static struct cluster *cluster_at(const struct rows *rows, const struct row *row)
{
    return row->kind == ROW_GROUP       ? cluster_of(rows, row->group)
           : row->kind == ROW_CONNECTOR ? cluster_of(rows, row->connector)
                                        : NULL;
}

bool rows_is_open(const struct rows *rows, const struct row *row)
{
    const struct folding *folding = &forest_now(rows)->wish.folding;
    const struct branch *branch = branch_of(rows, row->target);
    const struct cluster *cluster = cluster_at(rows, row);

    if (cluster)
        return cluster_is_open(cluster, folding);
    return branch && branch_is_open(branch, folding, row);
}

bool rows_has_children(const struct rows *rows, const struct row *row)
{
    const struct branch *branch = branch_of(rows, row->target);

    if (row->kind == ROW_GROUP || row->kind == ROW_CONNECTOR)
        return true;
    return branch && branch_has_children(branch, row);
}

/* A draft follows, unless it folds everything anew. */
static void set_cluster_open(struct rows *rows, struct cluster *cluster, bool open)
{
    unsigned i;

    cluster->epoch = forest_now(rows)->wish.folding.epoch;
    cluster->open = open;
    for (i = 0; i < 2; i++)
        if (rows->forests[i].serial && cluster->shelves[i].forest == rows->forests[i].serial)
            shelf_settle(rows, i, cluster);
}

void rows_set_open(struct rows *rows, const struct row *row, bool open)
{
    struct branch *branch = branch_of(rows, row->target);
    struct cluster *cluster = cluster_at(rows, row);

    if (cluster)
        set_cluster_open(rows, cluster, open);
    if (cluster || !branch)
        return;
    branch_set_open(branch, &forest_now(rows)->wish.folding, row, open);
    rows_refresh(rows, branch);
}

unsigned rows_reveal(struct rows *rows, const struct row *row, struct row opened[ROWS_ABOVE])
{
    struct row above = rows_parent(rows, row);
    unsigned count = 0;

    for (; above.kind != ROW_NONE; above = rows_parent(rows, &above)) {
        if (rows_is_open(rows, &above))
            continue;
        rows_set_open(rows, &above, true);
        if (opened)
            opened[count++] = above;
    }
    return count;
}

void rows_unreveal(struct rows *rows, const struct row *opened, unsigned count)
{
    while (count)
        rows_set_open(rows, &opened[--count], false);
}

void rows_fold_to_depth(struct rows *rows, unsigned depth)
{
    rows->wish.folding.depth = depth;
    rows->wish.folding.epoch++;
    draft_begin(rows);
}

void rows_draft_above(struct rows *rows, size_t targets)
{
    rows->at_once = targets;
}

unsigned rows_depth(const struct rows *rows)
{
    return rows->wish.folding.depth;
}

void rows_set_filter(struct rows *rows, bool (*keep)(void *context, const struct target *target),
                     void *context)
{
    rows->wish.keep = keep;
    rows->wish.context = context;
    draft_begin(rows);
}

void rows_set_grouping(struct rows *rows, enum grouping grouping)
{
    rows->wish.grouping = grouping;
    draft_begin(rows);
}

void rows_set_sorting(struct rows *rows, enum sorting sorting, bool reversed)
{
    rows->wish.sorting = sorting;
    rows->wish.reversed = reversed;
    draft_begin(rows);
}

enum grouping rows_grouping(const struct rows *rows)
{
    return rows->wish.grouping;
}

enum sorting rows_sorting(const struct rows *rows)
{
    return rows->wish.sorting;
}

bool rows_reversed(const struct rows *rows)
{
    return rows->wish.reversed;
}
