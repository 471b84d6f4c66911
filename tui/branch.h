/* One target's part of the tree: its folds, and the rows below it: the hosts of its route, then those beside
 * it, with their endpoints and the TLS versions of those. Belongs to tui/rows. */
#pragma once

#include "engine/model/model.h"
#include "tui/order.h"
#include "tui/rows.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How rows stand whose folds nobody touched since all were folded to a depth for the last time. */
struct folding {
    uint32_t epoch; /* counts those times */
    unsigned depth; /* as rows_fold_to_depth */
};

struct place;

struct branch {
    const struct target *target; /* borrowed */
    struct place *places[2];     /* in the forest of this number; NULL or stale where it was not taken in */
    uint32_t index;              /* in the order in which the rows took them in */
    uint32_t epoch;              /* the four below count in this one only */
    bool open;
    bool hosts_open, endpoints_open; /* how those stand that are not in `flipped` */
    bool tagged;
    bool ghost;          /* of no target of the model's: nothing is below it */
    bool only_by_change; /* no other grouping has a place for it */
    uint8_t since;       /* enum since */
    uint32_t flipped_count;
    uint32_t *flipped; /* hosts and endpoints that stand the other way; owned */
};

/* Which rows to count: as folds say, all but the versions, or the target's alone. */
enum spread { SPREAD_FOLDED, SPREAD_FULL, SPREAD_NONE };

void branch_free(struct branch *branch); /* NULL is allowed */
size_t branch_size(const struct branch *branch, const struct folding *folding, enum spread spread);

/* The row at `offset` below size; the offset of a row, or of its nearest parent that counts. `connector`: the
 * id of the connector above, 0 without. */
struct row branch_row(const struct branch *branch, const struct folding *folding, uint32_t connector,
                      size_t offset, enum spread spread);
size_t branch_offset(const struct branch *branch, const struct folding *folding, const struct row *row,
                     enum spread spread);

/* Folds of the target's row, and of the hosts' and endpoints' below. */
bool branch_is_open(const struct branch *branch, const struct folding *folding, const struct row *row);
bool branch_has_children(const struct branch *branch, const struct row *row);
void branch_set_open(struct branch *branch, const struct folding *folding, const struct row *row, bool open);
