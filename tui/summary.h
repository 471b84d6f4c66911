/* What the versions column says: the best version of the weakest and of the strongest endpoint. */
#pragma once

#include "engine/model/model.h"

#include <stdbool.h>

struct summary_versions {
    int weakest, strongest; /* highest accepted version (enum tls_version) of that endpoint; -1: none known */
    bool clear;             /* an endpoint is known to offer no TLS; masked or not reached is not known */
};

struct summary_versions summary_of_target(const struct target *target);
struct summary_versions summary_of_host(const struct host *host);
struct summary_versions summary_of_endpoint(const struct endpoint *endpoint);

/* "1.3", "1.0–1.3" (the en dash a hyphen in ASCII), "SSL3", "none", or "" while nothing is known. */
#define SUMMARY_SIZE 24
void summary_text(const struct summary_versions *versions, bool ascii, char out[SUMMARY_SIZE]);

/* Endpoints below a target, those beside its route too, and how many of the route's are at work right now. */
struct summary_work {
    unsigned endpoints, busy;
};
struct summary_work summary_work_of(const struct target *target);
