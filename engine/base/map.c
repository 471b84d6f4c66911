#include "engine/base/map.h"

#include "engine/base/mem.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

void map_init(struct map *m)
{
    memset(m, 0, sizeof *m);
}

void map_release(struct map *m, void (*free_value)(void *))
{
    size_t i;

    for (i = 0; i < m->capacity; i++) {
        if (!m->slots[i].key)
            continue;
        free(m->slots[i].key);
        if (free_value)
            free_value(m->slots[i].value);
    }
    free(m->slots);
    map_init(m);
}

/* FNV-1a with a random start and a final mix: short keys, few of them hostile. */
static uint64_t hash_of(const struct map *m, const char *key)
{
    uint64_t h = m->seed ^ 0xcbf29ce484222325u;

    for (; *key; key++)
        h = (h ^ (uint8_t)*key) * 0x100000001b3u;
    h ^= h >> 32;
    h *= 0xd6e8feb86659fd93u;
    return h ^ h >> 32;
}

/* The slot that holds `key`, or the free one where it would go. */
static struct map_slot *find(const struct map *m, const char *key, uint64_t hash)
{
    size_t mask = m->capacity - 1;
    size_t i = (size_t)hash & mask;

    while (m->slots[i].key && (m->slots[i].hash != hash || strcmp(m->slots[i].key, key) != 0))
        i = (i + 1) & mask;
    return &m->slots[i];
}

void *map_get(const struct map *m, const char *key)
{
    return m->capacity ? find(m, key, hash_of(m, key))->value : NULL;
}

static void grow(struct map *m)
{
    struct map_slot *old = m->slots;
    size_t count = m->capacity, i;

    if (!m->seed && getrandom(&m->seed, sizeof m->seed, GRND_NONBLOCK) < 0)
        m->seed = (uint64_t)(uintptr_t)m;
    m->capacity = count ? count * 2 : 16;
    m->slots = mem_array(m->capacity, sizeof *m->slots);
    for (i = 0; i < count; i++) {
        if (!old[i].key)
            continue;
        *find(m, old[i].key, old[i].hash) = old[i];
    }
    free(old);
}

void *map_put(struct map *m, const char *key, void *value)
{
    struct map_slot *slot;
    uint64_t hash;
    void *before;

    if (m->count * 5 >= m->capacity * 4)
        grow(m);
    hash = hash_of(m, key);
    slot = find(m, key, hash);
    before = slot->value;
    if (!slot->key) {
        slot->key = mem_string(key);
        slot->hash = hash;
        m->count++;
    }
    slot->value = value;
    return before;
}

/* Moves later members of the probe chain up, so that no tombstones are needed. */
static void close_gap(struct map *m, size_t gap)
{
    size_t mask = m->capacity - 1;
    size_t i = gap;

    for (;;) {
        size_t home;

        i = (i + 1) & mask;
        if (!m->slots[i].key)
            return;
        home = (size_t)m->slots[i].hash & mask;
        if (((i - home) & mask) < ((i - gap) & mask))
            continue;
        m->slots[gap] = m->slots[i];
        memset(&m->slots[i], 0, sizeof m->slots[i]);
        gap = i;
    }
}

void *map_remove(struct map *m, const char *key)
{
    struct map_slot *slot;
    void *value;

    if (!m->capacity)
        return NULL;
    slot = find(m, key, hash_of(m, key));
    if (!slot->key)
        return NULL;
    value = slot->value;
    free(slot->key);
    memset(slot, 0, sizeof *slot);
    m->count--;
    close_gap(m, (size_t)(slot - m->slots));
    return value;
}

void *map_next(const struct map *m, size_t *cursor)
{
    while (*cursor < m->capacity) {
        const struct map_slot *slot = &m->slots[(*cursor)++];

        if (slot->key)
            return slot->value;
    }
    return NULL;
}
