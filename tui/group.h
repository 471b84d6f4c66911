/* Items in order with a Fenwick tree over their visible rows: the targets of a class or of a connector, and
 * the connectors of a class. Belongs to tui/rows. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What an item begins with. */
struct item {
    uint32_t order;  /* items stand by this, which never changes */
    size_t position; /* in its group */
    size_t rows;     /* visible rows */
};

struct group {
    struct item **items; /* owned by struct rows */
    size_t count, capacity;
    size_t *sums; /* Fenwick tree over visible rows, 1-based: sums[1 … count] */
    size_t total; /* visible rows of all items */
};

/* Takes the item in at its place and sets its position, or out. */
void group_insert(struct group *group, struct item *item);
void group_remove(struct group *group, struct item *item);

/* The item has `rows` visible rows now. */
void group_resize(struct group *group, struct item *item, size_t rows);

/* Visible rows of the items before `position`. */
size_t group_before(const struct group *group, size_t position);

/* The item that holds the group's visible row number *offset; *offset becomes the row's within it. */
struct item *group_find(const struct group *group, size_t *offset);

/* Sums everything anew; positions from `from` on are set. */
void group_rebuild(struct group *group, size_t from);

void group_release(struct group *group);
