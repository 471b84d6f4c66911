#include "tui/progress.h"

#include "engine/base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RATE_SIZE 24

bool progress_busy(const struct work *work)
{
    return work->running || work->queued || work->later || work->resolved < work->targets;
}

/* Time left where the number of steps is known: everything is resolved. */
static void left_text(const struct work *work, const struct pace *pace, char out[PACE_SIZE])
{
    out[0] = 0;
    if (work->resolved == work->targets && !work->paused)
        pace_left(pace, 2 * work->endpoints - work->judged - work->done, out);
}

static void rate_text(const struct work *work, const struct pace *pace, char out[RATE_SIZE])
{
    double rate = work->paused ? 0 : pace_rate(pace);

    out[0] = 0;
    if (rate >= 9.95)
        snprintf(out, RATE_SIZE, "%.0f/s", rate);
    else if (rate >= 0.95)
        snprintf(out, RATE_SIZE, "%.1f/s", rate);
    else if (rate >= 1 / 60.0)
        snprintf(out, RATE_SIZE, "%.0f/min", 60 * rate);
}

/* ", 8 running, 75 waiting, 3 wait for a later try"; what there is none of is left out where it says little.
 */
static char *steps_text(const struct work *work)
{
    char *later = work->later
                      ? mem_format(", %u wait%s for a later try", work->later, work->later == 1 ? "s" : "")
                      : mem_string("");
    char *text = work->later && !work->running && !work->queued
                     ? mem_string(later)
                     : mem_format(", %u running, %u waiting%s", work->running, work->queued, later);

    free(later);
    return text;
}

static char *head_text(const struct work *work, bool brief)
{
    bool judging = work->judged < work->endpoints;
    unsigned done = judging ? work->judged : work->done;

    if (brief)
        return mem_format("%s%u/%u", work->paused ? "paused " : "", done, work->endpoints);
    return mem_format("%s %u of %u",
                      work->paused ? "paused"
                      : judging    ? "probing"
                                   : "all versions",
                      done, work->endpoints);
}

/* What is said, from most to least. */
static const struct variant {
    bool brief, steps, rate, left;
} variants[] = {
    {false, true, true, true},   {false, true, false, true},  {true, true, true, true},
    {true, true, false, true},   {false, true, false, false}, {true, true, false, false},
    {false, false, false, true}, {true, false, false, true},  {false, false, false, false},
    {true, false, false, false},
};

static char *variant_text(const struct work *work, const struct pace *pace, const struct variant *variant)
{
    char *head = head_text(work, variant->brief);
    char *steps = variant->steps ? steps_text(work) : mem_string("");
    char rate[RATE_SIZE] = "", left[PACE_SIZE] = "", *text;

    if (variant->rate)
        rate_text(work, pace, rate);
    if (variant->left)
        left_text(work, pace, left);
    text = mem_format("%s%s%s%s%s%s", head, steps, *rate ? ", " : "", rate, *left ? ", " : "", left);
    free(head);
    free(steps);
    return text;
}

char *progress_text(const struct work *work, const struct pace *pace, int room)
{
    char *text = NULL;
    size_t i;

    if (!work->targets)
        return mem_string(room < 16 ? "" : "nothing to probe");
    if (!progress_busy(work) && !work->paused)
        return mem_format(room < 12 ? "done" : "done, %u address%s", work->endpoints,
                          work->endpoints == 1 ? "" : "es");
    if (!work->endpoints)
        return mem_format("%s %u of %u", work->paused ? "paused, resolved" : "resolving", work->resolved,
                          work->targets);
    for (i = 0; i < sizeof variants / sizeof variants[0]; i++) {
        free(text);
        text = variant_text(work, pace, &variants[i]);
        if ((int)strlen(text) <= room)
            break;
    }
    return text;
}
