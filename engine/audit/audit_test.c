#include "engine/audit/audit.h"

#include "engine/audit/mail_fake.h"
#include "engine/audit/test_threads.h"
#include "engine/base/mem.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define TOO_LATE_MS  60000
#define SERVERS_MOST 40
#define SURE         2 /* connections until it is believed that a server has no STARTTLS */

/* An audit over fake servers that are smart hosts by address: what DNS is asked, about the domains' MX, it
 * never answers. */
struct fixture {
    struct mail_fake *mail;
    struct audit_options options;
    struct audit *audit;
    struct facts *facts[SERVERS_MOST]; /* the latest of each server */
    unsigned facts_events[SERVERS_MOST];
    unsigned routes, besides, addresses, idles, activities,
        rests; /* rests: activities that tell of the end */
    uint32_t last_id;
};

static const char *const nowhere[] = {"127.0.0.1:9"};

static void begin(struct fixture *fixture, const enum mail_manner *manners, size_t count)
{
    static struct baseline baseline = {.minimum = TLS_1_2};

    memset(fixture, 0, sizeof *fixture);
    baseline.name = (char *)(uintptr_t) "tls1.2";
    fixture->mail = mail_fake_new(manners, count);
    audit_options_init(&fixture->options);
    fixture->options.threads = test_threads();
    fixture->options.baseline = &baseline;
    fixture->options.dns_servers = nowhere;
    fixture->options.dns_server_count = 1;
    fixture->options.dns_timeout = 0.1;
    fixture->options.world4 = "127.0.0.1";
    fixture->options.world6 = "::1";
    fixture->options.helo_name = "probe.test.example";
    fixture->options.per_host_gap = 0;
    fixture->options.per_operator = 0;
    fixture->options.retry_later = 0;
    fixture->options.jitter_seed = 1;
    fixture->options.io_timeout = 60;
    fixture->options.banner_timeout = 60;
}

static void start(struct fixture *fixture)
{
    char *error = NULL;

    fixture->audit = audit_new(&fixture->options, &error);
    if (!fixture->audit)
        fail_msg("%s", error);
}

static void finish(struct fixture *fixture)
{
    audit_free(fixture->audit);
    mail_fake_free(fixture->mail);
    for (size_t i = 0; i < SERVERS_MOST; i++)
        facts_free(fixture->facts[i]);
}

static void add_target(struct fixture *fixture, struct audit *audit, uint32_t id, size_t first, size_t count)
{
    struct target_spec spec;

    target_spec_init(&spec);
    spec.domain = mem_format("domain%u.test", id);
    spec.unicode = mem_string(spec.domain);
    spec.class = CLASS_PARTNER;
    spec.requirement = REQUIREMENT_ENCRYPTION;
    spec.protocol = PROTOCOL_SMTP;
    for (size_t i = first; i < first + count; i++)
        target_spec_add_host(&spec, mail_fake_address(fixture->mail, i), mail_fake_port(fixture->mail), true);
    audit_add(audit, id, &spec);
    target_spec_release(&spec);
}

static uint32_t add(struct fixture *fixture, size_t first, size_t count)
{
    add_target(fixture, fixture->audit, ++fixture->last_id, first, count);
    return fixture->last_id;
}

static size_t index_of(const struct fixture *fixture, const char *address)
{
    for (size_t i = 0; i < SERVERS_MOST; i++)
        if (strcmp(mail_fake_address(fixture->mail, i), address) == 0)
            return i;
    fail_msg("no server has address %s", address);
    return 0;
}

static void take_facts(struct fixture *fixture, struct event *event)
{
    size_t at = index_of(fixture, event->endpoint.address);

    facts_free(fixture->facts[at]);
    fixture->facts[at] = event->facts;
    fixture->facts_events[at]++;
    event->facts = NULL;
}

