#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/base/mem.h"
#include "engine/model/fixture.h"
#include "engine/model/forward.h"

#include <stdlib.h>
#include <string.h>

#define RULES  "once the rules of Exchange Online (Office 365), in force since 2020-10-15, hold for our mail, "
#define ENABLE " Please enable TLS 1.2 or newer"
#define QUEUE  "our connector will queue mail for 24 hours and then return it."
#define QUEUES "our connector queues mail for 24 hours and then returns it."

/* One server whose facts `make` makes; NULL as `expected`: nothing to ask. */
struct row {
    struct facts *(*make)(void);
    const char *expected;
    enum target_class class;
    enum requirement requirement;
    enum name_rule rule;
    const char *tls_domain;
    enum tls_version floor;
    bool connector, never_tls;
};

static void forwards(const struct model *model, const struct target *target, const char *expected)
{
    char *text = model_forward(model, target);

    if (!expected)
        assert_null(text);
    else if (!text)
        fail_msg("nothing is said; expected: %s", expected);
    else
        assert_string_equal(text, expected);
    free(text);
}

static void set_spec(struct target *target, const struct row *row)
{
    target->spec.name_rule = row->rule;
    target->spec.tls_domain = mem_string(row->tls_domain);
    target->spec.floor = row->floor;
    target->spec.connector = row->connector ? mem_string("To A") : NULL;
    target->spec.never_tls = row->never_tls;
}

static void plays(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct model *model = fixture_model("exchange-online");
        struct target *t = fixture_target(model, "a.example", rows[i].class, rows[i].requirement);

        set_spec(t, &rows[i]);
        fixture_route(model, t, ROUTE_MX, DNS_OK, "10 mx.a.example");
        fixture_addresses(model, "mx.a.example", DNS_OK, "192.0.2.14");
        fixture_probed(model, "mx.a.example", "192.0.2.14", rows[i].make());
        forwards(model, t, rows[i].expected);
        model_free(model);
    }
}

static struct facts *old(void)
{
    return fixture_facts("rarrr");
}

static struct facts *older(void)
{
    return fixture_facts("raarr");
}

static struct facts *readiness_only(void)
{
    return fixture_facts("-arrr");
}

static struct facts *refusing(void)
{
    return fixture_facts("rrrrr");
}

static struct facts *little_known(void)
{
    return fixture_facts("--urr");
}

static struct facts *modern(void)
{
    return fixture_facts("rrraa");
}

static struct facts *clear(void)
{
    struct facts *facts = fixture_facts("-----");

    facts->starttls = STARTTLS_NOT_OFFERED;
    return facts;
}

static struct facts *with_certificate(const char *names, bool trusted, int days)
{
    struct facts *facts = fixture_facts("rrrar");

    fixture_handshake(facts, TLS_1_2, 0xc02f, true);
    facts->certificate = fixture_certificate(names, trusted, days);
    return facts;
}

static struct facts *expired(void)
{
    return with_certificate("mx.a.example", true, -10);
}

static struct facts *early(void)
{
    struct facts *facts = with_certificate("mx.a.example", true, 100);

    facts->certificate->not_before = FIXTURE_NOW + 10 * FIXTURE_DAY;
    facts->certificate->expired = true;
    return facts;
}

static struct facts *self_signed(void)
{
    return with_certificate("mx.a.example", false, 10);
}

static struct facts *untrusted(void)
{
    struct facts *facts = self_signed();

    facts->certificate->self_signed = false;

    free(facts->certificate->trust_error);
    facts->certificate->trust_error = mem_string("unable to get local issuer certificate");
    return facts;
}

static struct facts *misnamed(void)
{
    return with_certificate("www.b.example a.example.net", true, 10);
}

static struct facts *no_suite(void)
{
    struct facts *facts = fixture_facts("---ar");

    fixture_handshake(facts, TLS_1_2, 0xcca8, true);
    facts->offer_baseline = mem_string("exchange-online");
    facts->offer = VERSION_REFUSED;
    return facts;
}

static struct facts *broken(void)
{
    struct facts *facts = fixture_facts("---ar");

    fixture_handshake(facts, TLS_1_2, 0xc02f, false);
    facts->handshake_error = mem_string("BAD_SIGNATURE");
    return facts;
}

static struct facts *wants_certificate(void)
{
    struct facts *facts = broken();

