#include "engine/audit/engine.h"

#include "engine/audit/preflight_run.h"
#include "engine/base/mem.h"

#include <stdlib.h>
#include <string.h>

static bool is_unknown(enum dns_status status)
{
    return status != DNS_OK && status != DNS_NO_DATA && status != DNS_NXDOMAIN && status != DNS_NOT_QUERIED;
}

/* One family answered: what the other might have held is not known, which is no "none". */
static void warn_of_families(const struct address_answer *answer, struct strings *warnings)
{
    if (answer->status != DNS_OK)
        return;
    if (is_unknown(answer->status4))
        strings_addf(warnings, "Its IPv4 addresses are not known: %s.", dns_status_title(answer->status4));
    if (is_unknown(answer->status6))
        strings_addf(warnings, "Its IPv6 addresses are not known: %s.", dns_status_title(answer->status6));
}

static void warn(struct engine_host *host, const struct address_answer *answer, size_t left_out,
                 struct strings *warnings)
{
    const char *name = host->key.name;

    if (answer->canonical && host->exchange)
        strings_addf(warnings,
                     "MX exchange %s is an alias (CNAME) of %s; it was followed, but RFC 5321 asks for a "
                     "name with addresses of its own.",
                     name, answer->canonical);
    warn_of_families(answer, warnings);
    if (left_out)
        strings_addf(warnings, "%zu of its addresses %s not probed: %s is left out of this run.", left_out,
                     left_out == 1 ? "was" : "were", host->audit->options.no_ipv4 ? "IPv4" : "IPv6");
}

bool host_leaves_out(const struct audit *audit, const struct net_address *address)
{
    return address->family == 4 ? audit->options.no_ipv4 : audit->options.no_ipv6;
}

/* Both families are asked for, whatever is probed: one without addresses in DNS must be told from one whose
 * addresses are left out. The caller frees what it gets. */
static struct net_address *keep_probed(const struct audit *audit, struct address_answer *answer)
{
    struct net_address *kept = mem_array(answer->count, sizeof *kept);
    size_t count = 0;

    for (size_t i = 0; i < answer->count; i++)
        if (!host_leaves_out(audit, &answer->addresses[i]))
            kept[count++] = answer->addresses[i];
    answer->addresses = kept;
    answer->count = count;
    return kept;
}

static void take_endpoints(struct engine_host *host, const struct address_answer *answer, bool literal)
{
    struct engine_endpoint **before = host->endpoints;
    size_t before_count = host->endpoint_count;

    host->endpoints = mem_array(answer->count, sizeof(*host->endpoints));
    host->endpoint_count = answer->count;
    for (size_t i = 0; i < answer->count; i++)
        host->endpoints[i] =
            endpoint_take(host->audit, &answer->addresses[i], &host->key, literal, host->routes);
    for (size_t i = 0; i < before_count; i++)
        endpoint_drop(before[i], host->routes);
    free(before);
    for (size_t i = 0; host->renew && i < host->endpoint_count; i++)
        endpoint_reprobe(host->endpoints[i]);
    host->renew = false;
}

static void publish(struct engine_host *host, const struct address_answer *answer, size_t left_out)
{
    struct event event = {.type = EVENT_ADDRESSES};
    char text[NET_ADDRESS_SIZE];

    host_key_copy(&event.host, &host->key);
    event.dns.status = answer->status;
    event.dns.authenticated = answer->authenticated;
    if (answer->canonical)
        event.dns.detail = mem_format("alias (CNAME) of %s", answer->canonical);
    trail_append(&event.dns.trail, answer->trails[0]);
    trail_append(&event.dns.trail, answer->trails[1]);
    warn(host, answer, left_out, &event.warnings);
    for (size_t i = 0; i < answer->count; i++) {
        net_address_print(&answer->addresses[i], text);
        strings_add(&event.addresses, text);
    }
    engine_put(host->audit, &event);
}

