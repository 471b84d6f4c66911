/* One run of the engine against the lab, in a process of its own: engine/audit and engine/model alone,
 * without screen, report or snapshot. */
#pragma once

#include "tests/bench/lab_process.h"
#include "tests/bench/thread_cpu.h"

#include <stdbool.h>

struct engine_plan {
    unsigned domains; /* of the lab's, from the first */
    unsigned concurrency;
    unsigned threads;    /* that make connections; 0: as many as help here */
    double per_host_gap; /* seconds; operators have no limit */
    bool readiness;      /* no more than decides the verdict */
    bool resolve_only;
    unsigned stop_after; /* leaves in the middle, when so many facts came; 0: at the end */
};

struct engine_result {
    double wall_s, cpu_us;       /* of the whole process, from the first target to the last event */
    double engine_cpu_us;        /* of that, the engine's threads */
    struct thread_cpu threads;   /* of the engine, from their start */
    double first_ms;             /* from the first target to the first verdict that is not pending */
    double stop_ms;              /* audit_free */
    double peak_kib, start_kib;  /* most memory resident; before the first target */
    double wakes;                /* switches of its threads that they wished for */
    unsigned endpoints, audited; /* audited: every version settled, TLS 1.3 among them */
    unsigned judged;             /* targets with a verdict other than unknown */
    unsigned long connections, queries;
};

/* Ends the program with a message when it fails. */
void engine_run(const struct lab_process *lab, const struct engine_plan *plan, struct engine_result *result);
