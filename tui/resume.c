#include "tui/resume.h"

#include <stdint.h>

static bool facts_settle(const struct facts *facts, const struct baseline *baseline, enum depth depth)
{
    if (!facts || !facts->ended || probe_error_is_local(facts->error) || facts_starved(facts))
        return false;
    if (!facts->full && depth == DEPTH_FULL)
        return false;
    return facts_highest(facts) < (int)baseline->minimum || judge_suite(facts, baseline) != VERSION_UNKNOWN;
}

/* That STARTTLS is not offered said nothing of the server where the way there took it out. */
static bool way_spoke(const struct model *model, const struct endpoint *endpoint)
{
    return model_preflight(model)->checks[CHECK_STARTTLS_PATH].state == CHECK_TROUBLE &&
           endpoint->key.protocol == PROTOCOL_SMTP && endpoint->facts &&
           endpoint->facts->starttls != STARTTLS_OFFERED;
}

void resume_elsewhere(struct model *model)
{
    struct event preflight = {.type = EVENT_PREFLIGHT};

    for (size_t i = 0; i < model_endpoint_count(model); i++)
        if (way_spoke(model, model_endpoint_at(model, i)))
            model_forget_endpoint(model, model_endpoint_at(model, i));
    model_remember_verdicts(model);
    model_apply(model, &preflight);
    event_release(&preflight);
}

static void keep(struct model *model, struct audit *audit, struct endpoint *endpoint, enum depth depth,
                 int64_t since)
{
    if (facts_settle(endpoint->facts, model_baseline(model), depth) && endpoint->facts->probed_at >= since)
        audit_keep(audit, &endpoint->key);
}

/* One whose endpoints are left alone is not seen to fall short by the engine. */
static bool misses_contacts(const struct target *target)
{
    return !target->directory && verdict_falls_short(target->judgement.verdict);
}

static void add(struct audit *audit, const struct target *target)
{
    audit_add(audit, target->id, &target->spec);
    if (misses_contacts(target))
        audit_contacts(audit, target->id);
}

/* Those that were taken out behind the walk's back. */
static void take_back(struct model *model, struct audit *audit)
{
    for (size_t i = 0; i < model_target_count(model); i++)
        if (model_target_at(model, i)->removed)
            audit_remove(audit, model_target_at(model, i)->id);
}

bool resume_go_on(struct resume_walk *walk, struct model *model, struct audit *audit, enum depth depth,
                  int64_t since, size_t most)
{
    if (!walk->begun)
        resume_elsewhere(model);
    walk->begun = true;
    while (walk->endpoint < model_endpoint_count(model) && most--)
        keep(model, audit, model_endpoint_at(model, walk->endpoint++), depth, since);
    if (walk->endpoint < model_endpoint_count(model))
        return false;
    while (walk->target < model_target_count(model) && most--) {
        const struct target *target = model_target_at(model, walk->target++);

        if (!target->removed)
            add(audit, target);
    }
    if (walk->target < model_target_count(model))
        return false;
    take_back(model, audit);
    return true;
}

void resume(struct model *model, struct audit *audit, enum depth depth, int64_t since)
{
    struct resume_walk walk = {0};

    while (!resume_go_on(&walk, model, audit, depth, since, SIZE_MAX))
        continue;
}
