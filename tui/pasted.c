#include "tui/pasted.h"

#include "engine/base/mem.h"

#include <stdlib.h>
#include <string.h>

#define LOOKED 8 /* targets of the session that are looked at in the time of one of the list */

static void release_some(struct pasted_some *some)
{
    free(some->listed);
    *some = (struct pasted_some){0};
}

static void release_progress(struct pasted *pasted)
{
    map_release(&pasted->seen, NULL);
    pasted->next = 0;
}

void pasted_release(struct pasted *pasted)
{
    release_progress(pasted);
    release_some(&pasted->fresh);
    release_some(&pasted->others);
    release_some(&pasted->classed);
    release_some(&pasted->spoken_for);
    undo_step_release(&pasted->step);
    carried_release(&pasted->carried);
    input_release(&pasted->input);
    strings_release(&pasted->files);
    memset(pasted, 0, sizeof *pasted);
}

void pasted_begin(struct pasted *pasted, struct input *input, struct strings *files)
{
    pasted_release(pasted);
    pasted->input = *input;
    pasted->files = *files;
    *input = (struct input){.count = 0};
    *files = (struct strings){0};
    pasted->state = PASTED_WEIGHED;
}

static void note(struct pasted_some *some, size_t index)
{
    if (some->count < PASTED_LISTED) {
        if (!some->listed)
            some->listed = mem_array(PASTED_LISTED, sizeof *some->listed);
        some->listed[some->count] = index;
    }
    some->count++;
}

/* Of several connectors that could carry a domain the first takes its target. */
static bool is_taken(struct pasted *pasted, const struct target *target, const struct target_spec *spec)
{
    char *key;
    bool taken;

    if (!target || target->spec.connector || !spec->connector)
        return false;
    key = model_key(&target->spec);
    taken = map_put(&pasted->seen, key, pasted);
    free(key);
    return taken;
}

/* The target that a line names: NULL when it is new. False for a line whose target stood there already. */
static bool look_up(struct pasted *pasted, const struct model *model, size_t index, struct target **target)
{
    const struct target_spec *spec = &pasted->input.specs[index];
    char *key;
    bool first;

    *target = carried_find(&pasted->carried, model, spec, &key);
    first = !map_put(&pasted->seen, key, pasted);
    free(key);
    if (first && is_taken(pasted, *target, spec))
        *target = NULL;
    return first;
}

static void note_known(struct pasted *pasted, const struct target *target, size_t index)
{
    const struct target_spec *spec = &pasted->input.specs[index];

    if (model_would_respecify(target, spec) != RESPECIFIED_NOT) {
        note(&pasted->others, index);
        return;
    }
    pasted->known++;
    if (target->spec.connector && !spec->connector)
        note(&pasted->spoken_for, index);
    else if (target->spec.class != spec->class)
        note(&pasted->classed, index);
}

static void weigh(struct pasted *pasted, const struct model *model, size_t index)
{
    struct target *target;

    if (!look_up(pasted, model, index, &target))
        pasted->known++;
    else if (target)
        note_known(pasted, target, index);
    else
        note(&pasted->fresh, index);
}

void pasted_weigh(struct pasted *pasted, const struct model *model, size_t most)
{
    if (!carried_look(&pasted->carried, model, LOOKED * most))
        return;
    for (; most && pasted->next < pasted->input.count; most--)
        weigh(pasted, model, pasted->next++);
    if (pasted->next < pasted->input.count)
        return;
    release_progress(pasted);
    pasted->state = PASTED_ASKED;
    if (!pasted->fresh.count && !pasted->others.count)
        pasted_leave(pasted);
}

bool pasted_takes_more(const struct pasted *pasted)
{
    return pasted->files.count && (pasted->state == PASTED_ASKED || pasted->state == PASTED_LEFT);
}

static void drop_targets(struct pasted *pasted)
{
    struct input *input = &pasted->input;

    while (input->count)
        target_spec_release(&input->specs[--input->count]);
    free(input->specs);
    input->specs = NULL;
    carried_release(&pasted->carried);
    release_progress(pasted);
}

void pasted_leave(struct pasted *pasted)
{
    drop_targets(pasted);
    pasted->state = PASTED_LEFT;
}

/* What is counted from now on is what is done. */
void pasted_accept(struct pasted *pasted)
{
    release_some(&pasted->fresh);
    release_some(&pasted->others);
    release_some(&pasted->classed);
    release_some(&pasted->spoken_for);
    pasted->known = 0;
    pasted->state = PASTED_TAKEN;
}

/* One that had been removed comes back as the list has it. */
static bool add_fresh(struct pasted *pasted, struct model *model, struct target *target,
                      const struct target_spec *spec)
{
    undo_step_keep(&pasted->step, target, false);
    undo_step_was_removed(&pasted->step);
    if (model_would_respecify(target, spec) != RESPECIFIED_NOT)
        undo_step_keep_demand(&pasted->step, target);
    model_respecify(model, target, spec);
    if (!pasted->first)
        pasted->first = target->id;
    return true;
}

static bool change(struct pasted *pasted, struct model *model, struct target *target,
                   const struct target_spec *spec)
{
    undo_step_keep(&pasted->step, target, false);
    undo_step_keep_demand(&pasted->step, target);
    return model_respecify(model, target, spec) == RESPECIFIED_WAY;
}

/* True when the engine is to hear of *target. */
static bool add(struct pasted *pasted, struct model *model, size_t index, struct target **target)
{
    const struct target_spec *spec = &pasted->input.specs[index];

    if (!look_up(pasted, model, index, target)) {
        pasted->known++;
        return false;
    }
    if (!*target) {
        note(&pasted->fresh, index);
        *target = model_add(model, spec, NULL);
        return add_fresh(pasted, model, *target, spec);
    }
    note_known(pasted, *target, index);
    if (model_would_respecify(*target, spec) != RESPECIFIED_NOT)
        return change(pasted, model, *target, spec);
    model_respecify(model, *target, spec); /* where the list says it */
    return false;
}

/* What was wrong or left out stays at hand beside what other inputs said. */
static void keep_notes(const struct pasted *pasted, struct model *model)
{
    struct strings problems = {0};
    size_t i;

    for (i = 0; i < pasted->input.problem_count; i++)
        strings_add(&problems, pasted->input.problems[i].message);
    model_add_new_notes(model, &problems);
    model_add_new_notes(model, &pasted->input.notes);
    strings_release(&problems);
}

void pasted_part(struct pasted *pasted, struct undo *undo)
{
    if (!pasted->step.count)
        return;
    pasted->step.what = mem_string("the addition of a list");
    undo_push(undo, &pasted->step);
}

void pasted_stop(struct pasted *pasted, struct model *model, struct undo *undo)
{
    keep_notes(pasted, model);
    drop_targets(pasted);
    pasted->state = PASTED_ADDED;
    pasted_part(pasted, undo);
}

void pasted_add(struct pasted *pasted, struct model *model, struct undo *undo, size_t most,
                void (*tell)(void *context, struct target *target), void *context)
{
    struct target *target;

    if (!carried_look(&pasted->carried, model, LOOKED * most))
        return;
    for (; most && pasted->next < pasted->input.count; most--, pasted->next++) {
        if (add(pasted, model, pasted->next, &target))
            tell(context, target);
        target_spec_release(&pasted->input.specs[pasted->next]); /* all at once would take a while */
    }
    if (pasted->next == pasted->input.count)
        pasted_stop(pasted, model, undo);
}
