#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/base/mem.h"
#include "engine/model/fixture.h"
#include "engine/report/sample.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static json_t *load(const char *text)
{
    json_error_t error;
    json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &error);

    if (!root)
        fail_msg("line %d: %s", error.line, error.text);
    return root;
}

static json_t *sample_json(void)
{
    struct model *model = sample_model();
    struct report_options options = sample_options();
    char *text = report_json(model, &options);
    json_t *root = load(text);

    assert_int_equal(text[strlen(text) - 1], '\n');
    free(text);
    model_free(model);
    return root;
}

/* The keys of CONTRACT, in this order; keys beyond them may stand anywhere between. */
static void has_keys(const json_t *object, const char *keys)
{
    char *copy = mem_string(keys), *rest = copy, *wanted = strsep(&rest, " ");
    void *at;

    assert_true(json_is_object(object));
    for (at = json_object_iter((json_t *)(uintptr_t)object); at && wanted;
         at = json_object_iter_next((json_t *)(uintptr_t)object, at))
        if (strcmp(json_object_iter_key(at), wanted) == 0)
            wanted = strsep(&rest, " ");
    if (wanted)
        fail_msg("'%s' is missing or out of order among '%s'", wanted, keys);
    free(copy);
}

static json_t *get(const json_t *value, const char *key)
{
    json_t *found = json_object_get(value, key);

    if (!found)
        fail_msg("no '%s'", key);
    return found;
}

static const char *text_of(const json_t *value, const char *key)
{
    const char *text = json_string_value(get(value, key));

    return text ? text : "(null)";
}

static void endpoint_keys(const json_t *endpoint)
{
    has_keys(endpoint,
             "address port protocol verdict reason stage error attempts shared_by smtp versions tls "
             "ciphers certificate timings_ms probed_at full ended");
    has_keys(get(endpoint, "smtp"), "banner ehlo starttls code injection");
    has_keys(get(endpoint, "versions"), "SSLv3 TLSv1.0 TLSv1.1 TLSv1.2 TLSv1.3");
    has_keys(get(endpoint, "timings_ms"), "connect banner starttls handshake");
    if (!json_is_null(get(endpoint, "tls")))
        has_keys(get(endpoint, "tls"), "version cipher group client_certificate_requested");
    if (!json_is_null(get(endpoint, "certificate")))
        has_keys(
            get(endpoint, "certificate"),
            "subject names common_name issuer not_before not_after key signature sha256 trusted trust_error "
            "matches_host matches_tls_domain name_match days_left expired chain_trusted self_signed "
            "weak_digest "
            "server_auth key_bits");
}

static void host_keys(const json_t *host)
{
    json_t *endpoint;
    size_t i;

    has_keys(host, "host port protocol preference resolved dns verdict reason endpoints");
    has_keys(get(host, "dns"), "status authenticated detail records");
    json_array_foreach(get(host, "endpoints"), i, endpoint) endpoint_keys(endpoint);
}

static void domain_keys(const json_t *domain)
{
    json_t *host;
    size_t i;

    has_keys(
        domain,
        "domain unicode class requirement tls_domain connector source note owner contact contact_state due "
        "set_by_hand name_rule match pattern floor "
        "never_tls other_connectors inbound remarks verdict reason explanation consequence "
        "message history judged route dns warnings route_warnings contacts zone policy hosts beside");
    has_keys(get(domain, "dns"), "status authenticated detail records records_cut");
    has_keys(get(domain, "judged"), "baseline resolver resolver_denies starttls_path");
    has_keys(get(domain, "policy"), "mta_sts dane tls_rpt");
    json_array_foreach(get(domain, "hosts"), i, host) host_keys(host);
    if (json_is_null(get(domain, "beside")))
        return;
    has_keys(get(domain, "beside"), "route dns warnings hosts");
    json_array_foreach(get(get(domain, "beside"), "hosts"), i, host) host_keys(host);
}

