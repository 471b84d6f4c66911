/* What a paste does in each mode. */
#pragma once

#include "tui/state.h"

/* On the tree, and as several lines in the prompt to add: a list, which asks first. In a prompt: text. While
 * a question waits: nothing. */
void paste_take(struct screen *screen, const uint8_t *bytes, size_t length);

/* Says what came of the list. */
void paste_say(struct screen *screen);

/* Shows what is in the list that was read, and asks; says only a sentence when there is no more to see. */
void paste_ask(struct screen *screen);

/* Says why a paste is not taken, where it would have gone. */
void paste_refuse(struct screen *screen, const char *reason);

/* The answers to the question about the list. */
void paste_confirmed(struct screen *screen);
void paste_left(struct screen *screen);
