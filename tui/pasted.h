/* A list that was pasted or read from a file: what is in it, what adding it would do, and what was done.
 * Nothing is added before pasted_add. */
#pragma once

#include "engine/audit/audit.h"
#include "engine/base/strings.h"
#include "engine/input/input.h"
#include "engine/model/model.h"
#include "tui/page.h"
#include "tui/undo.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PASTED_LISTED 200 /* items of a kind that the page shows */

enum pasted_state {
    PASTED_NOTHING, /* nothing was pasted yet */
    PASTED_ASKED,   /* it waits for an answer */
    PASTED_ADDED,
    PASTED_LEFT, /* the answer was no, or there was nothing to add */
};

struct pasted {
    enum pasted_state state;
    struct strings files;                       /* their paths; none when it was pasted */
    struct input input;                         /* owned; its targets only while PASTED_ASKED */
    size_t fresh;                               /* targets that are new */
    size_t known;                               /* that are in the model already, or stand in it twice */
    size_t listed[PASTED_LISTED], listed_count; /* the first new ones, as indexes of `input.specs` */
};

/* A zeroed struct is empty and usable after. */
void pasted_release(struct pasted *pasted);

/* Reads anything that --input reads (engine/input/input.h) in place of what was there. Lines may end with CR
 * alone, as terminals send them. PASTED_ASKED when there is something to add. */
void pasted_read(struct pasted *pasted, const struct model *model, const uint8_t *bytes, size_t length);

/* The same with a file; `besides`: together with those that were read, since connectors, accepted domains and
 * rules say something of each other. False and *error (one sentence, the caller frees), and what was there
 * stays, when one is no regular file or can't be read. */
bool pasted_read_file(struct pasted *pasted, const struct model *model, const char *path, bool besides,
                      char **error);

/* A file may come besides: nothing was added yet. */
bool pasted_takes_more(const struct pasted *pasted);

/* The files, or "Pasted"; the caller frees. */
char *pasted_name(const struct pasted *pasted);

/* "Add 12 targets (3 are there already, 1 line not understood)? y n", or what came of it: "12 targets added
 * (…)"; the caller frees. */
char *pasted_sentence(const struct pasted *pasted);

/* More to see than the sentence. */
bool pasted_worth(const struct pasted *pasted);

/* What was not understood, notes, and the targets that wait to be added. */
void pasted_page_build(struct page *page, const struct pasted *pasted);

/* The answers. Adds to model and, unless it is NULL, audit; returns the first new target or NULL. */
struct target *pasted_add(struct pasted *pasted, struct model *model, struct audit *audit, struct undo *undo);
void pasted_leave(struct pasted *pasted);
