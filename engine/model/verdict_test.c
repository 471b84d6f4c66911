#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/base/mem.h"
#include "engine/model/fixture.h"

#include <stdlib.h>
#include <string.h>

#define GCM    0xc02f /* TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256: on Exchange's list */
#define CHACHA 0xcca8 /* TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256: not on it */
#define DHE    0x009f /* TLS_DHE_RSA_WITH_AES_256_GCM_SHA384: neither on it nor in BoringSSL */
#define TLS13  0x1301
#define LISTED "exchange-online"

struct row {
    const char *what;
    const char *versions;      /* as fixture_facts */
    enum starttls_state state; /* STARTTLS_OFFERED when 0 */
    bool unknown_starttls;
    enum stage stage; /* STAGE_DONE when 0 */
    enum probe_error error;
    int hello; /* version of the handshake's ServerHello plus 1; 0 = none */
    uint16_t suite;
    bool failed;            /* the handshake did not complete */
    enum probe_error cause; /* … and why */
    bool once;              /* what speaks against it was not confirmed */
    struct tally tally;
    const char *offer_baseline;
    enum version_state offer;
    enum requirement requirement;
    const char *names; /* of the certificate; NULL = none */
    bool untrusted;
    int days;               /* left; 100 when 0 */
    const char *tls_domain; /* NULL */
    enum name_rule rule;
    enum tls_version floor;
    const char *baseline; /* LISTED when NULL */
    enum verdict verdict;
    const char *reason; /* NULL */
};

#define AT(v)          ((v) + 1)
#define READY          .verdict = VERDICT_READY
#define NOT_READY(why) .verdict = VERDICT_NOT_READY, .reason = (why)
#define RISK(why)      .verdict = VERDICT_AT_RISK, .reason = (why)
#define CLEAR          .verdict = VERDICT_PLAINTEXT, .reason = "no-starttls"
#define UNKNOWN        .verdict = VERDICT_UNKNOWN, .reason = "tls-inconclusive"
#define ONCE           .verdict = VERDICT_UNKNOWN, .reason = "unconfirmed"
#define UNREACHED(why) .verdict = VERDICT_UNREACHABLE, .reason = (why)
#define PENDING        .verdict = VERDICT_PENDING, .reason = "pending"
#define HELLO(v, s)    .hello = AT(v), .suite = (s)
#define NEEDS(r, n)    .requirement = (r), .names = (n)

