/* The machine that a benchmark ran on. */
#pragma once

#include <jansson.h>
#include <stdio.h>

/* {"processor", "cores", "memory_mib", "kernel", "architecture", "load" at the time, "libraries": {…}}. */
json_t *machine_describe(void);
double machine_load(void); /* of the last minute */

/* Microseconds of processor that a fixed piece of work takes now: cryptography, system calls and memory, as
 * an audit has them. A machine's speed drifts, by its frequency and by what its host does besides. */
double machine_work_us(void);

/* Says of each entry but the load that differs between two descriptions what it was and what it is. */
void machine_compare(const json_t *old, const json_t *new, FILE *out);