static void take(struct fixture *fixture, struct event *event)
{
    switch (event->type) {
    case EVENT_ROUTE:
        fixture->routes++;
        break;
    case EVENT_BESIDE:
        fixture->besides++;
        break;
    case EVENT_ADDRESSES:
        fixture->addresses++;
        break;
    case EVENT_ACTIVITY:
        fixture->activities++;
        fixture->rests += event->stage == STAGE_DONE;
        break;
    case EVENT_FACTS:
        take_facts(fixture, event);
        break;
    case EVENT_IDLE:
        fixture->idles++;
        break;
    case EVENT_CONTACTS:
    case EVENT_PREFLIGHT:
        break;
    case EVENT_TROUBLE:
        fail_msg("%s", event->text);
    }
}

static bool wait_event(struct audit *audit, struct event *event)
{
    struct pollfd wait = {audit_descriptor(audit), POLLIN, 0};

    if (audit_next(audit, event))
        return true;
    if (poll(&wait, 1, TOO_LATE_MS) <= 0)
        fail_msg("no event in %d ms", TOO_LATE_MS);
    return audit_next(audit, event);
}

/* Takes events until all that was asked for is answered; the audit may be idle between two commands. */
static void until_idle(struct fixture *fixture)
{
    unsigned before = fixture->idles;
    struct event event;

    while (fixture->idles == before || audit_busy(fixture->audit)) {
        if (!wait_event(fixture->audit, &event))
            continue;
        assert_true(audit_busy(fixture->audit) || event.type == EVENT_IDLE || event.type == EVENT_PREFLIGHT);
        take(fixture, &event);
        event_release(&event);
    }
}

static struct mail_counts counts_of(struct fixture *fixture, size_t index)
{
    struct mail_counts counts;

    mail_fake_counts(fixture->mail, index, &counts);
    return counts;
}

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void test_plain_server(void **unused)
{
    static const enum mail_manner manners[] = {MAIL_PLAIN};
    struct fixture fixture;
    struct audit_progress progress;

    (void)unused;
    begin(&fixture, manners, 1);
    start(&fixture);
    add(&fixture, 0, 1);
    until_idle(&fixture);
    assert_int_equal(fixture.routes, 1);
    assert_int_equal(fixture.addresses, 1);
    assert_int_equal(fixture.facts_events[0], 1);
    assert_int_equal(fixture.facts[0]->starttls, STARTTLS_NOT_OFFERED);
    assert_int_equal(fixture.facts[0]->stage, STAGE_DONE);
    assert_int_equal(fixture.facts[0]->error, PROBE_OK);
    assert_int_equal(fixture.facts[0]->tally.not_offered, SURE);
    assert_string_equal(fixture.facts[0]->banner, "fake.test ESMTP");
    assert_int_equal(counts_of(&fixture, 0).connections, SURE);
    assert_int_equal(counts_of(&fixture, 0).quits, SURE);
    audit_progress(fixture.audit, &progress);
    assert_int_equal(progress.targets, 1);
    assert_int_equal(progress.targets_resolved, 1);
    assert_int_equal(progress.endpoints, 1);
    assert_int_equal(progress.ready_done, 1);
    assert_int_equal(progress.full_done, 1);
    assert_int_equal(progress.running + progress.queued, 0);
    assert_int_equal(progress.connections, SURE);
    finish(&fixture);
}

/* Many targets lead to few servers: each is probed once. */
static void test_shared_endpoints(void **unused)
{
    static const enum mail_manner manners[] = {MAIL_PLAIN, MAIL_PLAIN, MAIL_PLAIN};
    struct fixture fixture;

    (void)unused;
    begin(&fixture, manners, 3);
    start(&fixture);
    audit_pause(fixture.audit);
    for (int i = 0; i < 500; i++)
        add(&fixture, 0, 3);
    audit_resume(fixture.audit);
    until_idle(&fixture);
    assert_int_equal(fixture.routes, 500);
    assert_int_equal(fixture.addresses, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(fixture.facts_events[i], 1);
        assert_int_equal(counts_of(&fixture, i).connections, SURE);
    }
    finish(&fixture);
}

