#include "engine/base/mem.h"
#include "engine/probe/plan.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SSL3  (1U << TLS_SSL_3_0)
#define T10   (1U << TLS_1_0)
#define T11   (1U << TLS_1_1)
#define T12   (1U << TLS_1_2)
#define T13   (1U << TLS_1_3)
#define CLOSE 256 /* instead of an alert */
#define HANG  257
#define RESET 258

#define SUITE_13    0x1301
#define SUITE_GOOD  0xC030 /* in the baseline, BoringSSL has it */
#define SUITE_OTHER 0xC014 /* BoringSSL has it */
#define SUITE_DHE   0x009F /* nobody else has it */

/* A server as the ladder sees one. */
struct server {
    unsigned speaks; /* versions */
    int no;          /* alert for a hello that it can't serve, or CLOSE, HANG, RESET */
    uint16_t suite;  /* what it chooses up to TLS 1.2 */
    bool also_good;  /* and it would choose SUITE_GOOD where `suite` is not offered */
    int bears;       /* highest version in a hello that it can bear; 0 = any */
    int intolerance; /* what it does beyond that */
    bool plain_only; /* stumbles over every NORMAL hello, the handshake too */
    int bare_only;   /* … over every hello with a server name: this alert, or CLOSE */
    bool sentinel;   /* marks ServerHellos that choose less than it speaks */
    unsigned hides;  /* versions that it takes only when they are asked for alone */
    bool no_starttls;
    int hides_starttls; /* on each second connection: the odd ones (1) or the even ones (2); 0 = never */
    const struct server *twin; /* another machine behind the address: takes the connections … */
    unsigned turns;            /* … of these places in each four, a bit each */
    const char *key;           /* of its certificate; NULL: none is seen */
    int drops_after;           /* connections after which it says 421; 0 = never */
};

static const uint16_t good_suites[] = {0x1301, 0x1302, 0xC02F, 0xC030};

static struct baseline exchange(void)
{
    return (struct baseline){.name = (char *)(uintptr_t) "exchange-online",
                             .minimum = TLS_1_2,
                             .suites = (uint16_t *)(uintptr_t)good_suites,
                             .suite_count = 4};
}

static struct answer no_of(int how)
{
    switch (how) {
    case CLOSE:
        return (struct answer){.kind = ANSWER_SILENCE, .error = PROBE_TLS_CLOSED, .alert = -1};
    case RESET:
        return (struct answer){.kind = ANSWER_SILENCE, .error = PROBE_RESET, .alert = -1};
    case HANG:
        return (struct answer){.kind = ANSWER_SILENCE, .error = PROBE_IO_TIMEOUT, .alert = -1};
    default:
        return (struct answer){.kind = ANSWER_ALERT, .alert = how, .error = PROBE_TLS_ALERT};
    }
}

static bool offers(const struct step *step, uint16_t suite)
{
    if (step->kind == STEP_HANDSHAKE)
        return suite != SUITE_DHE;
    for (size_t i = 0; step->suites && i < step->suite_count; i++)
        if (step->suites[i] == suite)
            return true;
    return !step->suites;
}

/* The suite that the server would choose at a version, 0 for none. */
static uint16_t suite_at(const struct server *server, const struct step *step, int version)
{
    if (version == TLS_1_3)
        return offers(step, SUITE_13) ? SUITE_13 : 0;
    if (offers(step, server->suite))
        return server->suite;
    return server->also_good && version == TLS_1_2 && offers(step, SUITE_GOOD) ? SUITE_GOOD : 0;
}

static bool stumbles(const struct server *server, const struct step *step, int highest, int *how)
{
    bool handshake = step->kind == STEP_HANDSHAKE;

    *how = server->no;
    if (server->bears && highest > server->bears)
        *how = server->intolerance;
    else if (server->bare_only && !step->nameless && (handshake || step->shape != HELLO_BARE))
        *how = server->bare_only;
    else if (!server->plain_only || (!handshake && step->shape != HELLO_NORMAL))
        return false;
    return true;
}

