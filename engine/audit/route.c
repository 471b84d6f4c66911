#include "engine/audit/engine.h"

#include "engine/audit/contacts.h"
#include "engine/audit/preflight_run.h"
#include "engine/base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ID_SIZE 12

static const char *id_text(uint32_t id, char text[ID_SIZE])
{
    snprintf(text, ID_SIZE, "%u", id);
    return text;
}

/* True for a domain whose mail goes by smart host: where its MX lead is looked up besides. A pattern has
 * none.
 */
static bool looks_beside(const struct engine_target *target)
{
    const struct target_spec *spec = &target->spec;

    return spec->host_count && !spec->is_endpoint && !strchr(spec->domain, '*');
}

/* What a lookup found while it is being read: the event that will tell of it. */
static struct event route_event(const struct engine_target *target, enum route route)
{
    return (struct event){
        .type = looks_beside(target) ? EVENT_BESIDE : EVENT_ROUTE, .target = target->id, .route = route};
}

static struct route_host *find_host(struct event *event, const struct host_key *key)
{
    for (size_t i = 0; i < event->host_count; i++) {
        const struct host_key *other = &event->hosts[i].key;

        if (other->port == key->port && strcmp(other->name, key->name) == 0)
            return &event->hosts[i];
    }
    return NULL;
}

/* Each host once, with its best preference. `event->hosts` has room. */
static void add_host(struct event *event, const char *name, unsigned port, enum protocol protocol,
                     int preference)
{
    const struct host_key key = {(char *)(uintptr_t)name, port, protocol};
    struct route_host *host = find_host(event, &key);

    if (host) {
        if (preference < host->preference)
            host->preference = preference;
        return;
    }
    host = &event->hosts[event->host_count++];
    host_key_copy(&host->key, &key);
    host->preference = preference;
}

static bool leads_to(const struct engine_way *way, const struct host_key *key)
{
    for (size_t i = 0; i < way->count; i++) {
        const struct host_key *other = &way->hosts[i]->key;

        if (other->port == key->port && other->protocol == key->protocol &&
            strcmp(other->name, key->name) == 0)
            return true;
    }
    return false;
}

/* What mail goes to is not beside its way. */
static void leave_out_way(const struct engine_target *target, struct event *event)
{
    size_t kept = 0;

    for (size_t i = 0; i < event->host_count; i++) {
        if (leads_to(&target->way, &event->hosts[i].key))
            host_key_release(&event->hosts[i].key);
        else
            event->hosts[kept++] = event->hosts[i];
    }
    event->host_count = kept;
}

static void drop_hosts(struct engine_way *way, bool beside)
{
    for (size_t i = 0; i < way->count; i++)
        host_drop(way->hosts[i], beside);
    free(way->hosts);
    *way = (struct engine_way){0};
}

/* The new hosts are taken before the old ones are dropped, so that what both have goes on undisturbed. */
static void take_hosts(struct engine_target *target, const struct event *event)
{
    bool beside = event->type == EVENT_BESIDE;
    struct engine_way *way = beside ? &target->beside : &target->way, before = *way;

    way->hosts = mem_array(event->host_count, sizeof(*way->hosts));
    way->count = event->host_count;
    for (size_t i = 0; i < event->host_count; i++)
        way->hosts[i] = host_take(target->audit, &event->hosts[i].key, event->route == ROUTE_MX, beside);
    drop_hosts(&before, beside);
    for (size_t i = 0; target->renew && i < way->count; i++)
        host_reprobe(way->hosts[i], target->round);
}

static void count_resolved(struct engine_target *target, bool resolved)
{
    if (target->resolved != resolved)
        atomic_fetch_add(&target->audit->counts.targets_resolved, resolved ? 1U : -1U);
    target->resolved = resolved;
}

static void end_lookups(struct engine_target *target)
{
    bool wanted = target->wanted;

    target->renew = target->wanted = false;
    if (wanted)
        engine_end(target->audit);
}

/* The route, or what is beside it, stands: tells of it (the event's content goes over) and takes its hosts.
 */