static void test_one_at_a_time_with_a_gap(void **unused)
{
    static const enum mail_manner manners[] = {MAIL_ALERT, MAIL_ALERT};
    struct fixture fixture;
    double began, took;
    unsigned made;

    (void)unused;
    begin(&fixture, manners, 2);
    fixture.options.per_host_gap = 0.03;
    start(&fixture);
    began = now();
    add(&fixture, 0, 2);
    until_idle(&fixture);
    took = now() - began;
    for (size_t i = 0; i < 2; i++) {
        made = counts_of(&fixture, i).connections;
        assert_true(made > 5); /* the whole ladder of a server that refuses everything */
        assert_true(took >= 0.75 * 0.03 * (made - 1)); /* the shortest that chance may make them all */
        assert_int_equal(counts_of(&fixture, i).most_at_once, 1);
        assert_int_equal(fixture.facts[i]->connections, made);
        for (int v = 0; v < TLS_VERSIONS; v++)
            assert_int_equal(fixture.facts[i]->versions[v].state, VERSION_REFUSED);
        assert_int_equal(fixture.facts[i]->error, PROBE_TLS_ALERT);
        assert_string_equal(fixture.facts[i]->error_detail, "handshake_failure");
    }
    finish(&fixture);
}

static void test_concurrency_limit(void **unused)
{
    enum mail_manner manners[30];
    struct fixture fixture;
    struct audit_progress progress;

    (void)unused;
    for (size_t i = 0; i < 30; i++)
        manners[i] = MAIL_SILENT;
    begin(&fixture, manners, 30);
    fixture.options.concurrency = 4;
    fixture.options.retries = 0;
    fixture.options.banner_timeout = 0.05;
    fixture.options.io_timeout = 0.05;
    start(&fixture);
    add(&fixture, 0, 30);
    while (!fixture.idles) {
        struct event event;

        audit_progress(fixture.audit, &progress);
        assert_true(progress.running <= 4);
        if (wait_event(fixture.audit, &event)) {
            take(&fixture, &event);
            event_release(&event);
        }
    }
    for (size_t i = 0; i < 30; i++) {
        assert_int_equal(fixture.facts[i]->error, PROBE_BANNER_TIMEOUT);
        assert_int_equal(fixture.facts[i]->versions[TLS_1_2].state, VERSION_UNKNOWN);
    }
    finish(&fixture);
}

/* What may pass is tried again; what is said for good is not. */
static void test_retries(void **unused)
{
    static const enum mail_manner manners[] = {MAIL_THROTTLE, MAIL_GREYLIST, MAIL_CLOSE, MAIL_PLAIN};
    static const enum probe_error errors[] = {PROBE_THROTTLED, PROBE_OK, PROBE_CLOSED, PROBE_OK};
    static const unsigned events[] = {3, 2, 3, 1};
    static const unsigned tries[] = {3, 1 + SURE, 3, SURE};
    struct fixture fixture;

    (void)unused;
    begin(&fixture, manners, 4);
    fixture.options.retries = 2;
    start(&fixture);
    add(&fixture, 0, 4);
    until_idle(&fixture);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(counts_of(&fixture, i).connections, tries[i]);
        assert_int_equal(fixture.facts[i]->attempts, tries[i]);
        assert_int_equal(fixture.facts[i]->error, errors[i]);
        assert_int_equal(fixture.facts[i]->log_count, tries[i]);
        assert_int_equal(fixture.facts_events[i], events[i]);
    }
    assert_int_equal(fixture.facts[1]->starttls, STARTTLS_NOT_OFFERED);
    finish(&fixture);
}

/* Who drips is given three times the time-out, not more. */
static void test_drip(void **unused)
{
    static const enum mail_manner manners[] = {MAIL_DRIP};
    struct fixture fixture;

    (void)unused;
    begin(&fixture, manners, 1);
    fixture.options.retries = 0;
    fixture.options.banner_timeout = fixture.options.io_timeout = 0.05;
    start(&fixture);
    add(&fixture, 0, 1);
    until_idle(&fixture);
    assert_true(fixture.facts[0]->error == PROBE_BANNER_TIMEOUT || fixture.facts[0]->error == PROBE_NOT_SMTP);
    finish(&fixture);
}

