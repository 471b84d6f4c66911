#include "engine/report/versions.h"

/* The lowest version that an offer of all of them led to, where the machines behind the address differ. */
static int weakest_chosen(const struct facts *facts, int highest)
{
    for (int v = 0; v < highest; v++)
        if (facts->tally.chose[v])
            return v;
    return highest;
}

static void take(struct summary_versions *versions, const struct endpoint *endpoint)
{
    const struct facts *facts = endpoint->facts;
    int highest = facts ? facts_highest(facts) : -1, lowest;

    if (facts && (facts->starttls == STARTTLS_NOT_OFFERED || facts_starttls_mixed(facts)))
        versions->clear = true;
    if (highest < 0)
        return;
    lowest = weakest_chosen(facts, highest);
    if (versions->weakest < 0 || lowest < versions->weakest)
        versions->weakest = lowest;
    if (highest > versions->strongest)
        versions->strongest = highest;
}

static void take_host(struct summary_versions *versions, const struct host *host)
{
    size_t i;

    for (i = 0; i < host->endpoint_count; i++)
        take(versions, host->endpoints[i]);
}

struct summary_versions summary_of_endpoint(const struct endpoint *endpoint)
{
    struct summary_versions versions = {-1, -1, false};

    take(&versions, endpoint);
    return versions;
}

struct summary_versions summary_of_host(const struct host *host)
{
    struct summary_versions versions = {-1, -1, false};

    take_host(&versions, host);
    return versions;
}

struct summary_versions summary_of_target(const struct target *target)
{
    struct summary_versions versions = {-1, -1, false};
    size_t i;

    for (i = 0; i < target->host_count; i++)
        take_host(&versions, target->hosts[i].host);
    return versions;
}
