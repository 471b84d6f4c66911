/* One target's part of the tree: its folds, and the rows below it: the hosts of its route, then those beside
 * it, with their endpoints and the TLS versions of those. Belongs to tui/rows. */
#pragma once

#include "engine/model/model.h"
#include "tui/order.h"
#include "tui/rows.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cluster;

struct branch {
    struct order_node node;      /* among its cluster's; rows: its own included, 0 when hidden or removed */
    struct order_node trouble;   /* among the problems */
    const struct target *target; /* borrowed */
    struct cluster *home;        /* NULL before it stands in the tree */
    int64_t rank;                /* what it is sorted by; as last read from the target, like the next three */
    enum verdict verdict;
    int badness; /* consequence_rank */
    bool removed;
    bool hidden; /* by the filter */
    bool tagged;
    bool troubled; /* `trouble` is among the problems */
    bool open;
    bool hosts_open, endpoints_open; /* how those stand that are not in `flipped` */
    uint32_t *flipped;               /* hosts and endpoints that stand the other way; owned */
    size_t flipped_count;
};

/* Which rows to count: as folds say, all but the versions, or the target's alone. */
enum spread { SPREAD_FOLDED, SPREAD_FULL, SPREAD_NONE };

void branch_free(struct branch *branch); /* NULL is allowed */
size_t branch_visible(const struct branch *branch);
size_t branch_size(const struct branch *branch, enum spread spread);

/* The row at `offset` below size; the offset of a row, or of its nearest parent that counts. `connector`: the
 * id of the connector above, 0 without. */
struct row branch_row(const struct branch *branch, uint32_t connector, size_t offset, enum spread spread);
size_t branch_offset(const struct branch *branch, const struct row *row, enum spread spread);

/* Folds of what is below: a host's or an endpoint's row. */
bool branch_is_open(const struct branch *branch, const struct row *row);
bool branch_has_children(const struct branch *branch, const struct row *row);
void branch_set_open(struct branch *branch, const struct row *row, bool open);

/* As rows_fold_to_depth. */
void branch_fold(struct branch *branch, unsigned depth);
