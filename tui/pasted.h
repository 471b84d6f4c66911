/* A list that was pasted or read from a file: what is in it, what adding it would do, and what was done.
 * Nothing is added before the answer is yes. Long lists are weighed and added a piece at a time. */
#pragma once

#include "engine/base/map.h"
#include "engine/base/strings.h"
#include "engine/input/input.h"
#include "engine/model/carried.h"
#include "engine/model/model.h"
#include "tui/page.h"
#include "tui/undo.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PASTED_LISTED 200 /* items of a kind that the page shows */

enum pasted_state {
    PASTED_NOTHING, /* nothing was pasted yet */
    PASTED_WEIGHED, /* it is being held against the session */
    PASTED_ASKED,   /* it waits for an answer */
    PASTED_TAKEN,   /* the answer was yes, and it is being added */
    PASTED_ADDED,
    PASTED_LEFT, /* the answer was no, or there was nothing to add */
};

/* Some items of a kind, the first ones, as indexes of `input.specs`. */
struct pasted_some {
    size_t count;   /* of all */
    size_t *listed; /* owned; at most PASTED_LISTED */
};

struct pasted {
    enum pasted_state state;
    struct strings files;          /* their paths; none when it was pasted */
    struct input input;            /* owned; its targets only until it is PASTED_ADDED or PASTED_LEFT */
    size_t next;                   /* how many of those were weighed, or added */
    struct carried carried;        /* whom connectors carry, of the session */
    struct map seen;               /* keys of those; of several that are one target the first counts */
    struct pasted_some fresh;      /* targets that are new */
    struct pasted_some others;     /* that are known, and of which the list says something else */
    size_t known;                  /* that are as before, or stand in the list twice; of these: */
    struct pasted_some classed;    /* have another class, which somebody set */
    struct pasted_some spoken_for; /* are carried by a connector, and named without it */
    struct undo_step step;         /* what adding has changed so far */
    uint32_t first;                /* id of the first new target; 0: none */
};

/* A zeroed struct is empty and usable after. */
void pasted_release(struct pasted *pasted);

/* Begins to weigh what was read (finished), in place of what was there; `files` are their paths, none when it
 * was pasted. Both are moved here. */
void pasted_begin(struct pasted *pasted, struct input *input, struct strings *files);

/* Goes on with PASTED_WEIGHED for `most` targets. Then it is PASTED_ASKED when there is something to add or
 * to change. */
void pasted_weigh(struct pasted *pasted, const struct model *model, size_t most);

/* A file may come besides: nothing was added yet. */
bool pasted_takes_more(const struct pasted *pasted);

/* The files, or "Pasted"; the caller frees. */
char *pasted_name(const struct pasted *pasted);

/* "Add 12 targets, change 3 (85 as before, 2 lines not understood)? y n", or what came of it: "12 added, 3
 * changed, 85 as before, …"; the caller frees. */
char *pasted_sentence(const struct pasted *pasted);

/* "adding partners.csv: 40 %" while that goes on; NULL when it does not. The caller frees. */
char *pasted_progress(const struct pasted *pasted);

/* More to see than the sentence. */
bool pasted_worth(const struct pasted *pasted);

/* What was not understood, notes, and what waits to be added and changed, held against the session. */
void pasted_page_build(struct page *page, const struct pasted *pasted, const struct model *model);

/* Something else is about to be done: what was added so far is a step of its own, so that undo goes back in
 * order. Nothing where nothing was. */
void pasted_part(struct pasted *pasted, struct undo *undo);

/* The answers. After yes it is PASTED_TAKEN, and PASTED_ADDED once pasted_add has gone through it, `most`
 * targets at a time; `tell` hears of those that are new or whose mail goes another way. What it did is one
 * step of undo, but for what pasted_part took. After pasted_stop the rest stays out. */
void pasted_accept(struct pasted *pasted);
void pasted_add(struct pasted *pasted, struct model *model, struct undo *undo, size_t most,
                void (*tell)(void *context, struct target *target), void *context);
void pasted_stop(struct pasted *pasted, struct model *model, struct undo *undo);
void pasted_leave(struct pasted *pasted);
