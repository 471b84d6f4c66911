#include "engine/audit/engine.h"

#include "engine/base/mem.h"

#include <stdlib.h>
#include <string.h>

static void warn(struct engine_host *host, const struct address_answer *answer, struct strings *warnings)
{
    const char *name = host->key.name;

    if (answer->canonical && host->exchange)
        strings_addf(warnings,
                     "MX exchange %s is an alias (CNAME) of %s; it was followed, but RFC 5321 asks for a "
                     "name with addresses of its own.",
                     name, answer->canonical);
    if (!answer->count)
        strings_addf(warnings, "%s %s has no address: %s.", host->exchange ? "MX exchange" : "Host", name,
                     dns_status_title(answer->status));
}

static void take_endpoints(struct engine_host *host, const struct address_answer *answer, bool literal)
{
    struct engine_endpoint **before = host->endpoints;
    size_t before_count = host->endpoint_count;

    host->endpoints = mem_array(answer->count, sizeof(*host->endpoints));
    host->endpoint_count = answer->count;
    for (size_t i = 0; i < answer->count; i++)
        host->endpoints[i] = endpoint_take(host->audit, &answer->addresses[i], &host->key, literal);
    for (size_t i = 0; i < before_count; i++)
        endpoint_drop(before[i]);
    free(before);
    for (size_t i = 0; host->renew && i < host->endpoint_count; i++)
        endpoint_reprobe(host->endpoints[i]);
    host->renew = false;
}

static void publish(struct engine_host *host, const struct address_answer *answer)
{
    struct event event = {.type = EVENT_ADDRESSES};
    char text[NET_ADDRESS_SIZE];

    host_key_copy(&event.host, &host->key);
    event.dns.status = answer->status;
    event.dns.authenticated = answer->authenticated;
    if (answer->canonical)
        event.dns.detail = mem_format("alias (CNAME) of %s", answer->canonical);
    warn(host, answer, &event.warnings);
    for (size_t i = 0; i < answer->count; i++) {
        net_address_print(&answer->addresses[i], text);
        strings_add(&event.addresses, text);
    }
    engine_put(host->audit, &event);
}

static void on_addresses(void *context, const struct address_answer *answer)
{
    struct engine_host *host = context;
    struct audit *audit = host->audit;

    engine_count_queries(audit);
    host->asked = false;
    if (!host->wanted)
        return;
    host->wanted = false;
    host->resolved = true;
    publish(host, answer);
    take_endpoints(host, answer, false);
    engine_end(audit);
    schedule_run(audit);
}

static void take_literal(struct engine_host *host, const struct net_address *address)
{
    const struct audit_options *options = &host->audit->options;
    bool excluded = address->family == 4 ? options->no_ipv4 : options->no_ipv6;
    struct net_address copy = *address;
    struct address_answer answer = {.status = DNS_NOT_QUERIED, .addresses = &copy, .count = excluded ? 0 : 1};

    host->resolved = true;
    publish(host, &answer);
    take_endpoints(host, &answer, true);
}

static void ask(struct engine_host *host)
{
    const struct audit_options *options = &host->audit->options;
    struct net_address address;

    if (net_address_parse(host->key.name, &address)) {
        take_literal(host, &address);
        return;
    }
    if (!host->wanted)
        engine_begin(host->audit);
    host->wanted = true;
    if (host->asked)
        return;
    host->asked = true;
    resolver_address(host->audit->resolver, host->key.name, !options->no_ipv4, !options->no_ipv6,
                     on_addresses, host);
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

/* A host that nobody used for a while is looked up again; the resolver's cache makes that cheap. */
struct engine_host *host_take(struct audit *audit, const struct host_key *key, bool exchange)
{
    struct engine_host *host = find(audit, key);

    host->exchange |= exchange;
    if (!host->users++)
        ask(host);
    return host;
}

static void drop_endpoints(struct engine_host *host)
{
    for (size_t i = 0; i < host->endpoint_count; i++)
        endpoint_drop(host->endpoints[i]);
    free(host->endpoints);
    host->endpoints = NULL;
    host->endpoint_count = 0;
}

void host_drop(struct engine_host *host)
{
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
    host->wanted = host->renew = false;
    engine_end(host->audit);
}

void host_free(void *context)
{
    struct engine_host *host = context;

    host_key_release(&host->key);
    free(host->endpoints);
    free(host);
}