/* clang-format off */
static const struct row rows[] = {
    /* plaintext */
    {"no STARTTLS", "-----", STARTTLS_NOT_OFFERED, CLEAR},
    {"no STARTTLS, required", "-----", STARTTLS_NOT_OFFERED, .requirement = REQUIREMENT_NAME, CLEAR},
    {"no STARTTLS, dialogue broke off later", "-----", STARTTLS_NOT_OFFERED, .stage = STAGE_EHLO, .error = PROBE_CLOSED, CLEAR},

    {"no STARTTLS, seen once", "-----", STARTTLS_NOT_OFFERED, .once = true, ONCE},
    {"no STARTTLS, the second look is to come", "-----", STARTTLS_NOT_OFFERED, .once = true, .stage = STAGE_EHLO, PENDING},
    {"below the floor, seen once", "raauu", .once = true, .requirement = REQUIREMENT_ENCRYPTION, ONCE},

    /* machines that differ behind one address */
    {"STARTTLS now and then", "rrraa", HELLO(TLS_1_3, 0x1301), .tally = {.offered = 3, .not_offered = 2}, RISK("mixed")},
    {"STARTTLS now and then, and never the floor", "rarrr", HELLO(TLS_1_0, 0xc014), .tally = {.offered = 3, .not_offered = 2}, NOT_READY("version-below-floor")},
    {"the floor now and then", "raraa", HELLO(TLS_1_3, 0x1301), .tally = {.offered = 5, .chose = {[TLS_1_0] = 2, [TLS_1_3] = 3}}, RISK("mixed")},
    {"above the floor, this or that", "rrraa", HELLO(TLS_1_3, 0x1301), .tally = {.offered = 5, .chose = {[TLS_1_2] = 2, [TLS_1_3] = 3}}, READY},
    {"refused now and then says nothing", "rrraa", HELLO(TLS_1_3, 0x1301), .tally = {.offered = 5, .chose_none = 2, .chose = {[TLS_1_3] = 3}}, READY},
    {"mixed, with a bad certificate", "raraa", HELLO(TLS_1_3, 0x1301), NEEDS(REQUIREMENT_CHAIN, "mx.contoso.com"), .untrusted = true, .tally = {.chose = {[TLS_1_0] = 2, [TLS_1_3] = 3}}, NOT_READY("certificate-untrusted")},

    /* versions against the floor */
    {"1.2 only", "rrrar", READY},
    {"1.3 only", "rrrra", READY},
    {"1.2 accepted, 1.3 unknown", "rrrau", READY},
    {"1.3 accepted, 1.2 unknown", "rrrua", READY},
    {"1.2 accepted, nothing else tested", "---a-", READY},
    {"everything accepted", "aaaaa", READY},
    {"1.0 only", "rarrr", NOT_READY("version-below-floor")},
    {"1.0 and 1.1", "-aarr", NOT_READY("version-below-floor")},
    {"SSLv3 only", "arrrr", NOT_READY("version-below-floor")},
    {"every version refused", "rrrrr", NOT_READY("version-below-floor")},
    {"1.2 and 1.3 refused, the rest not tested", "---rr", NOT_READY("version-below-floor")},
    {"1.2 and 1.3 refused, the rest unknown", "uuurr", NOT_READY("version-below-floor")},
    {"refused at the floor, error later", "-urrr", .stage = STAGE_HELLO, .error = PROBE_RESET, NOT_READY("version-below-floor")},
    {"1.0 accepted, 1.2 unknown", "raaur", UNKNOWN},
    {"1.0 accepted, 1.3 unknown", "raaru", UNKNOWN},
    {"1.0 accepted, both unknown", "-a-uu", UNKNOWN},
    {"1.0 accepted, 1.2 unknown, dialogue cut", "-a-ur", .stage = STAGE_HELLO, .error = PROBE_THROTTLED, UNKNOWN},
    {"1.0 accepted, 1.3 never tested, all done", "-a-r-", UNKNOWN},
    {"all unknown", "uuuuu", .stage = STAGE_HELLO, .error = PROBE_TLS_CLOSED, UNKNOWN},
    {"1.2 under floor 1.3", "---ar", .baseline = "tls1.3", NOT_READY("version-below-floor")},
    {"1.3 unknown under floor 1.3", "---au", .baseline = "tls1.3", UNKNOWN},
    {"1.3 under floor 1.3", "---ra", .baseline = "tls1.3", READY},
    {"1.0 under floor 1.2 without list", "-arrr", .baseline = "tls1.2", NOT_READY("version-below-floor")},

    /* never got to TLS */
    {"refused", "-----", .unknown_starttls = true, .stage = STAGE_CONNECT, .error = PROBE_CONNECT_REFUSED, UNREACHED("connect-refused")},
    {"timeout", "uuuuu", .unknown_starttls = true, .stage = STAGE_CONNECT, .error = PROBE_CONNECT_TIMEOUT, UNREACHED("connect-timeout")},
    {"nobody at the address", "-----", .unknown_starttls = true, .stage = STAGE_CONNECT, .error = PROBE_CONNECT_UNREACHABLE, UNREACHED("connect-unreachable")},
    {"no route", "-----", .unknown_starttls = true, .stage = STAGE_CONNECT, .error = PROBE_NO_ROUTE, UNREACHED("no-route")},
    {"port 25 is shut", "-----", .unknown_starttls = true, .stage = STAGE_CONNECT, .error = PROBE_PORT_BLOCKED, UNREACHED("port-blocked")},
    {"out of sockets", "-----", .unknown_starttls = true, .stage = STAGE_CONNECT, .error = PROBE_LOCAL_LIMIT, UNREACHED("local-limit")},
    {"silent", "-----", .unknown_starttls = true, .stage = STAGE_BANNER, .error = PROBE_BANNER_TIMEOUT, UNREACHED("banner-timeout")},
    {"closed at the banner", "-----", .unknown_starttls = true, .stage = STAGE_BANNER, .error = PROBE_CLOSED, UNREACHED("closed")},
    {"554 banner", "-----", .unknown_starttls = true, .stage = STAGE_BANNER, .error = PROBE_SMTP_REJECTED, UNREACHED("smtp-rejected")},
    {"421", "-----", .unknown_starttls = true, .stage = STAGE_EHLO, .error = PROBE_THROTTLED, UNREACHED("throttled")},
    {"greylisted", "-----", .unknown_starttls = true, .stage = STAGE_EHLO, .error = PROBE_GREYLISTED, UNREACHED("greylisted")},
    {"timeout after EHLO", "-----", .unknown_starttls = true, .stage = STAGE_EHLO, .error = PROBE_IO_TIMEOUT, UNREACHED("io-timeout")},
    {"HTTP there", "-----", .unknown_starttls = true, .stage = STAGE_BANNER, .error = PROBE_NOT_SMTP, UNREACHED("not-smtp")},
    {"endless reply", "-----", .unknown_starttls = true, .stage = STAGE_EHLO, .error = PROBE_REPLY_TOO_LONG, UNREACHED("reply-too-long")},
    {"454 to STARTTLS", "-----", STARTTLS_REJECTED, .stage = STAGE_STARTTLS, .error = PROBE_STARTTLS_REJECTED, UNREACHED("starttls-rejected")},
    {"STARTTLS rejected, no error noted", "-----", STARTTLS_REJECTED, .stage = STAGE_STARTTLS, UNREACHED("starttls-rejected")},
    {"unreachable and nothing left to try", "-----", .unknown_starttls = true, .error = PROBE_CONNECT_REFUSED, UNREACHED("connect-refused")},

    /* reached TLS, nothing settled */
    {"closed during the hello", "-----", .stage = STAGE_HELLO, .error = PROBE_TLS_CLOSED, UNKNOWN},
    {"reset during the hello", "-----", .stage = STAGE_HELLO, .error = PROBE_RESET, UNKNOWN},
    {"no answer to the hello", "-----", .stage = STAGE_HELLO, .error = PROBE_IO_TIMEOUT, UNKNOWN},
    {"garbage for a hello", "-----", .error = PROBE_NOT_TLS, UNKNOWN},
    {"an alert that settled nothing", "-----", .stage = STAGE_HELLO, .error = PROBE_TLS_ALERT, UNKNOWN},
    {"STARTTLS masked", "-----", STARTTLS_MASKED, UNKNOWN},
    {"STARTTLS masked on the way", "-----", STARTTLS_MASKED, .stage = STAGE_EHLO, UNKNOWN},
    {"STARTTLS masked, then closed", "-----", STARTTLS_MASKED, .stage = STAGE_EHLO, .error = PROBE_CLOSED, UNKNOWN},
    {"STARTTLS masked but versions decide", "-rrar", STARTTLS_MASKED, READY},

    /* under way */
    {"banner read", "-----", .unknown_starttls = true, .stage = STAGE_EHLO, PENDING},
    {"1.0 seen, floor to be tested", "-a---", .stage = STAGE_CERTIFICATE, PENDING},
    {"1.0 seen, 1.3 to be tested", "-a-r-", .stage = STAGE_CERTIFICATE, PENDING},

    /* suites */
    {"offer refused", "---ar", .offer_baseline = LISTED, .offer = VERSION_REFUSED, RISK("no-shared-suite")},
    {"offer refused, other suite chosen", "---ar", HELLO(TLS_1_2, CHACHA), .offer_baseline = LISTED, .offer = VERSION_REFUSED, RISK("no-shared-suite")},
    {"offer refused, suite that nobody speaks here", "---ar", HELLO(TLS_1_2, DHE), .failed = true, .offer_baseline = LISTED, .offer = VERSION_REFUSED, RISK("no-shared-suite")},
    {"chose, then fell silent", "rrrar", HELLO(TLS_1_2, 0xc02f), .failed = true, .cause = PROBE_IO_TIMEOUT, UNKNOWN},
    {"chose, then reset", "rrrar", HELLO(TLS_1_2, 0xc02f), .failed = true, .cause = PROBE_RESET, RISK("handshake-failed")},
    {"chose, then an alert", "rrrar", HELLO(TLS_1_2, 0xc02f), .failed = true, .cause = PROBE_TLS_ALERT, RISK("handshake-failed")},
    {"offer refused but a listed suite was chosen", "---ar", HELLO(TLS_1_2, GCM), .offer_baseline = LISTED, .offer = VERSION_REFUSED, READY},
    {"offer accepted", "---ar", HELLO(TLS_1_2, CHACHA), .offer_baseline = LISTED, .offer = VERSION_ACCEPTED, READY},
    {"offer unknown", "---ar", HELLO(TLS_1_2, CHACHA), .offer_baseline = LISTED, .offer = VERSION_UNKNOWN, READY},
    {"never offered", "---ar", HELLO(TLS_1_2, CHACHA), READY},
    {"offer of another baseline refused", "---ar", HELLO(TLS_1_2, CHACHA), .offer_baseline = "other", .offer = VERSION_REFUSED, READY},
    {"baseline without list", "---ar", HELLO(TLS_1_2, CHACHA), .offer_baseline = "tls1.2", .offer = VERSION_REFUSED, .baseline = "tls1.2", READY},
    {"listed suite below the floor proves nothing", "-a-ar", HELLO(TLS_1_0, 0xc014), .offer_baseline = LISTED, .offer = VERSION_REFUSED, RISK("no-shared-suite")},
    {"offer refused below the floor", "-arrr", .offer_baseline = LISTED, .offer = VERSION_REFUSED, NOT_READY("version-below-floor")},

    /* handshake */
    {"fails after ServerHello", "---ar", HELLO(TLS_1_2, GCM), .failed = true, RISK("handshake-failed")},
    {"fails after ServerHello, 1.3", "---aa", HELLO(TLS_1_3, TLS13), .failed = true, .error = PROBE_TLS_ALERT, RISK("handshake-failed")},
    {"fails with a suite we do not speak", "---ar", HELLO(TLS_1_2, DHE), .failed = true, READY},
    {"fails below the floor", "-a-ar", HELLO(TLS_1_0, 0xc014), .failed = true, READY},
    {"fails, no listed suite either", "---ar", HELLO(TLS_1_2, CHACHA), .failed = true, .offer_baseline = LISTED, .offer = VERSION_REFUSED, RISK("no-shared-suite")},

    /* certificates: only where the requirement says so */
    {"self-signed, encryption", "---ar", NEEDS(REQUIREMENT_ENCRYPTION, "x.example"), .untrusted = true, READY},
    {"expired, encryption", "---ar", NEEDS(REQUIREMENT_ENCRYPTION, "x.example"), .days = -1, READY},
    {"wrong name, none", "---ar", NEEDS(REQUIREMENT_NONE, "x.example"), READY},
    {"good, chain", "---ar", NEEDS(REQUIREMENT_CHAIN, "x.example"), READY},
    {"self-signed, chain", "---ar", NEEDS(REQUIREMENT_CHAIN, "x.example"), .untrusted = true, NOT_READY("certificate-untrusted")},
    {"expired, chain", "---ar", NEEDS(REQUIREMENT_CHAIN, "x.example"), .days = -1, NOT_READY("certificate-expired")},
    {"expired and self-signed, chain", "---ar", NEEDS(REQUIREMENT_CHAIN, "x.example"), .untrusted = true, .days = -1, NOT_READY("certificate-expired")},
    {"wrong name, name", "---ar", NEEDS(REQUIREMENT_NAME, "x.example"), NOT_READY("certificate-name-mismatch")},
    {"host name, name", "---ar", NEEDS(REQUIREMENT_NAME, "mx.contoso.com"), READY},
    {"domain name, name", "---ar", NEEDS(REQUIREMENT_NAME, "contoso.com"), READY},
    {"apex by RFC 6125", "---ar", NEEDS(REQUIREMENT_NAME, "*.contoso.com"), .tls_domain = "contoso.com", NOT_READY("certificate-name-mismatch")},
    {"apex by Exchange", "---ar", NEEDS(REQUIREMENT_NAME, "*.contoso.com"), .tls_domain = "contoso.com", .rule = NAME_RULE_EXCHANGE, READY},
    {"Exchange, recipient's domain", "---ar", NEEDS(REQUIREMENT_NAME, "mail.contoso.com"), .rule = NAME_RULE_EXCHANGE, READY},
    {"Exchange, not the host's name", "---ar", NEEDS(REQUIREMENT_NAME, "mx.example"), .rule = NAME_RULE_EXCHANGE, NOT_READY("certificate-name-mismatch")},
    {"Postfix, below the domain", "---ar", NEEDS(REQUIREMENT_NAME, "a.b.contoso.com"), .tls_domain = "contoso.com:.contoso.com", .rule = NAME_RULE_POSTFIX, READY},
    {"Postfix, host name", "---ar", NEEDS(REQUIREMENT_NAME, "mx.contoso.com"), .tls_domain = "hostname", .rule = NAME_RULE_POSTFIX, READY},
    {"the sender's floor is higher", "rrrar", .requirement = REQUIREMENT_ENCRYPTION, .floor = TLS_1_3, .tally = {.chose = {[TLS_1_2] = 2}}, NOT_READY("version-below-floor")},
    {"the sender's floor is higher, seen once", "rrrar", .requirement = REQUIREMENT_ENCRYPTION, .floor = TLS_1_3, .tally = {.chose = {[TLS_1_2] = 1}}, ONCE},
    {"the sender's floor is higher, below both", "rarrr", .requirement = REQUIREMENT_ENCRYPTION, .floor = TLS_1_3, NOT_READY("version-below-floor")},
    {"the sender's higher floor is not tested yet", "rrra-", .requirement = REQUIREMENT_ENCRYPTION, .floor = TLS_1_3, .stage = STAGE_EHLO, PENDING},
    {"the sender's floor is lower", "rarrr", .requirement = REQUIREMENT_ENCRYPTION, .floor = TLS_1_0, NOT_READY("version-below-floor")},
    {"host name but tls_domain asked", "---ar", NEEDS(REQUIREMENT_NAME, "mx.contoso.com"), .tls_domain = "gw.contoso.com", NOT_READY("certificate-name-mismatch")},
    {"tls_domain, name", "---ar", NEEDS(REQUIREMENT_NAME, "a.example gw.contoso.com"), .tls_domain = "gw.contoso.com", READY},
    {"wrong name and self-signed, name", "---ar", NEEDS(REQUIREMENT_NAME, "x.example"), .untrusted = true, NOT_READY("certificate-untrusted")},
    {"self-signed below the floor", "-arrr", NEEDS(REQUIREMENT_CHAIN, "x.example"), .untrusted = true, NOT_READY("version-below-floor")},
    {"certificate before suite", "---ar", NEEDS(REQUIREMENT_CHAIN, "x.example"), .untrusted = true, .offer_baseline = LISTED, .offer = VERSION_REFUSED, NOT_READY("certificate-untrusted")},
    {"certificate not seen, chain", "---ar", .requirement = REQUIREMENT_CHAIN, UNKNOWN},
    {"certificate not seen, offer refused", "---ar", .requirement = REQUIREMENT_CHAIN, .offer_baseline = LISTED, .offer = VERSION_REFUSED, RISK("no-shared-suite")},
    {"certificate not seen, encryption", "---ar", .requirement = REQUIREMENT_ENCRYPTION, READY},
};
/* clang-format on */

