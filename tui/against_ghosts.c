#include "tui/against_private.h"

#include "engine/base/mem.h"
#include "engine/report/compare.h"

#include <stdlib.h>
#include <string.h>

static uint32_t *slot_of(struct against *against, uint32_t before)
{
    size_t room = against->before_room ? against->before_room : 1024;

    while (room <= before)
        room *= 2;
    if (room > against->before_room) {
        against->ghost_of = mem_resize(against->ghost_of, room, sizeof *against->ghost_of);
        memset(against->ghost_of + against->before_room, 0,
               (room - against->before_room) * sizeof *against->ghost_of);
        against->before_room = room;
    }
    return &against->ghost_of[before];
}

static struct ghost *ghost_at(const struct against *against, uint32_t id)
{
    bool ours = rows_is_ghost(id) && id >= against->first_ghost;

    return ours && id - against->first_ghost < against->ghost_count
               ? against->ghosts[id - against->first_ghost]
               : NULL;
}

static void count(struct against *against, const struct ghost *ghost, int sign)
{
    if (ghost->endpoint)
        against->servers_gone += (unsigned)sign;
    else
        against->counts[SINCE_CHANGED + CHANGE_GONE] += (unsigned)sign;
}

static void raise_ghost(struct against *against, uint32_t before, struct ghost *ghost)
{
    uint32_t id = rows_next_ghost(against->rows);

    if (!(against->ghost_count & (against->ghost_count - 1)))
        against->ghosts = mem_resize(against->ghosts, against->ghost_count ? 2 * against->ghost_count : 1,
                                     sizeof *against->ghosts);
    if (!against->ghost_count)
        against->first_ghost = id;
    against->ghosts[against->ghost_count++] = ghost;
    ghost->target.id = id;
    *slot_of(against, before) = id;
    count(against, ghost, +1);
    rows_add_ghost(against->rows, &ghost->target, since_of(CHANGE_GONE), ghost->endpoint);
}

static void free_ghost(struct ghost *ghost)
{
    free(ghost->name);
    free(ghost);
}

static void lay_ghost(struct against *against, uint32_t before)
{
    uint32_t *slot = slot_of(against, before);
    struct ghost *ghost = ghost_at(against, *slot);

    count(against, ghost, -1);
    rows_drop_ghost(against->rows, *slot);
    against->ghosts[*slot - against->first_ghost] = NULL;
    free_ghost(ghost);
    *slot = 0;
}

void ghosts_look_at(struct against *against, const struct target *then)
{
    bool gone = !then->removed && !compare_like(against->model, then);
    struct ghost *ghost;

    if (gone == (*slot_of(against, then->id) != 0))
        return;
    if (!gone) {
        lay_ghost(against, then->id);
        return;
    }
    ghost = mem_alloc(sizeof *ghost);
    ghost->then = then;
    ghost->target = *then;
    raise_ghost(against, then->id, ghost);
}

static size_t count_users(const struct endpoint *then)
{
    size_t count = 0;

    for (size_t h = 0; h < then->host_count; h++)
        count += then->hosts[h]->leading;
    return count;
}

static const struct target *user_at(const struct endpoint *then, size_t index)
{
    size_t h = 0;

    for (; index >= then->hosts[h]->leading; h++)
        index -= then->hosts[h]->leading;
    return then->hosts[h]->targets[index];
}

/* A target of the earlier session that is there still and whose mail went to the endpoint; NULL when all are
 * gone: then they tell of it. The search begins at `from`, which is where it ends: targets go one after the
 * other, and not all are passed again for each. */
static const struct target *who_stays(struct against *against, const struct endpoint *then, size_t *from)
{
    size_t count = count_users(then);

    for (size_t i = 0; i < count; i++, ++*from) {
        const struct target *target = user_at(then, *from %= count);

        if (!*slot_of(against, target->id))
            return target;
    }
    return NULL;
}

/* Stands among the targets like one: by its name, in the class of who used it. */
static struct ghost *ghost_of_server(const struct endpoint *then, const struct target *stays)
{
    struct ghost *ghost = mem_alloc(sizeof *ghost);
    const char *host = *then->key.server_name ? then->key.server_name : then->hosts[0]->key.name;