static enum hello_sentinel sentinel_of(const struct server *server, int version)
{
    if (!server->sentinel)
        return SENTINEL_NONE;
    if (version == TLS_1_2 && server->speaks & T13)
        return SENTINEL_TLS_1_2;
    return version < TLS_1_2 && server->speaks >> TLS_1_2 ? SENTINEL_TLS_1_1_OR_BELOW : SENTINEL_NONE;
}

static struct answer without_starttls(void)
{
    return (struct answer){.kind = ANSWER_NO_TLS, .error = PROBE_STARTTLS_REJECTED};
}

static const struct server *machine(const struct server *server, unsigned connection)
{
    return server->twin && server->turns >> connection % 4 & 1 ? server->twin : server;
}

static bool hides_now(const struct server *server, unsigned connection)
{
    return server->hides_starttls && connection % 2 == (unsigned)server->hides_starttls % 2;
}

static struct answer ask(const struct server *server, const struct step *step)
{
    bool handshake = step->kind == STEP_HANDSHAKE;
    int lowest = handshake ? TLS_1_0 : (int)step->lowest, highest = handshake ? TLS_1_3 : (int)step->highest;
    int how;

    if (server->no_starttls)
        return without_starttls();
    if (stumbles(server, step, highest, &how))
        return no_of(how);
    if (highest < TLS_1_3 && lowest < highest)
        lowest = TLS_SSL_3_0;
    for (int v = highest; v >= lowest; v--) {
        uint16_t suite = suite_at(server, step, v);

        if (server->hides >> v & 1 && !(step->kind == STEP_HELLO && step->lowest == step->highest))
            continue;
        if (server->speaks >> v & 1 && suite)
            return (struct answer){.kind = ANSWER_CHOSE,
                                   .version = (enum tls_version)v,
                                   .suite = suite,
                                   .sentinel = sentinel_of(server, v),
                                   .alert = -1};
    }
    return no_of(server->no);
}

struct run {
    struct facts *facts;
    struct plan plan;
    unsigned connections;
};

static void note_handshake(struct facts *facts, const struct step *step, const struct answer *answer)
{
    if (step->kind != STEP_HANDSHAKE || answer->kind != ANSWER_CHOSE)
        return;
    facts->tls = facts->handshake_completed = true;
    facts->tls_version = answer->version;
    facts->tls_suite = answer->suite;
}

static void note_starttls(struct facts *facts, const struct answer *answer)
{
    if (answer->kind == ANSWER_NO_TLS)
        facts->tally.not_offered++;
    else if (answer->kind != ANSWER_NONE)
        facts->tally.offered++;
}

static void note_certificate(struct facts *facts, const struct server *server, const struct answer *answer)
{
    if (!server->key || answer->kind != ANSWER_CHOSE || facts->certificate)
        return;
    facts->certificate = mem_alloc(sizeof *facts->certificate);
    facts->certificate->key = mem_string(server->key);
}

static struct run climb_with(const struct server *server, const struct baseline *baseline, bool full)
{
    struct run run = {.facts = facts_new()};
    struct step step;

    plan_init(&run.plan, true);
    for (;;) {
        const struct server *at = machine(server, run.connections);
        struct answer answer;

        plan_next(&run.plan, run.facts, baseline, full, &step);
        if (step.kind == STEP_DONE)
            return run;
        assert_true(++run.connections < 30);
        answer = hides_now(at, run.connections) ? without_starttls() : ask(at, &step);
        if (server->drops_after && (int)run.connections > server->drops_after)
            answer = (struct answer){.kind = ANSWER_NONE, .error = PROBE_THROTTLED};
        note_handshake(run.facts, &step, &answer);
        note_starttls(run.facts, &answer);
        note_certificate(run.facts, at, &answer);
        plan_apply(&run.plan, run.facts, baseline, &step, &answer);
    }
}

static struct run climb(const struct server *server, bool full)
{
    struct baseline baseline = exchange();

    return climb_with(server, &baseline, full);
}