    facts->client_certificate_requested = true;
    facts->handshake_cause = PROBE_TLS_ALERT;
    return facts;
}

static struct facts *starttls_at_times(void)
{
    struct facts *facts = fixture_facts("rrrar");

    facts->tally = (struct tally){.offered = 3, .not_offered = 2};
    return facts;
}

static struct facts *versions_at_times(void)
{
    struct facts *facts = fixture_facts("rarar");

    facts->tally = (struct tally){.offered = 5, .chose = {[TLS_1_0] = 2, [TLS_1_2] = 3}};
    return facts;
}

static struct facts *tls_at_times(void)
{
    struct facts *facts = versions_at_times();

    facts->tally.chose_none = 1;
    return facts;
}

static struct facts *silent(void)
{
    struct facts *facts = fixture_facts("-----");

    facts->starttls = STARTTLS_UNKNOWN;
    facts->stage = STAGE_CONNECT;
    facts->error = PROBE_CONNECT_TIMEOUT;
    return facts;
}

static struct facts *blocked(void)
{
    struct facts *facts = silent();

    facts->error = PROBE_PORT_BLOCKED;
    return facts;
}

static struct facts *inconclusive(void)
{
    return fixture_facts("raaur");
}

static struct facts *unconfirmed(void)
{
    struct facts *facts = clear();

    facts->unconfirmed = true;
    return facts;
}

#define EXCHANGE CLASS_PARTNER, REQUIREMENT_ENCRYPTION, NAME_RULE_EXCHANGE, NULL, 0, true, false
#define CHAIN    CLASS_PARTNER, REQUIREMENT_CHAIN, NAME_RULE_EXCHANGE, NULL, 0, true, false
#define OPEN     CLASS_OPPORTUNISTIC, REQUIREMENT_NONE, NAME_RULE_STRICT, NULL, 0, false, false
#define MX       "Your mail server mx.a.example "

/* Every reason that a connector of Exchange meets. */
static const struct row exchange_rows[] = {
    {modern, NULL, EXCHANGE},
    {old, MX "offers TLS 1.0 only; " RULES QUEUE ENABLE ".", EXCHANGE},
    {older, MX "offers TLS 1.0 and TLS 1.1 only; " RULES QUEUE ENABLE ".", EXCHANGE},
    {readiness_only, MX "offers TLS 1.0 but not TLS 1.2 or newer; " RULES QUEUE ENABLE ".", EXCHANGE},
    {refusing, MX "refuses every version of TLS; " QUEUES ENABLE ".", EXCHANGE},
    {little_known, MX "does not offer TLS 1.2 or newer; " QUEUES ENABLE ".", EXCHANGE},
    {clear, MX "offers no STARTTLS; " QUEUES " Please offer STARTTLS with TLS 1.2 or newer.", EXCHANGE},
    {expired, NULL, EXCHANGE},
    {expired, MX "has a certificate that expired on 2026-11-08; " QUEUES " Please renew the certificate.",
     CHAIN},
    {early,
     MX "has a certificate that is valid only from 2026-11-28; " QUEUES
        " Please install a certificate that is valid today.",
     CHAIN},
    {self_signed,
     MX "has a self-signed certificate; " QUEUES
        " Please install a certificate of a publicly trusted authority, with its whole chain.",
     CHAIN},
    {untrusted,
     MX "has a certificate that does not lead to a publicly trusted authority (unable to get local "
        "issuer certificate); " QUEUES
        " Please install a certificate of a publicly trusted authority, with its whole chain.",
     CHAIN},
    {misnamed,
     MX "has a certificate for www.b.example and a.example.net, but our connector expects "
        "gw.a.example; " QUEUES " Please install a certificate for gw.a.example.",
     CLASS_PARTNER, REQUIREMENT_NAME, NAME_RULE_EXCHANGE, "gw.a.example", 0, true, false},
    {misnamed,
     MX "has a certificate for www.b.example and a.example.net, but our connector expects a.example or "
        "a name right below it; " QUEUES
        " Please install a certificate for a.example or a name right below it.",
     CLASS_PARTNER, REQUIREMENT_NAME, NAME_RULE_EXCHANGE, NULL, 0, true, false},
    {no_suite,
     MX "offers none of the cipher suites of Exchange Online (Office 365); " RULES "our "
        "connector will at times queue mail and may return it after 24 hours. Please enable one of "
        "those cipher suites, such as TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"
        ".",
     EXCHANGE},
    {broken,
     MX "chooses TLS 1.2, but then the handshake fails (BAD_SIGNATURE); our connector at times queues "
        "mail and may return it after 24 hours. Please find out why the handshake fails.",
     EXCHANGE},
    {wants_certificate,
     MX "chooses TLS 1.2, but then the handshake fails (it asks for a client certificate, which our test "
        "does not have); our connector at times queues mail and may return it after 24 hours. Please "
        "find out why the handshake fails.",
     EXCHANGE},
    {starttls_at_times,
     MX "answers differently from one connection to the next (STARTTLS was offered on 3 of 5 "
        "connections); our connector at times queues mail and may return it after 24 hours. Please let "
        "every machine behind that address offer STARTTLS with TLS 1.2 or newer.",
     EXCHANGE},
    {versions_at_times,
     MX "answers differently from one connection to the next (of 5 offers of all versions 3 were "
        "answered with TLS 1.2, 2 were answered with TLS 1.0); " RULES "our connector will at "
        "times queue mail and may return it after 24 hours. Please let every machine behind that address "
        "offer STARTTLS with TLS 1.2 or newer"
        ".",
     EXCHANGE},
    {tls_at_times,
     MX "answers differently from one connection to the next (of 6 offers of all versions 3 were "
        "answered with TLS 1.2, 2 were answered with TLS 1.0, 1 refused); our connector at times queues "
        "mail and may return it after 24 hours. Please let every machine behind that address offer "
        "STARTTLS with TLS 1.2 or newer.",
     EXCHANGE},
};