static void take_answer(struct engine_host *host, const struct address_answer *answer, bool literal)
{
    struct address_answer probed = *answer;
    struct net_address *kept = keep_probed(host->audit, &probed);

    host->resolved = true;
    publish(host, &probed, answer->count - probed.count);
    take_endpoints(host, &probed, literal);
    free(kept);
}

static void set_wanted(struct engine_host *host, bool wanted)
{
    if (host->wanted != wanted)
        host->audit->hosts_asked += wanted ? 1U : -1U;
    host->wanted = wanted;
}

static void on_addresses(void *context, const struct address_answer *answer)
{
    struct engine_host *host = context;
    struct audit *audit = host->audit;

    engine_count_queries(audit);
    host->asked = false;
    if (!host->wanted)
        return;
    set_wanted(host, false);
    preflight_run_heard(audit, host->key.name, answer->status);
    take_answer(host, answer, false);
    engine_end(audit);
    schedule_run(audit);
}

static void take_literal(struct engine_host *host, const struct net_address *address)
{
    struct net_address copy = *address;
    const struct address_answer answer = {.status = DNS_NOT_QUERIED, .addresses = &copy, .count = 1};

    take_answer(host, &answer, true);
}

static void ask(struct engine_host *host)
{
    struct net_address address;

    if (net_address_parse(host->key.name, &address)) {
        take_literal(host, &address);
        return;
    }
    if (!host->wanted)
        engine_begin(host->audit);
    set_wanted(host, true);
    if (host->asked)
        return;
    host->asked = true;
    resolver_address(host->audit->resolver, host->key.name, true, true, on_addresses, host);
}

static struct engine_host *find(struct audit *audit, const struct host_key *key)
{
    char *text = host_key_text(key);
    struct engine_host *host = map_get(&audit->hosts, text);

    if (!host) {
        host = mem_alloc(sizeof *host);
        host->audit = audit;
        host_key_copy(&host->key, key);
        map_put(&audit->hosts, text, host);
    }
    free(text);
    return host;
}

static void set_routed(struct engine_host *host, bool routed)
{
    for (size_t i = 0; i < host->endpoint_count; i++)
        endpoint_set_routed(host->endpoints[i], routed);
}

/* A host that nobody used for a while, or whose lookup was cancelled, is looked up again; the resolver's
 * cache makes that cheap. */
struct engine_host *host_take(struct audit *audit, const struct host_key *key, bool exchange, bool beside)
{
    struct engine_host *host = find(audit, key);

    host->exchange |= exchange;
    host->users++;
    if (!beside && !host->routes++)
        set_routed(host, true);
    if (!host->resolved && !host->wanted)
        ask(host);
    for (size_t i = 0; host->users > 1 && i < host->endpoint_count; i++)
        endpoint_resume(host->endpoints[i]);
    return host;
}

static void drop_endpoints(struct engine_host *host)
{
    for (size_t i = 0; i < host->endpoint_count; i++)
        endpoint_drop(host->endpoints[i], false);
    free(host->endpoints);
    host->endpoints = NULL;
    host->endpoint_count = 0;
}

void host_drop(struct engine_host *host, bool beside)
{
    if (!beside && !--host->routes)
        set_routed(host, false);
    if (--host->users)
        return;
    host_cancel(host);
    host->resolved = host->renew = false;
    drop_endpoints(host);
}

void host_reprobe(struct engine_host *host, unsigned round)
{
    if (!host->users || host->round == round)
        return;
    host->round = round;
    host->renew = true;
    if (!host->asked)
        resolver_forget(host->audit->resolver, host->key.name);
    ask(host);
}

void host_cancel(struct engine_host *host)
{
    if (!host->wanted)
        return;
    set_wanted(host, false);
    host->renew = false;
    engine_end(host->audit);
}

void host_free(void *context)
{
    struct engine_host *host = context;

    host_key_release(&host->key);
    free(host->endpoints);
    free(host);
}
