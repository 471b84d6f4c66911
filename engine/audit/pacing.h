/* What a run would do to whom, and how long it takes at least, from a model whose targets are resolved. Pure.
 */
#pragma once

#include "engine/audit/audit.h"
#include "engine/model/model.h"

#include <stddef.h>

/* Endpoints of one operator: a registrable domain, or a network where servers are known by address only. */
struct pacing_operator {
    char *name;
    size_t endpoints, addresses;
    unsigned long least, most; /* connections, as is usual */
    double seconds;            /* that the pauses between `least` connections take */
};

struct pacing {
    size_t targets, endpoints, addresses;
    size_t shared; /* endpoints that several targets lead to; each is contacted once for all */
    unsigned each_least, each_most; /* connections that an endpoint usually gets at this depth */
    size_t injected;                /* endpoints with one more, the check for injection */
    unsigned long least, most;      /* connections in all, as is usual */
    /* Questions of DNS about whom to write to (contacts.h): about partners, and at most about other domains,
     * which are asked about where they fall short. */
    unsigned long partner_questions, other_questions;
    struct pacing_operator *operators; /* the slowest first */
    size_t operator_count;
    double by_address, by_operator; /* seconds that the longest row of pauses takes, at one address and at one
                                       operator (its network too) */
    double by_concurrency;          /* … and all connections, with PACING_CONNECTION_SECONDS for each */
    double seconds;                 /* the longest of these */
};

#define PACING_CONNECTION_SECONDS 0.5

/* About so many connections an endpoint gets at the very most, where its answers to hellos are refused in
 * ways that settle nothing (each is asked in up to three shapes) or contradict each other. */
#define PACING_EACH_EVER 20

void pacing_plan(const struct model *model, const struct audit_options *options, struct pacing *pacing);
void pacing_release(struct pacing *pacing);

/* Whom a run contacts besides, with one connection each: the controls that were given, or else the built-in
 * ones, which are asked only when all else fails alike. */
void pacing_controls(const struct audit_options *options, struct strings *names);

/* "less than a second", "40 s", "3 min", "2 h 5 min", "3 days 2 h"; the caller frees. */
char *pacing_time(double seconds);
