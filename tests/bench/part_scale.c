#include "engine/base/mem.h"
#include "tests/bench/die.h"
#include "tests/bench/engine_run.h"
#include "tests/bench/parts.h"

#include <stdio.h>
#include <stdlib.h>

#define IN_FLIGHT 2000
#define FEW       20

static const struct {
    unsigned domains, hosts, runs;
} sizes[] = {{1000, 300, 5}, {10000, 3000, 3}, {100000, 30000, 1}};
#define SIZES (sizeof sizes / sizeof *sizes)

static void add(struct bench *bench, unsigned domains, const char *what, const char *unit, double value)
{
    char *name = mem_format("scale.%u.%s", domains, what);

    figures_add(&bench->figures, name, unit, BETTER_LOWER, value);
    free(name);
}

static double cost_of(const struct bench *bench, unsigned domains)
{
    char *name = mem_format("scale.%u.cpu", domains);
    double cost = figure_median(figures_find(&bench->figures, name));

    free(name);
    return cost;
}

static void measure_size(struct bench *bench, size_t size)
{
    const unsigned domains = sizes[size].domains, hosts = sizes[size].hosts;
    const struct lab_plan lab_plan = {
        .domains = domains, .hosts = hosts, .persona = "min=TLSv1.2 max=TLSv1.3"};
    const struct engine_plan plan = {.domains = domains, .concurrency = 256};
    struct engine_result result;
    struct lab_process lab;

    lab_process_start(&lab, &lab_plan);
    for (unsigned i = 0; i < sizes[size].runs; i++) {
        engine_run(&lab, &plan, &result);
        if (result.audited != hosts || result.judged != domains)
            die("%u of %u endpoints were audited in full, %u of %u domains judged", result.audited, hosts,
                result.judged, domains);
        add(bench, domains, "peak", "MiB", result.peak_kib / 1024);
        add(bench, domains, "cpu", "us/endpoint", result.cpu_us / hosts);
        add(bench, domains, "wall", "s", result.wall_s);
        add(bench, domains, "first-verdict", "ms", result.first_ms);
        add(bench, domains, "shutdown", "ms", result.stop_ms);
    }
    lab_process_stop(&lab);
}

static double peak_with(unsigned concurrency, const char *persona)
{
    const struct lab_plan lab_plan = {.domains = IN_FLIGHT, .hosts = IN_FLIGHT, .persona = persona};
    const struct engine_plan plan = {.domains = IN_FLIGHT, .concurrency = concurrency, .readiness = true};
    struct engine_result result;
    struct lab_process lab;

    lab_process_start(&lab, &lab_plan);
    engine_run(&lab, &plan, &result);
    lab_process_stop(&lab);
    if (result.judged != IN_FLIGHT)
        die("%u of %u domains were judged ready", result.judged, IN_FLIGHT);
    return result.peak_kib;
}

/* So slow that all are in the same stage, the handshake included; and the same few at a time. */
static void measure_probe(struct bench *bench)
{
    double many = peak_with(IN_FLIGHT, "greeting-delay=1500 reply-delay=1500");
    double few = peak_with(FEW, "");

    figures_add(&bench->figures, "scale.probe-in-flight", "KiB", BETTER_LOWER,
                (many - few) / (IN_FLIGHT - FEW));
    figures_want(&bench->figures, "scale.probe-in-flight", 64);
}

void part_scale(struct bench *bench)
{
    for (size_t size = 0; size < SIZES; size++)
        measure_size(bench, size);
    figures_want(&bench->figures, "scale.100000.peak", 600);
    figures_add(&bench->figures, "scale.cost-ratio", "100000 : 1000", BETTER_LOWER,
                cost_of(bench, 100000) / cost_of(bench, 1000));
    figures_want(&bench->figures, "scale.cost-ratio", 1.1);
    measure_probe(bench);
}
