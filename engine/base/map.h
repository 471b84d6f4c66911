/* A hash map from a string to a pointer; keys are copied and owned, values are the caller's. Open
 * addressing with a per-map seed, so that names from the network can't be chosen to collide. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct map_slot {
    char *key; /* NULL: never used */
    void *value;
    uint64_t hash;
};

struct map {
    struct map_slot *slots; /* owned */
    size_t capacity;        /* a power of two, or 0 */
    size_t count;           /* keys held */
    uint64_t seed;
};

/* Allocates nothing. */
void map_init(struct map *m);

/* Frees the keys; `free_value`, if any, is called for each value. */
void map_release(struct map *m, void (*free_value)(void *));

/* The value of `key`, or NULL. */
void *map_get(const struct map *m, const char *key);

/* Sets `key`; returns the value that stood there before, or NULL. `value` must not be NULL. */
void *map_put(struct map *m, const char *key, void *value);

/* Removes `key` and returns its value, or NULL. */
void *map_remove(struct map *m, const char *key);

/* Walks all values in no order: start with *cursor 0, ends with NULL. The map must not change meanwhile. */
void *map_next(const struct map *m, size_t *cursor);
