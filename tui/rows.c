#include "tui/rows.h"

#include "engine/base/mem.h"
#include "tui/rows_private.h"

#include <stdlib.h>
#include <string.h>

bool row_equal(const struct row *a, const struct row *b)
{
    if (a->kind != b->kind)
        return false;
    if (a->kind == ROW_GROUP)
        return a->group == b->group;
    if (a->kind == ROW_CONNECTOR)
        return a->connector == b->connector;
    return a->target == b->target && a->host == b->host && a->endpoint == b->endpoint &&
           a->version == b->version;
}

unsigned row_depth(const struct row *row)
{
    if (row->kind <= ROW_GROUP)
        return 0;
    return (unsigned)row->kind - ROW_GROUP - (row->kind > ROW_CONNECTOR && !row->connector);
}

struct row rows_parent(const struct rows *rows, const struct row *row)
{
    const struct branch *branch = branch_of(rows, row->target);
    const struct cluster *above = branch                       ? branch->home
                                  : row->kind == ROW_CONNECTOR ? cluster_of(rows, row->connector)->parent
                                                               : NULL;
    struct row parent = *row;

    parent.version = (enum tls_version)0;
    if (row->kind == ROW_ENDPOINT)
        parent.endpoint = 0;
    else if (row->kind == ROW_HOST)
        parent.host = 0;
    else if (row->kind <= ROW_TARGET)
        return above ? row_of_cluster(above) : (struct row){0};
    parent.kind = (enum row_kind)(row->kind - 1);
    return parent;
}

struct rows *rows_new(struct model *model)
{
    struct rows *rows = mem_alloc(sizeof *rows);

    rows->model = model;
    rows->depth = 2;
    map_init(&rows->by_operator);
    map_init(&rows->by_key);
    clusters_clear(rows);
    rows_sync(rows, NULL, 0);
    return rows;
}

void rows_free(struct rows *rows)
{
    size_t i;

    if (!rows)
        return;
    for (i = 0; i < rows->id_limit; i++)
        branch_free(rows->by_id[i]);
    for (i = 0; i < rows->cluster_count; i++)
        cluster_free(rows->clusters[i]);
    map_release(&rows->by_operator, NULL);
    map_release(&rows->by_key, NULL);
    free(rows->clusters);
    free(rows->by_id);
    free(rows);
}

static void enter(struct rows *rows, struct branch *branch, struct cluster *home)
{
    branch->home = home;
    cluster_place(rows, home);
    order_insert(&home->branches, &branch->node);
}

static void follow_trouble(struct rows *rows, struct branch *branch, bool moved)
{
    bool trouble = branch_is_trouble(branch);

    if (branch->troubled && (moved || !trouble)) {
        order_remove(&rows->troubles, &branch->trouble);
        branch->troubled = false;
    }
    if (branch->troubled || !trouble) {
        if (trouble)
            order_set(&branch->trouble, 0, branch->node.shown);
        return;
    }
    branch->trouble.rows = 0;
    branch->trouble.shown = branch->node.shown;
    branch->troubled = true;
    order_insert(&rows->troubles, &branch->trouble);
}

void rows_refresh(struct rows *rows, struct branch *branch)
{
    struct cluster *before = branch->home, *home = cluster_for(rows, branch->target);
    int64_t rank = branch->rank;
    int badness = branch->badness;
    size_t visible;

    branch_tally(rows, branch, -1);
    branch_read(rows, branch);
    visible = branch_visible(branch);
    if (home == before && rank == branch->rank) {
        order_set(&branch->node, visible, visible > 0);
    } else {
        order_remove(&before->branches, &branch->node);
        branch->node.rows = (uint32_t)visible;
        branch->node.shown = visible > 0;
        enter(rows, branch, home);
    }
    branch_tally(rows, branch, +1);
    if (home != before)
        cluster_settle(rows, before);
    cluster_settle(rows, home);
    follow_trouble(rows, branch, rank != branch->rank || badness != branch->badness);
}

static void reserve(struct rows *rows, uint32_t id)
{
    size_t limit = rows->id_limit ? rows->id_limit : 64;

    while (limit <= id)
        limit *= 2;
    if (limit == rows->id_limit)
        return;
    rows->by_id = mem_resize(rows->by_id, limit, sizeof *rows->by_id);
    memset(rows->by_id + rows->id_limit, 0, (limit - rows->id_limit) * sizeof *rows->by_id);
    rows->id_limit = limit;
}

