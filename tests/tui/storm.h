/* Random keys, events, pastes and sizes on the screen's state, painted into no terminal: what must hold holds
 * after every step, whatever came. Everything follows from a seed. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct storm;

/* curses runs, headless (tui/terminal.h). */
struct storm *storm_new(uint64_t seed);
void storm_free(struct storm *storm);

/* One step; false when something does not hold: it, the seed and the last keys are on stderr. */
bool storm_step(struct storm *storm);

/* Keys pressed so far. */
unsigned long storm_keys(const struct storm *storm);
