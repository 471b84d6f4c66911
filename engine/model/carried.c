#include "engine/model/carried.h"

#include <stdlib.h>

static bool speaks(const struct target *target)
{
    const struct target_spec *spec = &target->spec;

    return !target->removed && spec->connector && !spec->is_endpoint && spec->match != MATCH_RULE;
}

bool carried_look(struct carried *carried, const struct model *model, size_t most)
{
    for (; most && carried->looked < model_target_count(model); most--) {
        struct target *target = model_target_at(model, carried->looked++);

        if (speaks(target) && !map_get(&carried->by_domain, target->spec.domain))
            map_put(&carried->by_domain, target->spec.domain, target);
    }
    return carried->looked == model_target_count(model);
}

void carried_release(struct carried *carried)
{
    map_release(&carried->by_domain, NULL);
    *carried = (struct carried){.looked = 0};
}

static struct target *carrying(const struct carried *carried, const struct target_spec *spec)
{
    struct target *target =
        spec->connector || spec->is_endpoint ? NULL : map_get(&carried->by_domain, spec->domain);

    return target && !target->removed ? target : NULL;
}

struct target *carried_find(const struct carried *carried, const struct model *model,
                            const struct target_spec *spec, char **key)
{
    struct target *target;

    *key = model_key_here(model, spec);
    target = model_find(model, *key);
    if (target)
        return target;
    target = carrying(carried, spec);
    if (!target)
        return NULL;
    free(*key);
    *key = model_key(&target->spec);
    return target;
}
