/* The tree as the screen shows it: class groups → connectors (of partners) → targets → hosts → endpoints,
 * flattened by folds and filter. Rows are named by permanent ids, never by position. Nothing is built per
 * row: each group keeps its connectors, and each of those its targets, in order with a count of visible rows
 * in a Fenwick tree, so finding a row by position or a position by identity costs O(log targets), and an
 * event costs as much as the targets it changes. */
#pragma once

#include "engine/model/model.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum row_kind { ROW_NONE, ROW_GROUP, ROW_CONNECTOR, ROW_TARGET, ROW_HOST, ROW_ENDPOINT };

/* A row's identity. A host or endpoint that several targets share has one row below each of them. */
struct row {
    enum row_kind kind;
    enum target_class class;         /* ROW_GROUP */
    uint32_t connector;              /* id of the connector's row above, or of this one; 0: none */
    uint32_t target, host, endpoint; /* ids; those above the kind's level are 0 */
};

bool row_equal(const struct row *a, const struct row *b);

/* Levels of indentation: 0 for a group. */
unsigned row_depth(const struct row *row);

/* The row above in the tree; ROW_NONE for a group, whose parent there is none. */
struct rows;
struct row rows_parent(const struct rows *rows, const struct row *row);

/* The model is borrowed. */
struct rows *rows_new(struct model *model);
void rows_free(struct rows *rows);

/* Takes in new targets and what changed at the given ones (from model_take_changed). */
void rows_sync(struct rows *rows, const uint32_t *changed, size_t count);

/* Visible rows. */
size_t rows_count(const struct rows *rows);
struct row rows_at(const struct rows *rows, size_t index); /* ROW_NONE past the end */

/* Where `row` is. When folds hide it, *row becomes the visible parent; when the filter hides it, a neighbour.
 * False when no row is visible at all. */
bool rows_locate(const struct rows *rows, struct row *row, size_t *index);

/* Targets that are there (removed ones not counted), those that the filter shows, and those tagged. */
size_t rows_targets(const struct rows *rows);
size_t rows_shown(const struct rows *rows);
size_t rows_tagged(const struct rows *rows);

/* Targets per verdict in a group, whether the filter shows them or not. */
const unsigned *rows_verdicts(const struct rows *rows, enum target_class class);

/* The same of a connector, its name, and its targets in order, removed ones too; `index` past the end gives
 * NULL. */
const unsigned *rows_connector_verdicts(const struct rows *rows, uint32_t connector);
const char *rows_connector_name(const struct rows *rows, uint32_t connector);
const struct target *rows_connector_target(const struct rows *rows, uint32_t connector, size_t index);

/* Folds. Groups, connectors, targets and hosts have them; endpoints are never open. */
bool rows_is_open(const struct rows *rows, const struct row *row);
bool rows_has_children(const struct rows *rows, const struct row *row);
void rows_set_open(struct rows *rows, const struct row *row, bool open);
void rows_fold_to_depth(struct rows *rows, unsigned depth); /* 1: groups only, 2: with connectors and
                                                               targets … 4: everything */
unsigned rows_depth(const struct rows *rows);               /* the last one asked for, 2 at first */

/* Opens everything above a row. Returns a bit per level that had been closed, to give to rows_unreveal. */
unsigned rows_reveal(struct rows *rows, const struct row *row);
void rows_unreveal(struct rows *rows, const struct row *row, unsigned opened);

/* The next row (or the one before) of the whole tree, folded parts too, filtered parts not, down to
 * `deepest`; wraps around. ROW_NONE starts at the first (last). ROW_NONE comes back from an empty tree. */
struct row rows_step(const struct rows *rows, const struct row *from, bool forward, enum row_kind deepest);

/* Tags on targets. */
bool rows_is_tagged(const struct rows *rows, uint32_t target);
void rows_set_tagged(struct rows *rows, uint32_t target, bool tagged);

/* Shows only the targets that `keep` accepts; NULL shows all. Asked again whenever a target changes. */
void rows_set_filter(struct rows *rows, bool (*keep)(void *context, const struct target *target),
                     void *context);
