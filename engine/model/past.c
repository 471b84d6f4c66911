#include "engine/model/model_private.h"

#include <stdlib.h>

static bool at_rest(const struct host *host)
{
    if (!host->resolved)
        return false;
    for (size_t i = 0; i < host->endpoint_count; i++)
        if (!host->endpoints[i]->facts || !host->endpoints[i]->facts->ended)
            return false;
    return true;
}

/* Nothing is under way that could change the verdict. */
static bool is_settled(const struct target *target)
{
    if (target->removed || target->judgement.verdict == VERDICT_PENDING)
        return false;
    for (size_t i = 0; i < target->host_count; i++)
        if (!at_rest(target->hosts[i].host))
            return false;
    return true;
}

static bool says_so(const struct target *target)
{
    const struct judgement *now = &target->judgement, *last;

    if (!target->past_count)
        return false;
    last = &target->past[target->past_count - 1].judgement;
    return last->verdict == now->verdict && last->reason == now->reason && last->error == now->error;
}

static void add(struct target *target, const struct past *past)
{
    target->past = array_room(target->past, target->past_count, sizeof *target->past);
    target->past[target->past_count++] = *past;
}

void model_note_past(struct model *model, struct target *target)
{
    if (model->silent || !is_settled(target) || says_so(target))
        return;
    add(target, &(struct past){target->judgement, model_time(model)});
    model_mark(model, target);
}

void model_restore_past(struct target *target, const struct past *past)
{
    add(target, past);
}

/* When the last of its servers was asked; 0: none was. */
static int64_t last_probe(const struct target *target)
{
    int64_t last = 0;

    for (size_t h = 0; h < target->host_count; h++)
        for (size_t i = 0; i < target->hosts[h].host->endpoint_count; i++) {
            const struct facts *facts = target->hosts[h].host->endpoints[i]->facts;

            if (facts && facts->probed_at > last)
                last = facts->probed_at;
        }
    return last;
}

/* A session from before histories were kept has its first verdicts from its probes. */
static void catch_up(struct model *model, struct target *target)
{
    struct past past = {target->judgement, model_time(model)};

    if (!is_settled(target) || says_so(target))
        return;
    if (!target->past_count)
        past.when = last_probe(target);
    if (!past.when)
        return;
    add(target, &past);
    model_mark_unsaved(model, target->id);
}

void model_keep_past(struct model *model, bool on)
{
    model->silent = !on;
    for (size_t i = 0; on && i < model->target_count; i++)
        catch_up(model, model->targets[i]);
}
