#include "engine/base/mem.h"
#include "tests/bench/die.h"
#include "tests/bench/engine_run.h"
#include "tests/bench/parts.h"

#include <stdlib.h>

#define RUNS_MOST 3

static const unsigned sizes[] = {1, 2, 4};
#define SIZES (sizeof sizes / sizeof *sizes)

static void add(struct bench *bench, unsigned threads, const char *what, const char *unit, enum better better,
                double value)
{
    char *name = mem_format("threads.%u.%s", threads, what);

    figures_add(&bench->figures, name, unit, better, value);
    free(name);
}

static void measure(struct bench *bench, const struct lab_process *lab, unsigned threads, double *busiest)
{
    const struct engine_plan plan = {.domains = bench->endpoints, .concurrency = 256, .threads = threads};
    struct engine_result result;

    engine_run(lab, &plan, &result);
    if (result.audited != bench->endpoints)
        die("%u of %u endpoints were audited in full", result.audited, bench->endpoints);
    *busiest = result.threads.busiest_us;
    add(bench, threads, "cpu", "us/endpoint", BETTER_LOWER, result.threads.others_us / bench->endpoints);
    add(bench, threads, "peak", "MiB", BETTER_LOWER, result.peak_kib / 1024);
}

/* An audit can go no faster than its busiest thread: that one tells what is gained where there are processors
 * enough, whatever else runs here meanwhile. */
static void measure_in_turn(struct bench *bench, const struct lab_process *lab)
{
    double busiest[SIZES];

    for (size_t i = 0; i < SIZES; i++) {
        measure(bench, lab, sizes[i], &busiest[i]);
        if (i)
            add(bench, sizes[i], "gain", "times as fast", BETTER_HIGHER, busiest[0] / busiest[i]);
    }
}

void part_threads(struct bench *bench)
{
    const struct lab_plan lab_plan = {
        .domains = bench->endpoints, .hosts = bench->endpoints, .persona = "min=TLSv1.2 max=TLSv1.3"};
    const struct engine_plan plan = {.domains = bench->endpoints, .concurrency = 256};
    struct engine_result result;
    struct lab_process lab;

    lab_process_start(&lab, &lab_plan);
    engine_run(&lab, &plan, &result); /* warm-up: the lab makes its certificates */
    for (unsigned i = 0; i < bench->runs && i < RUNS_MOST; i++)
        measure_in_turn(bench, &lab);
    lab_process_stop(&lab);
}