static struct facts *facts_of(const struct row *row)
{
    struct facts *facts = fixture_facts(row->versions);

    if (row->state)
        facts->starttls = row->state;
    if (row->unknown_starttls)
        facts->starttls = STARTTLS_UNKNOWN;
    if (row->stage)
        facts->stage = row->stage;
    facts->error = row->error;
    if (row->hello)
        fixture_handshake(facts, (enum tls_version)(row->hello - 1), row->suite, !row->failed);
    facts->handshake_cause = row->cause;
    facts->unconfirmed = row->once;
    facts->tally = row->tally;
    facts->offer_baseline = mem_string(row->offer_baseline);
    facts->offer = row->offer;
    if (row->names)
        facts->certificate = fixture_certificate(row->names, !row->untrusted, row->days ? row->days : 100);
    return facts;
}

static void judge_row(const struct row *row)
{
    struct demand demand = {row->requirement, row->tls_domain, "mx.contoso.com",
                            "contoso.com",    row->rule,       row->floor};
    struct facts *facts = facts_of(row);
    char *error = NULL;
    struct baseline *baseline = baseline_load(row->baseline ? row->baseline : LISTED, &error);
    struct judgement got = judge_endpoint(facts, &demand, baseline, FIXTURE_NOW);
    const char *reason = judgement_reason(&got);

    assert_null(error);
    if (got.verdict != row->verdict || strcmp(reason ? reason : "", row->reason ? row->reason : "") != 0)
        fail_msg("%s: got %s/%s, expected %s/%s", row->what, verdict_name(got.verdict), reason,
                 verdict_name(row->verdict), row->reason);
    facts_free(facts);
    baseline_free(baseline);
}