/* One letter a version, SSL 3.0 first: accepted, refused, unknown (?), not tested (-). */
static const char *states(const struct facts *facts)
{
    static const char letters[version_state_count] = {'-', 'a', 'r', '?'};
    static char text[TLS_VERSIONS + 1];

    for (int v = 0; v < TLS_VERSIONS; v++)
        text[v] = letters[facts->versions[v].state];
    return text;
}

static void expect(const struct server *server, const char *want, unsigned connections)
{
    struct run run = climb(server, true);

    assert_string_equal(states(run.facts), want);
    assert_int_equal(run.connections, connections);
    facts_free(run.facts);
}

/* Every combination of versions, every way to say no in words: the ladder finds exactly what is spoken. */
static void test_every_combination(void **unused)
{
    static const int alerts[] = {70, 40, 71};

    (void)unused;
    for (unsigned speaks = 0; speaks < 32; speaks++) {
        for (size_t i = 0; i < sizeof alerts / sizeof *alerts; i++) {
            struct server server = {.speaks = speaks, .no = alerts[i], .suite = SUITE_GOOD};
            struct run run = climb(&server, true);

            for (int v = 0; v < TLS_VERSIONS; v++)
                assert_int_equal(run.facts->versions[v].state,
                                 speaks >> v & 1 ? VERSION_ACCEPTED : VERSION_REFUSED);
            assert_true(run.connections <= 12);
            facts_free(run.facts);
        }
    }
}

/* The same for suites that BoringSSL does not have, where the first handshake fails whatever is spoken. */
static void test_every_combination_without_boringssl(void **unused)
{
    (void)unused;
    for (unsigned speaks = 0; speaks < 16; speaks++) {
        struct server server = {.speaks = speaks, .no = 40, .suite = SUITE_DHE};
        struct run run = climb(&server, true);

        for (int v = 0; v < TLS_VERSIONS; v++)
            assert_int_equal(run.facts->versions[v].state,
                             speaks >> v & 1 ? VERSION_ACCEPTED : VERSION_REFUSED);
        if (speaks & T12)
            assert_int_equal(run.facts->offer, VERSION_REFUSED);
        facts_free(run.facts);
    }
}

/* Silence instead of a no never makes a refusal, nor does an alert that speaks of something else: only what
 * was passed over by a ServerHello is refused. */
static void test_silence_is_never_a_no(void **unused)
{
    static const int ways[] = {CLOSE,
                               RESET,
                               HANG,
                               0 /* close_notify */,
                               90 /* user_canceled */,
                               80 /* internal_error */,
                               47 /* illegal_parameter */,
                               10,
                               50,
                               86,
                               112};

    (void)unused;
    for (unsigned speaks = 0; speaks < 32; speaks++) {
        for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
            struct server server = {.speaks = speaks, .no = ways[i], .suite = SUITE_GOOD};
            struct run run = climb(&server, true);

            for (int v = 0; v < TLS_VERSIONS; v++) {
                enum version_state state = run.facts->versions[v].state;
                bool passed_over = speaks & ((1U << v) - 1);

                assert_int_not_equal(state, VERSION_NOT_TESTED);
                if (speaks >> v & 1)
                    assert_true(state == VERSION_ACCEPTED || (state == VERSION_UNKNOWN && v < TLS_1_2));
                else
                    assert_int_equal(state, passed_over && state != VERSION_UNKNOWN ? VERSION_REFUSED
                                                                                    : VERSION_UNKNOWN);
            }
            assert_true(run.connections <= 14);
            facts_free(run.facts);
        }
    }
}

