#include "tui/pace.h"

#include <stdio.h>
#include <string.h>

enum { BETWEEN = 500, LEAST_SPAN = 1500, MOST_HOURS = 100 };

static void drop_first(struct pace *pace)
{
    pace->count--;
    memmove(pace->samples, pace->samples + 1, pace->count * sizeof *pace->samples);
}

void pace_take(struct pace *pace, int64_t now, unsigned steps)
{
    const struct pace_sample *last = pace->count ? &pace->samples[pace->count - 1] : NULL;

    if (last && steps < last->steps) {
        pace->count = 0;
        last = NULL;
    }
    if (last && now - last->at < BETWEEN)
        return;
    if (pace->count == PACE_SAMPLES)
        drop_first(pace);
    pace->samples[pace->count++] = (struct pace_sample){now, steps};
}

double pace_rate(const struct pace *pace)
{
    const struct pace_sample *first = pace->samples, *last = first + (pace->count ? pace->count - 1 : 0);

    if (pace->count < 2 || last->at - first->at < LEAST_SPAN)
        return -1;
    return (double)(last->steps - first->steps) * 1000.0 / (double)(last->at - first->at);
}

void pace_left(const struct pace *pace, unsigned steps_left, char out[PACE_SIZE])
{
    double rate = pace_rate(pace), seconds = rate > 0 ? steps_left / rate : -1;
    long minutes = (long)(seconds / 60 + 0.5);

    out[0] = 0;
    if (!steps_left || seconds < 0 || seconds > (double)MOST_HOURS * 3600)
        return;
    if (seconds < 100)
        snprintf(out, PACE_SIZE, "%ld s left", (long)seconds + (seconds > (double)(long)seconds));
    else if (minutes < 100)
        snprintf(out, PACE_SIZE, "%ld min left", minutes);
    else
        snprintf(out, PACE_SIZE, "%ld h %ld min left", minutes / 60, minutes % 60);
}
