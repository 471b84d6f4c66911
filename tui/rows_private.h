/* What the parts of tui/rows share. */
#pragma once

#include "engine/base/map.h"
#include "tui/branch.h"
#include "tui/order.h"
#include "tui/rows.h"

/* Where a target stands in a forest. */
struct place {
    struct order_node node;    /* among its shelf's; rows: its own included, 0 when hidden or removed */
    struct order_node trouble; /* among the problems */
    struct branch *branch;
    struct cluster *home;
    int64_t rank; /* what it is sorted by; as last read from the target, like the next three */
    int badness;  /* consequence_rank */
    uint8_t verdict;
    uint8_t state; /* enum contact_state */
    bool removed : 1;
    bool overdue : 1;
    bool hidden : 1;   /* by the filter, or where the grouping has no place for it */
    bool troubled : 1; /* `trouble` is among the problems */
};

/* What stands below a group or a connector in a forest. */
struct shelf {
    struct order_node node; /* among its siblings; rows: its own and those below */
    struct cluster *cluster;
    int64_t rank;          /* siblings stand by this, then by name */
    struct order clusters; /* of struct shelf: before the targets */
    struct order places;   /* of struct place */
    unsigned targets;      /* not removed */
    unsigned verdicts[verdict_count];
    struct rows_campaign campaign;
    unsigned ghosts; /* that are shown */
    uint32_t forest; /* serial of the forest that it is in; another: in none */
};

/* A group, or a connector below one: a row that holds others. Kept, with its fold, when another grouping
 * takes the tree. */
struct cluster {
    enum row_kind kind; /* ROW_GROUP or ROW_CONNECTOR */
    uint32_t id;
    char *name;             /* owned */
    struct cluster *parent; /* NULL: none is above */
    int64_t rank;           /* of its shelves */
    uint32_t epoch;         /* `open` counts in this one only */
    bool open;
    bool is_operator; /* folded until somebody asks, for there are many */
    bool by_size;     /* it stands by its number of targets, the largest first */
    struct shelf shelves[2];
};

/* What rows are asked to be like. */
struct wish {
    enum grouping grouping;
    enum sorting sorting;
    bool reversed;
    struct folding folding;
    bool (*keep)(void *context, const struct target *target);
    void *context;
};

#define SLAB_PLACES 512 /* places that are allocated together */

/* One arrangement of all targets. */
struct forest {
    struct wish wish;
    uint32_t serial;       /* no other has had it; 0: the forest is not there */
    struct order sections; /* of struct shelf */
    struct order troubles; /* the problems, of struct place by `trouble`, the worst first */
    size_t taken;          /* branches that were taken in, in their order */
    size_t targets;        /* not removed */
    size_t tagged;
    size_t ghosts; /* that are shown */
    unsigned verdicts[verdict_count];
    struct place **slabs; /* owned */
    size_t slab_count;
};

struct rows {
    struct model *model;
    struct forest forests[2];
    unsigned now; /* the forest that is shown; the other is the draft, or its remains */
    bool drafting;
    struct wish wish; /* the last one */
    size_t at_once;   /* targets up to which a draft is done at once */
    uint32_t serial;  /* the last one given */
    int32_t today;    /* when who is overdue was looked at */

    struct cluster **clusters; /* by id - 1; owned */
    size_t cluster_count;
    struct cluster *fixed[grouping_count][GROUPS_MOST];
    struct map by_operator; /* of clusters, by name */
    struct map by_key;      /* of clusters, connectors by name and demand */

    struct branch **by_id; /* by target id; NULL where the id is another kind's */
    size_t id_limit;
    size_t targets;         /* of the model that have a branch */
    struct branch **ghosts; /* by id less ROWS_GHOSTS; NULL where it was dropped; owned */
    size_t ghost_count;
    struct branch **all; /* in the order in which they were taken in; NULL where a ghost was dropped */
    size_t known;
};

static inline const struct forest *forest_now(const struct rows *rows)
{
    return &rows->forests[rows->now];
}

