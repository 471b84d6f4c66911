#include "tui/rows_private.h"

/* A walk over the rows of the forest that is shown. */
struct walk {
    const struct rows *rows;
    const struct folding *folding;
    enum spread spread;
};

static struct row edge_of(const struct walk *walk, const struct order_node *node, bool first)
{
    const struct place *place = (const struct place *)node;
    size_t offset = first ? 0 : branch_size(place->branch, walk->folding, walk->spread) - 1;

    return branch_row(place->branch, walk->folding, connector_above(place), offset, walk->spread);
}

static struct row row_of(const struct order_node *shelf)
{
    return row_of_cluster(((const struct shelf *)shelf)->cluster);
}

/* The first row below a shelf that shows something. */
static struct row first_below(const struct walk *walk, const struct shelf *shelf)
{
    const struct order_node *below = order_shown_edge(&shelf->clusters, true);

    return below ? row_of(below) : edge_of(walk, order_shown_edge(&shelf->places, true), true);
}

/* The last row of a shelf that shows something. */
static struct row last_of(const struct walk *walk, const struct order_node *shelf)
{
    const struct order_node *place;

    while (!(place = order_shown_edge(&((const struct shelf *)shelf)->places, false)))
        shelf = order_shown_edge(&((const struct shelf *)shelf)->clusters, false);
    return edge_of(walk, place, false);
}

static struct row end_of_all(const struct walk *walk, bool first)
{
    const struct order_node *section = order_shown_edge(&forest_now(walk->rows)->sections, first);

    if (!section)
        return (struct row){0};
    return first ? row_of(section) : last_of(walk, section);
}

/* The row behind everything that is on a shelf. */
static struct row behind(const struct walk *walk, const struct shelf *shelf)
{
    const struct shelf *above;
    const struct order_node *next;

    for (; shelf; shelf = above) {
        next = order_shown_next(&shelf->node, true);
        if (next)
            return row_of(next);
        above = shelf_above(walk->rows, shelf);
        next = above ? order_shown_edge(&above->places, true) : NULL;
        if (next)
            return edge_of(walk, next, true);
    }
    return end_of_all(walk, true);
}

/* The row before a shelf's own. */
static struct row before(const struct walk *walk, const struct shelf *shelf)
{
    for (; shelf; shelf = shelf_above(walk->rows, shelf)) {
        const struct order_node *next = order_shown_next(&shelf->node, false);
        const struct shelf *above = shelf_above(walk->rows, shelf);

        if (next)
            return last_of(walk, next);
        if (above && shelf_shown(above))
            return row_of_cluster(above->cluster);
    }
    return end_of_all(walk, false);
}

static struct row step_from_shelf(const struct walk *walk, const struct shelf *shelf, bool forward)
{
    if (!forward)
        return before(walk, shelf);
    return shelf_shown(shelf) ? first_below(walk, shelf) : behind(walk, shelf);
}

/* From the last row of a place on, or from its first back. */
static struct row step_from_place(const struct walk *walk, const struct place *place, bool forward)
{
    const struct order_node *next = order_shown_next(&place->node, forward);
    const struct shelf *home = shelf_now(walk->rows, place->home);

    if (next)
        return edge_of(walk, next, forward);
    if (forward)
        return behind(walk, home);
    next = order_shown_edge(&home->clusters, false);
    if (next)
        return last_of(walk, next);
    return shelf_shown(home) ? row_of_cluster(home->cluster) : before(walk, home);
}

static struct row step_within(const struct walk *walk, const struct place *place, const struct row *from,
                              bool forward)
{
    size_t offset = branch_offset(place->branch, walk->folding, from, walk->spread);
    bool more = forward ? offset + 1 < branch_size(place->branch, walk->folding, walk->spread) : offset > 0;

    if (!place->node.shown || !more)
        return step_from_place(walk, place, forward);
    return branch_row(place->branch, walk->folding, connector_above(place), forward ? offset + 1 : offset - 1,
                      walk->spread);
}

struct row rows_step(const struct rows *rows, const struct row *from, bool forward, enum row_kind deepest)
{
    struct walk walk = {rows, &forest_now(rows)->wish.folding,
                        deepest == ROW_TARGET ? SPREAD_NONE : SPREAD_FULL};
    const struct place *place = place_in(rows, branch_of(rows, from->target), rows->now);
    const struct shelf *shelf =
        shelf_now(rows, cluster_of(rows, from->kind == ROW_GROUP ? from->group : from->connector));

    if (place)
        return step_within(&walk, place, from, forward);
    return shelf ? step_from_shelf(&walk, shelf, forward) : end_of_all(&walk, forward);
}

bool rows_next_problem(const struct rows *rows, const struct row *from, bool forward, struct row *hit)
{
    const struct place *place = place_in(rows, branch_of(rows, from->target), rows->now);
    bool troubled = place && place->troubled;
    const struct order_node *next = NULL;

    if (troubled && from->kind > ROW_TARGET && !forward && place->node.shown)
        next = &place->trouble;
    else if (troubled)
        next = order_shown_next(&place->trouble, forward);
    if (!next)
        next = order_shown_edge(&forest_now(rows)->troubles, forward);
    if (!next)
        return false;
    place = place_of_trouble(next);
    *hit = (struct row){
        .kind = ROW_TARGET, .connector = connector_above(place), .target = place->branch->target->id};
    return true;
}

static bool changed(const struct rows *rows, const struct row *row)
{
    enum since since = rows_since(rows, row->target);

    return row->kind == ROW_TARGET && since != SINCE_NOT_COMPARED && since != SINCE_SAME;
}

bool rows_next_change(const struct rows *rows, const struct row *from, bool forward, struct row *hit)
{
    size_t left = rows->known + rows->cluster_count + 1;

    *hit = *from;
    while (left--) {
        *hit = rows_step(rows, hit, forward, ROW_TARGET);
        if (changed(rows, hit))
            return true;
    }
    return false;
}
