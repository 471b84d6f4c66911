#include "engine/audit/limits.h"

#include "engine/base/mem.h"
#include "engine/net/local.h"
#include "engine/net/loop.h"

#define DESCRIPTORS_KEPT 64  /* for files and the caller */
#define QUERIES_MOST     200 /* at once: a burst of more overflows a resolver's default socket buffer */

void limits_find(struct limits *limits)
{
    limits->descriptors = net_descriptor_limit();
    limits->ports = net_local_ports();
}

static unsigned queries_within(unsigned descriptors)
{
    return descriptors / 8 < QUERIES_MOST ? descriptors / 8 : QUERIES_MOST;
}

static unsigned connections_within(unsigned descriptors)
{
    unsigned kept = queries_within(descriptors) +
                    (descriptors / 4 < DESCRIPTORS_KEPT ? descriptors / 4 : DESCRIPTORS_KEPT);

    return descriptors > kept ? descriptors - kept : 1;
}

static unsigned fewer(unsigned wanted, unsigned most)
{
    unsigned least = wanted < most ? wanted : most;

    return least ? least : 1;
}

void limits_share(const struct limits *limits, unsigned concurrency, unsigned per_host,
                  struct limits_share *share)
{
    share->connections = fewer(concurrency, connections_within(limits->descriptors));
    share->queries = fewer(QUERIES_MOST, queries_within(limits->descriptors));
    share->per_host = fewer(per_host, limits->ports ? limits->ports : per_host);
}

unsigned limits_descriptors_for(unsigned concurrency)
{
    unsigned low = concurrency, high = concurrency + QUERIES_MOST + DESCRIPTORS_KEPT;

    while (low < high) {
        unsigned middle = low + (high - low) / 2;

        if (connections_within(middle) < concurrency)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

char *limits_files_text(const struct limits *limits, unsigned concurrency, bool *binds)
{
    struct limits_share share;

    limits_share(limits, concurrency, 1, &share);
    *binds = share.connections < concurrency;
    if (*binds)
        return mem_format("This machine lets the program open %u files, which is too few for %u connections "
                          "at once; %u are made (ulimit -n %u, or LimitNOFILE= of a systemd unit, lets it).",
                          limits->descriptors, concurrency, share.connections,
                          limits_descriptors_for(concurrency));
    return mem_format("This program may open %u files, enough for %u connections and %u lookups at once.",
                      limits->descriptors, share.connections, share.queries);
}

char *limits_ports_text(const struct limits *limits, unsigned per_host, bool *binds)
{
    *binds = limits->ports && limits->ports < per_host;
    if (!limits->ports)
        return NULL;
    if (*binds)
        return mem_format("Connections to one server can leave from %u local ports, which is too few for %u "
                          "at once; %u are made (sysctl -w net.ipv4.ip_local_port_range=\"1024 65535\" gives "
                          "more).",
                          limits->ports, per_host, limits->ports);
    return mem_format("Connections to one server can leave from %u local ports.", limits->ports);
}