static void every_key_in_order(void **state)
{
    json_t *root = sample_json(), *domain;
    size_t i;

    (void)state;
    has_keys(root,
             "format version generator vantage options started_at finished_at complete baseline preflight "
             "resolver_denies summary domains");
    has_keys(get(root, "baseline"), "name minimum_version");
    has_keys(get(root, "summary"), "targets endpoints verdicts");
    assert_int_equal(json_array_size(get(root, "domains")), 6);
    json_array_foreach(get(root, "domains"), i, domain) domain_keys(domain);
    json_decref(root);
}

static void head(void **state)
{
    json_t *root = sample_json(), *verdicts = get(get(root, "summary"), "verdicts");
    json_t *expected = load("{\"partner\":{\"pending\":1,\"not-ready\":1},"
                            "\"opportunistic\":{\"no-mail\":1,\"unreachable\":1,\"not-ready\":1},"
                            "\"relay\":{\"pending\":1}}");

    (void)state;
    assert_string_equal(text_of(root, "format"), "mxscope");
    assert_int_equal(json_integer_value(get(root, "version")), 1);
    assert_string_equal(text_of(root, "generator"), "mxscope 0.1.0");
    assert_string_equal(text_of(root, "vantage"), "host.example");
    assert_string_equal(text_of(root, "finished_at"), "2026-11-18T11:06:40Z");
    assert_true(json_is_true(get(root, "complete")));
    assert_string_equal(text_of(get(root, "baseline"), "minimum_version"), "TLSv1.2");
    assert_int_equal(json_integer_value(get(get(root, "summary"), "targets")), 6);
    assert_int_equal(json_integer_value(get(get(root, "summary"), "endpoints")), 5);
    assert_true(json_equal(verdicts, expected));
    json_decref(expected);
    json_decref(root);
}

static void assert_contacts(const json_t *domain)
{
    json_t *expected = load("[{\"source\":\"noted\",\"address\":\"postmaster@it.example\"},"
                            "{\"source\":\"postmaster\",\"address\":\"postmaster@fabrikam.example\"},"
                            "{\"source\":\"soa\",\"address\":\"=hostmaster@fabrikam.example\"},"
                            "{\"source\":\"tls-rpt\",\"address\":\"tls@fabrikam.example\"}]");
    json_t *tls_rpt = get(get(domain, "policy"), "tls_rpt");

    assert_true(json_equal(get(domain, "contacts"), expected));
    assert_string_equal(text_of(get(domain, "zone"), "status"), "ok");
    assert_string_equal(text_of(get(domain, "zone"), "name"), "fabrikam.example");
    assert_string_equal(text_of(tls_rpt, "status"), "ok");
    assert_int_equal(json_array_size(get(tls_rpt, "rua")), 2);
    json_decref(expected);
}

/* Nobody asked, and the answer failed, are not that there is none. */
static void contacts_that_are_not_known(void **state)
{
    struct model *model = fixture_model("exchange-online");
    struct target *target = fixture_target(model, "a.example", CLASS_PARTNER, REQUIREMENT_ENCRYPTION);
    struct event event = {.type = EVENT_CONTACTS, .target = target->id, .directory = directory_new()};
    struct report_options options = sample_options();
    char *text = report_json(model, &options);
    json_t *root = load(text), *domain = json_array_get(get(root, "domains"), 0);

    (void)state;
    assert_true(json_is_null(get(domain, "zone")));
    assert_true(json_is_null(get(get(domain, "policy"), "tls_rpt")));
    json_decref(root);
    free(text);
    event.directory->zone_status = DNS_TIMEOUT;
    event.directory->report_status = DNS_NXDOMAIN;
    model_apply(model, &event);
    event_release(&event);
    text = report_json(model, &options);
    root = load(text);
    domain = json_array_get(get(root, "domains"), 0);
    assert_string_equal(text_of(get(domain, "zone"), "status"), "timeout");
    assert_true(json_is_null(get(get(domain, "zone"), "mailbox")));
    assert_string_equal(text_of(get(get(domain, "policy"), "tls_rpt"), "status"), "nxdomain");
    assert_int_equal(json_array_size(get(domain, "contacts")), 1);
    json_decref(root);
    free(text);
    model_free(model);
}

