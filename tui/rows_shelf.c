#include "tui/rows_private.h"

#include <string.h>

static int compare_shelves(const struct order_node *a, const struct order_node *b)
{
    const struct shelf *one = (const struct shelf *)a, *other = (const struct shelf *)b;
    int by_name;

    if (one->rank != other->rank)
        return one->rank < other->rank ? -1 : 1;
    by_name = strcmp(one->cluster->name, other->cluster->name);
    return by_name ? by_name : one->cluster->id < other->cluster->id ? -1 : 1;
}

static int by_rank(const struct place *one, const struct place *other, int sign)
{
    const struct target *a = one->branch->target, *b = other->branch->target;
    int by_name;

    if (one->rank != other->rank)
        return one->rank < other->rank ? -1 : 1;
    by_name = sign * strcmp(a->spec.domain, b->spec.domain);
    return by_name ? by_name : a->id < b->id ? -1 : 1;
}

static int compare_up(const struct order_node *a, const struct order_node *b)
{
    return by_rank((const struct place *)a, (const struct place *)b, 1);
}

/* Names from the last to the first. */
static int compare_down(const struct order_node *a, const struct order_node *b)
{
    return by_rank((const struct place *)a, (const struct place *)b, -1);
}

static int compare_troubles(const struct order_node *a, const struct order_node *b)
{
    const struct place *one = place_of_trouble(a), *other = place_of_trouble(b);

    if (one->badness != other->badness)
        return one->badness < other->badness ? -1 : 1;
    return by_rank(one, other, 1);
}

void forest_init(struct rows *rows, unsigned forest, const struct wish *wish)
{
    struct forest *f = &rows->forests[forest];

    memset(f, 0, sizeof *f);
    f->wish = *wish;
    f->serial = ++rows->serial;
    order_init(&f->sections, compare_shelves);
    order_init(&f->troubles, compare_troubles);
}

static size_t visible(const struct shelf *shelf, const struct folding *folding)
{
    if (!shelf_shown(shelf))
        return 0;
    return 1 + (cluster_is_open(shelf->cluster, folding)
                    ? order_rows(&shelf->clusters) + order_rows(&shelf->places)
                    : 0);
}

static struct order *siblings_of(struct rows *rows, unsigned forest, const struct cluster *cluster)
{
    return cluster->parent ? &cluster->parent->shelves[forest].clusters : &rows->forests[forest].sections;
}

static void put_up(struct rows *rows, unsigned forest, struct cluster *cluster)
{
    const struct wish *wish = &rows->forests[forest].wish;
    struct shelf *shelf = &cluster->shelves[forest];

    memset(shelf, 0, sizeof *shelf);
    shelf->cluster = cluster;
    shelf->rank = cluster->rank;
    shelf->forest = rows->forests[forest].serial;
    order_init(&shelf->clusters, compare_shelves);
    order_init(&shelf->places, wish->sorting == SORT_NAME && wish->reversed ? compare_down : compare_up);
    order_insert(siblings_of(rows, forest, cluster), &shelf->node);
}

struct shelf *shelf_in(struct rows *rows, unsigned forest, struct cluster *cluster)
{
    struct shelf *shelf = &cluster->shelves[forest];

    if (shelf->forest == rows->forests[forest].serial)
        return shelf;
    if (cluster->parent)
        shelf_in(rows, forest, cluster->parent);
    put_up(rows, forest, cluster);
    return shelf;
}

void shelf_settle(struct rows *rows, unsigned forest, struct cluster *cluster)
{
    for (; cluster; cluster = cluster->parent) {
        struct shelf *shelf = &cluster->shelves[forest];
        struct order *siblings = siblings_of(rows, forest, cluster);

        order_set(&shelf->node, visible(shelf, &rows->forests[forest].wish.folding), shelf_shown(shelf));
        if (!cluster->by_size || shelf->rank == -(int64_t)shelf->targets)
            continue;
        order_remove(siblings, &shelf->node);
        shelf->rank = -(int64_t)shelf->targets;
        order_insert(siblings, &shelf->node);
    }
}
