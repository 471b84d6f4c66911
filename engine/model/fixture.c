#include "engine/model/fixture.h"

#include "engine/base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum version_state state_of(char letter)
{
    switch (letter) {
    case 'a':
        return VERSION_ACCEPTED;
    case 'r':
        return VERSION_REFUSED;
    case 'u':
        return VERSION_UNKNOWN;
    default:
        return VERSION_NOT_TESTED;
    }
}

struct facts *fixture_facts(const char *versions)
{
    struct facts *facts = facts_new();
    int v;

    for (v = 0; v < TLS_VERSIONS; v++)
        facts->versions[v].state = state_of(versions[v]);
    facts->starttls = STARTTLS_OFFERED;
    facts->stage = STAGE_DONE;
    facts->attempts = facts->connections = 1;
    return facts;
}

void fixture_handshake(struct facts *facts, enum tls_version version, uint16_t suite, bool completed)
{
    facts->tls = true;
    facts->tls_version = version;
    facts->tls_suite = suite;
    facts->handshake_completed = completed;
    facts->versions[version].state = VERSION_ACCEPTED;
    facts->versions[version].suite = suite;
}

struct certificate *fixture_certificate(const char *names, bool trusted, int days)
{
    struct certificate *certificate = mem_alloc(sizeof *certificate);
    char *copy = mem_string(names), *rest = copy, *name;

    while ((name = strsep(&rest, " ")))
        if (*name)
            strings_add(&certificate->names, name);
    free(copy);
    certificate->subject = mem_string("CN=fixture");
    certificate->issuer = mem_string("CN=Test CA");
    certificate->not_before = FIXTURE_NOW - 90 * FIXTURE_DAY;
    certificate->not_after = FIXTURE_NOW + days * (int64_t)FIXTURE_DAY;
    certificate->expired = days < 0;
    certificate->key = mem_string("RSA 2048");
    certificate->signature = mem_string("sha256WithRSAEncryption");
    snprintf(certificate->sha256, sizeof certificate->sha256, "%064d", 7);
    certificate->trusted = certificate->chain_trusted = trusted;
    certificate->self_signed = !trusted;
    certificate->server_auth = true;
    certificate->key_bits = 2048;
    certificate->trust_error = trusted ? NULL : mem_string("self-signed certificate");
    return certificate;
}

struct model *fixture_model(const char *baseline)
{
    char *error = NULL;
    struct baseline *loaded = baseline_load(baseline, &error);
    struct model *model;

    if (!loaded) {
        fprintf(stderr, "%s\n", error);
        abort();
    }
    model = model_new(loaded);
    model_set_now(model, FIXTURE_NOW);
    return model;
}

struct target *fixture_target(struct model *model, const char *domain, enum target_class class,
                              enum requirement requirement)
{
    struct target_spec spec;
    struct target *target;

    target_spec_init(&spec);
    spec.domain = mem_string(domain);
    spec.unicode = mem_string(domain);
    spec.class = class;
    spec.requirement = requirement;
    spec.source = mem_string("fixture");
    target = model_add(model, &spec, NULL);
    target_spec_release(&spec);
    return target;
}

static void add_route_host(struct event *event, const char *preference, const char *name)
{
    struct route_host *host;

    event->hosts = mem_resize(event->hosts, event->host_count + 1, sizeof *event->hosts);
    host = &event->hosts[event->host_count++];
    host->key = (struct host_key){mem_string(name), 25, PROTOCOL_SMTP};
    host->preference = atoi(preference);
}

static void apply_hosts(struct model *model, struct event *event, const char *hosts)
{
    char *copy = mem_string(hosts), *rest = copy, *preference, *name;

    while ((preference = strsep(&rest, " ")) && (name = strsep(&rest, " ")))
        add_route_host(event, preference, name);
    model_apply(model, event);
    event_release(event);
    free(copy);
}

void fixture_route(struct model *model, struct target *target, enum route route, enum dns_status status,
                   const char *hosts)
{
    struct event event = {.type = EVENT_ROUTE, .target = target->id, .route = route, .dns.status = status};

    apply_hosts(model, &event, hosts);
}

void fixture_beside(struct model *model, struct target *target, enum route route, enum dns_status status,
                    const char *hosts)
{
    struct event event = {.type = EVENT_BESIDE, .target = target->id, .route = route, .dns.status = status};

    apply_hosts(model, &event, hosts);
}

void fixture_addresses(struct model *model, const char *host, enum dns_status status, const char *addresses)
{
    struct event event = {.type = EVENT_ADDRESSES, .dns.status = status};
    char *copy = mem_string(addresses), *rest = copy, *address;

    event.host = (struct host_key){mem_string(host), 25, PROTOCOL_SMTP};
    while ((address = strsep(&rest, " ")))
        if (*address)
            strings_add(&event.addresses, address);
    model_apply(model, &event);
    event_release(&event);
    free(copy);
}

static void apply_endpoint(struct model *model, const char *host, const char *address, struct event *event)
{
    struct host_key key = {mem_string(host), 25, PROTOCOL_SMTP};

    endpoint_key_make(&event->endpoint, &key, address);
    host_key_release(&key);
    model_apply(model, event);
    event_release(event);
}

void fixture_probed(struct model *model, const char *host, const char *address, struct facts *facts)
{
    struct event event = {.type = EVENT_FACTS, .facts = facts};

    apply_endpoint(model, host, address, &event);
    fixture_activity(model, host, address, STAGE_DONE);
}

void fixture_activity(struct model *model, const char *host, const char *address, enum stage stage)
{
    struct event event = {.type = EVENT_ACTIVITY, .stage = stage};

    apply_endpoint(model, host, address, &event);
}

struct target *fixture_simple(struct model *model, const char *domain, enum target_class class,
                              enum requirement requirement, const char *address, struct facts *facts)
{
    struct target *target = fixture_target(model, domain, class, requirement);
    char *host = mem_format("mx.%s", domain), *route = mem_format("10 %s", host);

    fixture_route(model, target, ROUTE_MX, DNS_OK, route);
    fixture_addresses(model, host, DNS_OK, address);
    fixture_probed(model, host, address, facts);
    free(host);
    free(route);
    return target;
}
