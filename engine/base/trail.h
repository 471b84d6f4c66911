/* The DNS records that a lookup went by, in the order of its way: aliases first, then what was looked for. */
#pragma once

#include "engine/base/words.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct trail_record {
    enum record_type type;
    char *name;   /* of the record, without trailing dot */
    char *data;   /* "10 mx.contoso.com", "192.0.2.1", the alias's target */
    uint32_t ttl; /* seconds, as answered */
};

/* A zeroed struct is an empty trail. */
struct trail {
    struct trail_record *records; /* owned */
    size_t count;                 /* at most TRAIL_MOST */
    bool cut;                     /* there were more */
};
#define TRAIL_MOST 100

/* Copies `name` and `data`, which are printable already. */
void trail_add(struct trail *trail, enum record_type type, const char *name, const char *data, uint32_t ttl);

/* Adds copies of those that are not there yet, whatever their time to live. `from` NULL adds none. */
void trail_append(struct trail *to, const struct trail *from);

/* Frees the records; the trail is empty and usable after. */
void trail_release(struct trail *trail);
