#include "engine/audit/options.h"

#include "engine/base/mem.h"
#include "engine/net/stream.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void audit_options_init(struct audit_options *options)
{
    *options = (struct audit_options){
        .depth = DEPTH_FULL,
        .smtp_port = 25,
        .concurrency = 256,
        .per_host = 1,
        .per_host_gap = 1.0,
        .connect_timeout = 10,
        .banner_timeout = 60,
        .io_timeout = 30,
        .dns_timeout = 10,
        .retries = 1,
        .per_operator = 8,
        .per_operator_gap = 0.1,
        .retry_later = 60,
        .local_wait = 75, /* a port rests for 60 behind its connection */
    };
}

/* Not by DNS: that could block, and tells no more of what a server will look up. */
char *options_machine_name(bool *known)
{
    char name[256] = "";

    *known = gethostname(name, sizeof name - 1) == 0 && dialogue_helo_name_valid(name);
    return mem_string(*known ? name : "localhost.localdomain");
}

static bool take_helo_name(struct audit *audit, const char *name, char **error)
{
    bool known = true;

    if (name && !dialogue_helo_name_valid(name)) {
        *error = mem_format("EHLO name %s: expected a host name with a dot, or an address literal such as "
                            "[192.0.2.1]",
                            name);
        return false;
    }
    audit->helo_name = name ? mem_string(name) : options_machine_name(&known);
    if (!known)
        engine_trouble(audit,
                       mem_string("This machine has no full name; EHLO says localhost.localdomain, which "
                                  "some servers turn away (--helo-name gives another)."));
    return true;
}

/* What it can't reach from there is left out, as with -4 and -6. */
static void keep_family(struct audit *audit)
{
    audit->setup.source = &audit->source;
    audit->options.no_ipv4 |= audit->source.family == 6;
    audit->options.no_ipv6 |= audit->source.family == 4;
}

static bool take_source(struct audit *audit, const char *source, char **error)
{
    if (!source)
        return true;
    if (!net_address_parse(source, &audit->source)) {
        *error = mem_format("source address %s: expected an IPv4 or IPv6 address", source);
        return false;
    }
    if (!net_source_usable(&audit->source)) {
        *error = mem_format("source address %s: this machine can't send from it", source);
        return false;
    }
    keep_family(audit);
    if (!audit->options.no_ipv4 || !audit->options.no_ipv6)
        return true;
    *error = mem_format("source address %s is of the family that is left out", source);
    return false;
}

static unsigned milliseconds(double seconds)
{
    return seconds < 0.001 ? 1 : seconds > 1e6 ? 1000000000U : (unsigned)(seconds * 1000);
}

static unsigned threads_wanted(const struct audit_options *options)
{
    if (!options->threads)
        return crew_size();
    return options->threads < AUDIT_THREADS_MOST ? options->threads : AUDIT_THREADS_MOST;
}

static void take_limits(struct audit *audit)
{
    struct audit_options *options = &audit->options;
    struct limits_share share;

    limits_find(&audit->limits);
    audit->threads = limits_take_threads(&audit->limits, threads_wanted(options));
    limits_share(&audit->limits, options->concurrency, options->per_host, &share);
    audit->most_queries = share.queries;
    audit->most_running = audit->most_ever = share.connections;
    audit->most_per_host = share.per_host;
    atomic_store(&audit->counts.most_running, share.connections);
    atomic_store(&audit->counts.few_files, share.connections < options->concurrency);
}

static void take_numbers(struct audit *audit)
{
    struct audit_options *options = &audit->options;

    take_limits(audit);
    jitter_init(&audit->jitter, options->jitter_seed);
    audit->setup.connect_ms = milliseconds(options->connect_timeout);
    audit->setup.banner_ms = milliseconds(options->banner_timeout);
    audit->setup.io_ms = milliseconds(options->io_timeout);
}

static void take_controls(struct audit *audit, const struct audit_options *from)
{
    for (size_t i = 0; i < from->control_count; i++)
        strings_add(&audit->controls, from->controls[i]);
    audit->options.controls = (const char *const *)audit->controls.items;
}

bool options_take(struct audit *audit, const struct audit_options *from, char **error)
{
    audit->options = *from;
    audit->baseline = baseline_copy(from->baseline);
    audit->options.baseline = audit->baseline;
    take_numbers(audit);
    if (!take_helo_name(audit, from->helo_name, error) || !take_source(audit, from->source_address, error))
        return false;
    audit->setup.helo_name = audit->helo_name;
    take_controls(audit, from);
    return true;
}

void options_release(struct audit *audit)
{
    baseline_free(audit->baseline);
    free(audit->helo_name);
    strings_release(&audit->controls);
}