static void every_clause(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof *rows; i++)
        judge_row(&rows[i]);
}

/* No set of version states may say not-ready while a version at or above the floor is unknown or untested. */
static void unknown_is_never_a_no(void **state)
{
    static const char letters[] = "aru-";
    char *error = NULL;
    struct baseline *baseline = baseline_load("tls1.2", &error);
    struct demand demand = {.requirement = REQUIREMENT_ENCRYPTION};
    unsigned n;

    (void)state;
    for (n = 0; n < 1024; n++) {
        char v[] = {letters[n & 3],      letters[n >> 2 & 3], letters[n >> 4 & 3],
                    letters[n >> 6 & 3], letters[n >> 8],     0};
        struct facts *facts = fixture_facts(v);
        enum verdict verdict = judge_endpoint(facts, &demand, baseline, FIXTURE_NOW).verdict;
        bool accepted = v[3] == 'a' || v[4] == 'a', refused = v[3] == 'r' && v[4] == 'r';

        assert_int_equal(verdict, accepted ? VERDICT_READY : refused ? VERDICT_NOT_READY : VERDICT_UNKNOWN);
        facts_free(facts);
    }
    baseline_free(baseline);
}

/* The handshake's ServerHello is enough, whether or not the version's own entry says so. */
static void a_server_hello_is_an_acceptance(void **state)
{
    char *error = NULL;
    struct baseline *baseline = baseline_load(LISTED, &error);
    struct demand demand = {.requirement = REQUIREMENT_ENCRYPTION};
    struct facts *facts = fixture_facts("---uu");

    (void)state;
    fixture_handshake(facts, TLS_1_2, GCM, true);
    facts->versions[TLS_1_2].state = VERSION_UNKNOWN;
    assert_int_equal(judge_endpoint(facts, &demand, baseline, FIXTURE_NOW).verdict, VERDICT_READY);
    facts_free(facts);
    baseline_free(baseline);
}

