/* Items in order, with sums: a treap whose nodes know how many screen rows, and how many shown targets, stand
 * in them and below. Every function costs O(log items) unless it says otherwise. Nodes are part of what they
 * order and belong to their owners. Belongs to tui/rows. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct order_node {
    struct order_node *parent, *left, *right;
    uint32_t priority;
    uint32_t rows, all_rows;   /* visible rows of the item; of its subtree */
    uint32_t shown, all_shown; /* shown targets of the item; of its subtree */
};

struct order {
    struct order_node *root; /* NULL: empty */
    struct order_node *last;
    int (*compare)(const struct order_node *a, const struct order_node *b); /* never 0 for two items */
    uint32_t random;
};

void order_init(struct order *order, int (*compare)(const struct order_node *, const struct order_node *));

/* Takes an item in at its place with what its `rows` and `shown` say, with one comparison when that is behind
 * all others; takes one out, whatever became of what it is compared by. */
void order_insert(struct order *order, struct order_node *node);
void order_remove(struct order *order, struct order_node *node);

/* The item has this many visible rows and shown targets now. */
void order_set(struct order_node *node, size_t rows, size_t shown);

/* Sums over all items. */
size_t order_rows(const struct order *order);
size_t order_shown(const struct order *order);

/* Rows of the items before this one. */
size_t order_before(const struct order_node *node);

/* The item that holds row number *offset, which becomes the row's number within it; NULL past the end. */
struct order_node *order_find(const struct order *order, size_t *offset);

/* The first item or the last; the neighbours of one; NULL past the ends. */
struct order_node *order_edge(const struct order *order, bool first);
struct order_node *order_next(const struct order_node *node, bool forward);

/* The same among items that show a target. */
struct order_node *order_shown_edge(const struct order *order, bool first);
struct order_node *order_shown_next(const struct order_node *node, bool forward);
