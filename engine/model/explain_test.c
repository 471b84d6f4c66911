#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/base/mem.h"
#include "engine/model/fixture.h"

#include <stdlib.h>
#include <string.h>

#define QUEUES "mail stops: it queues and then returns to the sender."

static void says(const struct model *model, const struct target *target, const char *expected)
{
    char *text = model_explain(model, target);

    assert_string_equal(text, expected);
    free(text);
}

static void set_connector(struct target *target, const char *connector)
{
    free(target->spec.connector);
    target->spec.connector = mem_string(connector);
}

static void one_server(void **state)
{
    static const struct {
        const char *versions;
        enum target_class class;
        enum requirement requirement;
        const char *connector, *expected;
    } table[] = {
        {"rarrr", CLASS_PARTNER, REQUIREMENT_ENCRYPTION, "To A",
         "mx.a.example (192.0.2.14) accepts TLS 1.0 only; this connector requires TLS 1.2, so " QUEUES},
        {"-arrr", CLASS_PARTNER, REQUIREMENT_ENCRYPTION, NULL,
         "mx.a.example (192.0.2.14) accepts TLS 1.0 but refuses TLS 1.2 and newer; mail to this partner "
         "requires TLS 1.2, so " QUEUES},
        {"aaarr", CLASS_OPPORTUNISTIC, REQUIREMENT_NONE, NULL,
         "mx.a.example (192.0.2.14) accepts SSL 3.0, TLS 1.0 and TLS 1.1 only; TLS is not required here, so "
         "mail may go in clear."},
        {"rrrrr", CLASS_OPPORTUNISTIC, REQUIREMENT_NONE, NULL,
         "mx.a.example (192.0.2.14) refuses TLS 1.2 and newer; TLS is not required here, so mail may go in "
         "clear."},
        {"rrraa", CLASS_OPPORTUNISTIC, REQUIREMENT_NONE, NULL,
         "mx.a.example (192.0.2.14) accepts TLS 1.2 and TLS 1.3; mail goes encrypted."},
        {"rrrar", CLASS_PARTNER, REQUIREMENT_ENCRYPTION, NULL,
         "mx.a.example (192.0.2.14) accepts TLS 1.2; mail to this partner requires TLS 1.2, so mail flows, "
         "encrypted."},
        {"rarrr", CLASS_RELAY, REQUIREMENT_ENCRYPTION, NULL,
         "mx.a.example (192.0.2.14) accepts TLS 1.0 only; what is sent through it requires TLS 1.2, so mail "
         "through it stops: it stays with the applications."},
        {"rarrr", CLASS_SERVICE, REQUIREMENT_ENCRYPTION, NULL,
         "mx.a.example (192.0.2.14) accepts TLS 1.0 only; its clients require TLS 1.2, so connections fail."},
        {"raaur", CLASS_PARTNER, REQUIREMENT_ENCRYPTION, NULL,
         "mx.a.example (192.0.2.14) was reached, but whether it is ready cannot be said (its answers to TLS "
         "hellos settle nothing); what happens to mail is not known."},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof table / sizeof *table; i++) {
        struct model *model = fixture_model("exchange-online");
        struct target *t = fixture_simple(model, "a.example", table[i].class, table[i].requirement,
                                          "192.0.2.14", fixture_facts(table[i].versions));

        set_connector(t, table[i].connector);
        says(model, t, table[i].expected);
        model_free(model);
    }
}

