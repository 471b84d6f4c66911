#include "engine/model/model_private.h"

#include <stdlib.h>

static char *key_as(const struct target_spec *spec, enum target_class class)
{
    return mem_format("%s\n%s\n%s", target_class_name(class), spec->domain,
                      spec->connector ? spec->connector : "");
}

char *model_key(const struct target_spec *spec)
{
    return key_as(spec, spec->class);
}

/* Somebody set its class, which inputs may not know. */
static bool has_other_key(const struct target_spec *spec)
{
    return spec->by_hand & BY_HAND(HAND_CLASS) && spec->class <= CLASS_OPPORTUNISTIC;
}

static enum target_class other_class(const struct target_spec *spec)
{
    return spec->class == CLASS_PARTNER ? CLASS_OPPORTUNISTIC : CLASS_PARTNER;
}

static struct target *find_as(const struct model *model, const struct target_spec *spec,
                              enum target_class class)
{
    char *key = key_as(spec, class);
    struct target *target = model_find(model, key);

    free(key);
    return target;
}

struct target *model_find(const struct model *model, const char *key)
{
    struct target *target = map_get(&model->target_keys, key);

    return target && !target->removed ? target : NULL;
}

struct target *model_find_removed(const struct model *model, const char *key)
{
    struct target *target = map_get(&model->target_keys, key);

    return target && target->removed ? target : NULL;
}

struct target *model_find_like(const struct model *model, const struct target_spec *spec)
{
    struct target *target = find_as(model, spec, spec->class);

    return !target && has_other_key(spec) ? find_as(model, spec, other_class(spec)) : target;
}

char *model_key_here(const struct model *model, const struct target_spec *spec)
{
    char *key = model_key(spec), *own;
    const struct target *target = map_get(&model->target_keys, key);

    if (!target || target->spec.class == spec->class)
        return key;
    own = model_key(&target->spec);
    free(key);
    return own;
}

static void take_as(struct model *model, struct target *target, enum target_class class)
{
    char *key = key_as(&target->spec, class);
    const struct target *holder = map_get(&model->target_keys, key);

    if (!holder || holder->removed || (holder->spec.class != class && target->spec.class == class))
        map_put(&model->target_keys, key, target);
    free(key);
}

void model_take_key(struct model *model, struct target *target)
{
    take_as(model, target, target->spec.class);
    if (has_other_key(&target->spec))
        take_as(model, target, other_class(&target->spec));
}

static void leave_as(struct model *model, const struct target *target, enum target_class class)
{
    char *key = key_as(&target->spec, class);

    if (map_get(&model->target_keys, key) == target)
        map_remove(&model->target_keys, key);
    free(key);
}

void model_leave_key(struct model *model, const struct target *target)
{
    leave_as(model, target, target->spec.class);
    if (has_other_key(&target->spec))
        leave_as(model, target, other_class(&target->spec));
}
