/* Pauses that vary, so that connections to one place do not come in step. Pure. */
#pragma once

#include <stdint.h>

struct jitter {
    uint64_t state;
};

/* The same seed gives the same pauses; 0 takes one at random. */
void jitter_init(struct jitter *jitter, uint64_t seed);

/* `seconds`, at least 0, times a factor of 0.75 to 1.25, in milliseconds, rounded up; the mean of many is
 * `seconds`. No pause stays none. */
uint64_t jitter_ms(struct jitter *jitter, double seconds);