static inline struct branch *branch_of(const struct rows *rows, uint32_t target)
{
    if (target >= ROWS_GHOSTS)
        return target - ROWS_GHOSTS < rows->ghost_count ? rows->ghosts[target - ROWS_GHOSTS] : NULL;
    return target < rows->id_limit ? rows->by_id[target] : NULL;
}

/* Where it stands in the forest of a number; NULL when it was not taken in yet. */
static inline struct place *place_in(const struct rows *rows, const struct branch *branch, unsigned forest)
{
    return branch && branch->index < rows->forests[forest].taken ? branch->places[forest] : NULL;
}

static inline struct cluster *cluster_of(const struct rows *rows, uint32_t id)
{
    return id && id <= rows->cluster_count ? rows->clusters[id - 1] : NULL;
}

/* The cluster's shelf in the forest that is shown; NULL when it is not in there. */
static inline const struct shelf *shelf_now(const struct rows *rows, const struct cluster *cluster)
{
    const struct shelf *shelf = cluster ? &cluster->shelves[rows->now] : NULL;

    return shelf && shelf->forest == forest_now(rows)->serial ? shelf : NULL;
}

static inline const struct shelf *shelf_above(const struct rows *rows, const struct shelf *shelf)
{
    return shelf->cluster->parent ? &shelf->cluster->parent->shelves[rows->now] : NULL;
}

static inline const struct place *place_of_trouble(const struct order_node *node)
{
    return (const struct place *)((const char *)node - offsetof(struct place, trouble));
}

static inline struct row row_of_cluster(const struct cluster *cluster)
{
    if (cluster->kind == ROW_GROUP)
        return (struct row){.kind = ROW_GROUP, .group = cluster->id};
    return (struct row){.kind = ROW_CONNECTOR, .connector = cluster->id};
}

static inline uint32_t connector_above(const struct place *place)
{
    return place->home->kind == ROW_CONNECTOR ? place->home->id : 0;
}

static inline bool cluster_is_open(const struct cluster *cluster, const struct folding *folding)
{
    if (cluster->epoch == folding->epoch)
        return cluster->open;
    return folding->depth > 1 && !(cluster->is_operator && folding->epoch == 1);
}

/* Targets on the shelf that the filter shows. */
static inline size_t shelf_shown(const struct shelf *shelf)
{
    return order_shown(&shelf->clusters) + order_shown(&shelf->places);
}

/* rows.c: the target of a branch has changed, or its folds have. */
void rows_refresh(struct rows *rows, struct branch *branch);

/* rows.c: takes in one more; it has its target. */
void rows_take_in(struct rows *rows, struct branch *branch);

/* rows_cluster.c: where a target belongs by that grouping; made, with a new id, when it is the first. */
struct cluster *cluster_for(struct rows *rows, enum grouping grouping, const struct branch *branch);
void cluster_free(struct cluster *cluster);

/* rows_shelf.c: the cluster's shelf in that forest, put up there, and what is above it, when it is not. */
struct shelf *shelf_in(struct rows *rows, unsigned forest, struct cluster *cluster);
void forest_init(struct rows *rows, unsigned forest, const struct wish *wish);

/* What stands above follows what is below the cluster's shelf. */
void shelf_settle(struct rows *rows, unsigned forest, struct cluster *cluster);

/* rows_draft.c: the target's place in that forest: made; brought up to date with target and folds. */
void place_take_in(struct rows *rows, unsigned forest, struct branch *branch);
void place_refresh(struct rows *rows, unsigned forest, struct branch *branch);
/* Takes it out again. */
void place_drop(struct rows *rows, unsigned forest, struct branch *branch);

/* Counts a place in (+1) or out (-1). */
void place_tally(struct rows *rows, unsigned forest, const struct place *place, int sign);

/* Begins a draft of the wish. */
void draft_begin(struct rows *rows);

/* Frees all at once. */
void forest_release(struct forest *forest);
