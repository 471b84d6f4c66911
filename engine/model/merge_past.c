#include "engine/base/mem.h"
#include "engine/model/merge_private.h"

#include <stdlib.h>

struct entry {
    const struct past *past;
    size_t source;
};

static int by_time(const void *left, const void *right)
{
    const struct entry *a = left, *b = right;

    if (a->past->when != b->past->when)
        return a->past->when < b->past->when ? -1 : 1;
    if (a->source != b->source)
        return a->source < b->source ? -1 : 1;
    return a->past < b->past ? -1 : a->past > b->past;
}

static bool says_the_same(const struct past *left, const struct past *right)
{
    return left->judgement.verdict == right->judgement.verdict &&
           left->judgement.reason == right->judgement.reason &&
           left->judgement.error == right->judgement.error;
}

void merge_past(const struct merge *merge, struct target *added, const struct target **targets)
{
    struct entry *entries;
    size_t count = 0, at = 0;

    for (size_t i = 0; i < merge->count; i++)
        count += targets[i] ? targets[i]->past_count : 0;
    entries = mem_array(count, sizeof *entries);
    for (size_t i = 0; i < merge->count; i++)
        for (size_t p = 0; targets[i] && p < targets[i]->past_count; p++)
            entries[at++] = (struct entry){&targets[i]->past[p], i};
    if (count > 1)
        qsort(entries, count, sizeof *entries, by_time);
    for (size_t i = 0; i < count; i++)
        if (!i || !says_the_same(entries[i].past, entries[i - 1].past))
            model_restore_past(added, entries[i].past);
    free(entries);
}