static void other_reasons(void **state)
{
    struct model *model = fixture_model("exchange-online");
    struct facts *facts = fixture_facts("-----");
    struct target *t;

    (void)state;
    facts->starttls = STARTTLS_NOT_OFFERED;
    t = fixture_simple(model, "a.example", CLASS_OPPORTUNISTIC, REQUIREMENT_NONE, "192.0.2.14", facts);
    says(model, t,
         "mx.a.example (192.0.2.14) does not offer STARTTLS; TLS is not required here, so mail goes in "
         "clear.");
    facts = fixture_facts("-----");
    facts->starttls = STARTTLS_UNKNOWN;
    facts->stage = STAGE_EHLO;
    facts->error = PROBE_THROTTLED;
    facts->error_detail = mem_string("421 4.7.0 slow down");
    fixture_probed(model, "mx.a.example", "192.0.2.14", facts);
    says(model, t,
         "mx.a.example (192.0.2.14) could not be asked about TLS: the server limits connections (421 "
         "4.7.0 slow down); what happens to mail is not known.");
    facts = fixture_facts("---ar");
    fixture_handshake(facts, TLS_1_2, 0xcca8, true);
    facts->offer_baseline = mem_string("exchange-online");
    facts->offer = VERSION_REFUSED;
    fixture_probed(model, "mx.a.example", "192.0.2.14", facts);
    says(
        model, t,
        "mx.a.example (192.0.2.14) accepts TLS 1.2, but none of the cipher suites of Exchange Online (Office "
        "365); TLS is not required here, so mail may at times go in clear.");
    facts = fixture_facts("---ar");
    fixture_handshake(facts, TLS_1_2, 0xc02f, false);
    facts->handshake_error = mem_string("BAD_SIGNATURE");
    fixture_probed(model, "mx.a.example", "192.0.2.14", facts);
    says(
        model, t,
        "mx.a.example (192.0.2.14) chooses TLS 1.2, but then the handshake fails (BAD_SIGNATURE); TLS is not "
        "required here, so mail may at times go in clear.");
    facts = fixture_facts("-----");
    facts->starttls = STARTTLS_MASKED;
    fixture_probed(model, "mx.a.example", "192.0.2.14", facts);
    says(
        model, t,
        "mx.a.example (192.0.2.14) was reached, but whether it is ready cannot be said (something on the way "
        "masks STARTTLS); what happens to mail is not known.");
    model_forget_target(model, t);
    says(model, t, "a.example was not probed yet; what happens to mail is not known yet.");
    model_free(model);
}

static struct facts *failed_to_connect(enum probe_error error)
{
    struct facts *facts = fixture_facts("-----");

    facts->starttls = STARTTLS_UNKNOWN;
    facts->stage = STAGE_CONNECT;
    facts->error = error;
    return facts;
}

static bool warned(const struct model *model, const struct target *target, const char *text)
{
    struct strings warnings = {0};
    bool found = false;
    size_t i;

    model_warnings(model, target, &warnings);
    for (i = 0; i < warnings.count; i++)
        found |= strcmp(warnings.items[i], text) == 0;
    strings_release(&warnings);
    return found;
}

/* What fails on this machine says nothing of a server: the sentence says where the trouble is, and who can be
 * judged is judged without it. */
