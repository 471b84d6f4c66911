#include "tests/tui/sample.h"

#include "engine/base/mem.h"
#include "engine/tls/suite.h"

#include <stdlib.h>
#include <string.h>

#define PROBED_AT SAMPLE_PROBED_AT
#define DAY       86400

struct model *sample_empty(void)
{
    char *error = NULL;
    struct baseline *baseline = baseline_load("exchange-online", &error);

    if (!baseline)
        abort();
    return model_new(baseline);
}

struct target *sample_add(struct model *model, const char *domain, enum target_class class)
{
    struct target_spec spec;
    struct target *target;
    bool existed;

    target_spec_init(&spec);
    spec.domain = mem_string(domain);
    spec.unicode = mem_string(domain);
    spec.class = class;
    spec.requirement = class == CLASS_OPPORTUNISTIC ? REQUIREMENT_NONE : REQUIREMENT_ENCRYPTION;
    spec.protocol = PROTOCOL_SMTP;
    spec.source = mem_string("sample");
    target = model_add(model, &spec, &existed);
    target_spec_release(&spec);
    return target;
}

static void set_host(struct host_key *key, const char *host)
{
    key->name = mem_string(host);
    key->port = 25;
    key->protocol = PROTOCOL_SMTP;
}

static void apply(struct model *model, struct event *event)
{
    model_apply(model, event);
    event_release(event);
}

void sample_route_event(struct event *event, uint32_t target, const char *host, int preference)
{
    memset(event, 0, sizeof *event);
    event->type = EVENT_ROUTE;
    event->target = target;
    event->route = preference < 0 ? ROUTE_SMART_HOST : ROUTE_MX;
    event->dns.status = DNS_OK;
    event->hosts = mem_array(1, sizeof *event->hosts);
    event->host_count = 1;
    event->hosts[0].preference = preference;
    set_host(&event->hosts[0].key, host);
}

void sample_route(struct model *model, const struct target *target, const char *host, int preference)
{
    struct event event;

    sample_route_event(&event, target->id, host, preference);
    apply(model, &event);
}

void sample_beside(struct model *model, const struct target *target, const char *host, int preference)
{
    struct event event;

    sample_route_event(&event, target->id, host, preference);
    event.type = EVENT_BESIDE;
    event.route = preference < 0 ? ROUTE_IMPLICIT : ROUTE_MX;
    apply(model, &event);
}

void sample_addresses_event(struct event *event, const char *host, const struct sample_endpoint *endpoints,
                            size_t count)
{
    size_t i;

    memset(event, 0, sizeof *event);
    event->type = EVENT_ADDRESSES;
    event->dns.status = DNS_OK;
    set_host(&event->host, host);
    for (i = 0; i < count; i++)
        strings_add(&event->addresses, endpoints[i].address);
}

void sample_addresses(struct model *model, const char *host, const struct sample_endpoint *endpoints,
                      size_t count)
{
    struct event event;

    sample_addresses_event(&event, host, endpoints, count);
    apply(model, &event);
}

/* The leaf and the authority that signed it; the root stays at home. */
static void make_chain(struct certificate *certificate)
{
    certificate->chain = mem_array(2, sizeof *certificate->chain);
    certificate->chain_length = 2;
    certificate->chain[0] = (struct chain_member){mem_string(certificate->subject),
                                                  mem_string(certificate->issuer), certificate->not_after};
    certificate->chain[1] =
        (struct chain_member){mem_string(certificate->issuer), mem_string("CN=Sample Root,O=Sample Trust"),
                              PROBED_AT + 900 * (int64_t)DAY};
}

static struct certificate *make_certificate(const char *host)
{
    struct certificate *certificate = mem_alloc(sizeof *certificate);

    certificate->subject = mem_format("CN=%s,O=Sample", host);
    certificate->issuer = mem_string("CN=Sample Issuing CA 1,O=Sample Trust");
    certificate->common_name = mem_string(host);
    strings_add(&certificate->names, host);
    strings_add(&certificate->names, "autodiscover.sample.example");
    certificate->not_before = PROBED_AT - 40 * DAY;
    certificate->not_after = PROBED_AT + 50 * DAY;
    certificate->key = mem_string("RSA 2048");
    certificate->signature = mem_string("sha256WithRSAEncryption");
    memset(certificate->sha256, 'a', 64);
    certificate->trusted = certificate->chain_trusted = certificate->server_auth = true;
    certificate->key_bits = 2048;
    make_chain(certificate);
    return certificate;
}

