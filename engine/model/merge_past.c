#include "engine/base/mem.h"
#include "engine/model/merge_private.h"

#include <stdlib.h>

/* `nth`: of those that its source has of one second, so that the same ones of several sources meet. */
struct entry {
    const struct past *past;
    size_t nth, source;
};

static int by_time(const void *left, const void *right)
{
    const struct entry *a = left, *b = right;

    if (a->past->when != b->past->when)
        return a->past->when < b->past->when ? -1 : 1;
    if (a->nth != b->nth)
        return a->nth < b->nth ? -1 : 1;
    return (a->source > b->source) - (a->source < b->source);
}

static bool says_the_same(const struct past *left, const struct past *right)
{
    return left->judgement.verdict == right->judgement.verdict &&
           left->judgement.reason == right->judgement.reason &&
           left->judgement.error == right->judgement.error;
}

static void add_entries(struct entry *entries, const struct target *target, size_t source)
{
    for (size_t p = 0; p < target->past_count; p++) {
        bool follows = p && target->past[p].when == target->past[p - 1].when;

        entries[p] = (struct entry){&target->past[p], follows ? entries[p - 1].nth + 1 : 0, source};
    }
}

void merge_past(const struct merge *merge, struct target *added, const struct target **targets)
{
    struct entry *entries;
    size_t count = 0, at = 0;

    for (size_t i = 0; i < merge->count; i++)
        count += targets[i] ? targets[i]->past_count : 0;
    entries = mem_array(count, sizeof *entries);
    for (size_t i = 0; i < merge->count; i++) {
        if (!targets[i])
            continue;
        add_entries(entries + at, targets[i], i);
        at += targets[i]->past_count;
    }
    if (count > 1)
        qsort(entries, count, sizeof *entries, by_time);
    for (size_t i = 0; i < count; i++)
        if (!i || !says_the_same(entries[i].past, entries[i - 1].past))
            model_restore_past(added, entries[i].past);
    free(entries);
}