static void a_partner(void **state)
{
    json_t *root = sample_json(), *domain = json_array_get(get(root, "domains"), 0);
    json_t *host = json_array_get(get(domain, "hosts"), 0);
    json_t *endpoint = json_array_get(get(host, "endpoints"), 0);
    json_t *certificate = get(endpoint, "certificate"), *ciphers = get(endpoint, "ciphers");

    (void)state;
    assert_string_equal(text_of(domain, "class"), "partner");
    assert_string_equal(text_of(domain, "requirement"), "name");
    assert_string_equal(text_of(domain, "connector"), "To \"Fabrikam\"");
    assert_string_equal(text_of(domain, "owner"), "J\xc3\xb6rg");
    assert_string_equal(text_of(domain, "note"), "broken \\xff byte");
    assert_string_equal(text_of(domain, "contact"), "postmaster@it.example");
    assert_string_equal(text_of(domain, "contact_state"), "promised");
    assert_int_equal(json_array_size(get(domain, "set_by_hand")), 2);
    assert_string_equal(json_string_value(json_array_get(get(domain, "set_by_hand"), 0)), "contact_state");
    assert_string_equal(json_string_value(json_array_get(get(domain, "set_by_hand"), 1)), "due");
    assert_contacts(domain);
    assert_string_equal(text_of(domain, "verdict"), "not-ready");
    assert_string_equal(text_of(domain, "reason"), "version-below-floor");
    assert_string_equal(text_of(domain, "consequence"), "stops");
    assert_string_equal(text_of(domain, "route"), "smart-host");
    assert_string_equal(text_of(get(domain, "dns"), "status"), "not-queried");
    assert_true(json_is_null(get(host, "preference")));
    assert_string_equal(text_of(endpoint, "stage"), "done");
    assert_true(json_is_null(get(endpoint, "error")));
    assert_int_equal(json_integer_value(get(endpoint, "shared_by")), 2);
    assert_string_equal(text_of(get(endpoint, "smtp"), "injection"), "no");
    assert_true(json_is_null(get(get(endpoint, "smtp"), "code")));
    assert_string_equal(text_of(get(endpoint, "versions"), "TLSv1.0"), "accepted");
    assert_string_equal(text_of(get(endpoint, "tls"), "version"), "TLSv1.0");
    assert_string_equal(text_of(get(endpoint, "tls"), "group"), "P-256");
    assert_int_equal(json_object_size(ciphers), 1);
    assert_string_equal(text_of(ciphers, "TLSv1.0"), "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA");
    assert_true(json_is_true(get(certificate, "matches_host")));
    assert_true(json_is_false(get(certificate, "matches_tls_domain")));
    assert_int_equal(json_integer_value(get(certificate, "days_left")), 300);
    assert_true(json_is_null(get(certificate, "trust_error")));
    assert_int_equal(json_integer_value(get(get(endpoint, "timings_ms"), "handshake")), 4);
    assert_int_equal(json_integer_value(get(json_array_get(get(endpoint, "transcript"), 0), "at_ms")), 3);
    json_decref(root);
}

