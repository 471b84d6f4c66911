/* The parts of the suite: each measures and adds its figures. */
#pragma once

#include "tests/bench/figures.h"

#include <stdbool.h>

#define SCANNERS_MOST 8

/* Binaries of other benchmarks. */
enum program { PROGRAM_CONNECTORS, PROGRAM_SNAPSHOT, PROGRAM_SCREEN, PROGRAM_REPORTS, PROGRAMS };

struct bench {
    struct figures figures;
    unsigned endpoints;  /* of a full audit */
    unsigned runs;       /* repetitions of what is short */
    const char *mxscope; /* binary */
    const char *servers; /* the script that starts real mail servers */
    const char *programs[PROGRAMS];
    const char *scanners[SCANNERS_MOST]; /* command lines with {host} and {port} */
    unsigned scanner_count;
};

void part_audit(struct bench *bench);   /* CPU of full audits and of readiness */
void part_dns(struct bench *bench);     /* answers of DNS */
void part_first(struct bench *bench);   /* time to the first verdict; leaving in the middle */
void part_scale(struct bench *bench);   /* memory and cost at 1,000 to 100,000 domains */
void part_threads(struct bench *bench); /* what further threads cost and bring */
void part_wait(struct bench *bench);    /* wall time against the ideal, where servers are far away or slow */
void part_yardsticks(struct bench *bench); /* other scanners, on the same servers */
void part_files(struct bench *bench);      /* parse, save, open, diff, reports */
void part_screen(struct bench *bench);
