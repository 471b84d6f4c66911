/* Child processes and what they cost, for the benchmark. */
#pragma once

#include <sys/types.h>

struct child_usage {
    double cpu_us;   /* user + system, microseconds */
    double peak_kib; /* most memory resident */
};

/* Starts argv[0] (looked up in PATH) with stdout and stderr going nowhere; -1 when it can't be started. */
pid_t child_start(const char *const argv[]);

/* Waits for `pid`, or for any child with -1; returns its exit status, 128 + n for signal n, -1 when there is
 * none. */
int child_wait(pid_t pid, struct child_usage *usage);

/* Monotonic seconds. */
double child_clock(void);
