#include "engine/audit/preflight_parts.h"
#include "engine/base/mem.h"

#include <stdlib.h>

#define ANSWERS_ENOUGH 200 /* of the resolver, before it is said to keep up */

void preflight_look_at_limits(struct preflight_run *run)
{
    const struct audit *audit = run->audit;
    bool binds;
    char *text = limits_files_text(&audit->limits, audit->options.concurrency, &binds);

    preflight_note(run, CHECK_OPEN_FILES, binds ? CHECK_TROUBLE : CHECK_OK, text);
    text = limits_ports_text(&audit->limits, audit->options.per_host, &binds);
    if (text)
        preflight_note(run, CHECK_LOCAL_PORTS, binds ? CHECK_TROUBLE : CHECK_OK, text);
    preflight_note(run, CHECK_RESOLVER_PACE, CHECK_UNKNOWN,
                   mem_format("None was lost so far; it takes %d answers to tell.", ANSWERS_ENOUGH));
}

static void note_files(struct preflight_run *run, bool memory)
{
    const struct audit *audit = run->audit;

    if (run->short_of_files)
        return;
    run->short_of_files = true;
    preflight_note(
        run, CHECK_OPEN_FILES, CHECK_TROUBLE,
        mem_format("%s was left for more than %u connections at once; going on with fewer (%s, or a "
                   "lower --concurrency, avoids that).",
                   memory ? "No memory of the kernel" : "No descriptor", audit->running + 1,
                   memory ? "other programs that need less" : "a higher ulimit -n"));
}

static void note_ports(struct preflight_run *run, const struct engine_address *address)
{
    char text[NET_ADDRESS_SIZE];

    if (run->short_of_ports)
        return;
    run->short_of_ports = true;
    net_address_print(&address->address, text);
    preflight_note(
        run, CHECK_LOCAL_PORTS, CHECK_TROUBLE,
        mem_format("No local port was left for another connection to %s; what is to be asked there "
                   "waits for one (sysctl -w net.ipv4.ip_local_port_range=\"1024 65535\" gives more, "
                   "a longer --per-host-gap needs fewer).",
                   text));
}

void preflight_run_short(struct audit *audit, enum net_shortage shortage,
                         const struct engine_address *address)
{
    if (shortage == NET_SHORT_OF_PORTS)
        note_ports(audit->preflight, address);
    else
        note_files(audit->preflight, shortage == NET_SHORT_OF_MEMORY);
}

static char *gave_up_text(const struct audit *audit, enum net_shortage shortage, unsigned count)
{
    static const char *const missing[] = {[NET_SHORT_OF_FILES] = "descriptor",
                                          [NET_SHORT_OF_PORTS] = "local port",
                                          [NET_SHORT_OF_MEMORY] = "memory of the kernel"};
    static const char *const helps[] = {
        [NET_SHORT_OF_FILES] = "a higher ulimit -n gives more",
        [NET_SHORT_OF_PORTS] = "sysctl -w net.ipv4.ip_local_port_range=\"1024 65535\" gives more",
        [NET_SHORT_OF_MEMORY] = "other programs that need less help"};

    return mem_format(
        "No %s came free within %g s (--local-wait): %u endpoint%s not asked, or not to the end "
        "(local-limit); a session kept with -s asks again when it is gone on with (%s).",
        missing[shortage], audit->options.local_wait, count, count == 1 ? " was" : "s were", helps[shortage]);
}

void preflight_run_gave_up(struct audit *audit, enum net_shortage shortage)
{
    struct preflight_run *run = audit->preflight;
    bool ports = shortage == NET_SHORT_OF_PORTS;
    unsigned *count = ports ? &run->without_ports : &run->without_files;

    if (!(*count)++)
        engine_trouble(audit, gave_up_text(audit, shortage, 1));
    preflight_note(run, ports ? CHECK_LOCAL_PORTS : CHECK_OPEN_FILES, CHECK_TROUBLE,
                   gave_up_text(audit, shortage, *count));
}

static void note_pace(struct preflight_run *run, const struct resolver_pace *pace)
{
    run->pace_cuts = pace->cuts;
    preflight_note(
        run, CHECK_RESOLVER_PACE, CHECK_TROUBLE,
        mem_format("The resolver lost lookups; about %u are sent to it at once now, and those that "
                   "were lost are asked again (a resolver of your own on this machine, given with "
                   "--dns-server, takes more).",
                   pace->allowed));
}

void preflight_run_paced(struct audit *audit, unsigned long answers)
{
    struct preflight_run *run = audit->preflight;
    struct resolver_pace pace;

    if (!run)
        return;
    resolver_pace(audit->resolver, &pace);
    atomic_store(&audit->counts.resolver_behind, pace.cuts && pace.waits && pace.allowed < pace.most);
    if (pace.cuts != run->pace_cuts)
        note_pace(run, &pace);
    else if (!pace.cuts && answers >= ANSWERS_ENOUGH &&
             run->state.checks[CHECK_RESOLVER_PACE].state == CHECK_UNKNOWN)
        preflight_note(run, CHECK_RESOLVER_PACE, CHECK_OK, NULL);
}
