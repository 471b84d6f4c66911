#include "tui/order.h"

#include "engine/base/mem.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>

#define MOST 600

/* What is ordered: by key, then by address. */
struct item {
    struct order_node node;
    unsigned key;
    bool in;
};

static int compare(const struct order_node *a, const struct order_node *b)
{
    const struct item *one = (const struct item *)a, *other = (const struct item *)b;

    if (one->key != other->key)
        return one->key < other->key ? -1 : 1;
    return one < other ? -1 : 1;
}

static int compare_pointers(const void *a, const void *b)
{
    return compare(*(struct order_node *const *)a, *(struct order_node *const *)b);
}

/* What order.c must agree with: the items that are in, sorted. */
static size_t sorted(struct item *items, struct order_node **out)
{
    size_t count = 0, i;

    for (i = 0; i < MOST; i++)
        if (items[i].in)
            out[count++] = &items[i].node;
    qsort(out, count, sizeof *out, compare_pointers);
    return count;
}

static const struct order_node *shown_from(struct order_node **all, size_t count, long at, long step)
{
    for (; at >= 0 && at < (long)count; at += step)
        if (all[at]->shown)
            return all[at];
    return NULL;
}

static void assert_same(const struct order *order, struct item *items)
{
    struct order_node *all[MOST];
    size_t count = sorted(items, all), rows = 0, shown = 0, i;

    assert_ptr_equal(order_edge(order, true), count ? all[0] : NULL);
    assert_ptr_equal(order_edge(order, false), count ? all[count - 1] : NULL);
    for (i = 0; i < count; i++) {
        assert_int_equal(order_before(all[i]), rows);
        assert_ptr_equal(order_next(all[i], true), i + 1 < count ? all[i + 1] : NULL);
        assert_ptr_equal(order_next(all[i], false), i ? all[i - 1] : NULL);
        assert_ptr_equal(order_shown_next(all[i], true), shown_from(all, count, (long)i + 1, 1));
        assert_ptr_equal(order_shown_next(all[i], false), shown_from(all, count, (long)i - 1, -1));
        if (all[i]->rows) {
            size_t offset = rows + all[i]->rows - 1;

            assert_ptr_equal(order_find(order, &offset), all[i]);
            assert_int_equal(offset, all[i]->rows - 1);
        }
        rows += all[i]->rows;
        shown += all[i]->shown;
    }
    assert_int_equal(order_rows(order), rows);
    assert_int_equal(order_shown(order), shown);
    assert_null(order_find(order, &rows));
    assert_ptr_equal(order_shown_edge(order, true), shown_from(all, count, 0, 1));
    assert_ptr_equal(order_shown_edge(order, false), shown_from(all, count, (long)count - 1, -1));
}

static void put(struct order *order, struct item *item)
{
    item->key = (unsigned)rand() % 97;
    item->node.rows = (unsigned)rand() % 4;
    item->node.shown = item->node.rows > 0;
    item->in = true;
    order_insert(order, &item->node);
}

/* Ten thousand changes at random; after each hundred everything is compared. */
static void agrees_with_a_sorted_list(void **state)
{
    struct item *items = mem_array(MOST, sizeof *items);
    struct order order;
    unsigned i;

    (void)state;
    srand(7);
    order_init(&order, compare);
    assert_same(&order, items);
    for (i = 0; i < 10000; i++) {
        struct item *item = &items[rand() % MOST];
        size_t rows = (unsigned)rand() % 4;

        if (!item->in) {
            put(&order, item);
        } else if (rand() % 2) {
            item->key = 1000; /* what it was compared by is gone */
            order_remove(&order, &item->node);
            item->in = false;
        } else {
            order_set(&item->node, rows, rows > 1);
        }
        if (i % 100 == 0)
            assert_same(&order, items);
    }
    free(items);
}

/* No branch is so long that a walk down would be felt. */
static unsigned height(const struct order_node *node)
{
    unsigned left = node ? height(node->left) : 0, right = node ? height(node->right) : 0;

    return node ? 1 + (left > right ? left : right) : 0;
}

static void stays_flat(void **state)
{
    size_t count = 100000, i;
    struct item *items = mem_array(count, sizeof *items);
    struct order order;

    (void)state;
    order_init(&order, compare);
    for (i = 0; i < count; i++) {
        items[i].key = (unsigned)i;
        order_insert(&order, &items[i].node);
    }
    assert_true(height(order.root) < 60);
    for (i = 0; i < count; i += 2)
        order_remove(&order, &items[i].node);
    assert_true(height(order.root) < 60);
    free(items);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_a_sorted_list),
        cmocka_unit_test(stays_flat),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