static void test_usual_servers_take_few_connections(void **unused)
{
    (void)unused;
    expect(&(struct server){.speaks = T12 | T13, .no = 70, .suite = SUITE_GOOD}, "rrraa", 3);
    expect(&(struct server){.speaks = T12 | T13, .no = 40, .suite = SUITE_GOOD}, "rrraa", 4);
    expect(&(struct server){.speaks = T12, .no = 70, .suite = SUITE_GOOD}, "rrrar", 2);
    expect(&(struct server){.speaks = T13, .no = 70, .suite = SUITE_GOOD}, "rrrra", 2);
    expect(&(struct server){.speaks = T10 | T11 | T12 | T13, .no = 70, .suite = SUITE_GOOD}, "raaaa", 5);
    expect(&(struct server){.speaks = T10, .no = 70, .suite = SUITE_OTHER}, "rarrr", 3);
    expect(&(struct server){.speaks = SSL3, .no = 70, .suite = SUITE_DHE}, "arrrr", 3);
    expect(&(struct server){.speaks = T12, .no = CLOSE, .suite = SUITE_GOOD}, "???ar", 3);
    expect(&(struct server){.no_starttls = true}, "-----", 2);
}

static unsigned ready_connections(const struct server *server)
{
    struct run run = climb(server, false);

    facts_free(run.facts);
    return run.connections;
}

static void test_readiness_is_shorter(void **unused)
{
    (void)unused;
    assert_int_equal(ready_connections(&(struct server){.speaks = T12 | T13, .no = 70, .suite = SUITE_GOOD}),
                     1);
    assert_int_equal(ready_connections(&(struct server){.speaks = T12, .no = 70, .suite = SUITE_GOOD}), 1);
    assert_int_equal(ready_connections(&(struct server){.speaks = T10 | T11, .no = 70, .suite = SUITE_OTHER}),
                     2);
    assert_int_equal(ready_connections(&(struct server){.speaks = T12, .no = 40, .suite = SUITE_OTHER}), 3);
    assert_int_equal(
        ready_connections(&(struct server){.speaks = T12, .no = 70, .suite = SUITE_OTHER, .also_good = true}),
        2);
}

static enum version_state offer_of(const struct server *server, uint16_t *suite)
{
    struct run run = climb(server, false);
    enum version_state offer = run.facts->offer;

    *suite = run.facts->offer_suite;
    if (offer != VERSION_NOT_TESTED)
        assert_string_equal(run.facts->offer_baseline, "exchange-online");
    facts_free(run.facts);
    return offer;
}

static void test_offer(void **unused)
{
    uint16_t suite;

    (void)unused;
    assert_int_equal(offer_of(&(struct server){.speaks = T12, .no = 40, .suite = SUITE_GOOD}, &suite),
                     VERSION_NOT_TESTED);
    assert_int_equal(offer_of(&(struct server){.speaks = T12, .no = 40, .suite = SUITE_OTHER}, &suite),
                     VERSION_REFUSED);
    assert_int_equal(suite, 0);
    assert_int_equal(
        offer_of(&(struct server){.speaks = T12, .no = 40, .suite = SUITE_OTHER, .also_good = true}, &suite),
        VERSION_ACCEPTED);
    assert_int_equal(suite, SUITE_GOOD);
    assert_int_equal(offer_of(&(struct server){.speaks = T12, .no = CLOSE, .suite = SUITE_DHE}, &suite),
                     VERSION_UNKNOWN);
    assert_int_equal(offer_of(&(struct server){.speaks = T10, .no = 70, .suite = SUITE_OTHER}, &suite),
                     VERSION_NOT_TESTED);
}

/* Servers that can't bear the highest versions in a hello are asked step by step. */
static void test_intolerance(void **unused)
{
    static const int ways[] = {70, 40, CLOSE};

    (void)unused;
    for (int bears = TLS_1_0; bears <= TLS_1_2; bears++) {
        for (size_t i = 0; i < 3; i++) {
            struct server server = {
                .speaks = 1U << bears, .no = 70, .suite = SUITE_GOOD, .bears = bears, .intolerance = ways[i]};
            struct run run = climb(&server, true);

            assert_int_equal(run.facts->versions[bears].state, VERSION_ACCEPTED);
            for (int v = bears + 1; v < TLS_VERSIONS; v++)
                assert_int_equal(run.facts->versions[v].state, i < 2 ? VERSION_REFUSED : VERSION_UNKNOWN);
            facts_free(run.facts);
        }
    }
    expect(
        &(struct server){.speaks = T12, .no = 70, .suite = SUITE_GOOD, .bears = TLS_1_2, .intolerance = HANG},
        "rrra?", 5);
}

