/* What this machine lets one run do at once, and in which words that is told. Pure, unless said otherwise. */
#pragma once

#include <stdbool.h>

struct limits {
    unsigned descriptors; /* that the process may have open */
    unsigned taken;       /* of these, open already, or sure to be */
    unsigned ports;       /* local ones for connections to one address and port; 0: not known */
};

/* Asks the kernel. The soft limit of descriptors is raised to the hard one, for the whole process. */
void limits_find(struct limits *limits);

/* As many threads as were asked for, or fewer: their loops take a quarter of the descriptors that are left at
 * most, and count as taken from then on. One thread, the caller's, needs none. */
unsigned limits_take_threads(struct limits *limits, unsigned threads);

/* False when too few are left for one connection, one lookup and what comes and goes beside them. */
bool limits_suffice(const struct limits *limits);
/* One sentence about that, for errors: how many are wanted, with so many that are still to be opened before.
 * Asks the kernel. The caller frees. */
char *limits_least_text(unsigned before);

/* How much of that a run uses: what was asked for, or fewer. None is 0. */
struct limits_share {
    unsigned connections; /* at once, in all */
    unsigned queries;     /* at the resolver at once; each may need a connection of its own */
    unsigned per_host;    /* connections at once to one address */
};

void limits_share(const struct limits *limits, unsigned concurrency, unsigned per_host,
                  struct limits_share *share);

/* The descriptors that so many connections at once need beside those that are taken. */
unsigned limits_descriptors_for(const struct limits *limits, unsigned concurrency);

/* One sentence each, the caller frees: what was found, and where it is less than was asked for (*binds), what
 * to do. NULL: nothing is known. */
char *limits_files_text(const struct limits *limits, unsigned concurrency, bool *binds);
char *limits_ports_text(const struct limits *limits, unsigned per_host, bool *binds);