static void a_connector(void **state)
{
    (void)state;
    plays(exchange_rows, sizeof exchange_rows / sizeof *exchange_rows);
}

#define POSTFIX_QUEUES "our mail server queues mail for up to 5 days (its default) and then returns it."
#define NAMES          "has a certificate for www.b.example and a.example.net, but "

static void other_senders(void **state)
{
    static const struct row rows[] = {
        {old,
         MX "offers TLS 1.0 only; " RULES "our mail server will queue mail for up to 5 days (its "
            "default) and then return it." ENABLE ".",
         CLASS_PARTNER, REQUIREMENT_ENCRYPTION, NAME_RULE_POSTFIX, NULL, 0, true, false},
        {old, MX "offers TLS 1.0 only; " POSTFIX_QUEUES ENABLE ".", CLASS_PARTNER, REQUIREMENT_ENCRYPTION,
         NAME_RULE_POSTFIX, NULL, TLS_1_2, true, false},
        {old, MX "offers TLS 1.0 only; " POSTFIX_QUEUES " Please enable TLS 1.3.", CLASS_PARTNER,
         REQUIREMENT_ENCRYPTION, NAME_RULE_POSTFIX, NULL, TLS_1_3, true, false},
        {misnamed,
         MX NAMES "our mail server expects mx.a.example or a name below a.example or "
                  "b.example; " POSTFIX_QUEUES " Please install a certificate for mx.a.example or a name "
                  "below a.example or b.example.",
         CLASS_PARTNER, REQUIREMENT_NAME, NAME_RULE_POSTFIX, "hostname:.a.example::b.example", 0, true,
         false},
        {misnamed,
         MX NAMES "our mail server expects b.example or c.example or d.example or another; " POSTFIX_QUEUES
                  " Please install a certificate for b.example or c.example or d.example or another.",
         CLASS_PARTNER, REQUIREMENT_NAME, NAME_RULE_POSTFIX, "b.example:c.example:d.example:e.example", 0,
         true, false},
        {no_suite,
         MX "offers none of the cipher suites of Exchange Online (Office 365); " RULES "our mail "
            "server will at times queue mail and may return it after 5 days (its default). Please enable one "
            "of those cipher suites, such as TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"
            ".",
         CLASS_PARTNER, REQUIREMENT_ENCRYPTION, NAME_RULE_POSTFIX, NULL, 0, true, false},
        {old,
         MX "offers TLS 1.0 only; " RULES "our mail server will queue mail and then return "
            "it." ENABLE ".",
         CLASS_PARTNER, REQUIREMENT_ENCRYPTION, NAME_RULE_STRICT, NULL, 0, false, false},
        {old,
         MX "offers TLS 1.0 only; " RULES "our connector will queue mail and then return "
            "it." ENABLE ".",
         CLASS_RELAY, REQUIREMENT_ENCRYPTION, NAME_RULE_STRICT, NULL, 0, true, false},
        {broken,
         MX "chooses TLS 1.2, but then the handshake fails (BAD_SIGNATURE); our mail server at times queues "
            "mail and may return it. Please find out why the handshake fails.",
         CLASS_PARTNER, REQUIREMENT_ENCRYPTION, NAME_RULE_STRICT, NULL, 0, false, false},
        {old, NULL, CLASS_PARTNER, REQUIREMENT_NONE, NAME_RULE_EXCHANGE, NULL, 0, true, true},
        {clear, NULL, CLASS_PARTNER, REQUIREMENT_NONE, NAME_RULE_EXCHANGE, NULL, 0, true, true},
    };

    (void)state;
    plays(rows, sizeof rows / sizeof *rows);
}

