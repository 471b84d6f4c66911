#include "tests/bench/engine_run.h"
#include "tests/bench/parts.h"

#define NAMES 20000

void part_dns(struct bench *bench)
{
    const struct lab_plan lab_plan = {.domains = NAMES, .hosts = NAMES, .addresses = 10, .persona = ""};
    const struct engine_plan plan = {.domains = NAMES, .concurrency = 256, .resolve_only = true};
    struct engine_result result;
    struct lab_process lab;

    lab_process_start(&lab, &lab_plan);
    for (unsigned i = 0; i < bench->runs; i++) {
        engine_run(&lab, &plan, &result);
        figures_add(&bench->figures, "dns.rate", "answers/s", BETTER_HIGHER,
                    (double)result.queries / result.wall_s);
        figures_add(&bench->figures, "dns.cpu", "us/answer", BETTER_LOWER,
                    result.cpu_us / (double)result.queries);
    }
    lab_process_stop(&lab);
}
