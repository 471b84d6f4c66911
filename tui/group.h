/* The branches of one class in order, with a Fenwick tree over their visible rows. Belongs to tui/rows. */
#pragma once

#include "tui/branch.h"

#include <stdbool.h>
#include <stddef.h>

/* The targets of one class, by id, which is the order of adding. */
struct group {
    struct branch **branches; /* owned by struct rows */
    size_t count, capacity;
    size_t *sums; /* Fenwick tree over visible rows, 1-based: sums[1 … count] */
    size_t total; /* visible rows below the group's own */
    size_t shown; /* targets that filter and removal leave */
    unsigned verdicts[verdict_count];
    bool open;
};

/* Takes the branch in at its place and sets its position, or out. */
void group_insert(struct group *group, struct branch *branch);
void group_remove(struct group *group, struct branch *branch);

/* The branch at `position` has `more` visible rows now in place of `less`. */
void group_resize(struct group *group, size_t position, size_t less, size_t more);

/* Visible rows of the branches before `position`. */
size_t group_before(const struct group *group, size_t position);

/* The branch that holds the group's visible row number *offset; *offset becomes the row's within it. */
struct branch *group_find(const struct group *group, size_t *offset);

/* Sums everything anew; positions from `from` on are set. */
void group_rebuild(struct group *group, size_t from);