static void settle(struct engine_target *target, struct event *event)
{
    struct audit *audit = target->audit;
    struct event hosts = {.type = event->type, .route = event->route};

    target->told = event->dns.status;
    if (event->type == EVENT_BESIDE)
        leave_out_way(target, event);
    hosts.host_count = event->host_count;
    hosts.hosts = mem_array(event->host_count, sizeof *hosts.hosts);
    for (size_t i = 0; i < event->host_count; i++)
        host_key_copy(&hosts.hosts[i].key, &event->hosts[i].key);
    engine_put(audit, event);
    take_hosts(target, &hosts);
    count_resolved(target, true);
    if (hosts.type == EVENT_BESIDE || !looks_beside(target))
        end_lookups(target);
    event_release(&hosts);
    schedule_run(audit);
}

static void settle_without_hosts(struct engine_target *target, enum route route, enum dns_status status,
                                 bool authenticated, const struct trail *trail)
{
    struct event event = route_event(target, route);

    event.dns.status = status;
    event.dns.authenticated = authenticated;
    trail_append(&event.dns.trail, trail);
    settle(target, &event);
}

/* True when the answer still counts; a target that was removed meanwhile goes here. */
static bool answered(struct engine_target *target)
{
    engine_count_queries(target->audit);
    target->asked = false;
    if (target->removed)
        target_free(target);
    else if (target->wanted)
        return true;
    return false;
}

static void follow_alias(const struct engine_target *target, const char *canonical, struct event *event)
{
    if (!canonical)
        return;
    event->dns.detail = mem_format("alias (CNAME) of %s", canonical);
    strings_addf(&event->warnings, "%s is an alias (CNAME) of %s, which was followed.", target->spec.domain,
                 canonical);
}

/* RFC 5321, section 5.1: no MX at all, so the domain's own addresses take its mail. */
static void on_own_addresses(void *context, const struct address_answer *answer)
{
    struct engine_target *target = context;
    struct event event;

    if (!answered(target))
        return;
    preflight_run_heard(target->audit, target->spec.domain, answer->status);
    if (answer->status != DNS_OK) {
        settle_without_hosts(target, ROUTE_NONE, answer->status, answer->authenticated, answer->trails[0]);
        return;
    }
    event = route_event(target, ROUTE_IMPLICIT);
    event.dns.status = DNS_OK;
    event.dns.authenticated = answer->authenticated;
    follow_alias(target, answer->canonical, &event);
    event.hosts = mem_array(1, sizeof *event.hosts);
    add_host(&event, target->spec.domain, target->audit->options.smtp_port, PROTOCOL_SMTP, -1);
    settle(target, &event);
}

/* Both families, whatever is probed: leaving one out must not make a domain one without mail. */
static void ask_own_addresses(struct engine_target *target)
{
    target->asked = true;
    resolver_address(target->audit->resolver, target->spec.domain, true, true, on_own_addresses, target);
}

static void add_exchange(struct engine_target *target, struct event *event, const struct mx_record *record)
{
    struct net_address literal;

    if (net_address_parse(record->exchange, &literal))
        strings_addf(&event->warnings, "MX %u %s is an IP address, not a name; it was used all the same.",
                     record->preference, record->exchange);
    add_host(event, record->exchange, target->audit->options.smtp_port, PROTOCOL_SMTP,
             (int)record->preference);
}

static void add_exchanges(struct engine_target *target, struct event *event, const struct mx_answer *answer)
{
    event->hosts = mem_array(answer->count, sizeof *event->hosts);
    for (size_t i = 0; i < answer->count; i++)
        if (*answer->records[i].exchange)
            add_exchange(target, event, &answer->records[i]);
    if (!event->host_count)
        event->route = ROUTE_NULL_MX;
    for (size_t i = 0; event->host_count && i < answer->count; i++)
        if (!*answer->records[i].exchange)
            strings_add_once(&event->warnings,
                             "A null MX stands beside other MX records; it was ignored (RFC 7505 "
                             "wants it alone).");
}

