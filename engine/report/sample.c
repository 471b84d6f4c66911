#include "engine/report/sample.h"

#include "engine/base/mem.h"
#include "engine/model/fixture.h"

#include <stdlib.h>

#define SAMPLE_DUE 20800 /* 2026-12-13 */

static void fill_dialogue(struct facts *facts)
{
    struct attempt attempt = {FIXTURE_NOW,     (char *)"hello up to TLS 1.1", STAGE_HELLO,
                              PROBE_TLS_ALERT, (char *)"protocol_version",    7};

    facts->banner = mem_string("220 gw.fabrikam.example \\x1B[31m ESMTP");
    strings_add(&facts->ehlo, "STARTTLS");
    strings_add(&facts->ehlo, "SIZE 1000");
    strings_add(&facts->ehlo_tls, "SIZE 1000");
    facts->injection = INJECTION_NO;
    facts->error_detail = mem_string("detail");
    facts->connect_ms = 1;
    facts->banner_ms = 2;
    facts->starttls_ms = 3;
    facts->handshake_ms = 4;
    facts->probed_at = FIXTURE_NOW - 60;
    facts->full = true;
    facts->ended = true;
    facts_add_attempt(facts, &attempt);
    facts->transcript.now_ms = 3;
    transcript_add(&facts->transcript, SAID_BY_SERVER, "220 gw");
    transcript_add(&facts->transcript, SAID_BY_CLIENT, "EHLO x");
    transcript_add(&facts->transcript, NOTED, "TLS begins");
    strings_add(&facts->warnings, "a warning");
}

static struct facts *full_facts(void)
{
    struct facts *facts = fixture_facts("rarrr");
    struct certificate *certificate = fixture_certificate("gw.fabrikam.example", true, 300);

    fill_dialogue(facts);
    fixture_handshake(facts, TLS_1_0, 0xc014, true);
    facts->tls_group = 23;
    facts->versions[TLS_1_2].alert = 70;
    facts->versions[TLS_1_3].error = PROBE_TLS_ALERT;
    facts->offer_baseline = mem_string("exchange-online");
    facts->offer = VERSION_REFUSED;
    certificate->chain = mem_array(1, sizeof *certificate->chain);
    certificate->chain_length = 1;
    certificate->chain[0].subject = mem_string("CN=gw");
    certificate->chain[0].issuer = mem_string("CN=Test CA");
    certificate->chain[0].not_after = certificate->not_after;
    facts->certificate = certificate;
    facts->other_certificate = certificate_copy(certificate);
    facts->dh_bits = 1024;
    facts->tally = (struct tally){.offered = 3, .not_offered = 1, .chose = {[TLS_1_2] = 2}};
    return facts;
}

static struct facts *dead_facts(void)
{
    struct facts *facts = fixture_facts("-----");

    facts->starttls = STARTTLS_UNKNOWN;
    facts->stage = STAGE_EHLO;
    facts->error = PROBE_GREYLISTED;
    facts->code = 450;
    facts->banner = mem_string("220 dead");
    facts->ended = true;
    facts->probed_at = FIXTURE_NOW;
    return facts;
}

static void add_connectors(struct target_spec *spec)
{
    const struct connector_ref other = {(char *)"All partners", (char *)"connectors.json:9, connector 2",
                                        MATCH_WILDCARD, (char *)"*.example"};
    const struct expectation inbound = {
        .connector = (char *)"From Fabrikam",
        .source = (char *)"connectors.json:40, connector 5",
        .sender_domain = (char *)"*.fabrikam.example",
        .enabled = true,
        .require_tls = true,
        .certificate_name = (char *)"*.fabrikam.example",
        .by_certificate = true,
    };

    spec->name_rule = NAME_RULE_EXCHANGE;
    spec->match = MATCH_RULE;
    spec->pattern = mem_string("Fabrikam by TLS");
    spec->floor = TLS_1_1;
    target_spec_add_other(spec, &other);
    target_spec_add_inbound(spec, &inbound);
    strings_add(&spec->remarks, "that it sends with DANE is not judged");
}

/* Which way a name was found. */
static void add_records(struct model *model, const char *host, const char *address)
{
    struct event event = {.type = EVENT_ADDRESSES, .dns.status = DNS_OK};

    event.host = (struct host_key){mem_string(host), 25, PROTOCOL_SMTP};
    strings_add(&event.addresses, address);
    trail_add(&event.dns.trail, RECORD_CNAME, host, "real.example", 60);
    trail_add(&event.dns.trail, RECORD_A, "real.example", address, 3600);
    model_apply(model, &event);
    event_release(&event);
}

