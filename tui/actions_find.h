/* What the search and filter prompts do while somebody types in them. */
#pragma once

#include "tui/state.h"

void find_changed(struct screen *screen);  /* the user made the prompt's text another one */
void find_typed(struct screen *screen);    /* the same, by completion or from the history */
void find_accepted(struct screen *screen); /* Enter */
void find_cancelled(struct screen *screen);

/* Parses and applies; "" shows everything. False when the text can't be read: prompt_error then says why. */
bool find_filter(struct screen *screen, const char *text);

/* After every change of tags: a filter may ask for them. */
void find_tags_changed(struct screen *screen);