static void test_reprobe(void **unused)
{
    static const enum mail_manner manners[] = {MAIL_PLAIN, MAIL_PLAIN};
    struct fixture fixture;
    struct host_key host = {.protocol = PROTOCOL_SMTP};
    struct endpoint_key endpoint = {.protocol = PROTOCOL_SMTP, .server_name = (char *)(uintptr_t) ""};
    uint32_t id;
    unsigned rests;

    (void)unused;
    begin(&fixture, manners, 2);
    start(&fixture);
    id = add(&fixture, 0, 2);
    until_idle(&fixture);
    rests = fixture.rests;
    audit_reprobe_target(fixture.audit, id);
    until_idle(&fixture);
    assert_int_equal(fixture.rests, rests + 2);
    assert_int_equal(counts_of(&fixture, 0).connections, 2 * SURE);
    assert_int_equal(counts_of(&fixture, 1).connections, 2 * SURE);
    assert_int_equal(fixture.routes, 2);
    host.name = (char *)(uintptr_t)mail_fake_address(fixture.mail, 0);
    host.port = mail_fake_port(fixture.mail);
    audit_reprobe_host(fixture.audit, &host);
    until_idle(&fixture);
    assert_int_equal(counts_of(&fixture, 0).connections, 3 * SURE);
    endpoint.address = (char *)(uintptr_t)mail_fake_address(fixture.mail, 1);
    endpoint.port = host.port;
    audit_reprobe_endpoint(fixture.audit, &endpoint);
    until_idle(&fixture);
    assert_int_equal(counts_of(&fixture, 0).connections, 3 * SURE);
    assert_int_equal(counts_of(&fixture, 1).connections, 3 * SURE);
    assert_int_equal(fixture.rests, rests + 4);
    assert_int_equal(fixture.facts_events[1], 3);
    assert_int_equal(fixture.facts[1]->attempts, SURE);
    finish(&fixture);
}

/* What an earlier run brought is not asked again, until somebody wants that. */
static void test_keep(void **unused)
{
    static const enum mail_manner manners[] = {MAIL_PLAIN, MAIL_PLAIN};
    struct fixture fixture;
    struct endpoint_key key = {.protocol = PROTOCOL_SMTP, .server_name = (char *)(uintptr_t) ""};
    struct audit_progress progress;

    (void)unused;
    begin(&fixture, manners, 2);
    start(&fixture);
    key.address = (char *)(uintptr_t)mail_fake_address(fixture.mail, 0);
    key.port = mail_fake_port(fixture.mail);
    audit_keep(fixture.audit, &key);
    add(&fixture, 0, 2);
    until_idle(&fixture);
    assert_int_equal(counts_of(&fixture, 0).connections, 0);
    assert_int_equal(counts_of(&fixture, 1).connections, SURE);
    audit_progress(fixture.audit, &progress);
    assert_int_equal(progress.endpoints, 2);
    assert_int_equal(progress.full_done, 2);
    audit_reprobe_endpoint(fixture.audit, &key);
    until_idle(&fixture);
    assert_int_equal(counts_of(&fixture, 0).connections, SURE);
    audit_progress(fixture.audit, &progress);
    assert_int_equal(progress.full_done, 2);
    finish(&fixture);
}

static void test_cancel(void **unused)
{
    static const enum mail_manner manners[] = {MAIL_SILENT, MAIL_PLAIN};
    struct fixture fixture;
    struct audit_progress progress;

    (void)unused;
    begin(&fixture, manners, 2);
    fixture.options.banner_timeout = 3600;
    start(&fixture);
    add(&fixture, 0, 1);
    audit_cancel(fixture.audit);
    until_idle(&fixture);
    audit_progress(fixture.audit, &progress);
    assert_true(progress.cancelled);
    assert_int_equal(progress.running + progress.queued, 0);
    audit_cancel(fixture.audit);
    until_idle(&fixture);
    add(&fixture, 1, 1);
    until_idle(&fixture);
    assert_int_equal(fixture.facts[1]->starttls, STARTTLS_NOT_OFFERED);
    audit_progress(fixture.audit, &progress);
    assert_false(progress.cancelled);
    finish(&fixture);
}