static void add_contacts(struct model *model, const struct target *target)
{
    struct event event = {.type = EVENT_CONTACTS, .target = target->id, .directory = directory_new()};

    event.directory->zone_status = DNS_OK;
    event.directory->zone = mem_string("fabrikam.example");
    event.directory->mailbox = mem_string("=hostmaster@fabrikam.example");
    event.directory->report_status = DNS_OK;
    event.directory->record = mem_string("v=TLSRPTv1; rua=mailto:tls@fabrikam.example,https://r.example/");
    strings_add(&event.directory->uris, "mailto:tls@fabrikam.example");
    strings_add(&event.directory->uris, "https://r.example/");
    model_apply(model, &event);
    event_release(&event);
}

static void add_partner(struct model *model)
{
    struct target *t = fixture_target(model, "fabrikam.example", CLASS_PARTNER, REQUIREMENT_NAME);

    t->spec.tls_domain = mem_string("other.fabrikam.example");
    t->spec.connector = mem_string("To \"Fabrikam\"");
    t->spec.owner = mem_string("J\xc3\xb6rg");
    add_connectors(&t->spec);
    model_set_notes(model, t,
                    &(struct target_notes){"broken \xff byte", t->spec.owner, "postmaster@it.example",
                                           CONTACT_PROMISED, SAMPLE_DUE});
    model_set_by_hand(model, t, BY_HAND(HAND_STATE) | BY_HAND(HAND_DUE));
    add_contacts(model, t);
    fixture_route(model, t, ROUTE_SMART_HOST, DNS_NOT_QUERIED, "-1 gw.fabrikam.example");
    fixture_addresses(model, "gw.fabrikam.example", DNS_OK, "192.0.2.14 2001:db8::14");
    fixture_probed(model, "gw.fabrikam.example", "192.0.2.14", full_facts());
    fixture_beside(model, t, ROUTE_MX, DNS_OK, "20 gw.fabrikam.example 10 mx.fabrikam.example");
    add_records(model, "mx.fabrikam.example", "192.0.2.15");
    fixture_probed(model, "mx.fabrikam.example", "192.0.2.15", fixture_facts("rrraa"));
}

static void add_endpoint_url(struct model *model)
{
    struct event event = {.type = EVENT_ROUTE, .route = ROUTE_DIRECT};
    struct target *t = fixture_target(model, "smtp://192.0.2.99:2525", CLASS_RELAY, REQUIREMENT_ENCRYPTION);

    t->spec.is_endpoint = true;
    target_spec_add_host(&t->spec, "192.0.2.99", 2525, true);
    event.target = t->id;
    event.hosts = mem_alloc(sizeof *event.hosts);
    event.host_count = 1;
    event.hosts[0].key = (struct host_key){mem_string("192.0.2.99"), 2525, PROTOCOL_SMTP};
    event.hosts[0].preference = -1;
    model_apply(model, &event);
    event_release(&event);
    event = (struct event){.type = EVENT_ADDRESSES};
    event.host = (struct host_key){mem_string("192.0.2.99"), 2525, PROTOCOL_SMTP};
    strings_add(&event.addresses, "192.0.2.99");
    model_apply(model, &event);
    event_release(&event);
}

static void add_preflight(struct model *model)
{
    struct event event = {.type = EVENT_PREFLIGHT};

    preflight_set(&event.preflight, CHECK_RESOLVER, CHECK_OK, NULL);
    preflight_set(&event.preflight, CHECK_IPV6, CHECK_TROUBLE, "This machine has no route for IPv6.");
    model_apply(model, &event);
    event_release(&event);
}

struct model *sample_model(void)
{
    struct model *model = fixture_model("exchange-online");
    struct target *t;

    add_partner(model);
    t = fixture_target(model, "shared.example", CLASS_OPPORTUNISTIC, REQUIREMENT_NONE);
    fixture_route(model, t, ROUTE_MX, DNS_OK, "10 gw.fabrikam.example 20 mx2.shared.example");
    fixture_addresses(model, "mx2.shared.example", DNS_NO_DATA, "");
    fixture_target(model, "pending.example", CLASS_PARTNER, REQUIREMENT_ENCRYPTION);
    t = fixture_target(model, "gone.example", CLASS_OPPORTUNISTIC, REQUIREMENT_NONE);
    fixture_route(model, t, ROUTE_NONE, DNS_NXDOMAIN, "");
    fixture_simple(model, "dead.example", CLASS_OPPORTUNISTIC, REQUIREMENT_NONE, "192.0.2.66", dead_facts());
    add_endpoint_url(model);
    add_preflight(model);
    t = fixture_target(model, "removed.example", CLASS_PARTNER, REQUIREMENT_ENCRYPTION);
    model_remove(model, t);
    return model;
}

struct report_options sample_options(void)
{
    return (struct report_options){.generator = "mxscope 0.1.0",
                                   .vantage = "host.example",
                                   .started_at = FIXTURE_NOW - 100,
                                   .finished_at = FIXTURE_NOW,
                                   .complete = true,
                                   .options = "audit fabrikam.example"};
}
