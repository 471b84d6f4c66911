#include "engine/audit/backoff.h"

#define STEPS_MOST 16

void backoff_init(struct backoff *backoff, uint64_t quiet_ms)
{
    *backoff = (struct backoff){.quiet_ms = quiet_ms ? quiet_ms : 1};
}

static uint64_t quiet_periods(const struct backoff *backoff, uint64_t now_ms)
{
    return now_ms > backoff->since_ms ? (now_ms - backoff->since_ms) / backoff->quiet_ms : 0;
}

unsigned backoff_steps(const struct backoff *backoff, uint64_t now_ms)
{
    uint64_t periods = quiet_periods(backoff, now_ms);

    return periods < backoff->steps ? backoff->steps - (unsigned)periods : 0;
}

void backoff_more(struct backoff *backoff, uint64_t now_ms, unsigned most)
{
    unsigned steps = backoff_steps(backoff, now_ms);

    backoff->steps = steps < most ? steps + 1 : steps;
    backoff->since_ms = now_ms;
}

void backoff_less(struct backoff *backoff, uint64_t now_ms)
{
    unsigned steps = backoff_steps(backoff, now_ms);

    backoff->steps = steps ? steps - 1 : 0;
    backoff->since_ms = now_ms;
}

double backoff_stretch(double seconds, unsigned steps, double most)
{
    double limit = seconds < most ? most : seconds;

    for (unsigned i = 0; i < steps && seconds < limit; i++)
        seconds *= 2;
    return seconds < limit ? seconds : limit;
}

unsigned backoff_reach(double seconds, double most)
{
    unsigned steps = 1;

    while (seconds > 0 && steps < STEPS_MOST && backoff_stretch(seconds, steps, most) < most)
        steps++;
    return steps;
}