static void until_stage(struct fixture *fixture, enum stage stage)
{
    struct event event;
    bool there = false;

    while (!there)
        if (wait_event(fixture->audit, &event)) {
            there = event.type == EVENT_ACTIVITY && event.stage == stage;
            take(fixture, &event);
            event_release(&event);
        }
}

/* Whoever is called off says goodbye in its turn, and only then the audit is idle. */
static void test_cancel_says_quit(void **unused)
{
    static const enum mail_manner manners[] = {MAIL_SLOW, MAIL_SILENT};
    struct fixture fixture;
    double began;

    (void)unused;
    begin(&fixture, manners, 2);
    fixture.options.io_timeout = fixture.options.banner_timeout = 3600;
    start(&fixture);
    add(&fixture, 0, 1);
    until_stage(&fixture, STAGE_EHLO);
    audit_cancel(fixture.audit);
    until_idle(&fixture);
    assert_int_equal(counts_of(&fixture, 0).connections, 1);
    assert_int_equal(counts_of(&fixture, 0).quits, 1);
    add(&fixture, 1, 1);
    until_stage(&fixture, STAGE_BANNER);
    began = now();
    audit_cancel(fixture.audit);
    until_idle(&fixture);
    assert_true(now() - began < 10);
    assert_int_equal(counts_of(&fixture, 1).quits, 0);
    finish(&fixture);
}

/* What is wanted again while a goodbye is said begins behind it, never beside it. */
static void test_wanted_again_while_leaving(void **unused)
{
    static const enum mail_manner manners[] = {MAIL_SLOW};
    struct fixture fixture;

    (void)unused;
    begin(&fixture, manners, 1);
    fixture.options.io_timeout = fixture.options.banner_timeout = 60;
    start(&fixture);
    add(&fixture, 0, 1);
    until_stage(&fixture, STAGE_EHLO);
    audit_cancel(fixture.audit);
    add(&fixture, 0, 1);
    until_idle(&fixture);
    assert_int_equal(fixture.facts[0]->starttls, STARTTLS_NOT_OFFERED);
    assert_int_equal(counts_of(&fixture, 0).connections, 1 + SURE);
    assert_int_equal(counts_of(&fixture, 0).quits, 1 + SURE);
    assert_int_equal(counts_of(&fixture, 0).most_at_once, 1);
    audit_reprobe_target(fixture.audit, 1);
    until_stage(&fixture, STAGE_EHLO);
    audit_remove(fixture.audit, 1);
    audit_remove(fixture.audit, 2);
    until_idle(&fixture);
    assert_int_equal(counts_of(&fixture, 0).quits, 2 + SURE);
    finish(&fixture);
}

/* A target that finds everything done already, or nothing to do, still ends in an idle moment. */
static void test_idle_without_work(void **unused)
{
    static const enum mail_manner manners[] = {MAIL_PLAIN};
    struct fixture fixture;

    (void)unused;
    begin(&fixture, manners, 1);
    start(&fixture);
    add(&fixture, 0, 1);
    until_idle(&fixture);
    add(&fixture, 0, 1);
    until_idle(&fixture);
    assert_int_equal(counts_of(&fixture, 0).connections, SURE);
    audit_free(fixture.audit);
    fixture.options.no_ipv4 = true;
    start(&fixture);
    add(&fixture, 0, 1);
    until_idle(&fixture);
    assert_int_equal(counts_of(&fixture, 0).connections, SURE);
    finish(&fixture);
}

/* From the command on until the events that tell of its end were taken; one that comes to nothing is answered
 * too. */
