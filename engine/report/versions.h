/* TLS versions over several endpoints: the best version of the weakest and of the strongest one. Pure. */
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
