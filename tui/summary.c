#include "tui/summary.h"

#include <stdio.h>

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

static const char *short_name(int version)
{
    static const char *const names[TLS_VERSIONS] = {"SSL3", "1.0", "1.1", "1.2", "1.3"};

    return names[version];
}

void summary_text(const struct summary_versions *versions, bool ascii, char out[SUMMARY_SIZE])
{
    const char *dash = ascii ? "-" : "–";
    const char *low = versions->clear ? "none" : versions->weakest >= 0 ? short_name(versions->weakest) : "";

    if (versions->strongest < 0 || (!versions->clear && versions->weakest == versions->strongest))
        snprintf(out, SUMMARY_SIZE, "%s", low);
    else
        snprintf(out, SUMMARY_SIZE, "%s%s%s", low, dash, short_name(versions->strongest));
}

struct summary_work summary_work_of(const struct target *target)
{
    struct summary_work work = {0, 0};
    size_t i, j;

    for (i = 0; i < model_all_hosts(target); i++) {
        const struct host *host = model_any_host(target, i)->host;

        work.endpoints += (unsigned)host->endpoint_count;
        for (j = 0; i < target->host_count && j < host->endpoint_count; j++)
            work.busy +=
                host->endpoints[j]->activity > STAGE_QUEUED && host->endpoints[j]->activity < STAGE_DONE;
    }
    return work;
}
