/* What was done to targets by hand, and how to take it back: before each action the targets that it changes
 * are remembered as they are. Pure. */
#pragma once

#include "engine/model/model.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UNDO_MOST 100 /* steps that are kept; the oldest goes first */

struct undo_entry {
    uint32_t target;
    enum target_class class;
    enum requirement requirement;
    char *note, *owner, *contact; /* owned; NULL */
    enum contact_state state;
    int32_t due;
    unsigned by_hand;
    struct target_spec
        *spec; /* what was demanded of it, where the step changed that; owned; NULL: the same */
    bool removed, tagged;
};

struct undo_step {
    char *what;                 /* "the removal of contoso.example"; owned */
    struct undo_entry *entries; /* owned */
    size_t count;
    struct baseline *baseline; /* to judge by again; owned; NULL: the same */
};

/* A zeroed struct is empty. */
struct undo {
    struct undo_step steps[UNDO_MOST];
    size_t count;
};

void undo_release(struct undo *undo);

/* Begins a step; `what` is copied. */
void undo_begin(struct undo *undo, const char *what);

/* Adds a step that was filled aside (undo_step_keep), and empties that. */
void undo_push(struct undo *undo, struct undo_step *step);
/* A zeroed step is empty; `what` of it is the caller's to set. Of the target that was kept last: it was not
 * there, or what is demanded of it is about to change. */
void undo_step_keep(struct undo_step *step, const struct target *target, bool tagged);
void undo_step_was_removed(struct undo_step *step);
void undo_step_keep_demand(struct undo_step *step, const struct target *target);
void undo_step_release(struct undo_step *step);

/* Remembers a target for the step that was begun last, which must be there; one that the step has added: as
 * removed. */
void undo_keep(struct undo *undo, const struct target *target, bool tagged);
void undo_keep_added(struct undo *undo, const struct target *target);

/* Takes the baseline that was judged by before the step. */
void undo_keep_baseline(struct undo *undo, struct baseline *baseline);

/* Makes the targets of the last step what they were and forgets the step. Returns what was undone (the caller
 * frees), or NULL when nothing is left. `restored`, when not NULL, is called for each target that had been
 * removed and is there again, with whether it had been tagged, for each that is gone again, and for each
 * whose mail goes another way again. */
char *undo_back(struct undo *undo, struct model *model,
                void (*restored)(void *context, struct target *target, bool tagged), void *context);
