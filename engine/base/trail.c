#include "engine/base/trail.h"

#include "engine/base/mem.h"

#include <stdlib.h>
#include <string.h>

void trail_add(struct trail *trail, enum record_type type, const char *name, const char *data, uint32_t ttl)
{
    size_t count = trail->count;

    if (count >= TRAIL_MOST) {
        trail->cut = true;
        return;
    }
    if (!(count & (count - 1)))
        trail->records = mem_resize(trail->records, count ? count * 2 : 1, sizeof *trail->records);
    trail->records[trail->count++] = (struct trail_record){type, mem_string(name), mem_string(data), ttl};
}

static bool holds(const struct trail *trail, const struct trail_record *record)
{
    for (size_t i = 0; i < trail->count; i++) {
        const struct trail_record *each = &trail->records[i];

        if (each->type == record->type && strcmp(each->name, record->name) == 0 &&
            strcmp(each->data, record->data) == 0)
            return true;
    }
    return false;
}

void trail_append(struct trail *to, const struct trail *from)
{
    for (size_t i = 0; from && i < from->count; i++)
        if (!holds(to, &from->records[i]))
            trail_add(to, from->records[i].type, from->records[i].name, from->records[i].data,
                      from->records[i].ttl);
    if (from)
        to->cut |= from->cut;
}

void trail_release(struct trail *trail)
{
    for (size_t i = 0; i < trail->count; i++) {
        free(trail->records[i].name);
        free(trail->records[i].data);
    }
    free(trail->records);
    memset(trail, 0, sizeof *trail);
}