static void no_facts_are_pending(void **state)
{
    char *error = NULL;
    struct baseline *baseline = baseline_load("tls1.2", &error);
    struct demand demand = {0};
    struct judgement got = judge_endpoint(NULL, &demand, baseline, FIXTURE_NOW);

    (void)state;
    assert_int_equal(got.verdict, VERDICT_PENDING);
    assert_string_equal(judgement_reason(&got), "pending");
    baseline_free(baseline);
}

static void certificates_are_judged_by_the_time_given(void **state)
{
    char *error = NULL;
    struct baseline *baseline = baseline_load("tls1.2", &error);
    struct demand demand = {.requirement = REQUIREMENT_CHAIN};
    struct facts *facts = fixture_facts("rrrar");

    (void)state;
    facts->certificate = fixture_certificate("a.example", true, 10);
    assert_int_equal(judge_endpoint(facts, &demand, baseline, FIXTURE_NOW).verdict, VERDICT_READY);
    assert_int_equal(judge_endpoint(facts, &demand, baseline, FIXTURE_NOW + 11 * FIXTURE_DAY).reason,
                     REASON_CERTIFICATE_EXPIRED);
    assert_int_equal(judge_endpoint(facts, &demand, baseline, FIXTURE_NOW - 200 * FIXTURE_DAY).reason,
                     REASON_CERTIFICATE_EXPIRED);
    facts_free(facts);
    baseline_free(baseline);
}

