#include "tests/bench/die.h"
#include "tests/bench/engine_run.h"
#include "tests/bench/parts.h"

static void add_full(struct bench *bench, const struct engine_result *result)
{
    struct figures *figures = &bench->figures;

    if (result->audited != bench->endpoints)
        die("%u of %u endpoints were audited in full", result->audited, bench->endpoints);
    figures_add(figures, "audit.cpu", "us/endpoint", BETTER_LOWER, result->cpu_us / bench->endpoints);
    figures_add(figures, "audit.cpu-engine-thread", "us/endpoint", BETTER_LOWER,
                result->engine_cpu_us / bench->endpoints);
    figures_add(figures, "audit.rate", "endpoints/s", BETTER_HIGHER, bench->endpoints / result->wall_s);
    figures_add(figures, "audit.connections", "/endpoint", BETTER_NEITHER,
                (double)result->connections / bench->endpoints);
    figures_add(figures, "audit.queries", "/endpoint", BETTER_NEITHER,
                (double)result->queries / bench->endpoints);
    figures_add(figures, "audit.wakes", "/endpoint", BETTER_LOWER, result->wakes / bench->endpoints);
    figures_want(figures, "audit.cpu", 500);
}

static void add_readiness(struct bench *bench, const struct engine_result *result)
{
    if (result->judged != bench->endpoints)
        die("%u of %u domains were judged ready", result->judged, bench->endpoints);
    figures_add(&bench->figures, "audit.readiness-cpu", "us/endpoint", BETTER_LOWER,
                result->cpu_us / bench->endpoints);
    figures_add(&bench->figures, "audit.readiness-rate", "endpoints/s", BETTER_HIGHER,
                bench->endpoints / result->wall_s);
}

void part_audit(struct bench *bench)
{
    const struct lab_plan lab_plan = {
        .domains = bench->endpoints, .hosts = bench->endpoints, .persona = "min=TLSv1.2 max=TLSv1.3"};
    const struct engine_plan full = {.domains = bench->endpoints, .concurrency = 256};
    const struct engine_plan readiness = {.domains = bench->endpoints, .concurrency = 256, .readiness = true};
    struct engine_result result;
    struct lab_process lab;

    lab_process_start(&lab, &lab_plan);
    engine_run(&lab, &full, &result); /* warm-up: the lab makes its certificates */
    for (unsigned i = 0; i < bench->runs; i++) {
        engine_run(&lab, &full, &result);
        add_full(bench, &result);
        engine_run(&lab, &readiness, &result);
        add_readiness(bench, &result);
    }
    lab_process_stop(&lab);
}