static void without_requirement(void **state)
{
    static const struct row rows[] = {
        {modern, NULL, OPEN},
        {old, MX "offers TLS 1.0 only; " RULES "mail to you may go out in clear." ENABLE ".", OPEN},
        {old, MX "offers TLS 1.0 only; mail to you may go out in clear." ENABLE ".", CLASS_OPPORTUNISTIC,
         REQUIREMENT_NONE, NAME_RULE_POSTFIX, NULL, TLS_1_2, false, false},
        {refusing, MX "refuses every version of TLS; mail to you may go out in clear." ENABLE ".", OPEN},
        {clear,
         MX "offers no STARTTLS; mail to you goes out in clear. Please offer STARTTLS with TLS 1.2 or newer.",
         OPEN},
        {no_suite,
         MX "offers none of the cipher suites of Exchange Online (Office 365); " RULES "mail to you "
            "may at times go out in clear. Please enable one of those cipher suites, such as "
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"
            ".",
         OPEN},
        {broken,
         MX "chooses TLS 1.2, but then the handshake fails (BAD_SIGNATURE); mail to you may at times go out "
            "in clear. Please find out why the handshake fails.",
         OPEN},
        {misnamed, NULL, OPEN},
    };

    (void)state;
    plays(rows, sizeof rows / sizeof *rows);
}

#define ROW(class, requirement) class, requirement, NAME_RULE_STRICT, NULL, 0, false, false

/* What has no queue of its own fails at once. */
static void relays_and_services(void **state)
{
    static const struct row rows[] = {
        {old, MX "offers TLS 1.0 only; " RULES "our applications can't send mail there." ENABLE ".",
         ROW(CLASS_RELAY, REQUIREMENT_ENCRYPTION)},
        {clear,
         MX "offers no STARTTLS; our applications can't send mail there. Please offer STARTTLS with TLS 1.2 "
            "or newer.",
         ROW(CLASS_RELAY, REQUIREMENT_ENCRYPTION)},
        {starttls_at_times,
         MX "answers differently from one connection to the next (STARTTLS was offered on 3 of 5 "
            "connections); our applications at times can't send mail there. Please let every machine behind "
            "that address offer STARTTLS with TLS 1.2 or newer.",
         ROW(CLASS_RELAY, REQUIREMENT_ENCRYPTION)},
        {misnamed,
         MX NAMES "our side expects mx.a.example or a.example; our applications can't send mail "
                  "there. Please install a certificate for mx.a.example or a.example.",
         ROW(CLASS_RELAY, REQUIREMENT_NAME)},
        {old,
         MX "offers TLS 1.0 only; " RULES "what our applications send there may go in "
            "clear." ENABLE ".",
         ROW(CLASS_RELAY, REQUIREMENT_NONE)},
        {clear,
         MX "offers no STARTTLS; what our applications send there goes in clear. Please offer STARTTLS with "
            "TLS 1.2 or newer.",
         ROW(CLASS_RELAY, REQUIREMENT_NONE)},
        {broken,
         MX "chooses TLS 1.2, but then the handshake fails (BAD_SIGNATURE); what our applications send there "
            "may at times go in clear. Please find out why the handshake fails.",
         ROW(CLASS_RELAY, REQUIREMENT_NONE)},
        {old, MX "offers TLS 1.0 only; " RULES "our clients can't connect." ENABLE ".",
         ROW(CLASS_SERVICE, REQUIREMENT_ENCRYPTION)},
        {clear,
         MX "offers no STARTTLS; our clients can't connect. Please offer STARTTLS with TLS 1.2 or newer.",
         ROW(CLASS_SERVICE, REQUIREMENT_ENCRYPTION)},
        {broken,
         MX "chooses TLS 1.2, but then the handshake fails (BAD_SIGNATURE); our clients at times can't "
            "connect. Please find out why the handshake fails.",
         ROW(CLASS_SERVICE, REQUIREMENT_ENCRYPTION)},
        {old, MX "offers TLS 1.0 only; " RULES "our clients' connections may be in clear." ENABLE ".",
         ROW(CLASS_SERVICE, REQUIREMENT_NONE)},
        {clear,
         MX
         "offers no STARTTLS; our clients' connections are in clear. Please offer STARTTLS with TLS 1.2 or "
         "newer.",
         ROW(CLASS_SERVICE, REQUIREMENT_NONE)},
        {broken,
         MX "chooses TLS 1.2, but then the handshake fails (BAD_SIGNATURE); our clients' connections may at "
            "times be in clear. Please find out why the handshake fails.",
         ROW(CLASS_SERVICE, REQUIREMENT_NONE)},
    };

    (void)state;
    plays(rows, sizeof rows / sizeof *rows);
}

