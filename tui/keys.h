/* What a key press does in each mode: tree, prompt, menu, question. */
#pragma once

#include "tui/press.h"
#include "tui/state.h"

void keys_press(struct screen *screen, uint32_t key);
