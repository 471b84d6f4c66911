/* Who runs the mail of a target: the operator behind its hosts, as far as their names show. Pure. */
#pragma once

#include "engine/model/model.h"

#include <stdbool.h>

/* What stands in for an operator whose hosts have no names. */
#define PROVIDER_BY_ADDRESS "(by address only)"

/* The operator (engine/net/operator.h: a registrable domain, in lower case) that most of the target's most
 * preferred hosts have, the first of several that are as many; PROVIDER_BY_ADDRESS when those are given by
 * address. NULL while its hosts are not known, or when it has none. The caller frees. */
char *provider_of_target(const struct target *target);

/* The same of one host; never NULL. The caller frees. */
char *provider_of_host(const struct host *host);