static void test_second_shape_is_believed(void **unused)
{
    (void)unused;
    expect(&(struct server){.speaks = T12 | T13, .no = 40, .suite = SUITE_GOOD, .plain_only = true}, "rrraa",
           7);
    expect(&(struct server){.speaks = T12, .no = CLOSE, .suite = SUITE_GOOD, .plain_only = true}, "???ar", 4);
    expect(&(struct server){.speaks = T11 | T12, .no = 40, .suite = SUITE_GOOD, .bare_only = 112}, "rraar",
           5);
}

/* Whatever a server does with a hello that names it, it is found out that the name is the reason. */
static void test_a_name_that_spoils(void **unused)
{
    static const int ways[] = {112, 40, 80, CLOSE, RESET, HANG};

    (void)unused;
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        struct server server = {.speaks = T12, .no = 70, .suite = SUITE_GOOD, .bare_only = ways[i]};
        struct run run = climb(&server, true);

        assert_int_equal(run.facts->versions[TLS_1_2].state, VERSION_ACCEPTED);
        assert_int_not_equal(run.facts->versions[TLS_1_0].state, VERSION_ACCEPTED);
        assert_true(run.facts->name_refused);
        assert_true(run.facts->tls);
        assert_true(run.connections <= 10);
        facts_free(run.facts);
    }
}

/* The name is not blamed for what the newest extensions did. */
static void test_a_name_that_is_innocent(void **unused)
{
    struct server server = {.speaks = T12, .no = 40, .suite = SUITE_GOOD, .plain_only = true};
    struct run run = climb(&server, true);

    (void)unused;
    assert_false(run.facts->name_refused);
    facts_free(run.facts);
}

/* Two machines behind one address, in turns: no version that one of them speaks is called refused, unless the
 * first two connections both met the old one. */
static void test_two_machines(void **unused)
{
    static const struct server old = {.speaks = T10, .no = 70, .suite = SUITE_OTHER};

    (void)unused;
    for (unsigned turns = 1; turns < 15; turns++) {
        struct server server = {
            .speaks = T12 | T13, .no = 70, .suite = SUITE_GOOD, .twin = &old, .turns = turns};
        struct run run = climb(&server, true);
        bool alternates = turns == 5 || turns == 10;

        if ((turns & 3) != 3) {
            assert_int_equal(run.facts->versions[TLS_1_3].state, VERSION_ACCEPTED);
            assert_int_equal(run.facts->versions[TLS_1_2].state, VERSION_ACCEPTED);
        }
        if (facts_versions_mixed(run.facts, TLS_1_2))
            assert_int_equal(run.facts->versions[TLS_1_0].state, VERSION_ACCEPTED);
        if (alternates)
            assert_true(facts_versions_mixed(run.facts, TLS_1_2));
        assert_true(run.connections <= 20);
        facts_free(run.facts);
    }
}

/* The second look is enough for a readiness that the first look got wrong. */
static void test_a_no_is_looked_at_again(void **unused)
{
    static const struct server old = {.speaks = T10, .no = 70, .suite = SUITE_OTHER};
    struct server server = {.speaks = T12 | T13, .no = 70, .suite = SUITE_GOOD, .twin = &old, .turns = 1};
    struct run run = climb(&server, false);

    (void)unused;
    assert_int_equal(run.facts->versions[TLS_1_3].state, VERSION_ACCEPTED);
    assert_true(facts_versions_mixed(run.facts, TLS_1_2));
    assert_int_equal(facts_full_offers(run.facts), 5);
    assert_int_equal(run.facts->tally.chose[TLS_1_0], 2);
    assert_int_equal(run.facts->tally.chose[TLS_1_3], 3);
    facts_free(run.facts);
}

