/* How far the work is, in words for the header. Pure. */
#pragma once

#include "engine/base/words.h"
#include "tui/pace.h"

#include <stdbool.h>

struct work {
    unsigned targets, resolved;
    unsigned endpoints, judged, done; /* judged: readiness is decided; done: every version was tried */
    unsigned running, queued;
    unsigned later;   /* endpoints that put us off and wait for a later try */
    enum limit limit; /* what of this machine sets the pace now */
    bool busy;        /* something that was asked for is not done; the counts alone don't tell */
    bool paused;
};

/* "readiness 37/120, all versions 12/120, 8 running, 75 waiting, 12/s, 3 min left", and where a limit of this
 * machine sets the pace, "limited by open files": the longest that fits into `room` columns; shorter than
 * "37/120" it does not get. First what is judged is counted, then what is done. `pace` counts both. No time
 * is left to be told where only later tries remain. ASCII; the caller frees. */
char *progress_text(const struct work *work, const struct pace *pace, int room);
