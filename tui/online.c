#include "tui/online.h"

#include "engine/base/mem.h"
#include "tui/resume.h"

#include <stdlib.h>

void online_begin(struct online *online, struct model *model)
{
    size_t count = model_target_count(model);

    online->count = 0;
    for (size_t i = 0; i < count; i++)
        if (model_target_at(model, i)->id >= online->count)
            online->count = model_target_at(model, i)->id + 1;
    free(online->asleep);
    online->asleep = mem_array(online->count, sizeof *online->asleep);
    for (size_t i = 0; i < count; i++)
        online->asleep[model_target_at(model, i)->id] = true;
    resume_elsewhere(model);
}

void online_release(struct online *online)
{
    free(online->asleep);
    *online = (struct online){0};
}

bool online_is_asleep(const struct online *online, const struct target *target)
{
    return target->id < online->count && online->asleep[target->id];
}

static void keep_host(struct audit *audit, const struct host *host)
{
    for (size_t i = 0; i < host->endpoint_count; i++)
        if (host->endpoints[i]->facts)
            audit_keep(audit, &host->endpoints[i]->key);
}

void online_wake(struct online *online, struct audit *audit, const struct target *target)
{
    if (!online_is_asleep(online, target))
        return;
    online->asleep[target->id] = false;
    for (size_t i = 0; i < target->host_count; i++)
        keep_host(audit, target->hosts[i].host);
    for (size_t i = 0; i < target->beside.host_count; i++)
        keep_host(audit, target->beside.hosts[i].host);
    audit_add(audit, target->id, &target->spec);
}

void online_add(const struct online *online, struct audit *audit, const struct target *target)
{
    if (!online_is_asleep(online, target))
        audit_add(audit, target->id, &target->spec);
}
