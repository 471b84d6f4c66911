#include "tui/rows_private.h"

size_t rows_count(const struct rows *rows)
{
    return order_rows(&rows->sections);
}

/* Row number `offset` of a cluster that is open as far as it counts; 0 is its own. */
static struct row row_in(const struct cluster *cluster, size_t offset)
{
    const struct branch *branch;

    while (offset--) {
        size_t below = order_rows(&cluster->clusters);

        if (offset < below) {
            cluster = cluster_at(order_find(&cluster->clusters, &offset));
            continue;
        }
        offset -= below;
        branch = branch_at(order_find(&cluster->branches, &offset));
        return branch_row(branch, cluster->kind == ROW_CONNECTOR ? cluster->id : 0, offset, SPREAD_FOLDED);
    }
    return row_of_cluster(cluster);
}

struct row rows_at(const struct rows *rows, size_t index)
{
    const struct cluster *cluster = cluster_at(order_find(&rows->sections, &index));

    return cluster ? row_in(cluster, index) : (struct row){0};
}

static bool nearest(const struct rows *rows, size_t wanted, struct row *row, size_t *index)
{
    size_t total = rows_count(rows);

    if (!total)
        return false;
    *index = wanted < total ? wanted : total - 1;
    *row = rows_at(rows, *index);
    return true;
}

/* Where a cluster's own row is, or would be. */
static size_t start_of(const struct cluster *cluster)
{
    size_t start = 0;

    for (; cluster; cluster = cluster->parent)
        start += order_before(&cluster->node) + (cluster->parent ? 1 : 0);
    return start;
}

/* The outermost closed one of a cluster and those above it; NULL when all are open. */
static const struct cluster *closed_above(const struct cluster *cluster)
{
    const struct cluster *closed = NULL;

    for (; cluster; cluster = cluster->parent)
        if (!cluster->open && cluster_shown(cluster))
            closed = cluster;
    return closed;
}

static bool locate_cluster(const struct rows *rows, const struct cluster *cluster, struct row *row,
                           size_t *index)
{
    const struct cluster *closed = closed_above(cluster->parent);

    if (closed)
        cluster = closed;
    if (!cluster_shown(cluster))
        return nearest(rows, start_of(cluster), row, index);
    *index = start_of(cluster);
    *row = row_of_cluster(cluster);
    return true;
}

static bool locate_branch(const struct rows *rows, const struct branch *branch, struct row *row,
                          size_t *index)
{
    const struct cluster *home = branch->home, *closed = closed_above(home);
    uint32_t connector = home->kind == ROW_CONNECTOR ? home->id : 0;
    size_t offset;

    if (closed)
        return locate_cluster(rows, closed, row, index);
    *index = start_of(home) + 1 + order_rows(&home->clusters) + order_before(&branch->node);
    if (!branch->node.rows)
        return nearest(rows, *index, row, index);
    offset = branch_offset(branch, row, SPREAD_FOLDED);
    *row = branch_row(branch, connector, offset, SPREAD_FOLDED);
    *index += offset;
    return true;
}

bool rows_locate(const struct rows *rows, struct row *row, size_t *index)
{
    const struct branch *branch = branch_of(rows, row->target);
    const struct cluster *cluster = cluster_of(rows, row->kind == ROW_GROUP ? row->group : row->connector);

    *index = 0;
    if (branch && branch->home)
        return locate_branch(rows, branch, row, index);
    if (cluster && cluster->placed)
        return locate_cluster(rows, cluster, row, index);
    return nearest(rows, 0, row, index);
}
