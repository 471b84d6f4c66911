/* The tree as the screen shows it: groups → connectors (of partners) → targets → hosts → endpoints → TLS
 * versions, flattened by folds and filter. Rows are named by permanent ids, never by position. Nothing is
 * built per row: groups, connectors and targets stand in ordered trees that count visible rows (tui/order),
 * so finding a row by position or a position by identity costs O(log targets), and an event costs as much
 * as the targets it changes, wherever sorting and grouping move them. */
#pragma once

#include "engine/model/model.h"
#include "tui/arrange.h"
#include "tui/since.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum row_kind { ROW_NONE, ROW_GROUP, ROW_CONNECTOR, ROW_TARGET, ROW_HOST, ROW_ENDPOINT, ROW_VERSION };

/* A row's identity. A host or endpoint that several targets share has one row below each of them. */
struct row {
    enum row_kind kind;
    uint32_t group;                  /* ROW_GROUP: its id */
    uint32_t connector;              /* id of the connector's row above, or of this one; 0: none */
    uint32_t target, host, endpoint; /* ids; those above the kind's level are 0 */
    enum tls_version version;        /* ROW_VERSION */
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

/* Takes in new targets and what changed at the given ones (from model_take_changed). Until then nothing else
 * here may be called once the model has changed. */
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
size_t rows_ghosts_shown(const struct rows *rows);
size_t rows_tagged(const struct rows *rows);

/* Targets per verdict, whether the filter shows them or not: of all, and of a group or connector by its id.
 */
const unsigned *rows_all_verdicts(const struct rows *rows);
const unsigned *rows_verdicts(const struct rows *rows, uint32_t id);

/* How far people are with the targets, whether the filter shows them or not: how many have each state, and
 * how many are open although their day is over (engine/report/campaign.h). Of a group or connector. */
struct rows_campaign {
    unsigned states[contact_state_count];
    unsigned overdue;
};
const struct rows_campaign *rows_campaign(const struct rows *rows, uint32_t id);

/* Targets of a group or connector that the filter shows. */
size_t rows_shown_below(const struct rows *rows, uint32_t id);

/* Rows that stand for what is there no more: each with an id from ROWS_GHOSTS up, which no target of a model
 * has, nothing below it and nothing counted. What tells of targets by number or one after the other
 * leaves them out. */
#define ROWS_GHOSTS 0x80000000u
bool rows_is_ghost(uint32_t target);
/* Adds one; `ghost` (borrowed until it is dropped) has the id of rows_next_ghost. `only_by_change`: to be
 * seen in GROUP_BY_CHANGE alone. */
uint32_t rows_next_ghost(const struct rows *rows);
void rows_add_ghost(struct rows *rows, const struct target *ghost, enum since since, bool only_by_change);
void rows_drop_ghost(struct rows *rows, uint32_t id);
unsigned rows_ghosts_below(const struct rows *rows, uint32_t id); /* of a group or connector, shown */

/* The target of a row, or the ghost; NULL when there is none. */
const struct target *rows_target(const struct rows *rows, uint32_t target);

/* How a target stands against an earlier session; SINCE_NOT_COMPARED at first. */
void rows_set_since(struct rows *rows, uint32_t target, enum since since);
enum since rows_since(const struct rows *rows, uint32_t target);
/* SINCE_NOT_COMPARED for all; a draft follows. */
void rows_forget_since(struct rows *rows);

/* What a group or connector is called; the rows' own. */
const char *rows_name(const struct rows *rows, uint32_t id);

/* The targets of a group or connector in their order, removed ones too: the one behind `after`, or the first
 * for NULL; NULL past the last. */
const struct target *rows_next_target(const struct rows *rows, uint32_t id, const struct target *after);

/* True when the target stands below the group or connector. */
bool rows_is_below(const struct rows *rows, uint32_t target, uint32_t id);

/* Grouping, sorting, filter and depth are kept through every change; class, the order of adding, no filter
 * and 2 at first. Another one is drafted beside the rows that are shown, at once where targets are few, else
 * piece by piece, so that nobody waits for very many: until a draft is done all functions but those that tell
 * what was asked for speak of the rows as they were. Whatever is asked for meanwhile begins the draft anew.
 */
bool rows_busy(const struct rows *rows);

/* Drafts go piece by piece above so many targets; 2,000 at first. */
void rows_draft_above(struct rows *rows, size_t targets);

/* Goes on with a draft for `most` targets, or with the remains of an earlier one. True when a draft is done
 * with this call: what rows_at says is another order now. */
bool rows_go_on(struct rows *rows, size_t most);

/* Folds belong to their group, and come back with it. */
void rows_set_grouping(struct rows *rows, enum grouping grouping);
void rows_set_sorting(struct rows *rows, enum sorting sorting, bool reversed);
enum grouping rows_grouping(const struct rows *rows);
enum sorting rows_sorting(const struct rows *rows);
bool rows_reversed(const struct rows *rows);

/* Shows only the targets that `keep` accepts; NULL shows all. Asked again whenever a target changes. What was
 * given before is asked until the draft is done, and never after. */
void rows_set_filter(struct rows *rows, bool (*keep)(void *context, const struct target *target),
                     void *context);

/* Folds. All rows but the versions have them. */
bool rows_is_open(const struct rows *rows, const struct row *row);
bool rows_has_children(const struct rows *rows, const struct row *row);
void rows_set_open(struct rows *rows, const struct row *row, bool open);
void rows_fold_to_depth(struct rows *rows, unsigned depth); /* 1: groups only, 2: with connectors and
                                                               targets … 5: everything */
unsigned rows_depth(const struct rows *rows);               /* the last one asked for, 2 at first */

/* Opens everything above a row. What had been closed goes into `opened`, unless that is NULL, and its number
 * comes back: for rows_unreveal, which closes it again, wherever the row stands by then. */
#define ROWS_ABOVE 5
unsigned rows_reveal(struct rows *rows, const struct row *row, struct row opened[ROWS_ABOVE]);
void rows_unreveal(struct rows *rows, const struct row *opened, unsigned count);

/* The next row (or the one before) of the whole tree, folded parts too, filtered parts and versions not, down
 * to `deepest` (ROW_TARGET or ROW_ENDPOINT); wraps around. ROW_NONE starts at the first (last). ROW_NONE
 * comes back from an empty tree. */
struct row rows_step(const struct rows *rows, const struct row *from, bool forward, enum row_kind deepest);

/* True for verdicts that somebody should look at. */
bool rows_is_problem(enum verdict verdict);

/* The problem behind (or before) the one that `from` belongs to, in order of what happens to mail, the worst
 * first; from elsewhere the worst (the least bad). Wraps around. Targets that the filter hides don't count.
 * False when there is none. */
bool rows_next_problem(const struct rows *rows, const struct row *from, bool forward, struct row *hit);

/* The next target (or the one before) that changed against an earlier session, what is there no more among
 * them, in the order of the rows; wraps around. Those that the filter hides don't count. False when there is
 * none. It looks at one row after the other. */
bool rows_next_change(const struct rows *rows, const struct row *from, bool forward, struct row *hit);

/* Tags on targets. */
bool rows_is_tagged(const struct rows *rows, uint32_t target);
void rows_set_tagged(struct rows *rows, uint32_t target, bool tagged);
