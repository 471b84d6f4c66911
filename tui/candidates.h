/* What Tab can put into a prompt: a list to choose from, and the choosing. Pure; who knows what fits fills
 * the list (tui/complete.h for filters, tui/path_complete.h for files). */
#pragma once

#include "tui/prompt.h"

#include <stdbool.h>
#include <stddef.h>

#define CANDIDATES_MOST 200 /* that a list holds; further ones only make `more` true */

struct candidate {
    char *text;  /* what goes into the prompt */
    char *label; /* what the list shows */
    char *help;  /* a few words beside it; NULL */
};

/* A zeroed struct is an empty list, and not shown. */
struct candidates {
    struct candidate *items; /* owned, their texts too */
    size_t count;
    bool more;
    size_t from, to; /* the bytes of the prompt's text that a candidate takes the place of */
    size_t chosen;   /* the place + 1 of the one that stands in the prompt; 0: none does yet */
    bool shown;      /* the list is on the screen */
};

/* Empties the list; it is shown no longer. */
void candidates_release(struct candidates *list);

/* Copies all three; `help` may be NULL. */
void candidates_add(struct candidates *list, const char *text, const char *label, const char *help);

/* Tab (or Shift-Tab, unless `forward`): a single candidate goes into the prompt, and the list is empty then.
 * Of several that is as much as all of them begin with and the prompt does not say yet; the list is shown,
 * and from then on one after the other goes into the prompt, around and around. True when the prompt's text
 * is another one. */
bool candidates_press(struct candidates *list, struct prompt *prompt, bool forward);
