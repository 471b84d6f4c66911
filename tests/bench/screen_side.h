/* The side of the screen's benchmark that runs the screen: a made-up session with facts of every kind, and
 * what can only be counted inside the process. */
#pragma once

#include "tests/bench/paced_audit.h"

#include <stdatomic.h>

/* Shared by both processes. Times are of CLOCK_MONOTONIC. */
struct screen_side {
    struct pacing pacing;
    atomic_ulong frames, presses; /* painted; keys that the last frame shows */
    atomic_ulong bytes;           /* written to the terminal */
    atomic_ulong frame_most;      /* bytes of the largest frame */
    atomic_llong frame_ns;        /* processor time of the screen at the last frame's end */
    atomic_llong started, first;  /* screen_run was called; its first frame was painted */
    atomic_ulong model_bytes, facts_bytes, rows_bytes; /* allocated: model with facts; facts alone; what the
                                                          screen added up to its first frame */
};

/* Runs the screen on `domains` domains, one host and one address each, in the terminal that stdin and stdout
 * are, until a signal ends it. A byte goes to `notify` behind each frame. Returns an exit code. */
int screen_side_run(struct screen_side *side, unsigned domains, int notify);
