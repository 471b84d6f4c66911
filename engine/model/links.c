#include "engine/model/model_private.h"

static struct target_host *list_find(struct target_host *hosts, size_t count, const struct host *host)
{
    for (size_t i = 0; i < count; i++)
        if (hosts[i].host == host)
            return &hosts[i];
    return NULL;
}

static struct target_host *link_of(const struct target *target, const struct host *host)
{
    struct target_host *found = list_find(target->hosts, target->host_count, host);

    return found ? found : list_find(target->beside.hosts, target->beside.host_count, host);
}

static void put(struct host *host, uint32_t place, struct target *target)
{
    host->targets[place] = target;
    link_of(target, host)->place = place;
}

static void exchange(struct host *host, uint32_t one, uint32_t other)
{
    struct target *target = host->targets[one];

    put(host, one, host->targets[other]);
    put(host, other, target);
}

void links_settle(struct host *host, const struct target *target)
{
    uint32_t place = link_of(target, host)->place;
    bool leads = !target->removed && list_find(target->hosts, target->host_count, host);

    if (leads && place >= host->leading)
        exchange(host, place, host->leading++);
    else if (!leads && place < host->leading)
        exchange(host, place, --host->leading);
}

void links_add(struct model *model, struct target *target, struct host *host)
{
    host->targets = array_room(host->targets, host->target_count, sizeof *host->targets);
    put(host, (uint32_t)host->target_count++, target);
    links_settle(host, target);
    if (!target->removed)
        model_share(model, host, +1);
}

void links_drop(struct model *model, const struct target *target, struct host *host)
{
    uint32_t place = link_of(target, host)->place;

    if (place < host->leading) {
        exchange(host, place, --host->leading);
        place = host->leading;
    }
    exchange(host, place, (uint32_t)--host->target_count);
    if (!target->removed)
        model_share(model, host, -1);
}

size_t links_live(const struct host *host)
{
    size_t live = host->leading;

    for (size_t t = live; t < host->target_count; t++)
        live += !host->targets[t]->removed;
    return live;
}