/* A second look that fails confirms nothing: what the first one showed stays open. */
static void test_a_look_that_fails(void **unused)
{
    struct server server = {.speaks = T10, .no = 70, .suite = SUITE_OTHER, .drops_after = 1};
    struct run run = climb(&server, true);

    (void)unused;
    assert_true(run.facts->unconfirmed);
    assert_string_equal(states(run.facts), "?a???");
    facts_free(run.facts);
    server = (struct server){.no_starttls = true, .drops_after = 1};
    run = climb(&server, true);
    assert_true(run.facts->unconfirmed);
    facts_free(run.facts);
    server.drops_after = 0;
    run = climb(&server, true);
    assert_false(run.facts->unconfirmed);
    facts_free(run.facts);
    server = (struct server){.speaks = T10, .no = 70, .suite = SUITE_OTHER};
    run = climb(&server, true);
    assert_false(run.facts->unconfirmed);
    assert_string_equal(states(run.facts), "rarrr");
    facts_free(run.facts);
}

static void test_starttls_on_each_second_connection(void **unused)
{
    (void)unused;
    for (int odd = 1; odd <= 2; odd++) {
        struct server server = {.speaks = T12 | T13, .no = 70, .suite = SUITE_GOOD, .hides_starttls = odd};
        struct run run = climb(&server, true);

        assert_string_equal(states(run.facts), "rrraa");
        assert_true(facts_starttls_mixed(run.facts));
        assert_true(run.connections <= 8);
        facts_free(run.facts);
    }
}

/* A certificate of the other kind is asked for once, at full depth only, by a hello where one shows it. */
static void test_other_certificate(void **unused)
{
    static const struct {
        unsigned speaks;
        const char *key;
        unsigned connections;
    } rows[] = {
        {T12 | T13, "RSA 2048", 4}, {T13, "ECDSA P-256", 3}, {T12, "RSA 2048", 3}, {T12, "Ed25519", 2}};

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct server server = {.speaks = rows[i].speaks, .no = 70, .suite = SUITE_GOOD, .key = rows[i].key};
        struct run run = climb(&server, true);

        assert_int_equal(run.connections, rows[i].connections);
        assert_int_equal(run.plan.other_asked, i < 3);
        facts_free(run.facts);
        assert_int_equal(ready_connections(&server), 1);
    }
}

static void test_sentinel_brings_out_the_hidden(void **unused)
{
    (void)unused;
    expect(
        &(struct server){.speaks = T12 | T13, .no = 70, .suite = SUITE_GOOD, .sentinel = true, .hides = T13},
        "rrraa", 3);
    expect(&(struct server){.speaks = T12, .no = 70, .suite = SUITE_GOOD, .sentinel = true}, "rrrar", 2);
    expect(
        &(struct server){.speaks = T10 | T12, .no = 70, .suite = SUITE_GOOD, .sentinel = true, .hides = T12},
        "rarar", 7);
    expect(&(struct server){.speaks = T12 | T13, .no = 70, .suite = SUITE_GOOD, .sentinel = true}, "rrraa",
           3);
}

/* A server that stops answering in the middle leaves the rest unknown, with the reason, and is left in peace.
 */
static void test_dropped_in_the_middle(void **unused)
{
    struct server server = {.speaks = T10 | T12 | T13, .no = 70, .suite = SUITE_GOOD, .drops_after = 2};
    struct run run = climb(&server, true);

    (void)unused;
    assert_string_equal(states(run.facts), "???aa");
    assert_int_equal(run.connections, 3);
    assert_int_equal(run.facts->versions[TLS_1_0].error, PROBE_THROTTLED);
    assert_true(plan_decided(&run.plan, run.facts, &(struct baseline){.minimum = TLS_1_2}));
    facts_free(run.facts);
    server.drops_after = 1;
    server.suite = SUITE_OTHER;
    server.speaks = T12;
    run = climb(&server, true);
    assert_string_equal(states(run.facts), "???ar");
    assert_int_equal(run.facts->offer, VERSION_UNKNOWN);
    facts_free(run.facts);
}

