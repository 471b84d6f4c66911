#include "tui/sieve.h"

#include "engine/base/mem.h"

#include <stdlib.h>
#include <string.h>

void sieve_begin(struct sieve *sieve, struct filter *filter, const char *text)
{
    sieve_drop(sieve);
    sieve->filter = filter;
    sieve->text = mem_string(text);
}

void sieve_drop(struct sieve *sieve)
{
    filter_free(sieve->filter);
    free(sieve->text);
    free(sieve->keeps);
    memset(sieve, 0, sizeof *sieve);
}

static void make_room(struct sieve *sieve, uint32_t target)
{
    uint32_t limit = sieve->limit ? sieve->limit : 1024;

    if (target < sieve->limit)
        return;
    while (limit <= target)
        limit *= 2;
    sieve->keeps = mem_resize(sieve->keeps, limit / 8, 1);
    memset(sieve->keeps + sieve->limit / 8, 0, (limit - sieve->limit) / 8);
    sieve->limit = limit;
}

static void try_target(struct sieve *sieve, const struct target *target)
{
    uint8_t bit = (uint8_t)(1u << (target->id & 7)), *byte;

    make_room(sieve, target->id);
    byte = &sieve->keeps[target->id >> 3];
    *byte = (uint8_t)(filter_keeps(sieve->filter, target) ? *byte | bit : *byte & ~bit);
}

bool sieve_go_on(struct sieve *sieve, const struct model *model, size_t most)
{
    size_t count = model_target_count(model);

    for (; sieve->at < count && most--; sieve->at++)
        try_target(sieve, model_target_at((struct model *)model, sieve->at));
    return sieve->at >= count;
}

void sieve_again(struct sieve *sieve, const struct model *model, const uint32_t *changed, size_t count)
{
    size_t i;

    for (i = 0; sieve->filter && i < count; i++) {
        const struct target *target = model_target(model, changed[i]);

        if (target)
            try_target(sieve, target);
    }
}

bool sieve_keeps(const struct sieve *sieve, const struct target *target)
{
    if (target->id >= sieve->limit)
        return filter_keeps(sieve->filter, target);
    return sieve->keeps[target->id >> 3] >> (target->id & 7) & 1;
}

bool sieve_keep(void *context, const struct target *target)
{
    const struct sieve_keeping *keeping = context;

    return keeping->tried ? sieve_keeps(keeping->tried, target) : filter_keeps(keeping->filter, target);
}
