/* Two runs of the benchmarks beside each other. */
#pragma once

#include "tests/bench/figures.h"

/* This figure is the processor time of a fixed piece of work (machine.h), measured all through a run. */
#define FIGURE_WORK "machine.work"

/* How many times as long the new run's machine took for that work; 1 where one of the two does not tell. */
double compare_machines(const struct figures *old, const struct figures *new);

/* A line for each figure that both have: old, new, their ratio, and for times and rates the ratio on a
 * machine that had stayed as fast as it was. Then those that became worse, and what only one of the two has.
 * Worse is what both ratios say by more than the noise of the old and of the new figure together. Returns how
 * many are. */
unsigned compare_runs(const struct figures *old, const struct figures *new, FILE *out);
