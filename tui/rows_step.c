#include "tui/rows_private.h"

static struct row edge_of(const struct branch *branch, bool first, enum spread spread)
{
    uint32_t connector = branch->home->kind == ROW_CONNECTOR ? branch->home->id : 0;

    return branch_row(branch, connector, first ? 0 : branch_size(branch, spread) - 1, spread);
}

/* The first row below a cluster that shows something. */
static struct row first_below(const struct cluster *cluster, enum spread spread)
{
    const struct order_node *below = order_shown_edge(&cluster->clusters, true);

    if (below)
        return row_of_cluster((const struct cluster *)below);
    return edge_of((const struct branch *)order_shown_edge(&cluster->branches, true), true, spread);
}

/* The last row of a cluster that shows something. */
static struct row last_of(const struct cluster *cluster, enum spread spread)
{
    const struct order_node *branch;

    while (!(branch = order_shown_edge(&cluster->branches, false)))
        cluster = (const struct cluster *)order_shown_edge(&cluster->clusters, false);
    return edge_of((const struct branch *)branch, false, spread);
}

static struct row first_row(const struct rows *rows)
{
    const struct order_node *section = order_shown_edge(&rows->sections, true);

    return section ? row_of_cluster((const struct cluster *)section) : (struct row){0};
}

static struct row last_row(const struct rows *rows, enum spread spread)
{
    const struct order_node *section = order_shown_edge(&rows->sections, false);

    return section ? last_of((const struct cluster *)section, spread) : (struct row){0};
}

/* The row behind everything that is below a cluster. */
static struct row after_cluster(const struct rows *rows, const struct cluster *cluster, enum spread spread)
{
    const struct order_node *next = order_shown_next(&cluster->node, true);

    if (next)
        return row_of_cluster((const struct cluster *)next);
    if (!cluster->parent)
        return first_row(rows);
    next = order_shown_edge(&cluster->parent->branches, true);
    return next ? edge_of((const struct branch *)next, true, spread)
                : after_cluster(rows, cluster->parent, spread);
}

/* The row before a cluster's own. */
static struct row before_cluster(const struct rows *rows, const struct cluster *cluster, enum spread spread)
{
    const struct order_node *next = order_shown_next(&cluster->node, false);

    if (next)
        return last_of((const struct cluster *)next, spread);
    if (!cluster->parent)
        return last_row(rows, spread);
    return cluster_shown(cluster->parent) ? row_of_cluster(cluster->parent)
                                          : before_cluster(rows, cluster->parent, spread);
}

/* From the last row of a branch on, or from its first back. */
static struct row step_from_branch(const struct rows *rows, const struct branch *branch, bool forward,
                                   enum spread spread)
{
    const struct order_node *next = order_shown_next(&branch->node, forward);
    const struct cluster *home = branch->home;

    if (next)
        return edge_of((const struct branch *)next, forward, spread);
    if (forward)
        return after_cluster(rows, home, spread);
    next = order_shown_edge(&home->clusters, false);
    if (next)
        return last_of((const struct cluster *)next, spread);
    return cluster_shown(home) ? row_of_cluster(home) : before_cluster(rows, home, spread);
}

static struct row step_from_cluster(const struct rows *rows, const struct cluster *cluster, bool forward,
                                    enum spread spread)
{
    if (!forward)
        return before_cluster(rows, cluster, spread);
    return cluster_shown(cluster) ? first_below(cluster, spread) : after_cluster(rows, cluster, spread);
}

struct row rows_step(const struct rows *rows, const struct row *from, bool forward, enum row_kind deepest)
{
    enum spread spread = deepest == ROW_TARGET ? SPREAD_NONE : SPREAD_FULL;
    const struct branch *branch = branch_of(rows, from->target);
    const struct cluster *cluster = cluster_of(rows, from->kind == ROW_GROUP ? from->group : from->connector);
    size_t offset;

    if (!branch && cluster && cluster->placed)
        return step_from_cluster(rows, cluster, forward, spread);
    if (!branch)
        return forward ? first_row(rows) : last_row(rows, spread);
    offset = branch_offset(branch, from, spread);
    if (branch->node.shown) {
        uint32_t connector = branch->home->kind == ROW_CONNECTOR ? branch->home->id : 0;

        if (forward && offset + 1 < branch_size(branch, spread))
            return branch_row(branch, connector, offset + 1, spread);
        if (!forward && offset)
            return branch_row(branch, connector, offset - 1, spread);
    }
    return step_from_branch(rows, branch, forward, spread);
}

static const struct branch *branch_of_trouble(const struct order_node *node)
{
    return (const struct branch *)((const char *)node - offsetof(struct branch, trouble));
}

bool rows_next_problem(const struct rows *rows, const struct row *from, bool forward, struct row *hit)
{
    const struct branch *branch = branch_of(rows, from->target);
    const struct order_node *next = NULL;

    if (branch && branch->troubled && from->kind > ROW_TARGET && !forward && branch->node.shown)
        next = &branch->trouble;
    else if (branch && branch->troubled)
        next = order_shown_next(&branch->trouble, forward);
    if (!next)
        next = order_shown_edge(&rows->troubles, forward);
    if (!next)
        return false;
    *hit = edge_of(branch_of_trouble(next), true, SPREAD_NONE);
    return true;
}