static void test_busy(void **unused)
{
    static const enum mail_manner manners[] = {MAIL_PLAIN};
    struct fixture fixture;

    (void)unused;
    begin(&fixture, manners, 1);
    start(&fixture);
    assert_false(audit_busy(fixture.audit));
    add(&fixture, 0, 1);
    assert_true(audit_busy(fixture.audit));
    until_idle(&fixture);
    assert_false(audit_busy(fixture.audit));
    audit_reprobe_target(fixture.audit, 4711);
    assert_true(audit_busy(fixture.audit));
    until_idle(&fixture);
    assert_false(audit_busy(fixture.audit));
    audit_pause(fixture.audit);
    audit_resume(fixture.audit);
    assert_false(audit_busy(fixture.audit));
    assert_int_equal(fixture.idles, 2);
    finish(&fixture);
}

static void test_remove(void **unused)
{
    static const enum mail_manner manners[] = {MAIL_SILENT, MAIL_PLAIN};
    struct fixture fixture;
    struct audit_progress progress;
    uint32_t id;

    (void)unused;
    begin(&fixture, manners, 2);
    fixture.options.banner_timeout = 3600;
    start(&fixture);
    id = add(&fixture, 0, 2);
    add(&fixture, 1, 1);
    while (!fixture.facts[1]) {
        struct event event;

        if (wait_event(fixture.audit, &event)) {
            take(&fixture, &event);
            event_release(&event);
        }
    }
    audit_remove(fixture.audit, id);
    until_idle(&fixture);
    audit_progress(fixture.audit, &progress);
    assert_int_equal(progress.targets, 1);
    assert_int_equal(progress.targets_resolved, 1);
    assert_int_equal(progress.endpoints, 1);
    assert_int_equal(progress.full_done, 1);
    finish(&fixture);
}

static void test_pause(void **unused)
{
    static const enum mail_manner manners[] = {MAIL_PLAIN};
    struct fixture fixture;
    struct audit_progress progress;
    struct event event;

    (void)unused;
    begin(&fixture, manners, 1);
    start(&fixture);
    audit_pause(fixture.audit);
    add(&fixture, 0, 1);
    while (!fixture.addresses)
        if (wait_event(fixture.audit, &event)) {
            take(&fixture, &event);
            event_release(&event);
        }
    audit_progress(fixture.audit, &progress);
    assert_true(progress.paused);
    assert_int_equal(progress.connections, 0);
    audit_resume(fixture.audit);
    until_idle(&fixture);
    assert_int_equal(counts_of(&fixture, 0).connections, SURE);
    finish(&fixture);
}

/* Readiness of all comes before the rest of any: with one connection at a time, the verdicts come first. */
static void test_readiness_first(void **unused)
{
    static const enum mail_manner manners[] = {MAIL_ALERT, MAIL_ALERT, MAIL_ALERT};
    struct fixture fixture;

    (void)unused;
    begin(&fixture, manners, 3);
    fixture.options.concurrency = 1;
    start(&fixture);
    add(&fixture, 0, 3);
    while (!fixture.idles) {
        struct event event;

        if (!wait_event(fixture.audit, &event))
            continue;
        take(&fixture, &event);
        if (event.type == EVENT_FACTS &&
            fixture.facts_events[index_of(&fixture, event.endpoint.address)] == 2)
            for (size_t i = 0; i < 3; i++)
                assert_true(fixture.facts_events[i] >= 1);
        event_release(&event);
    }
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(fixture.facts_events[i], 2);
        assert_true(fixture.facts[i]->full);
    }
    finish(&fixture);
}

static void test_depth_readiness(void **unused)
{
    static const enum mail_manner manners[] = {MAIL_ALERT};
    struct fixture fixture;

    (void)unused;
    begin(&fixture, manners, 1);
    fixture.options.depth = DEPTH_READINESS;
    start(&fixture);
    add(&fixture, 0, 1);
    until_idle(&fixture);
    assert_int_equal(fixture.facts_events[0], 1);
    assert_false(fixture.facts[0]->full);
    assert_int_equal(fixture.facts[0]->versions[TLS_1_2].state, VERSION_REFUSED);
    assert_int_equal(fixture.facts[0]->versions[TLS_1_0].state, VERSION_NOT_TESTED);
    finish(&fixture);
}

