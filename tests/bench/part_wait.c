#include "engine/base/mem.h"
#include "tests/bench/die.h"
#include "tests/bench/engine_run.h"
#include "tests/bench/parts.h"

#include <stdlib.h>

#define QUERIES       200 /* the engine has so many on the wire at once */
#define FIRST_REPLIES 6   /* greeting, EHLO, STARTTLS, handshake, EHLO, QUIT */
#define WAVES_MOST    64
#define SLOW_PART     (1.0 / LAB_KINDS)

/* Concurrency is such that the lab's own processor time is no bound: its certificates are cheap ones, made
 * before.
 */
static const struct far {
    const char *name;
    unsigned trip, slow; /* milliseconds of a round trip, and until the greeting of every tenth server */
    unsigned endpoints, concurrency, runs;
    double gap;
    const char *persona, *other;
} places[] = {
    {"20ms", 20, 0, 1024, 64, 2, 0, "key=ecdsa greeting-delay=20 reply-delay=20", NULL},
    {"80ms", 80, 0, 1024, 192, 2, 0, "key=ecdsa greeting-delay=80 reply-delay=80", NULL},
    {"250ms", 250, 0, 1024, 512, 1, 0, "key=ecdsa greeting-delay=250 reply-delay=250", NULL},
    {"80ms-loss", 80, 0, 1024, 192, 2, 0, "key=ecdsa greeting-delay=80 reply-delay=80 late=1 late-delay=280",
     NULL},
    {"80ms-slow-banners", 80, 2000, 1024, 256, 1, 0, "key=ecdsa greeting-delay=80 reply-delay=80",
     "key=ecdsa greeting-delay=2000"},
    {"80ms-slow-banners-many", 80, 2000, 768, 128, 1, 0, "key=ecdsa greeting-delay=80 reply-delay=80",
     "key=ecdsa greeting-delay=2000"},
    {"80ms-paced", 80, 0, 1024, 192, 1, 1, "key=ecdsa greeting-delay=80 reply-delay=80", NULL},
};

static double larger(double a, double b)
{
    return a > b ? a : b;
}

/* Until the last endpoint's first connection can begin, in seconds, where every tenth is slow and nobody
 * knows which: a usual one leaves its place to the next after FIRST_REPLIES round trips, a slow one so much
 * later. */
static double last_begins(const struct far *far)
{
    unsigned first = FIRST_REPLIES * far->trip, wave = 0, held = (first + far->slow - far->trip) / first;
    double begin[WAVES_MOST] = {far->concurrency}, begun = far->concurrency;

    while (begun < far->endpoints && ++wave < WAVES_MOST) {
        begin[wave] = begin[wave - 1] * (1 - SLOW_PART);
        if (wave >= held)
            begin[wave] += begin[wave - held] * SLOW_PART;
        begun += begin[wave];
    }
    return wave * first / 1000.0;
}

/* What no engine that keeps to the same rules could beat, in seconds. Every reply is held back, together for
 * `waited`; so many connections wait at a time. One endpoint's connections follow one another, with the gap
 * between them; where some are slow, it is one of those: the first to be probed, if it was `told` which these
 * are, or else the last. The first is opened two answers of DNS after the start, and answers come no faster
 * than those in flight allow. */
static double ideal(const struct far *far, double waited, const struct engine_result *result, bool told)
{
    double trip = far->trip / 1000.0, connections = (double)result->connections / far->endpoints;
    double slower = far->slow ? connections * (far->slow / 1000.0 - trip) : 0;
    double usual = waited / far->endpoints - slower * SLOW_PART;
    double one = usual + slower + (connections - 1) * far->gap + (told ? 0 : last_begins(far));
    double names = (double)result->queries * trip / QUERIES;

    return 2 * trip + larger(larger(waited / far->concurrency, one), names);
}

static void add_ratio(struct bench *bench, const struct far *far, const char *against, double ratio)
{
    char *name = mem_format("wait.%s.%s", far->name, against);

    figures_add(&bench->figures, name, "of the ideal", BETTER_LOWER, ratio);
    figures_want(&bench->figures, name, 1.15);
    free(name);
}

static void measure_place(struct bench *bench, const struct far *far, struct lab_process *lab)
{
    const struct engine_plan plan = {
        .domains = far->endpoints, .concurrency = far->concurrency, .per_host_gap = far->gap};
    char *wall = mem_format("wait.%s.wall", far->name);
    unsigned long before = lab_process_waited(lab);
    struct engine_result result;
    double waited;

    engine_run(lab, &plan, &result);
    waited = (double)(lab_process_waited(lab) - before) / 1000;
    if (result.audited != far->endpoints)
        die("%u of %u endpoints were audited in full", result.audited, far->endpoints);
    figures_add(&bench->figures, wall, "s", BETTER_LOWER, result.wall_s);
    add_ratio(bench, far, "ratio", result.wall_s / ideal(far, waited, &result, true));
    if (far->slow)
        add_ratio(bench, far, "untold", result.wall_s / ideal(far, waited, &result, false));
    free(wall);
}

/* The lab makes a certificate for each server. */
static void warm_up(const struct far *far, struct lab_process *lab)
{
    const struct engine_plan plan = {
        .domains = far->endpoints, .concurrency = far->endpoints, .readiness = true};
    struct engine_result result;

    engine_run(lab, &plan, &result);
}

void part_wait(struct bench *bench)
{
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        const struct far *far = &places[i];
        const struct lab_plan plan = {.domains = far->endpoints,
                                      .hosts = far->endpoints,
                                      .persona = far->persona,
                                      .other = far->other,
                                      .dns_delay = far->trip};
        struct lab_process lab;

        lab_process_start(&lab, &plan);
        warm_up(far, &lab);
        for (unsigned run = 0; run < far->runs; run++)
            measure_place(bench, far, &lab);
        lab_process_stop(&lab);
    }
}
