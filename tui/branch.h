/* One target's part of the tree: its folds, and the rows below it: the hosts of its route, then those beside
 * it. Belongs to tui/rows. */
#pragma once

#include "engine/model/model.h"
#include "tui/group.h"
#include "tui/rows.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bundle;

struct branch {
    struct item item;            /* rows: its own included; 0 when hidden or removed */
    const struct target *target; /* borrowed */
    struct bundle *bundle;       /* its connector's; NULL: directly below its class */
    uint32_t connector;          /* the bundle's id, 0 without */
    enum target_class class;     /* as last read from the target, like the two below */
    enum verdict verdict;
    bool removed;
    bool hidden; /* by the filter */
    bool tagged;
    bool open;
    bool hosts_open;   /* how hosts stand that are not in `flipped` */
    uint32_t *flipped; /* hosts that stand the other way; owned */
    size_t flipped_count;
};

/* Which rows to count: as folds say, all, or the target's alone. */
enum spread { SPREAD_FOLDED, SPREAD_FULL, SPREAD_NONE };

void branch_free(struct branch *branch); /* NULL is allowed */
size_t branch_visible(const struct branch *branch);
size_t branch_size(const struct branch *branch, enum spread spread);

/* The row at `offset` below size; the offset of a row, or of its nearest parent that counts. */
struct row branch_row(const struct branch *branch, size_t offset, enum spread spread);
size_t branch_offset(const struct branch *branch, const struct row *row, enum spread spread);

bool branch_host_open(const struct branch *branch, uint32_t host);
bool branch_host_children(const struct branch *branch, uint32_t host);
void branch_host_set_open(struct branch *branch, uint32_t host, bool open);
void branch_fold(struct branch *branch, bool open, bool hosts_open);