/* The end may come at any moment; sanitizers see what it leaves. */
static void test_shutdown_at_any_moment(void **unused)
{
    enum mail_manner manners[16];
    unsigned seed = (unsigned)time(NULL);

    (void)unused;
    print_message("seed %u\n", seed);
    for (size_t i = 0; i < 16; i++)
        manners[i] = (enum mail_manner)(i % (MAIL_DRIP + 1));
    for (unsigned round = 0; round < 60; round++) {
        struct fixture fixture;
        unsigned events = (unsigned)rand_r(&seed) % 60;
        struct event event;

        begin(&fixture, manners, 16);
        fixture.options.io_timeout = fixture.options.banner_timeout = 0.02;
        start(&fixture);
        for (size_t i = 0; i < 8; i++)
            add(&fixture, i, 8);
        while (events && !fixture.idles && wait_event(fixture.audit, &event)) {
            events--;
            take(&fixture, &event);
            event_release(&event);
        }
        if (round % 3 == 0)
            audit_cancel(fixture.audit);
        if (round % 3 == 1)
            audit_reprobe_target(fixture.audit, 1);
        finish(&fixture);
    }
}

static void command_at_random(struct fixture *fixture, unsigned *seed)
{
    uint32_t id = 1 + (uint32_t)rand_r(seed) % 12;
    struct host_key host = {.name = (char *)(uintptr_t)mail_fake_address(fixture->mail, id),
                            .port = mail_fake_port(fixture->mail),
                            .protocol = PROTOCOL_SMTP};
    struct endpoint_key endpoint = {.address = host.name,
                                    .port = host.port,
                                    .protocol = PROTOCOL_SMTP,
                                    .server_name = (char *)(uintptr_t) ""};

    switch (rand_r(seed) % 9) {
    case 0:
        audit_cancel(fixture->audit);
        break;
    case 1:
        audit_pause(fixture->audit);
        break;
    case 2:
        audit_resume(fixture->audit);
        break;
    case 3:
        audit_remove(fixture->audit, id);
        break;
    case 4:
        audit_reprobe_target(fixture->audit, id);
        break;
    case 5:
        audit_reprobe_host(fixture->audit, &host);
        break;
    case 6:
        audit_reprobe_endpoint(fixture->audit, &endpoint);
        break;
    default:
        add_target(fixture, fixture->audit, id, id, 1 + id % 4);
    }
}

/* Takes what is there, or waits for a little. */
static void look(struct fixture *fixture, int milliseconds)
{
    struct pollfd wait = {audit_descriptor(fixture->audit), POLLIN, 0};
    struct event event;

    poll(&wait, 1, milliseconds);
    while (audit_next(fixture->audit, &event)) {
        take(fixture, &event);
        event_release(&event);
    }
}

static bool settled(const struct fixture *fixture)
{
    struct audit_progress progress;

    audit_progress(fixture->audit, &progress);
    return !progress.running && !progress.queued && progress.targets_resolved == progress.targets &&
           progress.ready_done == progress.endpoints && progress.full_done == progress.endpoints;
}

/* Asks for everything anew: all of it must be done in the end, whatever was cancelled before. */
static void settle_all(struct fixture *fixture)
{
    double began = now();

    audit_resume(fixture->audit);
    for (uint32_t id = 1; id <= 12; id++)
        audit_reprobe_target(fixture->audit, id);
    do {
        look(fixture, 10);
        assert_true(now() - began < TOO_LATE_MS / 1000.0);
    } while (!settled(fixture));
}

/* Whatever is asked of it in whatever order: no address sees two connections at once, the counts add up, and
 * it comes to rest. Most times it is freed in the middle instead. */
