/* The session held against an earlier one. */
#pragma once

#include "tui/state.h"

/* Enter in the prompt. What speaks against a path is said there, and the prompt stays. */
void hold_accepted(struct screen *screen);

/* What --against asked for. The session that is shown may still be read meanwhile. */
void hold_asked(struct screen *screen);

/* True when there is something to go on with now: not while the session that is shown is still read; when
 * there is, or will be once a thread has read it. */
bool hold_busy(const struct screen *screen);
bool hold_under_way(const struct screen *screen);

/* Goes on for a few milliseconds. When all was compared for the first time, the tree is grouped by change. */
void hold_go_on(struct screen *screen);

/* Goes on to the end, and waits for the thread meanwhile. */
void hold_finish(struct screen *screen);

/* Gives up what is under way. */
void hold_cancel(struct screen *screen);
