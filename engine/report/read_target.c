#include "engine/report/read_target.h"

#include "engine/base/mem.h"
#include "engine/model/kept_name.h"
#include "engine/report/read_contacts.h"
#include "engine/report/read_facts.h"
#include "engine/report/read_spec.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define ADDRESSES_MOST 10000 /* of a host: more than DNS answers with */
#define WARNINGS_MOST  1000000
#define HISTORY_MOST   1000000
#define PORT_MOST      65535
#define PREFERENCE_MAX 65535

static void read_records(const struct take *dns, struct trail *trail)
{
    size_t count;
    struct take list = take_list(dns, "records", TRAIL_MOST, &count);

    for (size_t i = 0; i < count && !take_failed(dns); i++) {
        struct take item = take_item(&list, i);
        enum record_type type = (enum record_type)take_word(&item, "type", TAKE_RECORD);
        char *name = take_some_text(&item, "name"), *data = take_some_text(&item, "data");

        trail_add(trail, type, name, data, (uint32_t)take_number_or(&item, "ttl", 0, UINT32_MAX, 0));
        free(name);
        free(data);
    }
    trail->cut = take_flag(dns, "records_cut", false);
}

static void read_dns(const struct take *object, struct dns_facts *facts)
{
    struct take dns = take_object(object, "dns");

    facts->status = (enum dns_status)take_word(&dns, "status", TAKE_DNS);
    facts->authenticated = take_flag(&dns, "authenticated", false);
    facts->detail = take_text(&dns, "detail");
    read_records(&dns, &facts->trail);
}

static void read_route(const struct take *object, const char *warnings, struct event *event)
{
    event->route = (enum route)take_word(object, "route", TAKE_ROUTE);
    read_dns(object, &event->dns);
    take_strings(object, warnings, WARNINGS_MOST, false, &event->warnings);
}

/* Port and protocol are those of its first endpoint, where it has none itself. */
static void read_host_key(const struct take *host, struct host_key *key)
{
    struct take at = take_member(host, "host"), list = take_any(host, "endpoints");
    struct take first = take_item(&list, 0);

    key->name = take_some_text(host, "host");
    key->protocol = (enum protocol)take_word_or(
        host, "protocol", TAKE_PROTOCOL, take_word_or(&first, "protocol", TAKE_PROTOCOL, PROTOCOL_SMTP));
    key->port =
        (unsigned)take_number_or(host, "port", 1, PORT_MOST,
                                 take_number_or(&first, "port", 1, PORT_MOST, protocol_port(key->protocol)));
    if (!kept_name_ok(key->name))
        take_fail(&at, "a host name in A-labels, or an IP address");
}

/* What makes it the endpoint that its host and its address are. */
static void read_address(const struct take *endpoint, struct event *addresses)
{
    const struct host_key *key = &addresses->host;
    struct take at = take_member(endpoint, "address"), port = take_member(endpoint, "port");
    char *address = take_some_text(endpoint, "address");

    if (!kept_address_ok(address))
        take_fail(&at, "an IP address");
    if (take_number(endpoint, "port", 1, PORT_MOST) != key->port)
        take_fail(&port, "its host's, %u", key->port);
    if (take_word(endpoint, "protocol", TAKE_PROTOCOL) != key->protocol) {
        at = take_member(endpoint, "protocol");
        take_fail(&at, "its host's, \"%s\"", protocol_name(key->protocol));
    }
    strings_give(&addresses->addresses, address);
}

/* One place has one set of facts, however many targets lead there. */
static void compare_facts(const struct take *endpoint, const struct model *model, const struct host_key *host,
                          const char *address, const struct facts *facts)
{
    const struct endpoint *known;
    struct endpoint_key key;
    struct take at = take_member(endpoint, "probed_at");

    endpoint_key_make(&key, host, address);
    known = model_known_endpoint(model, &key);
    endpoint_key_release(&key);
    if (known && known->facts && facts && known->facts->probed_at != facts->probed_at)
        take_fail(&at, "what was said of this endpoint before; mxscope merge joins reports of several runs");
}

