/* What a paste does in each mode. */
#pragma once

#include "tui/state.h"

/* On the tree, and as several lines in the prompt to add: a list, which asks first. In a prompt: text. While
 * a question waits: nothing. */
void paste_take(struct screen *screen, const uint8_t *bytes, size_t length);

/* Says why a paste is not taken, where it would have gone. */
void paste_refuse(struct screen *screen, const char *reason);

/* The answers to the question about the list. */
void paste_confirmed(struct screen *screen);
void paste_left(struct screen *screen);
