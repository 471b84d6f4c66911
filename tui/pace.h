/* How fast steps get done, from the last few seconds. Pure: the caller gives the time. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define PACE_SAMPLES 16

struct pace {
    struct pace_sample {
        int64_t at; /* milliseconds of a clock that never goes back */
        unsigned steps;
    } samples[PACE_SAMPLES]; /* in order of time */
    size_t count;
};

/* `steps` are done so far. Fewer than before: the work began anew, and so does the measuring. */
void pace_take(struct pace *pace, int64_t now, unsigned steps);

/* Steps per second; negative while too little is known. */
double pace_rate(const struct pace *pace);

/* "40 s left", "3 min left", "2 h 5 min left"; empty while nothing sensible can be said. */
#define PACE_SIZE 40
void pace_left(const struct pace *pace, unsigned steps_left, char out[PACE_SIZE]);