static void route_by_mx(struct engine_target *target, const struct mx_answer *answer)
{
    struct event event = route_event(target, ROUTE_MX);

    event.dns.status = DNS_OK;
    event.dns.authenticated = answer->authenticated;
    trail_append(&event.dns.trail, answer->trail);
    follow_alias(target, answer->canonical, &event);
    if (answer->malformed)
        strings_addf(&event.warnings, "%zu MX records could not be read.", answer->malformed);
    add_exchanges(target, &event, answer);
    settle(target, &event);
}

static void on_mx(void *context, const struct mx_answer *answer)
{
    struct engine_target *target = context;

    if (!answered(target))
        return;
    preflight_run_heard(target->audit, target->spec.domain, answer->status);
    if (answer->status == DNS_OK && answer->count)
        route_by_mx(target, answer);
    else if (answer->status == DNS_NO_DATA)
        ask_own_addresses(target);
    else
        settle_without_hosts(target, ROUTE_NONE, answer->status == DNS_OK ? DNS_MALFORMED : answer->status,
                             answer->authenticated, answer->trail);
}

static unsigned port_of(const struct engine_target *target, const struct host_port *host)
{
    if (host->port)
        return host->port;
    return target->spec.protocol == PROTOCOL_SMTP ? target->audit->options.smtp_port
                                                  : protocol_port(target->spec.protocol);
}

static void route_by_hosts(struct engine_target *target)
{
    const struct target_spec *spec = &target->spec;
    struct event event = route_event(target, spec->is_endpoint ? ROUTE_DIRECT : ROUTE_SMART_HOST);

    event.type = EVENT_ROUTE;
    event.hosts = mem_array(spec->host_count, sizeof *event.hosts);
    for (size_t i = 0; i < spec->host_count; i++)
        add_host(&event, spec->hosts[i].host, port_of(target, &spec->hosts[i]), spec->protocol, -1);
    settle(target, &event);
}

static void resolve(struct engine_target *target)
{
    if (!target->wanted)
        engine_begin(target->audit);
    target->wanted = true;
    contacts_consider(target);
    if (target->spec.host_count)
        route_by_hosts(target);
    if (target->asked || (target->spec.host_count && !looks_beside(target)))
        return;
    target->asked = true;
    resolver_mx(target->audit->resolver, target->spec.domain, on_mx, target);
}

void target_add(struct audit *audit, uint32_t id, struct target_spec *spec)
{
    struct engine_target *target = mem_alloc(sizeof *target);
    char text[ID_SIZE];

    target_remove(audit, id);
    target->audit = audit;
    target->id = id;
    target->spec = *spec;
    memset(spec, 0, sizeof *spec);
    LIST_INSERT_HEAD(&audit->all_targets, target, all);
    map_put(&audit->targets, id_text(id, text), target);
    atomic_fetch_add(&audit->counts.targets, 1);
    resolve(target);
}

void target_remove(struct audit *audit, uint32_t id)
{
    char text[ID_SIZE];
    struct engine_target *target = map_remove(&audit->targets, id_text(id, text));

    if (!target)
        return;
    atomic_fetch_sub(&audit->counts.targets, 1);
    contacts_leave(target);
    count_resolved(target, false);
    drop_hosts(&target->way, false);
    drop_hosts(&target->beside, true);
    target_cancel(target);
    target->removed = true;
    if (!target->asked)
        target_free(target);
}

void target_reprobe(struct audit *audit, uint32_t id)
{
    char text[ID_SIZE];
    struct engine_target *target = map_get(&audit->targets, id_text(id, text));

    if (!target)
        return;
    if (!target->asked)
        resolver_forget(audit->resolver, target->spec.domain);
    contacts_forget(target);
    count_resolved(target, false);
    target->renew = true;
    target->round = audit->round;
    resolve(target);
}

void target_ask_contacts(struct audit *audit, uint32_t id)
{
    char text[ID_SIZE];
    struct engine_target *target = map_get(&audit->targets, id_text(id, text));

    if (target)
        contacts_ask(target);
}

void target_cancel(struct engine_target *target)
{
    if (!target->wanted)
        return;
    target->wanted = target->renew = false;
    engine_end(target->audit);
}

void target_free(struct engine_target *target)
{
    LIST_REMOVE(target, all);
    target_spec_release(&target->spec);
    free(target->way.hosts);
    free(target->beside.hosts);
    free(target);
}