static uint16_t suite_of(int version)
{
    const struct tls_suite *suite =
        tls_suite_by_name(version == TLS_1_3   ? "TLS_AES_256_GCM_SHA384"
                          : version == TLS_1_2 ? "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"
                                               : "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA");

    return suite ? suite->id : 0;
}

static void set_versions(struct facts *facts, const struct sample_endpoint *endpoint)
{
    int version;

    for (version = 0; version < TLS_VERSIONS; version++) {
        struct version_facts *each = &facts->versions[version];
        bool accepted = version >= endpoint->lowest && version <= endpoint->highest;

        each->state = accepted ? VERSION_ACCEPTED : VERSION_REFUSED;
        each->suite = accepted ? suite_of(version) : 0;
        each->alert = accepted ? -1 : 70;
    }
    facts->tls = facts->handshake_completed = true;
    facts->tls_version = (enum tls_version)endpoint->highest;
    facts->tls_suite = suite_of(endpoint->highest);
    facts->tls_group = 29;
    facts->offer_baseline = mem_string("exchange-online");
    facts->offer = endpoint->highest >= TLS_1_2 ? VERSION_ACCEPTED : VERSION_REFUSED;
    facts->offer_suite = endpoint->highest >= TLS_1_2 ? suite_of(endpoint->highest) : 0;
}

static void set_dialogue(struct facts *facts, const char *host, bool tls)
{
    char *greeting = mem_format("220 %s ESMTP ready", host);

    facts->banner = mem_format("%s ESMTP ready", host);
    facts->transcript.now_ms = 31;
    transcript_add(&facts->transcript, SAID_BY_SERVER, greeting);
    transcript_add(&facts->transcript, SAID_BY_CLIENT, "EHLO probe.example");
    facts->transcript.now_ms = 44;
    transcript_add(&facts->transcript, SAID_BY_SERVER, "250-PIPELINING");
    if (tls) {
        strings_add(&facts->ehlo, "STARTTLS");
        transcript_add(&facts->transcript, SAID_BY_SERVER, "250 STARTTLS");
        transcript_add(&facts->transcript, SAID_BY_CLIENT, "STARTTLS");
        transcript_add(&facts->transcript, SAID_BY_SERVER, "220 go ahead");
        transcript_add(&facts->transcript, NOTED, "TLS begins");
    } else {
        transcript_add(&facts->transcript, SAID_BY_SERVER, "250 SIZE 10240000");
    }
    facts->transcript.now_ms = 12345;
    transcript_add(&facts->transcript, SAID_BY_CLIENT, "QUIT");
    transcript_add(&facts->transcript, SAID_BY_SERVER, "221 bye");
    free(greeting);
}

static struct facts *make_facts(const char *host, const struct sample_endpoint *endpoint)
{
    char purpose[] = "handshake";
    struct attempt attempt = {PROBED_AT, purpose, STAGE_DONE, endpoint->error, NULL, 42};
    struct facts *facts = facts_new();

    facts->attempts = facts->connections = 1;
    facts->probed_at = PROBED_AT;
    facts->full = true;
    facts->error = endpoint->error;
    facts->stage = STAGE_DONE;
    facts->connect_ms = 12;
    facts->banner_ms = facts->starttls_ms = facts->handshake_ms = -1;
    facts_add_attempt(facts, &attempt);
    if (endpoint->error != PROBE_OK) {
        facts->stage = STAGE_CONNECT;
        facts->connect_ms = -1;
        return facts;
    }
    facts->banner_ms = 31;
    set_dialogue(facts, host, endpoint->highest >= 0);
    facts->starttls = endpoint->highest >= 0 ? STARTTLS_OFFERED : STARTTLS_NOT_OFFERED;
    if (endpoint->highest < 0)
        return facts;
    facts->starttls_ms = 13;
    facts->handshake_ms = 44;
    facts->certificate = make_certificate(host);
    set_versions(facts, endpoint);
    return facts;
}

