#include "tui/order.h"

void order_init(struct order *order, int (*compare)(const struct order_node *, const struct order_node *))
{
    order->root = order->last = NULL;
    order->compare = compare;
    order->random = 2463534242u;
}

/* Marsaglia's xorshift: it needs to be even, not secret. */
static uint32_t draw(struct order *order)
{
    order->random ^= order->random << 13;
    order->random ^= order->random >> 17;
    order->random ^= order->random << 5;
    return order->random;
}

static uint32_t rows_of(const struct order_node *node)
{
    return node ? node->all_rows : 0;
}

static uint32_t shown_of(const struct order_node *node)
{
    return node ? node->all_shown : 0;
}

static void sum(struct order_node *node)
{
    node->all_rows = node->rows + rows_of(node->left) + rows_of(node->right);
    node->all_shown = node->shown + shown_of(node->left) + shown_of(node->right);
}

static void sum_upwards(struct order_node *node)
{
    for (; node; node = node->parent)
        sum(node);
}

static struct order_node **link_to(struct order *order, const struct order_node *node)
{
    if (!node->parent)
        return &order->root;
    return node->parent->left == node ? &node->parent->left : &node->parent->right;
}

/* Puts a node where its parent is, and the parent below it. */
static void rotate_up(struct order *order, struct order_node *node)
{
    struct order_node *parent = node->parent, *inner;

    *link_to(order, parent) = node;
    node->parent = parent->parent;
    if (parent->left == node) {
        inner = parent->left = node->right;
        node->right = parent;
    } else {
        inner = parent->right = node->left;
        node->left = parent;
    }
    if (inner)
        inner->parent = parent;
    parent->parent = node;
    sum(parent);
    sum(node);
}

static void hang(struct order *order, struct order_node *node, struct order_node *parent, bool left)
{
    node->left = node->right = NULL;
    node->parent = parent;
    node->priority = draw(order);
    if (!parent)
        order->root = node;
    else if (left)
        parent->left = node;
    else
        parent->right = node;
    sum(node);
}

static bool is_behind(const struct order *order, const struct order_node *node)
{
    return order->last && order->compare(node, order->last) > 0;
}

void order_insert(struct order *order, struct order_node *node)
{
    bool left = false, behind = is_behind(order, node);
    struct order_node *parent = behind ? order->last : NULL, *at = behind ? NULL : order->root;

    while (at) {
        parent = at;
        left = order->compare(node, at) < 0;
        at = left ? at->left : at->right;
    }
    if (behind || !order->last)
        order->last = node;
    hang(order, node, parent, left);
    sum_upwards(parent);
    while (node->parent && node->parent->priority < node->priority)
        rotate_up(order, node);
}

void order_remove(struct order *order, struct order_node *node)
{
    struct order_node *child, *parent;

    if (order->last == node)
        order->last = order_next(node, false);
    while (node->left && node->right)
        rotate_up(order, node->left->priority > node->right->priority ? node->left : node->right);
    child = node->left ? node->left : node->right;
    parent = node->parent;
    *link_to(order, node) = child;
    if (child)
        child->parent = parent;
    node->parent = node->left = node->right = NULL;
    sum_upwards(parent);
}

void order_set(struct order_node *node, size_t rows, size_t shown)
{
    uint32_t more_rows = (uint32_t)rows - node->rows, more_shown = (uint32_t)shown - node->shown;

    if (!more_rows && !more_shown)
        return;
    node->rows = (uint32_t)rows;
    node->shown = (uint32_t)shown;
    for (; node; node = node->parent) {
        node->all_rows += more_rows;
        node->all_shown += more_shown;
    }
}

size_t order_rows(const struct order *order)
{
    return rows_of(order->root);
}

size_t order_shown(const struct order *order)
{
    return shown_of(order->root);
}

size_t order_before(const struct order_node *node)
{
    size_t before = rows_of(node->left);

    for (; node->parent; node = node->parent)
        if (node->parent->right == node)
            before += node->parent->rows + rows_of(node->parent->left);
    return before;
}

struct order_node *order_find(const struct order *order, size_t *offset)
{
    struct order_node *node = order->root;

    while (node) {
        size_t before = rows_of(node->left);

        if (*offset < before) {
            node = node->left;
        } else if (*offset < before + node->rows) {
            *offset -= before;
            return node;
        } else {
            *offset -= before + node->rows;
            node = node->right;
        }
    }
    return NULL;
}

static struct order_node *edge_below(struct order_node *node, bool first)
{
    while (node && (first ? node->left : node->right))
        node = first ? node->left : node->right;
    return node;
}

struct order_node *order_edge(const struct order *order, bool first)
{
    return edge_below(order->root, first);
}

static struct order_node *child_of(const struct order_node *node, bool right)
{
    return right ? node->right : node->left;
}

struct order_node *order_next(const struct order_node *node, bool forward)
{
    if (child_of(node, forward))
        return edge_below(child_of(node, forward), forward);
    while (node->parent && child_of(node->parent, forward) == node)
        node = node->parent;
    return node->parent;
}

/* The first (last) node that shows something in a subtree where one does. */
static struct order_node *shown_below(struct order_node *node, bool first)
{
    for (;;) {
        struct order_node *before = child_of(node, !first);

        if (shown_of(before))
            node = before;
        else if (node->shown)
            return node;
        else
            node = child_of(node, first);
    }
}

struct order_node *order_shown_edge(const struct order *order, bool first)
{
    return shown_of(order->root) ? shown_below(order->root, first) : NULL;
}

struct order_node *order_shown_next(const struct order_node *node, bool forward)
{
    for (;;) {
        if (shown_of(child_of(node, forward)))
            return shown_below(child_of(node, forward), forward);
        while (node->parent && child_of(node->parent, forward) == node)
            node = node->parent;
        node = node->parent;
        if (!node || node->shown)
            return (struct order_node *)node;
    }
}