static void test_alert_is_kept(void **unused)
{
    struct server server = {.speaks = T12, .no = 40, .suite = SUITE_GOOD};
    struct run run = climb(&server, true);

    (void)unused;
    assert_int_equal(run.facts->versions[TLS_1_1].alert, 40);
    assert_int_equal(run.facts->versions[TLS_1_3].alert, -1);
    assert_int_equal(run.facts->versions[TLS_1_2].suite, SUITE_GOOD);
    facts_free(run.facts);
}

/* A floor of TLS 1.3 makes no offer below it, and a list-less baseline none at all. */
static void test_other_floors(void **unused)
{
    struct server server = {.speaks = T12, .no = 70, .suite = SUITE_OTHER};
    struct baseline baseline = {.name = (char *)(uintptr_t) "tls1.3", .minimum = TLS_1_3};
    struct run run = climb_with(&server, &baseline, false);

    (void)unused;
    assert_int_equal(run.connections, 2); /* a no is looked at twice */
    facts_free(run.facts);
    baseline.minimum = TLS_1_0;
    run = climb_with(&server, &baseline, true);
    assert_string_equal(states(run.facts), "rrrar");
    assert_int_equal(run.facts->offer, VERSION_NOT_TESTED);
    facts_free(run.facts);
}

/* The steps of a full plan, a letter each: handshake, hello, injection. */
static const char *steps(const struct server *server, const struct baseline *baseline, bool full,
                         enum injection_state said, struct facts *facts)
{
    static char letters[32];
    struct plan plan;
    struct step step;
    size_t count = 0;

    plan_init(&plan, true);
    plan.injection_wanted = true;
    facts->starttls = server->no_starttls ? STARTTLS_NOT_OFFERED : STARTTLS_OFFERED;
    for (;;) {
        struct answer answer;

        plan_next(&plan, facts, baseline, full, &step);
        letters[count] = '\0';
        if (step.kind == STEP_DONE)
            return letters;
        assert_true(count < sizeof letters - 1);
        letters[count++] = "-hHi"[step.kind];
        answer = step.kind == STEP_INJECTION ? (struct answer){.kind = ANSWER_NONE, .injection = said}
                                             : ask(server, &step);
        if (step.kind == STEP_INJECTION)
            assert_true(plan_decided(&plan, facts, baseline));
        note_handshake(facts, &step, &answer);
        plan_apply(&plan, facts, baseline, &step, &answer);
    }
}

/* The check for injection comes once, last, at full depth, where a handshake behind STARTTLS worked. */
static void test_injection_comes_last(void **unused)
{
    static const struct {
        struct server server;
        bool full;
        enum injection_state said, known;
        const char *steps;
    } rows[] = {
        {{.speaks = T12 | T13, .no = 70, .suite = SUITE_GOOD}, true, INJECTION_NO, INJECTION_NO, "hHHi"},
        {{.speaks = T12, .no = 70, .suite = SUITE_GOOD}, true, INJECTION_YES, INJECTION_YES, "hHi"},
        {{.speaks = T12, .no = CLOSE, .suite = SUITE_GOOD},
         true,
         INJECTION_NOT_TESTED,
         INJECTION_NOT_TESTED,
         "hHHi"},
        {{.speaks = T12 | T13, .no = 70, .suite = SUITE_GOOD},
         false,
         INJECTION_YES,
         INJECTION_NOT_TESTED,
         "h"},
        {{.speaks = T12, .no = 70, .suite = SUITE_DHE}, true, INJECTION_YES, INJECTION_NOT_TESTED, "hHHH"},
        {{.no_starttls = true}, true, INJECTION_YES, INJECTION_NOT_TESTED, "hh"},
    };
    struct baseline baseline = exchange();

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct facts *facts = facts_new();

        assert_string_equal(steps(&rows[i].server, &baseline, rows[i].full, rows[i].said, facts),
                            rows[i].steps);
        assert_int_equal(facts->injection, rows[i].known);
        facts_free(facts);
    }
}