/* Letters: r ready, k at-risk, c plaintext, n not-ready, x unreachable, ? unknown, . pending. */
static struct judgement member(char letter)
{
    switch (letter) {
    case 'r':
        return (struct judgement){VERDICT_READY, REASON_ALL_READY, PROBE_OK};
    case 'k':
        return (struct judgement){VERDICT_AT_RISK, REASON_NO_SHARED_SUITE, PROBE_OK};
    case 'c':
        return (struct judgement){VERDICT_PLAINTEXT, REASON_NO_STARTTLS, PROBE_OK};
    case 'n':
        return (struct judgement){VERDICT_NOT_READY, REASON_VERSION_BELOW_FLOOR, PROBE_OK};
    case 'x':
        return (struct judgement){VERDICT_UNREACHABLE, REASON_PROBE_ERROR, PROBE_CONNECT_TIMEOUT};
    case '?':
        return (struct judgement){VERDICT_UNKNOWN, REASON_TLS_INCONCLUSIVE, PROBE_OK};
    default:
        return (struct judgement){VERDICT_PENDING, REASON_PENDING, PROBE_OK};
    }
}

static void groups(void **state)
{
    static const struct {
        const char *members;
        enum verdict verdict;
        const char *reason;
    } table[] = {
        {"", VERDICT_PENDING, "pending"},
        {"r", VERDICT_READY, NULL},
        {"rrr", VERDICT_READY, NULL},
        {"rx", VERDICT_READY, NULL},
        {"r?", VERDICT_READY, NULL},
        {"r.", VERDICT_READY, NULL},
        {"rn", VERDICT_AT_RISK, "some-endpoints-below-floor"},
        {"nnnr", VERDICT_AT_RISK, "some-endpoints-below-floor"},
        {"rc", VERDICT_AT_RISK, "some-endpoints-below-floor"},
        {"rk", VERDICT_AT_RISK, "some-endpoints-below-floor"},
        {"rnx?.", VERDICT_AT_RISK, "some-endpoints-below-floor"},
        {"c", VERDICT_PLAINTEXT, "no-starttls"},
        {"cc", VERDICT_PLAINTEXT, "no-starttls"},
        {"ccx", VERDICT_PLAINTEXT, "no-starttls"},
        {"n", VERDICT_NOT_READY, "version-below-floor"},
        {"nc", VERDICT_NOT_READY, "version-below-floor"},
        {"cn", VERDICT_NOT_READY, "version-below-floor"},
        {"nk", VERDICT_NOT_READY, "version-below-floor"},
        {"ck", VERDICT_NOT_READY, "no-starttls"},
        {"kc", VERDICT_NOT_READY, "no-starttls"},
        {"k", VERDICT_AT_RISK, "no-shared-suite"},
        {"kk?", VERDICT_AT_RISK, "no-shared-suite"},
        {"n.", VERDICT_NOT_READY, "version-below-floor"},
        {"x", VERDICT_UNREACHABLE, "connect-timeout"},
        {"xx", VERDICT_UNREACHABLE, "connect-timeout"},
        {"x?", VERDICT_UNKNOWN, "tls-inconclusive"},
        {"?", VERDICT_UNKNOWN, "tls-inconclusive"},
        {"x.", VERDICT_PENDING, "pending"},
        {"?.", VERDICT_PENDING, "pending"},
        {".", VERDICT_PENDING, "pending"},
    };
    size_t i, n;

    (void)state;
    for (i = 0; i < sizeof table / sizeof *table; i++) {
        struct judgement members[8], got;
        const char *reason;

        for (n = 0; table[i].members[n]; n++)
            members[n] = member(table[i].members[n]);
        got = judge_group(members, n);
        reason = judgement_reason(&got);
        if (got.verdict != table[i].verdict ||
            strcmp(reason ? reason : "", table[i].reason ? table[i].reason : "") != 0)
            fail_msg("'%s': got %s/%s, expected %s/%s", table[i].members, verdict_name(got.verdict), reason,
                     verdict_name(table[i].verdict), table[i].reason);
    }
}

