#include "tui/rows.h"

#include "engine/base/day.h"
#include "engine/base/mem.h"
#include "tui/rows_private.h"

#include <stdlib.h>
#include <string.h>

#define AT_ONCE 2000

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

static const struct cluster *home_of(const struct rows *rows, uint32_t target)
{
    const struct place *place = place_in(rows, branch_of(rows, target), rows->now);

    return place ? place->home : NULL;
}

struct row rows_parent(const struct rows *rows, const struct row *row)
{
    const struct cluster *home = home_of(rows, row->target), *own = cluster_of(rows, row->connector);
    const struct cluster *above = row->kind == ROW_CONNECTOR ? own ? own->parent : NULL : home;
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
    rows->at_once = AT_ONCE;
    rows->today = day_of(model_time(model));
    rows->wish.folding = (struct folding){.epoch = 1, .depth = 2};
    map_init(&rows->by_operator);
    map_init(&rows->by_key);
    forest_init(rows, rows->now, &rows->wish);
    rows_sync(rows, NULL, 0);
    return rows;
}

void rows_free(struct rows *rows)
{
    size_t i;

    if (!rows)
        return;
    forest_release(&rows->forests[0]);
    forest_release(&rows->forests[1]);
    for (i = 0; i < rows->id_limit; i++)
        branch_free(rows->by_id[i]);
    for (i = 0; i < rows->ghost_count; i++)
        branch_free(rows->ghosts[i]);
    for (i = 0; i < rows->cluster_count; i++)
        cluster_free(rows->clusters[i]);
    map_release(&rows->by_operator, NULL);
    map_release(&rows->by_key, NULL);
    free(rows->clusters);
    free(rows->by_id);
    free(rows->ghosts);
    free(rows->all);
    free(rows);
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

/* A forest that is drafted comes to it by itself. */
void rows_take_in(struct rows *rows, struct branch *branch)
{
    if (!(rows->known & (rows->known - 1)))
        rows->all = mem_resize(rows->all, rows->known ? 2 * rows->known : 1, sizeof *rows->all);
    branch->index = (uint32_t)rows->known;
    rows->all[rows->known++] = branch;
    place_take_in(rows, rows->now, branch);
}

static void take_in(struct rows *rows, const struct target *target)
{
    struct branch *branch = mem_alloc(sizeof *branch);

    branch->target = target;
    reserve(rows, target->id);
    rows->by_id[target->id] = branch;
    rows->targets++;
    rows_take_in(rows, branch);
}

/* On another day others are overdue. */
static void follow_day(struct rows *rows)
{
    int32_t today = day_of(model_time(rows->model));

    if (today == rows->today)
        return;
    rows->today = today;
    draft_begin(rows);
}

void rows_sync(struct rows *rows, const uint32_t *changed, size_t count)
{
    size_t i;

    for (i = 0; i < count; i++) {
        struct branch *branch = branch_of(rows, changed[i]);

        if (branch)
            rows_refresh(rows, branch);
    }
    while (rows->targets < model_target_count(rows->model))
        take_in(rows, model_target_at(rows->model, rows->targets));
    follow_day(rows);
}

void rows_refresh(struct rows *rows, struct branch *branch)
{
    unsigned i;

    for (i = 0; i < 2; i++)
        if (place_in(rows, branch, i))
            place_refresh(rows, i, branch);
}

size_t rows_targets(const struct rows *rows)
{
    return forest_now(rows)->targets;
}

size_t rows_shown(const struct rows *rows)
{
    return order_shown(&forest_now(rows)->sections) - forest_now(rows)->ghosts;
}

size_t rows_ghosts_shown(const struct rows *rows)
{
    return forest_now(rows)->ghosts;
}

const unsigned *rows_all_verdicts(const struct rows *rows)
{
    return forest_now(rows)->verdicts;
}

const unsigned *rows_verdicts(const struct rows *rows, uint32_t id)
{
    static const unsigned none[verdict_count];
    const struct shelf *shelf = shelf_now(rows, cluster_of(rows, id));

    return shelf ? shelf->verdicts : none;
}

const struct rows_campaign *rows_campaign(const struct rows *rows, uint32_t id)
{
    static const struct rows_campaign none;
    const struct shelf *shelf = shelf_now(rows, cluster_of(rows, id));

    return shelf ? &shelf->campaign : &none;
}

size_t rows_shown_below(const struct rows *rows, uint32_t id)
{
    const struct shelf *shelf = shelf_now(rows, cluster_of(rows, id));

    return shelf ? shelf_shown(shelf) - shelf->ghosts : 0;
}

unsigned rows_ghosts_below(const struct rows *rows, uint32_t id)
{
    const struct shelf *shelf = shelf_now(rows, cluster_of(rows, id));

    return shelf ? shelf->ghosts : 0;
}

const char *rows_name(const struct rows *rows, uint32_t id)
{
    const struct cluster *cluster = cluster_of(rows, id);

    return cluster ? cluster->name : "";
}

static const struct target *target_at(const struct order_node *node)
{
    return ((const struct place *)node)->branch->target;
}

static const struct target *first_target(const struct shelf *shelf)
{
    const struct order_node *below = order_edge(&shelf->clusters, true), *node;

    for (; below; below = order_next(below, true)) {
        const struct target *target = first_target((const struct shelf *)below);

        if (target)
            return target;
    }
    node = order_edge(&shelf->places, true);
    return node ? target_at(node) : NULL;
}

/* The first target behind everything on a shelf, up to the end of the shelf `whole`. */
static const struct target *target_behind(const struct rows *rows, const struct shelf *shelf,
                                          const struct shelf *whole)
{
    const struct shelf *above;
    const struct order_node *next;

    for (; shelf != whole && (above = shelf_above(rows, shelf)) != NULL; shelf = above) {
        for (next = order_next(&shelf->node, true); next; next = order_next(next, true))
            if (first_target((const struct shelf *)next))
                return first_target((const struct shelf *)next);
        next = order_edge(&above->places, true);
        if (next)
            return target_at(next);
    }
    return NULL;
}

static const struct target *next_of_any_kind(const struct rows *rows, uint32_t id, const struct target *after)
{
    const struct shelf *whole = shelf_now(rows, cluster_of(rows, id));
    const struct place *place = after ? place_in(rows, branch_of(rows, after->id), rows->now) : NULL;
    const struct order_node *next;

    if (!whole)
        return NULL;
    if (!place)
        return first_target(whole);
    next = order_next(&place->node, true);
    return next ? target_at(next) : target_behind(rows, shelf_now(rows, place->home), whole);
}

const struct target *rows_next_target(const struct rows *rows, uint32_t id, const struct target *after)
{
    do
        after = next_of_any_kind(rows, id, after);
    while (after && after->id >= ROWS_GHOSTS);
    return after;
}

bool rows_is_below(const struct rows *rows, uint32_t target, uint32_t id)
{
    const struct cluster *cluster = home_of(rows, target);

    while (cluster && cluster->id != id)
        cluster = cluster->parent;
    return cluster;
}

size_t rows_tagged(const struct rows *rows)
{
    return forest_now(rows)->tagged;
}

bool rows_is_tagged(const struct rows *rows, uint32_t target)
{
    const struct branch *branch = branch_of(rows, target);

    return branch && branch->tagged;
}

static void tally(struct rows *rows, const struct branch *branch, int sign)
{
    unsigned i;

    for (i = 0; i < 2; i++)
        if (place_in(rows, branch, i))
            place_tally(rows, i, branch->places[i], sign);
}

void rows_set_tagged(struct rows *rows, uint32_t target, bool tagged)
{
    struct branch *branch = branch_of(rows, target);

    if (!branch)
        return;
    tally(rows, branch, -1);
    branch->tagged = tagged;
    tally(rows, branch, +1);
}
