#include "tests/bench/die.h"
#include "tests/bench/engine_run.h"
#include "tests/bench/parts.h"

#define TRIP         80 /* milliseconds */
#define TRIPS_NEEDED 6  /* MX, address; banner, EHLO, STARTTLS, the server's part of the handshake */
#define LEAVERS      2000

static void measure_first(struct bench *bench)
{
    const struct lab_plan lab_plan = {
        .domains = 1, .hosts = 1, .persona = "greeting-delay=80 reply-delay=80", .dns_delay = TRIP};
    const struct engine_plan plan = {.domains = 1, .concurrency = 256, .readiness = true};
    struct engine_result result;
    struct lab_process lab;

    lab_process_start(&lab, &lab_plan);
    for (unsigned i = 0; i < bench->runs; i++) {
        engine_run(&lab, &plan, &result);
        figures_add(&bench->figures, "first.verdict", "ms", BETTER_LOWER, result.first_ms);
        figures_add(&bench->figures, "first.behind-last-reply", "round trips", BETTER_LOWER,
                    result.first_ms / TRIP - TRIPS_NEEDED);
    }
    figures_want(&bench->figures, "first.behind-last-reply", 2);
    lab_process_stop(&lab);
}

/* In the middle of it, with all connections open. */
static void measure_leaving(struct bench *bench)
{
    const struct lab_plan lab_plan = {
        .domains = LEAVERS, .hosts = LEAVERS, .persona = "greeting-delay=20 reply-delay=20"};
    const struct engine_plan plan = {.domains = LEAVERS, .concurrency = 256, .stop_after = LEAVERS / 4};
    struct engine_result result;
    struct lab_process lab;

    lab_process_start(&lab, &lab_plan);
    for (unsigned i = 0; i < bench->runs; i++) {
        engine_run(&lab, &plan, &result);
        figures_add(&bench->figures, "first.shutdown", "ms", BETTER_LOWER, result.stop_ms);
    }
    lab_process_stop(&lab);
}

void part_first(struct bench *bench)
{
    measure_first(bench);
    measure_leaving(bench);
}
