#include "tui/progress.h"

#include "engine/base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RATE_SIZE 24

/* All was probed; what DNS tells of contacts and of this place itself may still come. */
static bool only_finishes(const struct work *work)
{
    return work->busy && !work->running && !work->queued && !work->later && work->done == work->endpoints;
}

/* Nothing is done now but wait for those who put us off. */
static bool only_later(const struct work *work)
{
    return work->later && !work->running && !work->queued && work->resolved == work->targets;
}

/* Time left where the number of steps is known: everything is resolved. Later tries come in their own time.
 */
static void left_text(const struct work *work, const struct pace *pace, char out[PACE_SIZE])
{
    unsigned steps = 2 * work->endpoints - work->judged - work->done;

    out[0] = 0;
    if (work->resolved == work->targets && !work->paused && !only_later(work) && !only_finishes(work))
        pace_left(pace, steps > work->later ? steps - work->later : 0, out);
}

static void rate_text(const struct work *work, const struct pace *pace, char out[RATE_SIZE])
{
    double rate = work->paused || only_later(work) || only_finishes(work) ? 0 : pace_rate(pace);

    out[0] = 0;
    if (rate >= 9.95)
        snprintf(out, RATE_SIZE, "%.0f/s", rate);
    else if (rate >= 0.95)
        snprintf(out, RATE_SIZE, "%.1f/s", rate);
    else if (rate >= 1 / 60.0)
        snprintf(out, RATE_SIZE, "%.0f/min", 60 * rate);
}

enum steps { STEPS_NONE, STEPS_LATER, STEPS_ALL };

/* ", 8 running, 75 waiting, 3 asked again later"; what there is none of is left out where it says little. */
static char *steps_text(const struct work *work, enum steps steps)
{
    bool all = steps == STEPS_ALL && (work->running || work->queued || !(work->later || only_finishes(work)));
    char *later = work->later && steps != STEPS_NONE ? mem_format(", %u asked again later", work->later)
                                                     : mem_string("");
    char *text;

    if (!all)
        return later;
    text = mem_format(", %u running, %u waiting%s", work->running, work->queued, later);
    free(later);
    return text;
}

enum head {
    HEAD_BRIEF, /* "37/120" */
    HEAD_ONE,   /* "readiness 37/120", then "all versions 12/120" */
    HEAD_BOTH   /* both while readiness is not known of all: what runs and waits is of either kind */
};

static char *head_text(const struct work *work, enum head head)
{
    bool judging = work->judged < work->endpoints;
    unsigned done = judging ? work->judged : work->done, all = work->endpoints;
    const char *paused = !work->paused ? "" : head == HEAD_BRIEF ? "paused " : "paused: ";

    if (head == HEAD_BRIEF)
        return mem_format("%s%u/%u", paused, done, all);
    if (only_finishes(work))
        return mem_format("%s%u/%u probed, finishing", paused, done, all);
    if (head == HEAD_BOTH && judging && work->done)
        return mem_format("%sreadiness %u/%u, all versions %u/%u", paused, done, all, work->done, all);
    return mem_format("%s%s %u/%u", paused, judging ? "readiness" : "all versions", done, all);
}

/* What is said, from most to least. */
/* clang-format off */
static const struct variant {
    enum head head;
    enum steps steps;
    bool rate, left, limit;
} variants[] = {
    {HEAD_BOTH, STEPS_ALL, true, true, true},
    {HEAD_BOTH, STEPS_LATER, false, true, true},
    {HEAD_ONE, STEPS_LATER, false, true, true},
    {HEAD_ONE, STEPS_NONE, false, false, true},
    {HEAD_BRIEF, STEPS_NONE, false, false, true},
    {HEAD_BOTH, STEPS_ALL, true, true, false},
    {HEAD_BOTH, STEPS_ALL, false, true, false},
    {HEAD_BOTH, STEPS_LATER, true, true, false},
    {HEAD_BOTH, STEPS_LATER, false, true, false},
    {HEAD_ONE, STEPS_LATER, false, true, false},
    {HEAD_ONE, STEPS_NONE, false, true, false},
    {HEAD_BRIEF, STEPS_NONE, false, true, false},
    {HEAD_ONE, STEPS_NONE, false, false, false},
    {HEAD_BRIEF, STEPS_NONE, false, false, false},
};
/* clang-format on */

/* ", limited by open files"; the caller frees. */
static char *limit_text(enum limit limit)
{
    return limit == LIMIT_NONE ? mem_string("") : mem_format(", limited by %s", limit_title(limit));
}

static char *variant_text(const struct work *work, const struct pace *pace, const struct variant *variant)
{
    char *head = head_text(work, variant->head);
    char *steps = steps_text(work, variant->steps);
    char *limit = limit_text(variant->limit ? work->limit : LIMIT_NONE);
    char rate[RATE_SIZE] = "", left[PACE_SIZE] = "", *text;

    if (variant->rate)
        rate_text(work, pace, rate);
    if (variant->left)
        left_text(work, pace, left);
    text = mem_format("%s%s%s%s%s%s%s", head, steps, *rate ? ", " : "", rate, *left ? ", " : "", left, limit);
    free(limit);
    free(head);
    free(steps);
    return text;
}

static char *resolving_text(const struct work *work, int room)
{
    char *text = mem_format("%s %u of %u", work->paused ? "paused, resolved" : "resolving", work->resolved,
                            work->targets);
    char *limit = limit_text(work->limit), *longer = mem_format("%s%s", text, limit);

    free(limit);
    if ((int)strlen(longer) > room) {
        free(longer);
        return text;
    }
    free(text);
    return longer;
}

char *progress_text(const struct work *work, const struct pace *pace, int room)
{
    char *text = NULL;
    size_t i;

    if (!work->targets)
        return mem_string(room < 16 ? "" : "nothing to probe");
    if (!work->busy && !work->paused)
        return mem_format(room < 12 ? "done" : "done, %u address%s", work->endpoints,
                          work->endpoints == 1 ? "" : "es");
    if (!work->endpoints)
        return resolving_text(work, room);
    for (i = 0; i < sizeof variants / sizeof variants[0]; i++) {
        if (variants[i].limit && work->limit == LIMIT_NONE)
            continue;
        free(text);
        text = variant_text(work, pace, &variants[i]);
        if ((int)strlen(text) <= room)
            break;
    }
    return text;
}
