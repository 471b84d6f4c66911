/* The side of the snapshots' benchmark that shows them: a screen in a pseudo-terminal of its own, with keys
 * pressed all the time. */
#pragma once

#include <stdbool.h>

/* Prints, for a snapshot that is opened, for one that is gone on with (a copy of `path`), and for `later`
 * held against `path`: when the first frame was painted, when all was there, and the longest that the screen
 * kept its thread from one frame to the next (in processor time, and by the clock, which counts who else
 * wants the processor). False when one did not come to its end. */
bool snapshot_screen(const char *path, const char *later);