#define ASKS ", so we do not know whether it accepts TLS 1.2 or newer. Please tell us whether it does."

static void who_was_not_seen_is_asked(void **state)
{
    static const struct row rows[] = {
        {silent,
         "We could not test your mail server mx.a.example from here (the connection was not answered in "
         "time)" ASKS,
         EXCHANGE},
        {blocked,
         "We could not test your mail server mx.a.example from here (the mail port is blocked here)" ASKS,
         OPEN},
        {inconclusive, "Our test of your mail server mx.a.example came to no conclusion" ASKS, EXCHANGE},
        {unconfirmed, "Our test of your mail server mx.a.example came to no conclusion" ASKS, OPEN},
        {silent,
         "We could not test your mail server mx.a.example from here (the connection was not answered in "
         "time), so we do not know whether it accepts TLS 1.3. Please tell us whether it does.",
         CLASS_PARTNER, REQUIREMENT_ENCRYPTION, NAME_RULE_POSTFIX, NULL, TLS_1_3, true, false},
    };

    (void)state;
    plays(rows, sizeof rows / sizeof *rows);
}

#define THEY "so we do not know whether they accept TLS 1.2 or newer. Please tell us whether they do."

static void what_dns_says(void **state)
{
    static const struct {
        enum route route;
        enum dns_status status;
        const char *expected;
    } rows[] = {
        {ROUTE_UNRESOLVED, DNS_NOT_QUERIED, NULL},
        {ROUTE_NULL_MX, DNS_OK, NULL},
        {ROUTE_NONE, DNS_NXDOMAIN, NULL},
        {ROUTE_NONE, DNS_NO_DATA, NULL},
        {ROUTE_NONE, DNS_SERVFAIL,
         "We could not test the mail servers of a.example from here (the name servers failed), " THEY},
        {ROUTE_NONE, DNS_TIMEOUT,
         "We could not test the mail servers of a.example from here (the name servers did not answer in "
         "time), " THEY},
        {ROUTE_MX, DNS_OK,
         "We could not test the mail servers of a.example from here (no MX exchange has an address), " THEY},
    };
    struct event trouble = {.type = EVENT_PREFLIGHT};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct model *model = fixture_model("exchange-online");
        struct target *t = fixture_target(model, "a.example", CLASS_PARTNER, REQUIREMENT_ENCRYPTION);

        fixture_route(model, t, rows[i].route, rows[i].status, "");
        forwards(model, t, rows[i].expected);
        if (rows[i].status == DNS_SERVFAIL) {
            preflight_set(&trouble.preflight, CHECK_RESOLVER, CHECK_TROUBLE, "It fails.");
            model_apply(model, &trouble);
            event_release(&trouble);
            forwards(model, t,
                     "We could not test the mail servers of a.example from here (the resolver here is in "
                     "trouble), " THEY);
        }
        model_free(model);
    }
}