static struct branch *take_in(struct rows *rows, const struct target *target)
{
    struct branch *branch = mem_alloc(sizeof *branch);

    branch->target = target;
    branch_fold(branch, rows->depth);
    reserve(rows, target->id);
    rows->by_id[target->id] = branch;
    return branch;
}

static void add(struct rows *rows, struct branch *branch)
{
    branch_read(rows, branch);
    branch->node.rows = (uint32_t)branch_visible(branch);
    branch->node.shown = branch->node.rows > 0;
    enter(rows, branch, cluster_for(rows, branch->target));
    branch_tally(rows, branch, +1);
    cluster_settle(rows, branch->home);
    follow_trouble(rows, branch, false);
}

/* Where much has changed, everything is built anew, which costs less than one by one. */
void rows_sync(struct rows *rows, const uint32_t *changed, size_t count)
{
    size_t more = model_target_count(rows->model) - rows->known, i;
    bool whole = !rows->known || more > rows->known || count > rows->known / 4 + 16;

    for (i = 0; i < count && !whole; i++) {
        struct branch *branch = branch_of(rows, changed[i]);

        if (branch)
            rows_refresh(rows, branch);
    }
    for (; more; more--) {
        struct branch *branch = take_in(rows, model_target_at(rows->model, rows->known++));

        if (!whole)
            add(rows, branch);
    }
    if (whole)
        rows_build(rows);
}

size_t rows_targets(const struct rows *rows)
{
    return rows->targets;
}

size_t rows_shown(const struct rows *rows)
{
    return order_shown(&rows->sections);
}

size_t rows_tagged(const struct rows *rows)
{
    return rows->tagged;
}

const unsigned *rows_all_verdicts(const struct rows *rows)
{
    return rows->verdicts;
}

const unsigned *rows_verdicts(const struct rows *rows, uint32_t id)
{
    return cluster_of(rows, id)->verdicts;
}

const char *rows_name(const struct rows *rows, uint32_t id)
{
    return cluster_of(rows, id)->name;
}

static const struct target *first_target(const struct cluster *cluster)
{
    const struct order_node *below = order_edge(&cluster->clusters, true);
    const struct order_node *node;

    for (; below; below = order_next(below, true)) {
        const struct target *target = first_target((const struct cluster *)below);

        if (target)
            return target;
    }
    node = order_edge(&cluster->branches, true);
    return node ? ((const struct branch *)node)->target : NULL;
}

const struct target *rows_next_target(const struct rows *rows, uint32_t id, const struct target *after)
{
    const struct cluster *cluster = cluster_of(rows, id), *at;
    const struct branch *branch = after ? branch_of(rows, after->id) : NULL;
    const struct order_node *next;

    if (!branch)
        return first_target(cluster);
    next = order_next(&branch->node, true);
    if (next)
        return ((const struct branch *)next)->target;
    for (at = branch->home; at != cluster && at->parent; at = at->parent) {
        for (next = order_next(&at->node, true); next; next = order_next(next, true))
            if (first_target((const struct cluster *)next))
                return first_target((const struct cluster *)next);
        next = order_edge(&at->parent->branches, true);
        if (next)
            return ((const struct branch *)next)->target;
    }
    return NULL;
}

bool rows_is_below(const struct rows *rows, uint32_t target, uint32_t id)
{
    const struct branch *branch = branch_of(rows, target);
    const struct cluster *cluster = branch ? branch->home : NULL;

    while (cluster && cluster->id != id)
        cluster = cluster->parent;
    return cluster;
}

enum grouping rows_grouping(const struct rows *rows)
{
    return rows->grouping;
}

enum sorting rows_sorting(const struct rows *rows)
{
    return rows->sorting;
}

bool rows_reversed(const struct rows *rows)
{
    return rows->reversed;
}

void rows_set_grouping(struct rows *rows, enum grouping grouping)
{
    rows->grouping = grouping;
    rows_build(rows);
}

void rows_set_sorting(struct rows *rows, enum sorting sorting, bool reversed)
{
    rows->sorting = sorting;
    rows->reversed = reversed;
    rows_build(rows);
}

bool rows_is_tagged(const struct rows *rows, uint32_t target)
{
    const struct branch *branch = branch_of(rows, target);

    return branch && branch->tagged;
}

void rows_set_tagged(struct rows *rows, uint32_t target, bool tagged)
{
    struct branch *branch = branch_of(rows, target);

    if (!branch)
        return;
    branch_tally(rows, branch, -1);
    branch->tagged = tagged;
    branch_tally(rows, branch, +1);
}