static void read_endpoints(const struct take *from, const struct model *model, struct read_host *host)
{
    static const char *const needed[] = {"endpoints", NULL};
    size_t count;
    struct take list = take_list(from, "endpoints", ADDRESSES_MOST, &count);

    take_need(from, needed);
    host->facts = count ? mem_array(count, sizeof(struct facts *)) : NULL;
    for (size_t i = 0; i < count; i++) {
        struct take endpoint = take_item(&list, i);

        read_address(&endpoint, &host->addresses);
        host->facts[i] = read_facts(&endpoint);
        if (!take_failed(from))
            compare_facts(&endpoint, model, &host->addresses.host, host->addresses.addresses.items[i],
                          host->facts[i]);
    }
}

static bool same_addresses(const struct host *host, const struct strings *addresses)
{
    if (host->endpoint_count != addresses->count)
        return false;
    for (size_t i = 0; i < addresses->count; i++)
        if (strcmp(host->endpoints[i]->key.address, addresses->items[i]) != 0)
            return false;
    return true;
}

static void compare_host(const struct take *from, const struct model *model, const struct read_host *host)
{
    const struct host *known;

    if (take_failed(from) || !host->resolved)
        return;
    known = model_known_host(model, &host->addresses.host);
    if (known && known->resolved && !same_addresses(known, &host->addresses.addresses))
        take_fail_so(from, "has other addresses than were said of this host before; mxscope merge joins "
                           "reports of several runs");
}

static void read_host(const struct take *from, const struct model *model, struct read_host *host)
{
    struct take resolved = take_any(from, "resolved");

    host->addresses.type = EVENT_ADDRESSES;
    read_host_key(from, &host->addresses.host);
    read_dns(from, &host->addresses.dns);
    take_strings(from, "warnings", WARNINGS_MOST, false, &host->addresses.warnings);
    read_endpoints(from, model, host);
    host->resolved = take_flag(
        from, "resolved", host->addresses.addresses.count || host->addresses.dns.status != DNS_NOT_QUERIED);
    if (!host->resolved && host->addresses.addresses.count)
        take_fail(&resolved, "true, since it has addresses");
    compare_host(from, model, host);
}

/* Adds the hosts of the route, or of what stands beside it. */
static void read_hosts(const struct take *object, const struct model *model, struct event *event,
                       struct read_target *target)
{
    static const char *const needed[] = {"hosts", NULL};
    size_t count;
    struct take list = take_list(object, "hosts", TARGET_HOSTS_MOST, &count);

    take_need(object, needed);
    event->hosts = count ? mem_array(count, sizeof *event->hosts) : NULL;
    event->host_count = count;
    target->hosts = mem_resize(target->hosts, target->host_count + count + 1, sizeof *target->hosts);
    for (size_t i = 0; i < count; i++) {
        struct take from = take_item(&list, i);
        struct read_host *host = &target->hosts[target->host_count++];

        memset(host, 0, sizeof *host);
        read_host(&from, model, host);
        host_key_copy(&event->hosts[i].key, &host->addresses.host);
        event->hosts[i].preference = (int)take_count(&from, "preference", 0, PREFERENCE_MAX, -1);
    }
}

static void read_beside(const struct take *element, const struct model *model, struct read_target *target)
{
    struct take beside = take_object_or_null(element, "beside");

    if (!beside.value)
        return;
    read_route(&beside, "warnings", &target->beside);
    read_hosts(&beside, model, &target->beside, target);
}

