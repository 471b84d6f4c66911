#include "engine/net/dns_window.h"

#include <stddef.h>

enum {
    BEGIN = 64,
    LEAST = 2,
    SAMPLE_LEAST = 32, /* answers by which losses are weighed */
    CUT_PART = 8,      /* of them lost: it is cut; more than a fourth of that: it stays as it is */
    GRACE_MS = 20,     /* by so much an answer may be overtaken */
};

void dns_window_init(struct dns_window *window, unsigned most)
{
    *window = (struct dns_window){.most = most, .allowed = most < BEGIN ? most : BEGIN};
    LIST_INIT(&window->passed);
}

static unsigned sample(const struct dns_window *window)
{
    return window->allowed > SAMPLE_LEAST ? window->allowed : SAMPLE_LEAST;
}

static void weigh_anew(struct dns_window *window)
{
    window->answers = window->lost = 0;
}

/* Twice as many until it was cut, from then on step by step. */
static void grow(struct dns_window *window)
{
    unsigned more = window->cuts ? window->allowed / CUT_PART + 1 : window->allowed;

    window->allowed = more < window->most - window->allowed ? window->allowed + more : window->most;
}

void dns_window_sent(const struct dns_window *window, struct dns_sent *sent)
{
    sent->cuts = window->cuts;
}

void dns_window_answered(struct dns_window *window)
{
    if (++window->answers < sample(window))
        return;
    if (window->lost * CUT_PART * 4 <= window->answers)
        grow(window);
    weigh_anew(window);
}

void dns_window_passed(struct dns_window *window, struct dns_sent *sent, uint64_t now_ms)
{
    if (sent->passed_ms)
        return;
    sent->passed_ms = now_ms ? now_ms : 1;
    LIST_INSERT_HEAD(&window->passed, sent, link);
}

void dns_window_forget(struct dns_sent *sent)
{
    if (sent->passed_ms)
        LIST_REMOVE(sent, link);
    sent->passed_ms = 0;
}

static bool count_lost(struct dns_window *window, unsigned cuts)
{
    window->losses++;
    if (cuts != window->cuts || ++window->lost * CUT_PART <= sample(window))
        return false;
    window->allowed = window->allowed > 2 * LEAST ? window->allowed / 2 : LEAST;
    if (window->allowed > window->most)
        window->allowed = window->most;
    window->cuts++;
    weigh_anew(window);
    return true;
}

bool dns_window_weigh(struct dns_window *window, uint64_t now_ms)
{
    struct dns_sent *sent, *next;
    bool cut = false;

    for (sent = LIST_FIRST(&window->passed); sent; sent = next) {
        next = LIST_NEXT(sent, link);
        if (now_ms < sent->passed_ms + GRACE_MS)
            continue;
        dns_window_forget(sent);
        cut |= count_lost(window, sent->cuts);
    }
    return cut;
}
