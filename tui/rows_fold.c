#include "tui/rows_private.h"

bool rows_is_open(const struct rows *rows, const struct row *row)
{
    const struct branch *branch = branch_of(rows, row->target);
    const struct cluster *cluster = cluster_of(rows, row->kind == ROW_GROUP ? row->group : row->connector);

    if (row->kind == ROW_GROUP || row->kind == ROW_CONNECTOR)
        return cluster && cluster->open;
    if (row->kind == ROW_TARGET)
        return branch && branch->open;
    return branch && branch_is_open(branch, row);
}

bool rows_has_children(const struct rows *rows, const struct row *row)
{
    const struct branch *branch = branch_of(rows, row->target);

    if (row->kind == ROW_GROUP || row->kind == ROW_CONNECTOR)
        return true;
    if (row->kind == ROW_TARGET)
        return branch && model_all_hosts(branch->target);
    return branch && branch_has_children(branch, row);
}

void rows_set_open(struct rows *rows, const struct row *row, bool open)
{
    struct branch *branch = branch_of(rows, row->target);
    struct cluster *cluster = cluster_of(rows, row->kind == ROW_GROUP ? row->group : row->connector);

    if (row->kind == ROW_GROUP || row->kind == ROW_CONNECTOR) {
        if (!cluster)
            return;
        cluster->open = open;
        if (cluster->placed)
            cluster_settle(rows, cluster);
        return;
    }
    if (!branch)
        return;
    if (row->kind == ROW_TARGET)
        branch->open = open;
    else
        branch_set_open(branch, row, open);
    rows_refresh(rows, branch);
}

/* What each branch shows, anew; counts are not touched. */
static void reshow(struct rows *rows)
{
    size_t i;

    for (i = 0; i < rows->id_limit; i++) {
        struct branch *branch = rows->by_id[i];

        if (!branch)
            continue;
        branch->hidden = rows->keep && !rows->keep(rows->context, branch->target);
        branch->node.rows = (uint32_t)branch_visible(branch);
        branch->node.shown = branch->node.rows > 0;
        branch->trouble.shown = branch->node.shown;
    }
    clusters_recount(rows);
    order_recount(&rows->troubles);
}

void rows_fold_to_depth(struct rows *rows, unsigned depth)
{
    size_t i;

    rows->depth = depth;
    for (i = 0; i < rows->cluster_count; i++)
        rows->clusters[i]->open = depth > 1;
    for (i = 0; i < rows->id_limit; i++)
        if (rows->by_id[i])
            branch_fold(rows->by_id[i], depth);
    reshow(rows);
}

unsigned rows_depth(const struct rows *rows)
{
    return rows->depth;
}

unsigned rows_reveal(struct rows *rows, const struct row *row)
{
    struct row above = rows_parent(rows, row);
    unsigned opened = 0;

    for (; above.kind != ROW_NONE; above = rows_parent(rows, &above)) {
        if (rows_is_open(rows, &above))
            continue;
        rows_set_open(rows, &above, true);
        opened |= 1u << above.kind;
    }
    return opened;
}

void rows_unreveal(struct rows *rows, const struct row *row, unsigned opened)
{
    struct row above = rows_parent(rows, row);

    for (; above.kind != ROW_NONE; above = rows_parent(rows, &above))
        if (opened & 1u << above.kind)
            rows_set_open(rows, &above, false);
}

void rows_set_filter(struct rows *rows, bool (*keep)(void *context, const struct target *target),
                     void *context)
{
    rows->keep = keep;
    rows->context = context;
    reshow(rows);
}
