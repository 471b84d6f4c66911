#include "tui/rows_private.h"

size_t rows_count(const struct rows *rows)
{
    return order_rows(&forest_now(rows)->sections);
}

/* Row number `offset` of a shelf that is open as far as it counts; 0 is its own. */
static struct row row_in(const struct rows *rows, const struct shelf *shelf, size_t offset)
{
    const struct place *place;

    while (offset--) {
        size_t below = order_rows(&shelf->clusters);

        if (offset < below) {
            shelf = (const struct shelf *)order_find(&shelf->clusters, &offset);
            continue;
        }
        offset -= below;
        place = (const struct place *)order_find(&shelf->places, &offset);
        return branch_row(place->branch, &forest_now(rows)->wish.folding, connector_above(place), offset,
                          SPREAD_FOLDED);
    }
    return row_of_cluster(shelf->cluster);
}

struct row rows_at(const struct rows *rows, size_t index)
{
    const struct shelf *shelf = (const struct shelf *)order_find(&forest_now(rows)->sections, &index);

    return shelf ? row_in(rows, shelf, index) : (struct row){0};
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

/* Where a shelf's own row is, or would be. */
static size_t start_of(const struct rows *rows, const struct shelf *shelf)
{
    size_t start = order_before(&shelf->node);
    const struct shelf *above;

    for (above = shelf_above(rows, shelf); above; above = shelf_above(rows, above))
        start += 1 + order_before(&above->node);
    return start;
}

/* The outermost closed one of a shelf and those above it; NULL when all are open. */
static const struct shelf *closed_from(const struct rows *rows, const struct shelf *shelf)
{
    const struct shelf *closed = NULL;

    for (; shelf; shelf = shelf_above(rows, shelf))
        if (!cluster_is_open(shelf->cluster, &forest_now(rows)->wish.folding) && shelf_shown(shelf))
            closed = shelf;
    return closed;
}

static bool locate_shelf(const struct rows *rows, const struct shelf *shelf, struct row *row, size_t *index)
{
    const struct shelf *closed = closed_from(rows, shelf_above(rows, shelf));

    if (closed)
        shelf = closed;
    if (!shelf_shown(shelf))
        return nearest(rows, start_of(rows, shelf), row, index);
    *index = start_of(rows, shelf);
    *row = row_of_cluster(shelf->cluster);
    return true;
}

static bool locate_place(const struct rows *rows, const struct place *place, struct row *row, size_t *index)
{
    const struct shelf *home = shelf_now(rows, place->home), *closed = closed_from(rows, home);
    const struct folding *folding = &forest_now(rows)->wish.folding;
    size_t offset;

    if (closed)
        return locate_shelf(rows, closed, row, index);
    *index = start_of(rows, home) + 1 + order_rows(&home->clusters) + order_before(&place->node);
    if (!place->node.rows)
        return nearest(rows, *index, row, index);
    offset = branch_offset(place->branch, folding, row, SPREAD_FOLDED);
    *row = branch_row(place->branch, folding, connector_above(place), offset, SPREAD_FOLDED);
    *index += offset;
    return true;
}

bool rows_locate(const struct rows *rows, struct row *row, size_t *index)
{
    const struct place *place = place_in(rows, branch_of(rows, row->target), rows->now);
    const struct shelf *shelf =
        shelf_now(rows, cluster_of(rows, row->kind == ROW_GROUP ? row->group : row->connector));

    *index = 0;
    if (place)
        return locate_place(rows, place, row, index);
    if (shelf)
        return locate_shelf(rows, shelf, row, index);
    return nearest(rows, 0, row, index);
}
