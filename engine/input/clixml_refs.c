#include "engine/input/clixml_refs.h"

#include "engine/base/mem.h"

#include <stdlib.h>
#include <string.h>

#define RECALLED_MOST ((size_t)16 * 1024 * 1024)

struct ref_place {
    bool known, is_list;
    size_t first; /* in `kept` */
    size_t count, length;
};

void refs_init(struct refs *refs, size_t most)
{
    memset(refs, 0, sizeof *refs);
    refs->most = most;
    buf_init(&refs->kept, 0);
}

void refs_release(struct refs *refs)
{
    free(refs->places);
    buf_release(&refs->kept);
    refs_init(refs, 0);
}

static struct ref_place *place_of(struct refs *refs, size_t number)
{
    while (refs->count <= number) {
        if (!(refs->count & (refs->count - 1)))
            refs->places = mem_resize(refs->places, refs->count ? 2 * refs->count : 1, sizeof *refs->places);
        memset(&refs->places[refs->count++], 0, sizeof *refs->places);
    }
    return &refs->places[number];
}

void refs_learn(struct refs *refs, size_t number, const struct ref_value *value)
{
    struct ref_place *place;

    if (number > refs->most)
        return;
    place = place_of(refs, number);
    place->is_list = value->is_list;
    place->first = refs->kept.length;
    place->count = value->count;
    place->length = value->length;
    buf_add(&refs->kept, value->items, value->length);
    place->known = !refs->kept.failed;
}

bool refs_recall(struct refs *refs, size_t number, struct ref_value *value)
{
    const struct ref_place *place = number < refs->count ? &refs->places[number] : NULL;

    if (!place || !place->known || place->length > RECALLED_MOST - refs->repeated)
        return false;
    refs->repeated += place->length;
    value->is_list = place->is_list;
    value->items = buf_string(&refs->kept) + place->first;
    value->count = place->count;
    value->length = place->length;
    return true;
}