    ghost->endpoint = then;
    ghost->name = mem_format("%s %s", host, then->key.address);
    ghost->target.spec.domain = ghost->target.spec.unicode = ghost->name;
    ghost->target.spec.class = stays->spec.class;
    return ghost;
}

void ghosts_look_at_server(struct against *against, const struct endpoint *then)
{
    bool gone = compare_on_route(then) && !compare_on_route(model_known_endpoint(against->model, &then->key));
    struct ghost *ghost = ghost_at(against, *slot_of(against, then->id));
    size_t first = 0;
    const struct target *stays = gone ? who_stays(against, then, ghost ? &ghost->stays : &first) : NULL;

    if ((stays != NULL) == (ghost != NULL))
        return;
    if (stays)
        raise_ghost(against, then->id, ghost_of_server(then, stays));
    else
        lay_ghost(against, then->id);
}

void ghosts_look(struct against *against, const struct target *then)
{
    ghosts_look_at(against, then);
    for (size_t h = 0; h < then->host_count; h++)
        for (size_t e = 0; e < then->hosts[h].host->endpoint_count; e++)
            ghosts_look_at_server(against, then->hosts[h].host->endpoints[e]);
}

static bool leads_to(const struct target *target, const struct endpoint *endpoint)
{
    for (size_t h = 0; target && h < target->host_count; h++)
        for (size_t e = 0; e < target->hosts[h].host->endpoint_count; e++)
            if (target->hosts[h].host->endpoints[e] == endpoint)
                return true;
    return false;
}

static void note_server(struct against *against, const struct target *target, const struct endpoint *now)
{
    uint32_t **noted = &against->elsewhere[target->id], like = against->likes[target->id];
    const struct endpoint *then = model_known_endpoint(against->earlier.model, &now->key);
    uint32_t count = *noted ? (*noted)[0] + 1 : 1;

    if (!then || leads_to(model_target(against->earlier.model, like), then))
        return;
    *noted = mem_resize(*noted, count + 1, sizeof **noted);
    (*noted)[0] = count;
    (*noted)[count] = then->id;
}

void ghosts_note(struct against *against, const struct target *target)
{
    free(against->elsewhere[target->id]);
    against->elsewhere[target->id] = NULL;
    for (size_t h = 0; h < target->host_count; h++)
        for (size_t e = 0; e < target->hosts[h].host->endpoint_count; e++)
            note_server(against, target, target->hosts[h].host->endpoints[e]);
}

static void look_at_noted(struct against *against, const uint32_t *noted)
{
    for (uint32_t i = 1; noted && i <= noted[0]; i++)
        ghosts_look_at_server(against, model_endpoint(against->earlier.model, noted[i]));
}

void ghosts_look_behind(struct against *against, const struct target *target)
{
    uint32_t *before = against->elsewhere[target->id];

    against->elsewhere[target->id] = NULL;
    ghosts_note(against, target);
    look_at_noted(against, before);
    look_at_noted(against, against->elsewhere[target->id]);
    free(before);
}

void ghosts_release(struct against *against)
{
    for (size_t i = 0; i < against->ghost_count; i++)
        if (against->ghosts[i])
            free_ghost(against->ghosts[i]);
    free(against->ghosts);
    free(against->ghost_of);
    against->ghosts = NULL;
    against->ghost_of = NULL;
    against->ghost_count = against->before_room = 0;
    against->servers_gone = 0;
    against->counts[SINCE_CHANGED + CHANGE_GONE] = 0;
}

void ghosts_drop(struct against *against)
{
    for (size_t i = 0; i < against->ghost_count; i++)
        if (against->ghosts[i])
            rows_drop_ghost(against->rows, against->ghosts[i]->target.id);
    ghosts_release(against);
}

const struct target *against_target_of(const struct against *against, uint32_t ghost)
{
    const struct ghost *found = ghost_at(against, ghost);

    return found ? found->then : NULL;
}

const struct endpoint *against_endpoint_of(const struct against *against, uint32_t ghost)
{
    const struct ghost *found = ghost_at(against, ghost);

    return found ? found->endpoint : NULL;
}