static void test_commands_in_any_order(void **unused)
{
    enum mail_manner manners[17];
    unsigned seed = (unsigned)time(NULL);

    (void)unused;
    print_message("seed %u\n", seed);
    for (size_t i = 0; i < 17; i++)
        manners[i] = (enum mail_manner)(i % (MAIL_SLOW + 1));
    for (unsigned round = 0; round < 60; round++) {
        struct fixture fixture;

        begin(&fixture, manners, 17);
        fixture.options.io_timeout = fixture.options.banner_timeout = 0.05;
        fixture.options.per_operator = round % 4;
        fixture.options.per_operator_gap = round % 3 * 0.002;
        fixture.options.retry_later = round % 5 * 0.01;
        start(&fixture);
        for (unsigned i = 0; i < 40; i++) {
            command_at_random(&fixture, &seed);
            look(&fixture, rand_r(&seed) % 8);
        }
        if (round % 12 == 0)
            settle_all(&fixture);
        for (size_t i = 0; i < 17; i++)
            assert_true(counts_of(&fixture, i).most_at_once <= 1);
        if (round % 4)
            assert_true(mail_fake_most_at_once(fixture.mail) <= round % 4);
        finish(&fixture);
    }
}

static void test_two_audits(void **unused)
{
    static const enum mail_manner manners[] = {MAIL_PLAIN, MAIL_ALERT};
    struct fixture one, two;

    (void)unused;
    begin(&one, manners, 2);
    begin(&two, manners, 2);
    start(&one);
    start(&two);
    add(&one, 0, 2);
    add(&two, 0, 2);
    until_idle(&two);
    until_idle(&one);
    assert_int_equal(one.facts[0]->starttls, STARTTLS_NOT_OFFERED);
    assert_int_equal(two.facts[1]->versions[TLS_1_2].state, VERSION_REFUSED);
    finish(&one);
    finish(&two);
}

static void expect_error(struct audit_options *options, const char *part)
{
    char *error = NULL;

    assert_null(audit_new(options, &error));
    assert_non_null(error);
    assert_non_null(strstr(error, part));
    free(error);
}

static void test_bad_options(void **unused)
{
    static const char *const bad[] = {"no address"};
    struct fixture fixture;
    static const enum mail_manner manners[] = {MAIL_PLAIN};

    (void)unused;
    begin(&fixture, manners, 1);
    fixture.options.dns_servers = bad;
    expect_error(&fixture.options, "no address");
    fixture.options.dns_servers = nowhere;
    fixture.options.source_address = "mail.example";
    expect_error(&fixture.options, "source address");
    fixture.options.source_address = "192.0.2.77";
    expect_error(&fixture.options, "can't send from it");
    fixture.options.source_address = "127.0.0.1";
    fixture.options.no_ipv4 = true;
    expect_error(&fixture.options, "left out");
    fixture.options.no_ipv4 = false;
    fixture.options.source_address = NULL;
    fixture.options.helo_name = "nodot";
    expect_error(&fixture.options, "EHLO name");
    fixture.options.helo_name = NULL;
    fixture.options.trust_store = "/nonexistent/bundle.pem";
    expect_error(&fixture.options, "/nonexistent/bundle.pem");
    mail_fake_free(fixture.mail);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain_server),
        cmocka_unit_test(test_shared_endpoints),
        cmocka_unit_test(test_one_at_a_time_with_a_gap),
        cmocka_unit_test(test_concurrency_limit),
        cmocka_unit_test(test_retries),
        cmocka_unit_test(test_drip),
        cmocka_unit_test(test_reprobe),
        cmocka_unit_test(test_keep),
        cmocka_unit_test(test_cancel),
        cmocka_unit_test(test_cancel_says_quit),
        cmocka_unit_test(test_wanted_again_while_leaving),
        cmocka_unit_test(test_idle_without_work),
        cmocka_unit_test(test_busy),
        cmocka_unit_test(test_remove),
        cmocka_unit_test(test_pause),
        cmocka_unit_test(test_readiness_first),
        cmocka_unit_test(test_depth_readiness),
        cmocka_unit_test(test_shutdown_at_any_moment),
        cmocka_unit_test(test_commands_in_any_order),
        cmocka_unit_test(test_two_audits),
        cmocka_unit_test(test_bad_options),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
