#include "engine/audit/limits.h"

#include "engine/base/mem.h"
#include "engine/net/local.h"
#include "engine/net/loop.h"

#define KEPT_LEAST                                                                                           \
    6 /* descriptors for what comes and goes: a snapshot and what stands beside it, a report … */
#define KEPT_MOST    64  /* … and whatever else the caller does */
#define QUERIES_MOST 200 /* at once: a burst of more overflows a resolver's default socket buffer */
#define HAND         4   /* descriptors of one more thread's loop */

void limits_find(struct limits *limits)
{
    limits->descriptors = net_descriptor_limit();
    limits->taken = net_descriptors_open();
    limits->ports = net_local_ports();
}

static unsigned room(const struct limits *limits)
{
    return limits->descriptors > limits->taken ? limits->descriptors - limits->taken : 0;
}

static unsigned fewer(unsigned wanted, unsigned most)
{
    unsigned least = wanted < most ? wanted : most;

    return least ? least : 1;
}

bool limits_suffice(const struct limits *limits)
{
    return room(limits) >= KEPT_LEAST + 2;
}

char *limits_least_text(unsigned before)
{
    struct limits limits;

    limits_find(&limits);
    return mem_format(
        "this machine lets the program open %u files, %u of which are in use; expected %u at least "
        "(ulimit -n 256, or LimitNOFILE= of a systemd unit)",
        limits.descriptors, limits.taken, limits.taken + before + KEPT_LEAST + 2);
}

unsigned limits_take_threads(struct limits *limits, unsigned threads)
{
    unsigned taken = fewer(threads, 1 + room(limits) / 4 / HAND);

    limits->taken += (taken - 1) * HAND;
    return taken;
}

static unsigned queries_within(unsigned descriptors)
{
    return fewer(QUERIES_MOST, descriptors / 8);
}

static unsigned kept_within(unsigned descriptors)
{
    unsigned quarter = descriptors / 4;

    return quarter < KEPT_LEAST ? KEPT_LEAST : quarter < KEPT_MOST ? quarter : KEPT_MOST;
}

static unsigned connections_within(unsigned descriptors)
{
    unsigned other = queries_within(descriptors) + kept_within(descriptors);

    return descriptors > other ? descriptors - other : 1;
}

void limits_share(const struct limits *limits, unsigned concurrency, unsigned per_host,
                  struct limits_share *share)
{
    share->connections = fewer(concurrency, connections_within(room(limits)));
    share->queries = queries_within(room(limits));
    share->per_host = fewer(per_host, limits->ports ? limits->ports : per_host);
}

unsigned limits_descriptors_for(const struct limits *limits, unsigned concurrency)
{
    unsigned low = concurrency, high = concurrency + QUERIES_MOST + KEPT_MOST;

    while (low < high) {
        unsigned middle = low + (high - low) / 2;

        if (connections_within(middle) < concurrency)
            low = middle + 1;
        else
            high = middle;
    }
    return limits->taken + low;
}

char *limits_files_text(const struct limits *limits, unsigned concurrency, bool *binds)
{
    struct limits_share share;

    limits_share(limits, concurrency, 1, &share);
    *binds = share.connections < concurrency;
    if (*binds)
        return mem_format("This machine lets the program open %u files, which is too few for %u connections "
                          "at once; %u %s made (ulimit -n %u, or LimitNOFILE= of a systemd unit, lets it).",
                          limits->descriptors, concurrency, share.connections,
                          share.connections == 1 ? "is" : "are", limits_descriptors_for(limits, concurrency));
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
    return mem_format("Connections to one server can leave from %u local ports, enough for %u at once.",
                      limits->ports, per_host);
}
