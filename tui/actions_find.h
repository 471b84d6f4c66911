/* What the search and filter prompts do while somebody types in them. */
#pragma once

#include "tui/state.h"

void find_changed(struct screen *screen);  /* the user made the prompt's text another one */
void find_typed(struct screen *screen);    /* the same, by completion or from the history */
void find_accepted(struct screen *screen); /* Enter */
void find_cancelled(struct screen *screen);

/* Parses and applies, what takes long a little later; "" shows everything at once. False when the text can't
 * be read: prompt_error then says why. */
bool find_filter(struct screen *screen, const char *text);

/* After every change of tags: a filter may ask for them. */
void find_tags_changed(struct screen *screen);
/* A search or a filter is on its way through a large tree. */
bool find_busy(const struct screen *screen);
void find_go_on(struct screen *screen); /* for a few milliseconds */
void find_stop(struct screen *screen);  /* ends the search, not the filter */