static void dns_alone(void **state)
{
    static const struct {
        enum route route;
        enum dns_status status;
        bool any_address, all_resolved;
        enum verdict verdict;
        const char *reason;
    } table[] = {
        {ROUTE_UNRESOLVED, DNS_NOT_QUERIED, false, false, VERDICT_PENDING, "pending"},
        {ROUTE_UNRESOLVED, DNS_SERVFAIL, false, true, VERDICT_UNREACHABLE, "dns-servfail"},
        {ROUTE_UNRESOLVED, DNS_NXDOMAIN, false, true, VERDICT_NO_MAIL, "nxdomain"},
        {ROUTE_NULL_MX, DNS_OK, false, true, VERDICT_NO_MAIL, "null-mx"},
        {ROUTE_NONE, DNS_NXDOMAIN, false, false, VERDICT_NO_MAIL, "nxdomain"},
        {ROUTE_NONE, DNS_NO_DATA, false, true, VERDICT_NO_MAIL, "no-address"},
        {ROUTE_NONE, DNS_OK, false, true, VERDICT_NO_MAIL, "no-address"},
        {ROUTE_NONE, DNS_SERVFAIL, false, true, VERDICT_UNREACHABLE, "dns-servfail"},
        {ROUTE_NONE, DNS_TIMEOUT, false, false, VERDICT_UNREACHABLE, "dns-timeout"},
        {ROUTE_NONE, DNS_REFUSED, false, true, VERDICT_UNREACHABLE, "dns-refused"},
        {ROUTE_NONE, DNS_MALFORMED, false, true, VERDICT_UNREACHABLE, "dns-malformed"},
        {ROUTE_MX, DNS_OK, false, false, VERDICT_PENDING, "pending"},
        {ROUTE_MX, DNS_NO_DATA, false, true, VERDICT_UNREACHABLE, "mx-no-address"},
        {ROUTE_MX, DNS_NXDOMAIN, false, true, VERDICT_UNREACHABLE, "mx-no-address"},
        {ROUTE_MX, DNS_SERVFAIL, false, true, VERDICT_UNREACHABLE, "dns-servfail"},
        {ROUTE_MX, DNS_SERVFAIL, false, false, VERDICT_PENDING, "pending"},
        {ROUTE_MX, DNS_OK, true, true, VERDICT_PENDING, "pending"},
        {ROUTE_IMPLICIT, DNS_NO_DATA, false, true, VERDICT_NO_MAIL, "no-address"},
        {ROUTE_IMPLICIT, DNS_TIMEOUT, false, true, VERDICT_UNREACHABLE, "dns-timeout"},
        {ROUTE_SMART_HOST, DNS_NXDOMAIN, false, true, VERDICT_UNREACHABLE, "nxdomain"},
        {ROUTE_SMART_HOST, DNS_NO_DATA, false, true, VERDICT_UNREACHABLE, "no-address"},
        {ROUTE_DIRECT, DNS_NXDOMAIN, false, true, VERDICT_NO_MAIL, "nxdomain"},
        {ROUTE_DIRECT, DNS_NOT_QUERIED, false, true, VERDICT_UNREACHABLE, "left-out"},
        {ROUTE_IMPLICIT, DNS_OK, false, true, VERDICT_UNREACHABLE, "left-out"},
        {ROUTE_MX, DNS_OK, false, true, VERDICT_UNREACHABLE, "left-out"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof table / sizeof *table; i++) {
        struct judgement got =
            judge_dns(table[i].route, table[i].status, table[i].any_address, table[i].all_resolved);

        assert_int_equal(got.verdict, table[i].verdict);
        assert_string_equal(judgement_reason(&got), table[i].reason);
    }
}

static void consequences(void **state)
{
    static const struct {
        enum verdict verdict;
        enum consequence not_required, required;
    } table[] = {
        {VERDICT_READY, CONSEQUENCE_ENCRYPTED, CONSEQUENCE_ENCRYPTED},
        {VERDICT_AT_RISK, CONSEQUENCE_SOMETIMES_PLAINTEXT, CONSEQUENCE_INTERMITTENT},
        {VERDICT_NOT_READY, CONSEQUENCE_SOMETIMES_PLAINTEXT, CONSEQUENCE_STOPS},
        {VERDICT_PLAINTEXT, CONSEQUENCE_PLAINTEXT, CONSEQUENCE_STOPS},
        {VERDICT_NO_MAIL, CONSEQUENCE_NONE, CONSEQUENCE_NONE},
        {VERDICT_UNREACHABLE, CONSEQUENCE_UNKNOWN, CONSEQUENCE_UNKNOWN},
        {VERDICT_UNKNOWN, CONSEQUENCE_UNKNOWN, CONSEQUENCE_UNKNOWN},
        {VERDICT_PENDING, CONSEQUENCE_UNKNOWN, CONSEQUENCE_UNKNOWN},
    };
    size_t i;

    (void)state;
    assert_int_equal(sizeof table / sizeof *table, verdict_count);
    for (i = 0; i < sizeof table / sizeof *table; i++) {
        assert_int_equal(consequence_of(REQUIREMENT_NONE, table[i].verdict), table[i].not_required);
        assert_int_equal(consequence_of(REQUIREMENT_ENCRYPTION, table[i].verdict), table[i].required);
        assert_int_equal(consequence_of(REQUIREMENT_CHAIN, table[i].verdict), table[i].required);
        assert_int_equal(consequence_of(REQUIREMENT_NAME, table[i].verdict), table[i].required);
    }
}

static void names(void **state)
{
    static const struct {
        const char *wanted, *certificate;
        bool matches;
    } table[] = {
        {"mail.contoso.com", "mail.contoso.com", true},
        {"mail.contoso.com", "MAIL.Contoso.COM", true},
        {"mail.contoso.com", "*.contoso.com", true},
        {"a.b.contoso.com", "*.contoso.com", false},
        {"contoso.com", "*.contoso.com", false},
        {"*.contoso.com", "contoso.com", true},
        {"*.contoso.com", "mail.contoso.com", true},
        {"*.contoso.com", "Mail.Contoso.com", true},
        {"*.contoso.com", "a.b.contoso.com", false},
        {"*.contoso.com", "*.contoso.com", true},
        {"*.contoso.com", "*.b.contoso.com", false},
        {"*.contoso.com", "evilcontoso.com", false},
        {"*.contoso.com", ".contoso.com", false},
        {"*.contoso.com", "x.example mail.contoso.com", true},
        {"*.contoso.com", "", false},
        {NULL, "mx.contoso.com", true},
        {NULL, "contoso.com", true},
        {NULL, "*.contoso.com", true},
        {NULL, "other.example", false},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof table / sizeof *table; i++) {
        struct certificate *certificate = fixture_certificate(table[i].certificate, true, 1);
        struct demand demand = {.requirement = REQUIREMENT_NAME,
                                .tls_domain = table[i].wanted,
                                .host = "mx.contoso.com",
                                .domain = "contoso.com"};

        if (demand_name_matches(&demand, certificate) != table[i].matches)
            fail_msg("row %zu: '%s' against '%s'", i, table[i].wanted, table[i].certificate);
        certificate_free(certificate);
    }
}

static void common_name_serves_without_other_names(void **state)
{
    struct demand demand = {.requirement = REQUIREMENT_NAME, .tls_domain = "*.contoso.com"};
    struct certificate *certificate = fixture_certificate("", true, 1);

    (void)state;
    certificate->common_name = mem_string("mail.contoso.com");
    assert_true(demand_name_matches(&demand, certificate));
    demand.tls_domain = "mail.contoso.com";
    assert_true(demand_name_matches(&demand, certificate));
    strings_add(&certificate->names, "x.example");
    assert_false(demand_name_matches(&demand, certificate));
    demand.name_rule = NAME_RULE_EXCHANGE; /* looks at both */
    assert_true(demand_name_matches(&demand, certificate));
    certificate_free(certificate);
}

static void reasons_have_their_json_names(void **state)
{
    struct judgement ready = {VERDICT_READY, REASON_ALL_READY, PROBE_OK};
    struct judgement none = {VERDICT_UNKNOWN, REASON_NONE, PROBE_OK};
    struct judgement error = {VERDICT_UNREACHABLE, REASON_PROBE_ERROR, PROBE_GREYLISTED};

    (void)state;
    assert_null(judgement_reason(&ready));
    assert_null(judgement_reason(&none));
    assert_string_equal(judgement_reason(&error), "greylisted");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_clause),
        cmocka_unit_test(unknown_is_never_a_no),
        cmocka_unit_test(a_server_hello_is_an_acceptance),
        cmocka_unit_test(no_facts_are_pending),
        cmocka_unit_test(certificates_are_judged_by_the_time_given),
        cmocka_unit_test(groups),
        cmocka_unit_test(dns_alone),
        cmocka_unit_test(consequences),
        cmocka_unit_test(names),
        cmocka_unit_test(common_name_serves_without_other_names),
        cmocka_unit_test(reasons_have_their_json_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
