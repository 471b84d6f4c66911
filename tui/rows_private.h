/* What the parts of tui/rows share. */
#pragma once

#include "engine/base/map.h"
#include "tui/branch.h"
#include "tui/order.h"
#include "tui/rows.h"

/* A group, or a connector below one: a row that holds others. Kept, with its fold, when another grouping
 * takes the tree. */
struct cluster {
    struct order_node node; /* among its siblings; rows: its own and those below */
    enum row_kind kind;     /* ROW_GROUP or ROW_CONNECTOR */
    uint32_t id;
    char *name;             /* owned */
    struct cluster *parent; /* NULL: none is above */
    int64_t rank;           /* siblings stand by this, then by name */
    struct order clusters;  /* of struct cluster: before the targets */
    struct order branches;  /* of struct branch */
    unsigned targets;       /* not removed */
    unsigned verdicts[verdict_count];
    bool open;
    bool placed;  /* in the tree as it is grouped now */
    bool by_size; /* it stands by its number of targets, the largest first */
};

struct rows {
    struct model *model;
    enum grouping grouping;
    enum sorting sorting;
    bool reversed;
    struct order sections; /* of struct cluster */
    struct order troubles; /* the problems, of struct branch by `trouble`, the worst first */

    struct cluster **clusters; /* by id - 1; owned */
    size_t cluster_count;
    struct cluster *fixed[grouping_count][GROUPS_MOST];
    struct map by_operator; /* of clusters, by name */
    struct map by_key;      /* of clusters, connectors by name and demand */

    struct branch **by_id; /* by target id; NULL where the id is another kind's */
    size_t id_limit;
    size_t known; /* targets of the model that were taken in */
    size_t targets, tagged;
    unsigned verdicts[verdict_count];
    unsigned depth;
    bool (*keep)(void *context, const struct target *target);
    void *context;
};

static inline struct branch *branch_of(const struct rows *rows, uint32_t target)
{
    return target < rows->id_limit ? rows->by_id[target] : NULL;
}

static inline struct cluster *cluster_of(const struct rows *rows, uint32_t id)
{
    return id && id <= rows->cluster_count ? rows->clusters[id - 1] : NULL;
}

static inline struct cluster *cluster_at(const struct order_node *node)
{
    return (struct cluster *)node;
}

static inline struct branch *branch_at(const struct order_node *node)
{
    return (struct branch *)node;
}

static inline struct row row_of_cluster(const struct cluster *cluster)
{
    if (cluster->kind == ROW_GROUP)
        return (struct row){.kind = ROW_GROUP, .group = cluster->id};
    return (struct row){.kind = ROW_CONNECTOR, .connector = cluster->id};
}

/* Targets of the cluster that the filter shows. */
static inline size_t cluster_shown(const struct cluster *cluster)
{
    return order_shown(&cluster->clusters) + order_shown(&cluster->branches);
}

/* rows_cluster.c: where a target belongs as things are grouped now, made when it is the first. New clusters
 * are not placed. */
struct cluster *cluster_for(struct rows *rows, const struct target *target);

/* Takes a cluster, and what is above it, into the tree where it is not placed. */
void cluster_place(struct rows *rows, struct cluster *cluster);

/* What stands above follows what is below the cluster; NULL is allowed. */
void cluster_settle(struct rows *rows, struct cluster *cluster);

/* Takes all clusters out of the tree, empty; they keep id, name and fold. */
void clusters_clear(struct rows *rows);

/* Sums of each placed cluster and of those above it, after its branches changed in bulk. */
void clusters_recount(struct rows *rows);

void cluster_free(struct cluster *cluster);

/* rows.c: the target of a branch has changed, or its folds have. */
void rows_refresh(struct rows *rows, struct branch *branch);

/* rows_build.c: reads all targets anew and builds the tree from nothing. */
void rows_build(struct rows *rows);

/* What a branch says of its target, read anew; its sums follow. */
void branch_read(const struct rows *rows, struct branch *branch);
bool branch_is_trouble(const struct branch *branch);

/* The counts of a target that is not removed, in (+1) or out (-1). */
void branch_tally(struct rows *rows, const struct branch *branch, int sign);
