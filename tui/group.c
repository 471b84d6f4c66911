#include "tui/group.h"

#include "engine/base/mem.h"

#include <string.h>

void group_resize(struct group *group, size_t position, size_t less, size_t more)
{
    size_t i;

    group->total = group->total - less + more;
    for (i = position + 1; i <= group->count; i += i & (~i + 1))
        group->sums[i] = group->sums[i] - less + more;
}

size_t group_before(const struct group *group, size_t position)
{
    size_t sum = 0, i;

    for (i = position; i; i &= i - 1)
        sum += group->sums[i];
    return sum;
}

struct branch *group_find(const struct group *group, size_t *offset)
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
    return group->branches[position];
}

void group_rebuild(struct group *group, size_t from)
{
    size_t i;

    for (i = from; i < group->count; i++)
        group->branches[i]->position = i;
    memset(group->sums, 0, (group->count + 1) * sizeof *group->sums);
    group->total = 0;
    for (i = 0; i < group->count; i++)
        group->sums[i + 1] = group->branches[i]->rows;
    for (i = 1; i <= group->count; i++) {
        size_t parent = i + (i & (~i + 1));

        group->total += group->branches[i - 1]->rows;
        if (parent <= group->count)
            group->sums[parent] += group->sums[i];
    }
}

/* Where a target with this id goes. */
static size_t place_for(const struct group *group, uint32_t id)
{
    size_t low = 0, high = group->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (group->branches[middle]->target->id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void group_insert(struct group *group, struct branch *branch)
{
    size_t at = place_for(group, branch->target->id);

    if (group->count == group->capacity) {
        group->capacity = group->capacity ? group->capacity * 2 : 16;
        group->branches = mem_resize(group->branches, group->capacity, sizeof *group->branches);
        group->sums = mem_resize(group->sums, group->capacity + 1, sizeof *group->sums);
    }
    memmove(group->branches + at + 1, group->branches + at, (group->count - at) * sizeof *group->branches);
    group->branches[at] = branch;
    branch->position = at;
    group->count++;
    if (at + 1 < group->count) {
        group_rebuild(group, at);
        return;
    }
    group->sums[group->count] =
        group_before(group, at) - group_before(group, group->count & (group->count - 1));
    group_resize(group, at, 0, branch->rows);
}

void group_remove(struct group *group, struct branch *branch)
{
    size_t at = branch->position;

    group->count--;
    memmove(group->branches + at, group->branches + at + 1, (group->count - at) * sizeof *group->branches);
    group_rebuild(group, at);
}
