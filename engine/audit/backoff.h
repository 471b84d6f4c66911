/* How much longer than configured a pause is, after signs that a server had enough of us. Each sign is a step
 * up, each good connection one down, and each quiet period one down as well: what is never tried again must
 * not wait for ever. Pure; times are milliseconds of one clock that never goes back. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct backoff {
    unsigned steps;    /* as of `since_ms` */
    uint64_t since_ms; /* from here quiet is counted: the latest sign, or the latest step down */
    uint64_t quiet_ms; /* a quiet period, at least 1 */
};

void backoff_init(struct backoff *backoff, uint64_t quiet_ms);

/* The steps that still stand. */
unsigned backoff_steps(const struct backoff *backoff, uint64_t now_ms);

/* One more sign: a step up, unless `most` steps or more stand; quiet begins anew. */
void backoff_more(struct backoff *backoff, uint64_t now_ms, unsigned most);

/* A good connection: a step down. */
void backoff_less(struct backoff *backoff, uint64_t now_ms);

/* A pause of that many seconds after so many steps: twice as much for each, as long as that stays within
 * `most` seconds. */
double backoff_stretch(double seconds, unsigned steps, double most);

/* How many steps lead there; one at least, so that a sign is remembered where it stretches nothing. */
unsigned backoff_reach(double seconds, double most);
