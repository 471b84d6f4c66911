/* What a key press does in each mode: tree, prompt, menu, question. */
#pragma once

#include "tui/press.h"
#include "tui/state.h"

void keys_press(struct screen *screen, uint32_t key);

/* What is pasted: a list or text, never keys. */
void keys_paste(struct screen *screen, const uint8_t *bytes, size_t length);
void keys_refuse_paste(struct screen *screen, const char *reason);
