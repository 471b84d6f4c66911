#include "tui/group.h"

#include "engine/base/mem.h"

#include <stdlib.h>
#include <string.h>

static void change(struct group *group, size_t position, size_t less, size_t more)
{
    size_t i;

    group->total = group->total - less + more;
    for (i = position + 1; i <= group->count; i += i & (~i + 1))
        group->sums[i] = group->sums[i] - less + more;
}

void group_resize(struct group *group, struct item *item, size_t rows)
{
    if (item->rows != rows)
        change(group, item->position, item->rows, rows);
    item->rows = rows;
}

size_t group_before(const struct group *group, size_t position)
{
    size_t sum = 0, i;

    for (i = position; i; i &= i - 1)
        sum += group->sums[i];
    return sum;
}

struct item *group_find(const struct group *group, size_t *offset)
{
    size_t position = 0, step = 1;

    while (step * 2 <= group->count)
        step *= 2;
    for (; step; step /= 2) {
        if (position + step > group->count || group->sums[position + step] > *offset)
            continue;
        position += step;
        *offset -= group->sums[position];
    }
    return group->items[position];
}

void group_rebuild(struct group *group, size_t from)
{
    size_t i;

    for (i = from; i < group->count; i++)
        group->items[i]->position = i;
    memset(group->sums, 0, (group->count + 1) * sizeof *group->sums);
    group->total = 0;
    for (i = 0; i < group->count; i++)
        group->sums[i + 1] = group->items[i]->rows;
    for (i = 1; i <= group->count; i++) {
        size_t parent = i + (i & (~i + 1));

        group->total += group->items[i - 1]->rows;
        if (parent <= group->count)
            group->sums[parent] += group->sums[i];
    }
}

static size_t place_for(const struct group *group, uint32_t order)
{
    size_t low = 0, high = group->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (group->items[middle]->order < order)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void group_insert(struct group *group, struct item *item)
{
    size_t at = place_for(group, item->order);

    if (group->count == group->capacity) {
        group->capacity = group->capacity ? group->capacity * 2 : 4;
        group->items = mem_resize(group->items, group->capacity, sizeof *group->items);
        group->sums = mem_resize(group->sums, group->capacity + 1, sizeof *group->sums);
    }
    memmove(group->items + at + 1, group->items + at, (group->count - at) * sizeof *group->items);
    group->items[at] = item;
    item->position = at;
    group->count++;
    if (at + 1 < group->count) {
        group_rebuild(group, at);
        return;
    }
    group->sums[group->count] =
        group_before(group, at) - group_before(group, group->count & (group->count - 1));
    change(group, at, 0, item->rows);
}

void group_remove(struct group *group, struct item *item)
{
    size_t at = item->position;

    group->count--;
    memmove(group->items + at, group->items + at + 1, (group->count - at) * sizeof *group->items);
    group_rebuild(group, at);
}

void group_release(struct group *group)
{
    free(group->items);
    free(group->sums);
    memset(group, 0, sizeof *group);
}