/* What the check brings changes no version, whatever it met. */
static void test_injection_changes_no_version(void **unused)
{
    struct server server = {.speaks = T10 | T12 | T13, .no = 70, .suite = SUITE_GOOD};
    struct baseline baseline = exchange();
    const struct step step = {.kind = STEP_INJECTION};
    const struct answer closed = {.kind = ANSWER_SILENCE, .error = PROBE_CLOSED, .injection = INJECTION_NO};
    struct run run = climb(&server, true);

    (void)unused;
    for (int kind = ANSWER_NONE; kind <= ANSWER_SILENCE; kind++) {
        struct answer answer = {
            .kind = (enum answer_kind)kind, .error = PROBE_THROTTLED, .injection = INJECTION_NO};

        plan_apply(&run.plan, run.facts, &baseline, &step, &answer);
        assert_string_equal(states(run.facts), "raraa");
        assert_int_equal(run.facts->injection, kind == ANSWER_SILENCE ? INJECTION_NOT_TESTED : INJECTION_NO);
    }
    plan_apply(&run.plan, run.facts, &baseline, &step, &closed);
    assert_int_equal(run.facts->injection, INJECTION_NO); /* a close counts when it is seen twice */
    facts_free(run.facts);
}

static void test_purposes(void **unused)
{
    struct baseline baseline = exchange();
    struct step step = {.kind = STEP_HELLO, .lowest = TLS_SSL_3_0, .highest = TLS_1_1};
    char *text = plan_purpose(&step, &baseline);

    (void)unused;
    assert_string_equal(text, "hello up to TLS 1.1");
    free(text);
    step.offer = true;
    text = plan_purpose(&step, &baseline);
    assert_string_equal(text, "hello with the suites of exchange-online");
    free(text);
    step = (struct step){.kind = STEP_HELLO, .highest = TLS_1_3, .look = true};
    text = plan_purpose(&step, &baseline);
    assert_string_equal(text, "another look at all versions");
    free(text);
    step = (struct step){.kind = STEP_HELLO, .highest = TLS_1_2, .auth = AUTH_ECDSA};
    text = plan_purpose(&step, &baseline);
    assert_string_equal(text, "hello for an ECDSA certificate");
    free(text);
    step = (struct step){.kind = STEP_HELLO, .highest = TLS_1_2, .shape = HELLO_BARE};
    text = plan_purpose(&step, &baseline);
    assert_string_equal(text, "hello up to TLS 1.2, without the server name");
    free(text);
    step = (struct step){.kind = STEP_INJECTION};
    text = plan_purpose(&step, &baseline);
    assert_string_equal(text, "check for injection behind STARTTLS");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_combination),
        cmocka_unit_test(test_every_combination_without_boringssl),
        cmocka_unit_test(test_silence_is_never_a_no),
        cmocka_unit_test(test_usual_servers_take_few_connections),
        cmocka_unit_test(test_readiness_is_shorter),
        cmocka_unit_test(test_offer),
        cmocka_unit_test(test_intolerance),
        cmocka_unit_test(test_second_shape_is_believed),
        cmocka_unit_test(test_a_name_that_spoils),
        cmocka_unit_test(test_a_name_that_is_innocent),
        cmocka_unit_test(test_two_machines),
        cmocka_unit_test(test_a_no_is_looked_at_again),
        cmocka_unit_test(test_a_look_that_fails),
        cmocka_unit_test(test_starttls_on_each_second_connection),
        cmocka_unit_test(test_other_certificate),
        cmocka_unit_test(test_sentinel_brings_out_the_hidden),
        cmocka_unit_test(test_dropped_in_the_middle),
        cmocka_unit_test(test_alert_is_kept),
        cmocka_unit_test(test_other_floors),
        cmocka_unit_test(test_injection_comes_last),
        cmocka_unit_test(test_injection_changes_no_version),
        cmocka_unit_test(test_purposes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