/* The verdict is the gateway's; what the MX show stands beside it, the gateway not among them. */
static void beside_the_route(void **state)
{
    json_t *root = sample_json(), *domains = get(root, "domains"), *domain = json_array_get(domains, 0);
    json_t *beside = get(domain, "beside"), *host = json_array_get(get(beside, "hosts"), 0), *records;

    (void)state;
    assert_string_equal(text_of(domain, "verdict"), "not-ready");
    assert_string_equal(text_of(beside, "route"), "mx");
    assert_string_equal(text_of(get(beside, "dns"), "status"), "ok");
    assert_int_equal(json_array_size(get(beside, "warnings")), 0);
    assert_int_equal(json_array_size(get(beside, "hosts")), 1);
    assert_string_equal(text_of(host, "host"), "mx.fabrikam.example");
    records = get(get(host, "dns"), "records");
    assert_int_equal(json_array_size(records), 2);
    assert_string_equal(text_of(json_array_get(records, 0), "data"), "real.example");
    assert_string_equal(text_of(json_array_get(records, 1), "type"), "a");
    assert_int_equal(json_integer_value(get(json_array_get(records, 1), "ttl")), 3600);
    assert_int_equal(json_integer_value(get(host, "preference")), 10);
    assert_int_equal(json_array_size(get(host, "endpoints")), 1);
    assert_true(json_is_null(get(json_array_get(domains, 1), "beside")));
    json_decref(root);
}

static void what_connectors_say(void **state)
{
    json_t *root = sample_json(), *domain = json_array_get(get(root, "domains"), 0);
    json_t *expected = load("[{\"connector\":\"All partners\",\"source\":\"connectors.json:9, connector 2\","
                            "\"match\":\"wildcard\",\"pattern\":\"*.example\"}]");
    json_t *inbound = load("[{\"connector\":\"From Fabrikam\",\"source\":\"connectors.json:40, connector 5\","
                           "\"sender_domain\":\"*.fabrikam.example\",\"enabled\":true,\"require_tls\":true,"
                           "\"certificate_name\":\"*.fabrikam.example\",\"restricted_to_certificate\":true,"
                           "\"restricted_to_addresses\":false,\"mutual_tls\":false,\"probed\":false}]");
    json_t *remarks = load("[\"that it sends with DANE is not judged\"]");

    (void)state;
    assert_string_equal(text_of(domain, "match"), "rule");
    assert_string_equal(text_of(domain, "pattern"), "Fabrikam by TLS");
    assert_string_equal(text_of(domain, "floor"), "TLSv1.1");
    assert_true(json_is_false(get(domain, "never_tls")));
    assert_true(json_equal(get(domain, "other_connectors"), expected));
    assert_true(json_equal(get(domain, "inbound"), inbound));
    assert_true(json_equal(get(domain, "remarks"), remarks));
    assert_true(json_equal(json_array_get(get(domain, "warnings"), 0), json_array_get(remarks, 0)));
    assert_string_equal(text_of(domain, "message"),
                        "Your gateway gw.fabrikam.example (192.0.2.14) offers TLS 1.0 only; our connector "
                        "queues mail for 24 hours and then returns it. Please enable TLS 1.2 or newer.");
    json_decref(expected);
    json_decref(inbound);
    json_decref(remarks);
    json_decref(root);
}

static void what_is_unknown_is_null(void **state)
{
    json_t *root = sample_json(), *domains = get(root, "domains");
    json_t *pending = json_array_get(domains, 2), *gone = json_array_get(domains, 3);
    json_t *endpoint =
        json_array_get(get(json_array_get(get(json_array_get(domains, 0), "hosts"), 0), "endpoints"), 1);
    json_t *shared =
        json_array_get(get(json_array_get(get(json_array_get(domains, 1), "hosts"), 0), "endpoints"), 0);

    (void)state;
    assert_true(json_is_null(get(pending, "route")));
    assert_string_equal(text_of(pending, "verdict"), "pending");
    assert_true(json_is_null(get(pending, "tls_domain")));
    assert_true(json_is_null(get(pending, "message")));
    assert_true(json_is_null(get(pending, "match")));
    assert_true(json_is_null(get(pending, "pattern")));
    assert_true(json_is_null(get(pending, "floor")));
    assert_int_equal(json_array_size(get(pending, "other_connectors")), 0);
    assert_int_equal(json_array_size(get(pending, "inbound")), 0);
    assert_int_equal(json_array_size(get(pending, "remarks")), 0);
    assert_string_equal(text_of(get(pending, "dns"), "status"), "not-queried");
    assert_string_equal(text_of(gone, "route"), "none");
    assert_string_equal(text_of(gone, "reason"), "nxdomain");
    assert_string_equal(text_of(endpoint, "stage"), "queued");
    assert_true(json_is_null(get(endpoint, "tls")));
    assert_true(json_is_null(get(endpoint, "certificate")));
    assert_true(json_is_null(get(endpoint, "probed_at")));
    assert_true(json_is_null(get(get(endpoint, "smtp"), "banner")));
    assert_string_equal(text_of(get(endpoint, "versions"), "TLSv1.2"), "not-tested");
    assert_true(json_is_null(get(get(endpoint, "timings_ms"), "connect")));
    assert_true(json_is_null(get(get(shared, "certificate"), "matches_tls_domain")));
    json_decref(root);
}

