#include "engine/audit/jitter.h"

#include <math.h>
#include <sys/random.h>
#include <time.h>

#define LEAST  0.75
#define SPREAD 0.5

void jitter_init(struct jitter *jitter, uint64_t seed)
{
    if (!seed && getrandom(&seed, sizeof seed, 0) != sizeof seed)
        seed = (uint64_t)time(NULL);
    jitter->state = seed;
}

/* SplitMix64: short, and good enough for pauses. */
static uint64_t next(struct jitter *jitter)
{
    uint64_t z = jitter->state += 0x9e3779b97f4a7c15u;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

uint64_t jitter_ms(struct jitter *jitter, double seconds)
{
    double factor = LEAST + SPREAD * (double)(next(jitter) >> 11) / (double)(1ull << 53);

    return seconds > 0 ? (uint64_t)ceil(seconds * 1000 * factor) : 0;
}