static void a_gateway(void **state)
{
    struct model *model = fixture_model("exchange-online");
    struct target *t = fixture_target(model, "fabrikam.example", CLASS_PARTNER, REQUIREMENT_ENCRYPTION);

    (void)state;
    t->spec.connector = mem_string("To Fabrikam");
    t->spec.name_rule = NAME_RULE_EXCHANGE;
    fixture_route(model, t, ROUTE_SMART_HOST, DNS_NOT_QUERIED, "-1 gw.fabrikam.example");
    forwards(model, t, NULL);
    fixture_addresses(model, "gw.fabrikam.example", DNS_NXDOMAIN, "");
    forwards(model, t,
             "We could not test your gateway gw.fabrikam.example from here (no address in DNS)" ASKS);
    fixture_addresses(model, "gw.fabrikam.example", DNS_OK, "192.0.2.14 192.0.2.15");
    forwards(model, t, NULL);
    fixture_probed(model, "gw.fabrikam.example", "192.0.2.14", old());
    forwards(model, t,
             "Your gateway gw.fabrikam.example (192.0.2.14) offers TLS 1.0 only; " RULES QUEUE ENABLE ".");
    fixture_probed(model, "gw.fabrikam.example", "192.0.2.15", old());
    forwards(model, t, "Your gateway gw.fabrikam.example offers TLS 1.0 only; " RULES QUEUE ENABLE ".");
    fixture_probed(model, "gw.fabrikam.example", "192.0.2.15", clear());
    forwards(model, t,
             "Neither of the 2 addresses of your gateway gw.fabrikam.example passes our TLS check, for "
             "example 192.0.2.14, which offers TLS 1.0 only; " RULES QUEUE ENABLE
             " and offer STARTTLS with TLS 1.2 or newer"
             ".");
    fixture_probed(model, "gw.fabrikam.example", "192.0.2.15", modern());
    forwards(
        model, t,
        "1 of the 2 addresses of your gateway gw.fabrikam.example fails our TLS check: 192.0.2.14 offers "
        "TLS 1.0 only; " RULES "our connector will at times queue mail and may return it after "
        "24 hours." ENABLE ".");
    model_free(model);
}

static struct target *three_servers(struct model *model, enum requirement requirement)
{
    struct target *t = fixture_target(model, "a.example", CLASS_PARTNER, requirement);

    t->spec.connector = mem_string("To A");
    t->spec.name_rule = NAME_RULE_EXCHANGE;
    fixture_route(model, t, ROUTE_MX, DNS_OK, "1 mx1.a.example 2 mx2.a.example 3 mx3.a.example");
    fixture_addresses(model, "mx1.a.example", DNS_OK, "192.0.2.1");
    fixture_addresses(model, "mx2.a.example", DNS_OK, "192.0.2.2");
    fixture_addresses(model, "mx3.a.example", DNS_OK, "192.0.2.3 192.0.2.4");
    return t;
}

static void probe_three(struct model *model, struct facts *(*first)(void), struct facts *(*second)(void),
                        struct facts *(*third)(void))
{
    fixture_probed(model, "mx1.a.example", "192.0.2.1", first());
    fixture_probed(model, "mx2.a.example", "192.0.2.2", second());
    fixture_probed(model, "mx3.a.example", "192.0.2.3", third());
    fixture_probed(model, "mx3.a.example", "192.0.2.4", third());
}

