#include "tui/undo.h"

#include "engine/base/mem.h"

#include <stdlib.h>
#include <string.h>

static void release_step(struct undo_step *step)
{
    size_t i;

    for (i = 0; i < step->count; i++) {
        free(step->entries[i].note);
        free(step->entries[i].owner);
        free(step->entries[i].contact);
    }
    free(step->entries);
    free(step->what);
    baseline_free(step->baseline);
}

void undo_release(struct undo *undo)
{
    size_t i;

    for (i = 0; i < undo->count; i++)
        release_step(&undo->steps[i]);
    undo->count = 0;
}

void undo_begin(struct undo *undo, const char *what)
{
    if (undo->count == UNDO_MOST) {
        release_step(&undo->steps[0]);
        memmove(undo->steps, undo->steps + 1, --undo->count * sizeof undo->steps[0]);
    }
    undo->steps[undo->count++] = (struct undo_step){.what = mem_string(what)};
}

void undo_keep(struct undo *undo, const struct target *target, bool tagged)
{
    struct undo_step *step = &undo->steps[undo->count - 1];
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
                                                       .removed = target->removed,
                                                       .tagged = tagged};
}

void undo_keep_added(struct undo *undo, const struct target *target)
{
    struct undo_step *step = &undo->steps[undo->count - 1];

    undo_keep(undo, target, false);
    step->entries[step->count - 1].removed = true;
}

void undo_keep_baseline(struct undo *undo, struct baseline *baseline)
{
    undo->steps[undo->count - 1].baseline = baseline;
}

static void restore(struct model *model, struct target *target, const struct undo_entry *entry)
{
    struct target_notes notes = {entry->note, entry->owner, entry->contact, entry->state, entry->due};

    if (entry->removed)
        model_remove(model, target);
    else if (target->removed)
        model_bring_back(model, target);
    if (target->spec.class != entry->class || target->spec.requirement != entry->requirement)
        model_reclass(model, target, entry->class, entry->requirement);
    model_set_notes(model, target, &notes);
}

char *undo_back(struct undo *undo, struct model *model,
                void (*restored)(void *context, struct target *target, bool tagged), void *context)
{
    struct undo_step *step;
    char *what;
    size_t i;

    if (!undo->count)
        return NULL;
    step = &undo->steps[--undo->count];
    for (i = step->count; i > 0; i--) {
        const struct undo_entry *entry = &step->entries[i - 1];
        struct target *target = model_target(model, entry->target);
        bool removed = target && target->removed;

        if (!target)
            continue;
        restore(model, target, entry);
        if (restored && removed != target->removed)
            restored(context, target, entry->tagged);
    }
    if (step->baseline)
        step->baseline = model_exchange_baseline(model, step->baseline);
    what = mem_string(step->what);
    release_step(step);
    return what;
}
