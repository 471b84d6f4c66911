#include "tui/undo.h"

#include "engine/base/mem.h"

#include <stdlib.h>
#include <string.h>

static void release_entry(struct undo_entry *entry)
{
    free(entry->note);
    free(entry->owner);
    free(entry->contact);
    if (entry->spec)
        target_spec_release(entry->spec);
    free(entry->spec);
}

void undo_step_release(struct undo_step *step)
{
    size_t i;

    for (i = 0; i < step->count; i++)
        release_entry(&step->entries[i]);
    free(step->entries);
    free(step->what);
    baseline_free(step->baseline);
    *step = (struct undo_step){0};
}

void undo_release(struct undo *undo)
{
    size_t i;

    for (i = 0; i < undo->count; i++)
        undo_step_release(&undo->steps[i]);
    undo->count = 0;
}

void undo_push(struct undo *undo, struct undo_step *step)
{
    if (undo->count == UNDO_MOST) {
        undo_step_release(&undo->steps[0]);
        memmove(undo->steps, undo->steps + 1, --undo->count * sizeof undo->steps[0]);
    }
    undo->steps[undo->count++] = *step;
    *step = (struct undo_step){0};
}

void undo_begin(struct undo *undo, const char *what)
{
    struct undo_step step = {.what = mem_string(what)};

    undo_push(undo, &step);
}

void undo_step_keep(struct undo_step *step, const struct target *target, bool tagged)
{
    const struct target_spec *spec = &target->spec;

    if (!(step->count & (step->count - 1)))
        step->entries = mem_resize(step->entries, step->count ? 2 * step->count : 1, sizeof *step->entries);
    step->entries[step->count++] = (struct undo_entry){.target = target->id,
                                                       .class = spec->class,
                                                       .requirement = spec->requirement,
                                                       .note = mem_string(spec->note),
                                                       .owner = mem_string(spec->owner),
                                                       .contact = mem_string(spec->contact),
                                                       .state = spec->contact_state,
                                                       .due = spec->due,
                                                       .by_hand = spec->by_hand,
                                                       .removed = target->removed,
                                                       .tagged = tagged};
}

void undo_step_was_removed(struct undo_step *step)
{
    step->entries[step->count - 1].removed = true;
}

void undo_step_keep_demand(struct undo_step *step, const struct target *target)
{
    struct target_spec *spec = mem_alloc(sizeof *spec);

    target_spec_copy(spec, &target->spec);
    step->entries[step->count - 1].spec = spec;
}

void undo_keep(struct undo *undo, const struct target *target, bool tagged)
{
    undo_step_keep(&undo->steps[undo->count - 1], target, tagged);
}

void undo_keep_added(struct undo *undo, const struct target *target)
{
    undo_keep(undo, target, false);
    undo_step_was_removed(&undo->steps[undo->count - 1]);
}

void undo_keep_baseline(struct undo *undo, struct baseline *baseline)
{
    undo->steps[undo->count - 1].baseline = baseline;
}

/* True when the engine is to hear of it. */
static bool restore(struct model *model, struct target *target, const struct undo_entry *entry)
{
    struct target_notes notes = {entry->note, entry->owner, entry->contact, entry->state, entry->due};
    bool moved = entry->removed != target->removed;

    if (entry->removed)
        model_remove(model, target);
    else if (target->removed)
        model_bring_back(model, target);
    if (target->spec.class != entry->class || target->spec.requirement != entry->requirement)
        model_reclass(model, target, entry->class, entry->requirement);
    if (entry->spec)
        moved |= model_specify_back(model, target, entry->spec) == RESPECIFIED_WAY;
    model_set_notes(model, target, &notes);
    model_set_by_hand(model, target, entry->by_hand);
    return moved;
}

static void restore_all(const struct undo_step *step, struct model *model,
                        void (*restored)(void *context, struct target *target, bool tagged), void *context)
{
    for (size_t i = step->count; i > 0; i--) {
        const struct undo_entry *entry = &step->entries[i - 1];
        struct target *target = model_target(model, entry->target);

        if (target && restore(model, target, entry) && restored)
            restored(context, target, entry->tagged);
    }
}

char *undo_back(struct undo *undo, struct model *model,
                void (*restored)(void *context, struct target *target, bool tagged), void *context)
{
    struct undo_step *step;
    char *what;

    if (!undo->count)
        return NULL;
    step = &undo->steps[--undo->count];
    restore_all(step, model, restored, context);
    if (step->baseline)
        step->baseline = model_exchange_baseline(model, step->baseline);
    what = mem_string(step->what);
    undo_step_release(step);
    return what;
}