static void several_servers(void **state)
{
    static const struct {
        enum requirement requirement;
        struct facts *(*make[3])(void);
        const char *expected;
    } rows[] = {
        {REQUIREMENT_ENCRYPTION,
         {old, old, old},
         "None of your 3 mail servers passes our TLS check, for example mx1.a.example, which offers TLS 1.0 "
         "only; " RULES QUEUE ENABLE "."},
        {REQUIREMENT_ENCRYPTION,
         {modern, old, older},
         "2 of your 3 mail servers fail our TLS check, for example mx2.a.example, which offers TLS 1.0 "
         "only; " RULES "our connector will at times queue mail and may return it after 24 hours." ENABLE
         "."},
        {REQUIREMENT_ENCRYPTION,
         {modern, modern, clear},
         "1 of your 3 mail servers fails our TLS check: mx3.a.example offers no STARTTLS; our connector at "
         "times queues mail and may return it after 24 hours. Please offer STARTTLS with TLS 1.2 or newer."},
        {REQUIREMENT_ENCRYPTION,
         {clear, silent, old},
         "Neither of your 2 mail servers that we could test passes our TLS check, for example mx3.a.example, "
         "which offers TLS 1.0 only; " RULES QUEUE ENABLE " and offer STARTTLS with TLS 1.2 or newer"
         "."},
        {REQUIREMENT_ENCRYPTION,
         {silent, old, silent},
         "Your mail server mx2.a.example offers TLS 1.0 only; " RULES QUEUE ENABLE "."},
        {REQUIREMENT_NONE,
         {clear, clear, old},
         "None of your 3 mail servers passes our TLS check, for example mx3.a.example, which offers TLS 1.0 "
         "only; mail to you may go out in clear." ENABLE " and offer STARTTLS with TLS 1.2 or newer."},
        {REQUIREMENT_NONE,
         {modern, old, clear},
         "2 of your 3 mail servers fail our TLS check, for example mx2.a.example, which offers TLS 1.0 only; "
         "mail to you may at times go out in clear." ENABLE " and offer STARTTLS with TLS 1.2 or newer."},
        {REQUIREMENT_NAME,
         {misnamed, expired, old},
         "None of your 3 mail servers passes our TLS check, for example mx1.a.example, which " NAMES
         "our connector expects a.example or a name right below it; " RULES QUEUE
         " Please install a certificate for a.example or a name right below it, renew the certificate and "
         "enable TLS "
         "1.2 or newer"
         "."},
        {REQUIREMENT_ENCRYPTION,
         {silent, silent, silent},
         "We could not test any of your 3 mail servers from here (the connection was not answered in "
         "time), " THEY},
        {REQUIREMENT_ENCRYPTION,
         {inconclusive, silent, silent},
         "Our test of your 3 mail servers came to no conclusion, " THEY},
        {REQUIREMENT_ENCRYPTION, {modern, modern, silent}, NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct model *model = fixture_model("exchange-online");
        struct target *t = three_servers(model, rows[i].requirement);

        probe_three(model, rows[i].make[0], rows[i].make[1], rows[i].make[2]);
        forwards(model, t, rows[i].expected);
        model_free(model);
    }
}

/* The date of the floor is told when it has one, and in the tense of the time that certificates are judged
 * by. */
static void the_cut_off(void **state)
{
    static const struct {
        const char *since, *expected;
    } rows[] = {
        {"", MX "offers TLS 1.0 only; from the cut-off mail to you may go out in clear." ENABLE "."},
        {"since 2026-11-18\n", MX "offers TLS 1.0 only; once the rules of Our plan, in force since "
                                  "2026-11-18, hold for our mail, mail to you "
                                  "may go out in clear." ENABLE "."},
        {"since 2026-11-19\n",
         MX "offers TLS 1.0 only; from the cut-off mail to you may go out in clear." ENABLE
            "; the cut-off is on 2026-11-19."},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *text = mem_format("name plan\ntitle Our plan\nminimum TLSv1.2\n%s", rows[i].since);
        char *error = NULL;
        struct model *model = fixture_model("exchange-online");
        struct target *t =
            fixture_simple(model, "a.example", CLASS_OPPORTUNISTIC, REQUIREMENT_NONE, "192.0.2.1", old());

        model_set_baseline(model, baseline_parse("plan", text, strlen(text), &error));
        assert_null(error);
        forwards(model, t, rows[i].expected);
        free(text);
        model_free(model);
    }
}

/* Addresses without a name, and the servers of endpoint URLs. */
static void other_addresses(void **state)
{
    struct model *model = fixture_model("tls1.3");
    struct target *t = fixture_target(model, "smtp://192.0.2.9", CLASS_RELAY, REQUIREMENT_ENCRYPTION);

    (void)state;
    t->spec.is_endpoint = true;
    fixture_route(model, t, ROUTE_DIRECT, DNS_NOT_QUERIED, "-1 192.0.2.9");
    fixture_addresses(model, "192.0.2.9", DNS_OK, "192.0.2.9");
    fixture_probed(model, "192.0.2.9", "192.0.2.9", fixture_facts("rrrar"));
    forwards(model, t,
             "Your server 192.0.2.9 offers TLS 1.2 only; from the cut-off our applications can't send mail "
             "there. Please enable TLS 1.3.");
    model_free(model);
}

/* A port is named where the sender gave it for that host. */
static void ports(void **state)
{
    struct host_key host = {(char *)"gw.a.example", 2525, PROTOCOL_SMTP};
    struct event route = {.type = EVENT_ROUTE, .route = ROUTE_SMART_HOST}, addresses, probed;
    struct model *model = fixture_model("exchange-online");
    struct target *t = fixture_target(model, "a.example", CLASS_OPPORTUNISTIC, REQUIREMENT_NONE);

    (void)state;
    route.target = t->id;
    route.hosts = mem_alloc(sizeof *route.hosts);
    route.host_count = 1;
    route.hosts[0].key = (struct host_key){mem_string(host.name), host.port, host.protocol};
    route.hosts[0].preference = -1;
    addresses = (struct event){.type = EVENT_ADDRESSES};
    addresses.host = (struct host_key){mem_string(host.name), host.port, host.protocol};
    strings_add(&addresses.addresses, "192.0.2.1");
    probed = (struct event){.type = EVENT_FACTS, .facts = clear()};
    endpoint_key_make(&probed.endpoint, &host, "192.0.2.1");
    model_apply(model, &route);
    model_apply(model, &addresses);
    model_apply(model, &probed);
    event_release(&route);
    event_release(&addresses);
    event_release(&probed);
    forwards(
        model, t,
        "Your gateway gw.a.example offers no STARTTLS; mail to you goes out in clear. Please offer STARTTLS "
        "with TLS 1.2 or newer.");
    target_spec_add_host(&t->spec, "gw.a.example", 2525, false);
    forwards(
        model, t,
        "Your gateway gw.a.example (port 2525) offers no STARTTLS; mail to you goes out in clear. Please "
        "offer STARTTLS with TLS 1.2 or newer.");
    model_free(model);
}

/* Whatever is known, at most three sentences on one line. */
static void never_too_much(void **state)
{
    static struct facts *(*const makers[])(void) = {old,          clear,  misnamed, expired, no_suite,
                                                    tls_at_times, silent, broken,   modern,  inconclusive};
    const size_t count = sizeof makers / sizeof *makers;

    (void)state;
    for (size_t n = 0; n < count * count; n++) {
        struct model *model = fixture_model("exchange-online");
        struct target *t = three_servers(model, REQUIREMENT_NAME);
        unsigned sentences = 0;
        char *text;

        probe_three(model, makers[n % count], makers[n / count], makers[(n + 3) % count]);
        text = model_forward(model, t);
        for (const char *at = text; text && (at = strstr(at, ". ")); at++)
            sentences++;
        assert_true(sentences < 3);
        if (text) {
            assert_null(strchr(text, '\n'));
            assert_int_equal(text[strlen(text) - 1], '.');
        } else {
            assert_int_equal(t->judgement.verdict, VERDICT_READY);
        }
        free(text);
        model_free(model);
    }
}

/* MessageExpirationTimeout of Exchange Server is two days unless it was changed. */
static void exchange_server_waits_two_days(void **state)
{
    struct model *model = fixture_model("exchange-online");
    struct target *t = fixture_target(model, "a.example", CLASS_PARTNER, REQUIREMENT_ENCRYPTION);
    char *words;

    (void)state;
    t->spec.connector = mem_string("To A");
    t->spec.name_rule = NAME_RULE_EXCHANGE;
    t->spec.cost = 1;
    fixture_route(model, t, ROUTE_MX, DNS_OK, "10 mx.a.example");
    fixture_addresses(model, "mx.a.example", DNS_OK, "192.0.2.1");
    fixture_probed(model, "mx.a.example", "192.0.2.1", fixture_facts("rarrr"));
    words = model_forward(model, t);
    assert_non_null(words);
    assert_non_null(strstr(words, "will queue mail for up to 2 days (its default) and then return it"));
    free(words);
    model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exchange_server_waits_two_days),
        cmocka_unit_test(a_connector),
        cmocka_unit_test(other_senders),
        cmocka_unit_test(without_requirement),
        cmocka_unit_test(relays_and_services),
        cmocka_unit_test(who_was_not_seen_is_asked),
        cmocka_unit_test(what_dns_says),
        cmocka_unit_test(a_gateway),
        cmocka_unit_test(several_servers),
        cmocka_unit_test(the_cut_off),
        cmocka_unit_test(other_addresses),
        cmocka_unit_test(ports),
        cmocka_unit_test(never_too_much),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
