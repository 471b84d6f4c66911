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

/* Remembers a target for the step that was begun last, which must be there; one that the step has added: as
 * removed. */
void undo_keep(struct undo *undo, const struct target *target, bool tagged);
void undo_keep_added(struct undo *undo, const struct target *target);

/* Takes the baseline that was judged by before the step. */
void undo_keep_baseline(struct undo *undo, struct baseline *baseline);

/* Makes the targets of the last step what they were and forgets the step. Returns what was undone (the caller
 * frees), or NULL when nothing is left. `restored`, when not NULL, is called for each target that had been
 * removed and is there again, with whether it had been tagged, and for each that is gone again. */
char *undo_back(struct undo *undo, struct model *model,
                void (*restored)(void *context, struct target *target, bool tagged), void *context);