static void local_trouble(void **state)
{
    static const struct {
        enum probe_error error;
        const char *clause;
    } table[] = {
        {PROBE_NO_ROUTE, "this machine has no route to the address"},
        {PROBE_NO_SOURCE, "this machine no longer has the source address"},
        {PROBE_LOCAL_LIMIT, "this machine could not open the connection"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof table / sizeof *table; i++) {
        struct model *model = fixture_model("exchange-online");
        struct target *t = fixture_target(model, "a.example", CLASS_PARTNER, REQUIREMENT_ENCRYPTION);
        char *clause = mem_format("mx.a.example (2001:db8::1) could not be asked about TLS: %s, which is "
                                  "trouble here, not there",
                                  table[i].clause);
        char *sentence = mem_format("%s; what happens to mail is not known.", clause);

        fixture_route(model, t, ROUTE_MX, DNS_OK, "10 mx.a.example");
        fixture_addresses(model, "mx.a.example", DNS_OK, "2001:db8::1");
        fixture_probed(model, "mx.a.example", "2001:db8::1", failed_to_connect(table[i].error));
        assert_int_equal(t->judgement.verdict, VERDICT_UNREACHABLE);
        assert_int_equal(t->judgement.error, table[i].error);
        says(model, t, sentence);
        fixture_addresses(model, "mx.a.example", DNS_OK, "2001:db8::1 192.0.2.14");
        fixture_probed(model, "mx.a.example", "192.0.2.14", failed_to_connect(PROBE_CONNECT_TIMEOUT));
        assert_int_equal(t->judgement.error, PROBE_CONNECT_TIMEOUT);
        fixture_probed(model, "mx.a.example", "192.0.2.14", fixture_facts("rrrar"));
        assert_int_equal(t->judgement.verdict, VERDICT_READY);
        assert_true(warned(model, t, clause));
        free(clause);
        free(sentence);
        model_free(model);
    }
}

static void add_attempt(struct facts *facts, enum probe_error error)
{
    const struct attempt attempt = {.purpose = (char *)(uintptr_t) "handshake", .error = error};

    facts_add_attempt(facts, &attempt);
}

/* A no that was not seen twice says why it is not believed. */
static void unconfirmed(void **state)
{
    struct model *model = fixture_model("exchange-online");
    struct target *t = fixture_target(model, "a.example", CLASS_PARTNER, REQUIREMENT_ENCRYPTION);
    struct facts *facts = fixture_facts("-----");

    (void)state;
    fixture_route(model, t, ROUTE_MX, DNS_OK, "10 mx.a.example");
    fixture_addresses(model, "mx.a.example", DNS_OK, "192.0.2.13");
    facts->starttls = STARTTLS_NOT_OFFERED;
    facts->unconfirmed = true;
    add_attempt(facts, PROBE_OK);
    add_attempt(facts, PROBE_RESET);
    fixture_probed(model, "mx.a.example", "192.0.2.13", facts);
    says(model, t,
         "mx.a.example (192.0.2.13) did not offer STARTTLS on one connection, and a second look failed (the "
         "server reset the connection); what happens to mail is not known.");
    facts = fixture_facts("raauu");
    facts->unconfirmed = true;
    fixture_probed(model, "mx.a.example", "192.0.2.13", facts);
    says(model, t,
         "mx.a.example (192.0.2.13) took no version at the floor on one connection, and a second look "
         "failed; what happens to mail is not known.");
    model_free(model);
}

/* What stops all goes before what stops some, and no server is blamed. */
static void blocked_port(void **state)
{
    struct model *model = fixture_model("exchange-online");
    struct target *t = fixture_target(model, "a.example", CLASS_PARTNER, REQUIREMENT_ENCRYPTION);

    (void)state;
    fixture_route(model, t, ROUTE_MX, DNS_OK, "10 mx.a.example");
    fixture_addresses(model, "mx.a.example", DNS_OK, "192.0.2.13 192.0.2.14");
    fixture_probed(model, "mx.a.example", "192.0.2.13", failed_to_connect(PROBE_CONNECT_TIMEOUT));
    fixture_probed(model, "mx.a.example", "192.0.2.14", failed_to_connect(PROBE_PORT_BLOCKED));
    assert_int_equal(t->judgement.verdict, VERDICT_UNREACHABLE);
    assert_int_equal(t->judgement.error, PROBE_PORT_BLOCKED);
    says(model, t,
         "None of the 2 servers of a.example could be judged, for example: mx.a.example (192.0.2.14) was "
         "not asked about TLS: the mail port is blocked here; what happens to mail is not known.");
    model_free(model);
}

static void certificates(void **state)
{
    static const struct {
        const char *names, *tls_domain;
        bool trusted;
        int days;
        const char *expected;
    } table[] = {
        {"mx.a.example", NULL, true, -10,
         "mx.a.example (192.0.2.14) has a certificate that expired on 2026-11-08; this connector requires "
         "TLS "
         "1.2 with a trusted certificate for its name, so " QUEUES},
        {"mx.a.example", NULL, false, 10,
         "mx.a.example (192.0.2.14) has a certificate that is not trusted (self-signed certificate); this "
         "connector requires TLS 1.2 with a trusted certificate for its name, so " QUEUES},
        {"w.example x.example y.example z.example", "gw.a.example", true, 10,
         "mx.a.example (192.0.2.14) has a certificate for w.example, x.example and 2 more, not for "
         "gw.a.example; this connector requires TLS 1.2 with a trusted certificate for gw.a.example, "
         "so " QUEUES},
        {"w.example x.example", NULL, true, 10,
         "mx.a.example (192.0.2.14) has a certificate for w.example and x.example, not for mx.a.example or "
         "a.example; this connector requires TLS 1.2 with a trusted certificate for its name, so " QUEUES},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof table / sizeof *table; i++) {
        struct model *model = fixture_model("exchange-online");
        struct facts *facts = fixture_facts("rrrar");
        struct target *t;

        facts->certificate = fixture_certificate(table[i].names, table[i].trusted, table[i].days);
        t = fixture_simple(model, "a.example", CLASS_PARTNER, REQUIREMENT_NAME, "192.0.2.14", facts);
        set_connector(t, "To A");
        t->spec.tls_domain = mem_string(table[i].tls_domain);
        model_reclass(model, t, CLASS_PARTNER, REQUIREMENT_NAME);
        says(model, t, table[i].expected);
        model_free(model);
    }
}

static void several_servers(void **state)
{
    struct model *model = fixture_model("exchange-online");
    struct target *t = fixture_target(model, "a.example", CLASS_PARTNER, REQUIREMENT_ENCRYPTION);
    struct facts *dead = fixture_facts("-----");

    (void)state;
    fixture_route(model, t, ROUTE_MX, DNS_OK, "1 m1.example 2 m2.example 3 m3.example");
    fixture_addresses(model, "m1.example", DNS_OK, "192.0.2.1");
    fixture_addresses(model, "m2.example", DNS_OK, "192.0.2.2");
    fixture_addresses(model, "m3.example", DNS_OK, "192.0.2.3");
    dead->starttls = STARTTLS_UNKNOWN;
    dead->stage = STAGE_CONNECT;
    dead->error = PROBE_CONNECT_TIMEOUT;
    fixture_probed(model, "m1.example", "192.0.2.1", facts_copy(dead));
    fixture_probed(model, "m2.example", "192.0.2.2", facts_copy(dead));
    fixture_probed(model, "m3.example", "192.0.2.3", facts_copy(dead));
    says(model, t,
         "None of the 3 servers of a.example could be judged, for example: m1.example (192.0.2.1) could not "
         "be asked about TLS: the connection was not answered in time; what happens to mail is not known.");
    fixture_probed(model, "m1.example", "192.0.2.1", fixture_facts("rrrar"));
    fixture_probed(model, "m2.example", "192.0.2.2", fixture_facts("rrrra"));
    says(model, t,
         "Both servers of a.example that could be judged accept TLS 1.2 or newer; mail to this partner "
         "requires TLS 1.2, so mail flows, encrypted.");
    fixture_probed(model, "m2.example", "192.0.2.2", fixture_facts("rarrr"));
    fixture_probed(model, "m3.example", "192.0.2.3", dead);
    says(
        model, t,
        "1 of 2 servers of a.example is not ready: m2.example (192.0.2.2) accepts TLS 1.0 only; mail to this "
        "partner requires TLS 1.2, so mail is delayed or stops at times.");
    fixture_probed(model, "m1.example", "192.0.2.1", fixture_facts("aarrr"));
    says(model, t,
         "None of the 2 servers of a.example is ready, for example: m1.example (192.0.2.1) accepts SSL 3.0 "
         "and "
         "TLS 1.0 only; mail to this partner requires TLS 1.2, so " QUEUES);
    model_free(model);
}

static void dns(void **state)
{
    static const struct {
        enum route route;
        enum dns_status status;
        const char *expected;
    } table[] = {
        {ROUTE_NULL_MX, DNS_OK, "a.example accepts no mail (null MX); no mail flows."},
        {ROUTE_NONE, DNS_NXDOMAIN, "a.example does not exist in DNS; no mail flows."},
        {ROUTE_NONE, DNS_NO_DATA, "a.example has neither MX nor address in DNS; no mail flows."},
        {ROUTE_NONE, DNS_SERVFAIL,
         "The name servers of a.example failed (SERVFAIL); what happens to mail is not known."},
        {ROUTE_MX, DNS_OK,
         "No MX exchange of a.example has an address in DNS; what happens to mail is not known."},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof table / sizeof *table; i++) {
        struct model *model = fixture_model("exchange-online");
        struct target *t = fixture_target(model, "a.example", CLASS_PARTNER, REQUIREMENT_ENCRYPTION);

        fixture_route(model, t, table[i].route, table[i].status, "");
        says(model, t, table[i].expected);
        model_free(model);
    }
}

/* What DNS says of a host is said of the host, not of the domain; and MX only where it was asked for. */
static void names_the_host_that_dns_lacks(void **state)
{
    static const struct {
        enum route route;
        enum target_class class;
        enum dns_status status;
        const char *expected;
    } table[] = {
        {ROUTE_MX, CLASS_PARTNER, DNS_SERVFAIL,
         "The name servers of m2.example failed (SERVFAIL); what happens to mail is not known."},
        {ROUTE_MX, CLASS_PARTNER, DNS_NXDOMAIN,
         "No MX exchange of a.example has an address in DNS; what happens to mail is not known."},
        {ROUTE_SMART_HOST, CLASS_PARTNER, DNS_NXDOMAIN,
         "m2.example does not exist in DNS; what happens to mail is not known."},
        {ROUTE_DIRECT, CLASS_RELAY, DNS_NO_DATA,
         "m2.example has no address in DNS; no mail flows through it."},
        {ROUTE_DIRECT, CLASS_SERVICE, DNS_TIMEOUT,
         "The name servers of m2.example did not answer in time; what happens to connections is not known."},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof table / sizeof *table; i++) {
        struct model *model = fixture_model("exchange-online");
        struct target *t = fixture_target(model, "a.example", table[i].class, REQUIREMENT_ENCRYPTION);

        fixture_route(model, t, table[i].route, DNS_NOT_QUERIED, "10 m2.example");
        fixture_addresses(model, "m2.example", table[i].status, "");
        says(model, t, table[i].expected);
        model_free(model);
    }
}

/* Whatever the verdict, class and requirement, there is one whole sentence. */
static void always_a_sentence(void **state)
{
    static const char *const versions[] = {"rrrar", "rarrr", "raaur", "-----", "---aa"};
    unsigned class, requirement, n;

    (void)state;
    for (class = 0; class < target_class_count; class ++)
        for (requirement = 0; requirement < requirement_count; requirement++)
            for (n = 0; n < sizeof versions / sizeof *versions; n++) {
                struct model *model = fixture_model("exchange-online");
                struct target *t =
                    fixture_simple(model, "a.example", (enum target_class) class,
                                   (enum requirement)requirement, "192.0.2.1", fixture_facts(versions[n]));
                char *text = model_explain(model, t);
                char *part =
                    model_explain_endpoint(model, t, t->hosts[0].host, t->hosts[0].host->endpoints[0]);

                assert_string_equal(text, part);
                assert_int_equal(text[strlen(text) - 1], '.');
                assert_non_null(strstr(text, "; "));
                assert_null(strchr(text, '{'));
                assert_null(strchr(text, '\n'));
                free(text);
                free(part);
                model_free(model);
            }
}

static void warnings(void **state)
{
    struct model *model = fixture_model("exchange-online");
    struct facts *facts = fixture_facts("rrrar");
    struct target *t = fixture_target(model, "a.example", CLASS_PARTNER, REQUIREMENT_ENCRYPTION);

    (void)state;
    fixture_route(model, t, ROUTE_MX, DNS_OK, "1 m1.example 2 m2.example 3 m3.example 4 m4.example");
    fixture_addresses(model, "m1.example", DNS_OK, "192.0.2.1");
    facts->certificate = fixture_certificate("*.other.example", false, -10);
    fixture_handshake(facts, TLS_1_2, 0xcca8, true);
    strings_add(&facts->warnings, "odd banner");
    facts->injection = INJECTION_YES;
    facts->injected = 12;
    fixture_probed(model, "m1.example", "192.0.2.1", facts);
    fixture_addresses(model, "m2.example", DNS_NXDOMAIN, "");
    fixture_addresses(model, "m3.example", DNS_OK, "192.0.2.3");
    assert_int_equal(t->judgement.verdict, VERDICT_READY);
    assert_true(warned(model, t, "m1.example (192.0.2.1): the certificate expired on 2026-11-08"));
    assert_true(warned(model, t,
                       "m1.example (192.0.2.1): the certificate is for *.other.example, not for m1.example"));
    assert_true(warned(model, t, "m1.example (192.0.2.1): odd banner"));
    assert_true(warned(model, t,
                       "m1.example (192.0.2.1): whether it takes one of the cipher suites of Exchange Online "
                       "(Office 365) is not settled"));
    assert_true(warned(model, t, "m2.example: no address: no such name (NXDOMAIN)"));
    assert_true(
        warned(model, t,
               "m1.example (192.0.2.1): 12 bytes in clear came between the answer to STARTTLS and TLS: "
               "someone on the way may put words in"));
    assert_true(
        warned(model, t,
               "m1.example (192.0.2.1): it runs commands that came in clear behind STARTTLS as if they had "
               "come inside TLS (CVE-2011-0411): someone on the way can put words into an encrypted "
               "session"));
    assert_true(warned(model, t, "m3.example (192.0.2.3) was not probed yet"));
    assert_true(warned(model, t, "m4.example: its addresses are not known yet"));
    model_free(model);
}

static void warnings_of_certificates(void **state)
{
    struct model *model = fixture_model("exchange-online");
    struct facts *facts = fixture_facts("rrrar");
    struct target *t;

    (void)state;
    facts->certificate = fixture_certificate("*.a.example", false, 10);
    t = fixture_simple(model, "a.example", CLASS_OPPORTUNISTIC, REQUIREMENT_NONE, "192.0.2.1", facts);
    assert_true(warned(model, t,
                       "mx.a.example (192.0.2.1): the certificate is not trusted (self-signed certificate)"));
    facts = fixture_facts("rrrar");
    facts->certificate = fixture_certificate("*.a.example", true, 10);
    fixture_probed(model, "mx.a.example", "192.0.2.1", facts);
    t->spec.tls_domain = mem_string("a.example");
    model_reclass(model, t, CLASS_PARTNER, REQUIREMENT_NAME);
    assert_int_equal(t->judgement.reason, REASON_CERTIFICATE_NAME_MISMATCH);
    assert_true(
        warned(model, t,
               "mx.a.example (192.0.2.1): for a.example Exchange takes the certificate and RFC 6125 does "
               "not"));
    t->spec.name_rule = NAME_RULE_EXCHANGE;
    model_reclass(model, t, CLASS_PARTNER, REQUIREMENT_NAME);
    assert_int_equal(t->judgement.verdict, VERDICT_READY);
    model_free(model);
}

static void a_certificate_for_something_else_is_warned_of(void **state)
{
    struct model *model = fixture_model("exchange-online");
    struct facts *facts = fixture_facts("rrrar");
    struct target *t;

    (void)state;
    facts->certificate = fixture_certificate("mx.a.example", true, 10);
    facts->certificate->server_auth = false;
    facts->certificate->weak_digest = true;
    t = fixture_simple(model, "a.example", CLASS_OPPORTUNISTIC, REQUIREMENT_NONE, "192.0.2.1", facts);
    assert_true(warned(
        model, t, "mx.a.example (192.0.2.1): the certificate is not meant for servers (extended key usage)"));
    assert_true(
        warned(model, t,
               "mx.a.example (192.0.2.1): the chain sent with the certificate has a signature with SHA-1 "
               "or older, which is broken"));
    model_free(model);
}

/* What the reading of the connector left open comes first, and once. */
static void remarks_are_warnings(void **state)
{
    struct model *model = fixture_model("exchange-online");
    struct target *t = fixture_target(model, "a.example", CLASS_PARTNER, REQUIREMENT_ENCRYPTION);
    struct strings warnings = {0};

    (void)state;
    strings_add(&t->spec.remarks, "MTA-STS is not judged");
    strings_add(&t->spec.remarks, "MTA-STS is not judged");
    fixture_route(model, t, ROUTE_MX, DNS_OK, "1 m1.example");
    fixture_addresses(model, "m1.example", DNS_NXDOMAIN, "");
    strings_add(&t->warnings, "m1.example is a CNAME");
    model_warnings(model, t, &warnings);
    assert_int_equal(warnings.count, 3);
    assert_string_equal(warnings.items[0], "MTA-STS is not judged");
    assert_string_equal(warnings.items[1], "m1.example is a CNAME");
    assert_string_equal(warnings.items[2], "m1.example: no address: no such name (NXDOMAIN)");
    strings_release(&warnings);
    model_free(model);
}

#define WEAK_ADDRESS "mx.a.example (192.0.2.1): "

static void warnings_of_weak_keys(void **state)
{
    static const struct {
        const char *key, *signature, *warning; /* NULL: none */
    } rows[] = {
        {"RSA 512", "sha256WithRSAEncryption", "'s RSA key has only 512 bits"},
        {"RSA 1024", "sha256WithRSAEncryption", "'s RSA key has only 1024 bits"},
        {"RSA 2047", "sha256WithRSAEncryption", "'s RSA key has only 2047 bits"},
        {"RSA 2048", "sha256WithRSAEncryption", NULL},
        {"ECDSA P-256", "ecdsa-with-SHA256", NULL},
        {"RSA 2048", "sha1WithRSAEncryption", " is signed with SHA-1, which is broken"},
        {"ECDSA P-256", "ecdsa-with-SHA1", " is signed with SHA-1, which is broken"},
        {"RSA 2048", "md5WithRSAEncryption", " is signed with MD5, which is broken"},
        {NULL, NULL, NULL},
    };
    size_t i;
    int other;

    (void)state;
    for (i = 0; i < 2 * sizeof rows / sizeof *rows; i++) {
        struct model *model = fixture_model("exchange-online");
        struct facts *facts = fixture_facts("rrrar");
        struct certificate *weak = fixture_certificate("mx.a.example", true, 100);
        struct strings warnings = {0};
        struct target *t;

        other = i % 2;
        fixture_handshake(facts, TLS_1_2, 0xc02f, true);
        free(weak->key);
        free(weak->signature);
        weak->key = mem_string(rows[i / 2].key);
        weak->signature = mem_string(rows[i / 2].signature);
        facts->certificate = other ? fixture_certificate("mx.a.example", true, 100) : weak;
        facts->other_certificate = other ? weak : NULL;
        t = fixture_simple(model, "a.example", CLASS_OPPORTUNISTIC, REQUIREMENT_NONE, "192.0.2.1", facts);
        model_warnings(model, t, &warnings);
        assert_int_equal(warnings.count, rows[i / 2].warning ? 1 : 0);
        if (rows[i / 2].warning) {
            char *warning = mem_format("the %scertificate%s", other ? "other " : "", rows[i / 2].warning);

            assert_string_equal(warnings.items[0] + strlen(WEAK_ADDRESS), warning);
            free(warning);
        }
        strings_release(&warnings);
        model_free(model);
    }
}

static void warnings_of_old_ways(void **state)
{
    static const struct {
        unsigned bits;
        bool sslv2;
        const char *warning;
    } rows[] = {
        {512, false, "it uses a Diffie-Hellman prime of 512 bits, which current TLS clients refuse"},
        {1023, false, "it uses a Diffie-Hellman prime of 1023 bits, which current TLS clients refuse"},
        {1024, false,
         "it uses a Diffie-Hellman prime of 1024 bits, which clients with a strict policy refuse"},
        {2048, false, NULL},
        {0, true, "it answered a TLS hello in SSLv2, which is broken; that says nothing of its TLS versions"},
        {0, false, NULL},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct model *model = fixture_model("exchange-online");
        struct facts *facts = fixture_facts("rrrar");
        struct strings warnings = {0};
        struct target *t;

        fixture_handshake(facts, TLS_1_2, 0xc02f, true);
        facts->dh_bits = rows[i].bits;
        facts->sslv2 = rows[i].sslv2;
        t = fixture_simple(model, "a.example", CLASS_OPPORTUNISTIC, REQUIREMENT_NONE, "192.0.2.1", facts);
        assert_int_equal(t->judgement.verdict, VERDICT_READY);
        model_warnings(model, t, &warnings);
        assert_int_equal(warnings.count, rows[i].warning ? 1 : 0);
        if (rows[i].warning)
            assert_string_equal(warnings.items[0] + strlen(WEAK_ADDRESS), rows[i].warning);
        strings_release(&warnings);
        model_free(model);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_server),
        cmocka_unit_test(other_reasons),
        cmocka_unit_test(local_trouble),
        cmocka_unit_test(unconfirmed),
        cmocka_unit_test(blocked_port),
        cmocka_unit_test(certificates),
        cmocka_unit_test(several_servers),
        cmocka_unit_test(dns),
        cmocka_unit_test(names_the_host_that_dns_lacks),
        cmocka_unit_test(always_a_sentence),
        cmocka_unit_test(warnings),
        cmocka_unit_test(warnings_of_certificates),
        cmocka_unit_test(remarks_are_warnings),
        cmocka_unit_test(a_certificate_for_something_else_is_warned_of),
        cmocka_unit_test(warnings_of_weak_keys),
        cmocka_unit_test(warnings_of_old_ways),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