static void a_ready_verdict_has_no_reason(void **state)
{
    struct model *model = fixture_model("tls1.2");
    struct report_options options = {.generator = "g"};
    json_t *root, *domain;
    char *text;

    (void)state;
    fixture_simple(model, "a.example", CLASS_PARTNER, REQUIREMENT_NONE, "192.0.2.1", fixture_facts("rrrar"));
    text = report_json(model, &options);
    root = load(text);
    domain = json_array_get(get(root, "domains"), 0);
    assert_string_equal(text_of(domain, "verdict"), "ready");
    assert_true(json_is_null(get(domain, "reason")));
    assert_true(json_is_null(get(root, "finished_at")));
    assert_true(json_is_null(get(root, "vantage")));
    assert_true(json_is_false(get(root, "complete")));
    json_decref(root);
    free(text);
    model_free(model);
}

static void an_empty_session(void **state)
{
    struct model *model = fixture_model("tls1.2");
    struct report_options options = sample_options();
    char *text = report_json(model, &options), *lines = report_jsonl(model, NULL);
    json_t *root = load(text);

    (void)state;
    assert_int_equal(json_array_size(get(root, "domains")), 0);
    assert_string_equal(lines, "");
    json_decref(root);
    free(text);
    free(lines);
    model_free(model);
}

static void is_the_session(json_t *session, const json_t *head, size_t targets)
{
    static const char *const keys[] = {"generator",   "vantage",  "options",  "started_at",
                                       "finished_at", "complete", "selection"};

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        assert_true(json_equal(get(session, keys[i]), get(head, keys[i])));
    assert_int_equal(json_integer_value(get(session, "targets")), targets);
    assert_int_equal(json_object_size(session), sizeof keys / sizeof *keys + 1);
}

/* JSONL holds the very elements of JSON, one a line, and in each what the head of JSON says of the session.
 */
static void lines_are_the_domains(void **state)
{
    struct model *model = sample_model();
    struct report_options options = sample_options();
    json_t *root = sample_json(), *domains = get(root, "domains");
    char *lines = report_jsonl(model, &options), *rest = lines, *line;
    size_t i = 0;

    (void)state;
    while ((line = strsep(&rest, "\n")) && *line) {
        json_t *domain = load(line);

        is_the_session(get(domain, "session"), root, json_array_size(domains));
        json_object_del(domain, "session");
        assert_true(json_equal(domain, json_array_get(domains, i++)));
        json_decref(domain);
    }
    assert_non_null(line);
    assert_int_equal(i, json_array_size(domains));
    free(lines);
    json_decref(root);
    model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_key_in_order),
        cmocka_unit_test(head),
        cmocka_unit_test(a_partner),
        cmocka_unit_test(contacts_that_are_not_known),
        cmocka_unit_test(beside_the_route),
        cmocka_unit_test(what_connectors_say),
        cmocka_unit_test(what_is_unknown_is_null),
        cmocka_unit_test(a_ready_verdict_has_no_reason),
        cmocka_unit_test(an_empty_session),
        cmocka_unit_test(lines_are_the_domains),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
