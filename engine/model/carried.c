#include "engine/model/carried.h"

#include <stdlib.h>

static bool speaks(const struct target_spec *spec)
{
    return spec->connector && !spec->is_endpoint && spec->match != MATCH_RULE;
}

bool carried_look(struct carried *carried, const struct model *model, size_t most)
{
    for (; most && carried->looked < model_target_count(model); most--) {
        struct target *target = model_target_at(model, carried->looked++);

        if (!target->removed && speaks(&target->spec) && !map_get(&carried->by_domain, target->spec.domain))
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

static struct target *alone_as(const struct model *model, const struct target_spec *spec,
                               enum target_class class)
{
    const struct target_spec plain = {.domain = spec->domain, .class = class};
    char *key = model_key(&plain);
    struct target *target = model_find(model, key);

    free(key);
    return target;
}

/* The domain's target without a connector. */
static struct target *alone(const struct model *model, const struct target_spec *spec)
{
    struct target *target = speaks(spec) ? alone_as(model, spec, CLASS_PARTNER) : NULL;

    return speaks(spec) && !target ? alone_as(model, spec, CLASS_OPPORTUNISTIC) : target;
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
        return alone(model, spec);
    free(*key);
    *key = model_key(&target->spec);
    return target;
}
