#include "tui/summary.h"

#include <stdio.h>

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