void sample_facts_event(struct event *event, const char *host, const struct sample_endpoint *endpoint)
{
    memset(event, 0, sizeof *event);
    event->type = EVENT_FACTS;
    event->endpoint =
        (struct endpoint_key){mem_string(endpoint->address), 25, PROTOCOL_SMTP, mem_string(host)};
    event->facts = make_facts(host, endpoint);
}

void sample_facts(struct model *model, const char *host, const struct sample_endpoint *endpoint)
{
    struct event event;

    sample_facts_event(&event, host, endpoint);
    apply(model, &event);
    memset(&event, 0, sizeof event);
    event.type = EVENT_ACTIVITY;
    event.stage = STAGE_DONE;
    event.endpoint =
        (struct endpoint_key){mem_string(endpoint->address), 25, PROTOCOL_SMTP, mem_string(host)};
    apply(model, &event);
}

static void whole(struct model *model, const char *domain, enum target_class class, const char *host,
                  const struct sample_endpoint *endpoints, size_t count)
{
    const struct target *target = sample_add(model, domain, class);
    size_t i;

    sample_route(model, target, host, class == CLASS_PARTNER ? -1 : 10);
    sample_addresses(model, host, endpoints, count);
    for (i = 0; i < count; i++)
        sample_facts(model, host, &endpoints[i]);
}

struct model *sample_model(void)
{
    static const struct sample_endpoint modern[] = {{"192.0.2.10", TLS_1_2, TLS_1_3, PROBE_OK},
                                                    {"2001:db8::10", TLS_1_2, TLS_1_3, PROBE_OK}},
                                        old[] = {{"192.0.2.14", TLS_1_0, TLS_1_0, PROBE_OK}},
                                        mixed[] = {{"192.0.2.20", TLS_1_0, TLS_1_2, PROBE_OK},
                                                   {"192.0.2.21", TLS_SSL_3_0, TLS_1_1, PROBE_OK}},
                                        clear[] = {{"192.0.2.30", -1, -1, PROBE_OK}},
                                        away[] = {{"192.0.2.40", -1, -1, PROBE_CONNECT_TIMEOUT}},
                                        middle[] = {{"192.0.2.50", TLS_1_0, TLS_1_2, PROBE_OK}};
    struct model *model = sample_empty();

    whole(model, "contoso.example", CLASS_PARTNER, "mail.contoso.example", modern, 2);
    whole(model, "fabrikam.example", CLASS_PARTNER, "gw.fabrikam.example", old, 1);
    whole(model, "tailspin.example", CLASS_PARTNER, "mx.tailspin.example", mixed, 2);
    whole(model, "northwind.example", CLASS_OPPORTUNISTIC, "mx1.northwind.example", middle, 1);
    whole(model, "adatum.example", CLASS_OPPORTUNISTIC, "mx.adatum.example", clear, 1);
    whole(model, "wingtip.example", CLASS_OPPORTUNISTIC, "mx.wingtip.example", away, 1);
    whole(model, "litware.example", CLASS_OPPORTUNISTIC, "mx.litware.example", old, 1);
    sample_add(model, "proseware.example", CLASS_OPPORTUNISTIC);
    return model;
}

void sample_preflight(struct model *model)
{
    struct event event = {.type = EVENT_PREFLIGHT};

    preflight_set(&event.preflight, CHECK_RESOLVER, CHECK_OK, NULL);
    preflight_set(&event.preflight, CHECK_IPV4, CHECK_OK, "Probes leave from 192.0.2.2.");
    preflight_set(&event.preflight, CHECK_PORT_25, CHECK_TROUBLE,
                  "The mail port (25) is blocked from here: all 4 servers tried failed alike.");
    preflight_set(
        &event.preflight, CHECK_HELO_NAME, CHECK_TROUBLE,
        "The EHLO name mx.sample.example has no address in DNS; some servers turn such names away.");
    apply(model, &event);
}