/* A reason that is null is that of a target that is ready, or none. */
static void read_judgement(const struct take *object, struct judgement *judgement)
{
    static const char *const never[] = {"none", "floor-met", "probe-error"};
    struct take reason = take_member(object, "reason");
    const char *text = json_is_string(reason.value) ? json_string_value(reason.value) : "";
    bool known = reason_parse(text, &judgement->reason);
    unsigned error;

    judgement->verdict = (enum verdict)take_word(object, "verdict", TAKE_VERDICT);
    for (size_t i = 0; i < sizeof never / sizeof *never; i++)
        known &= strcmp(text, never[i]) != 0;
    if (known || take_failed(object))
        return;
    judgement->reason = judgement->verdict == VERDICT_READY ? REASON_ALL_READY : REASON_NONE;
    if (json_is_null(reason.value))
        return;
    judgement->reason = REASON_PROBE_ERROR;
    if (take_word_parse(TAKE_ERROR, text, &error))
        judgement->error = (enum probe_error)error;
    else
        take_fail(&reason, "a reason or an error of the schema (data/schema/mxscope.schema.json), or null");
}

static void read_history(const struct take *element, struct read_target *target)
{
    static const char *const needed[] = {"since", NULL};
    size_t count;
    struct take list = take_list(element, "history", HISTORY_MOST, &count);

    target->past = count ? mem_array(count, sizeof *target->past) : NULL;
    target->past_count = count;
    for (size_t i = 0; i < count && !take_failed(element); i++) {
        struct take item = take_item(&list, i);

        read_judgement(&item, &target->past[i].judgement);
        take_need(&item, needed);
        target->past[i].when = take_time(&item, "since");
    }
}

void read_target(const struct take *element, const struct model *model, struct read_target *target)
{
    memset(target, 0, sizeof *target);
    target->route.type = EVENT_ROUTE;
    target->beside.type = EVENT_BESIDE;
    read_spec(element, &target->spec);
    read_judgement(element, &target->said);
    read_history(element, target);
    read_route(element, "route_warnings", &target->route);
    read_hosts(element, model, &target->route, target);
    read_beside(element, model, target);
    read_contacts(element, &target->contacts);
}

void read_target_release(struct read_target *target)
{
    for (size_t i = 0; i < target->host_count; i++) {
        struct read_host *host = &target->hosts[i];

        for (size_t e = 0; e < host->addresses.addresses.count; e++)
            facts_free(host->facts[e]);
        free(host->facts);
        event_release(&host->addresses);
    }
    free(target->hosts);
    free(target->past);
    target_spec_release(&target->spec);
    event_release(&target->route);
    event_release(&target->beside);
    event_release(&target->contacts);
}

static void apply_facts(struct model *model, const struct host_key *host, const char *address,
                        struct facts **facts)
{
    struct event event = {.type = EVENT_FACTS};
    const struct endpoint *endpoint;

    endpoint_key_make(&event.endpoint, host, address);
    endpoint = model_known_endpoint(model, &event.endpoint);
    if (*facts && endpoint && !endpoint->facts) {
        event.facts = *facts;
        *facts = NULL;
        model_apply(model, &event);
        event.type = EVENT_ACTIVITY;
        event.stage = STAGE_DONE;
        if (endpoint->facts->ended)
            model_apply(model, &event);
    }
    event_release(&event);
}

/* What is known of it already stays as it is. */
static void apply_host(struct model *model, struct read_host *host)
{
    const struct host *known = model_known_host(model, &host->addresses.host);
    const struct strings *addresses = &host->addresses.addresses;

    if (host->resolved && !(known && known->resolved))
        model_apply(model, &host->addresses);
    for (size_t i = 0; i < addresses->count; i++)
        apply_facts(model, &host->addresses.host, addresses->items[i], &host->facts[i]);
}

struct target *read_target_apply(struct model *model, struct read_target *target)
{
    struct target *added = model_restore(model, &target->spec, false);

    target->route.target = target->beside.target = target->contacts.target = added->id;
    model_apply(model, &target->route);
    model_apply(model, &target->beside);
    model_apply(model, &target->contacts);
    for (size_t i = 0; i < target->host_count; i++)
        apply_host(model, &target->hosts[i]);
    for (size_t i = 0; i < target->past_count; i++)
        model_restore_past(added, &target->past[i]);
    return added;
}
