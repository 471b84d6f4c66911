/* The audit as a guest: how many connections at once, how far apart, and what follows when a server has had
 * enough. Servers are reached by address, or by names under op.test that a small DNS server knows. */
#include "engine/audit/audit.h"

#include "engine/audit/mail_fake.h"
#include "engine/audit/test_threads.h"
#include "engine/base/buf.h"
#include "engine/base/mem.h"
#include "engine/net/dns_fake.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define SURE         2 /* connections until it is believed that a server has no STARTTLS */
#define TOO_LATE_MS  60000
#define SERVERS_MOST 40
#define TYPE_A       1

/* Knows m0.op.test, m1.op.test … by the addresses of a mail_fake. */
struct names {
    pthread_t thread;
    int fd;
    char server[32];
    const struct mail_fake *mail;
};

struct fixture {
    struct mail_fake *mail;
    struct names names;
    struct audit_options options;
    struct audit *audit;
    struct facts *facts[SERVERS_MOST]; /* the latest of each server */
    unsigned facts_events, idles;
};

static void answer(const struct names *names, struct buf *out, const uint8_t *query)
{
    unsigned id = query[0] * 256U + query[1], index = (unsigned)atoi((const char *)query + 14);
    unsigned digits = query[12] - 1U, type = query[12 + 1 + 1 + digits + 8 + 1 + 1];
    char *name = mem_format("m%u.op.test", index);

    fake_begin(out, id, FAKE_QR | FAKE_RD | FAKE_RA, name, type);
    if (type == TYPE_A)
        fake_a(out, name, mail_fake_address(names->mail, index));
    free(name);
}

/* What is no "m0.op.test" does not exist: the query comes back with that word. */
static bool is_ours(const uint8_t *query)
{
    return query[12] && query[13] == 'm';
}

static void deny(uint8_t *query)
{
    query[2] |= 0x80; /* QR */
    query[3] = 0x83;  /* RA, NXDOMAIN */
}

/* Ends with an empty datagram. */
static void *serve_names(void *context)
{
    const struct names *names = context;
    struct sockaddr_storage from;
    uint8_t query[512];

    for (;;) {
        socklen_t length = sizeof from;
        struct buf out;
        ssize_t got;

        memset(query, 0, sizeof query);
        got = recvfrom(names->fd, query, sizeof query - 1, 0, (struct sockaddr *)&from, &length);
        if (got <= 0)
            return NULL;
        buf_init(&out, 0);
        if (is_ours(query)) {
            answer(names, &out, query);
        } else {
            deny(query);
            buf_add(&out, query, (size_t)got);
        }
        sendto(names->fd, out.bytes, out.length, 0, (struct sockaddr *)&from, length);
        buf_release(&out);
    }
}

static void names_start(struct names *names, const struct mail_fake *mail)
{
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof here;

    names->mail = mail;
    names->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(names->fd, (struct sockaddr *)&here, sizeof here), 0);
    getsockname(names->fd, (struct sockaddr *)&here, &length);
    snprintf(names->server, sizeof names->server, "127.0.0.1:%u", ntohs(here.sin_port));
    assert_int_equal(pthread_create(&names->thread, NULL, serve_names, names), 0);
}

static void names_stop(struct names *names)
{
    struct sockaddr_in here;
    socklen_t length = sizeof here;

    getsockname(names->fd, (struct sockaddr *)&here, &length);
    sendto(names->fd, "", 0, 0, (struct sockaddr *)&here, length);
    pthread_join(names->thread, NULL);
    close(names->fd);
}

static void begin(struct fixture *fixture, struct mail_fake *mail)
{
    static struct baseline baseline = {.minimum = TLS_1_2};

    memset(fixture, 0, sizeof *fixture);
    baseline.name = (char *)(uintptr_t) "tls1.2";
    fixture->mail = mail;
    names_start(&fixture->names, mail);
    audit_options_init(&fixture->options);
    fixture->options.threads = test_threads();
    fixture->options.baseline = &baseline;
    fixture->options.helo_name = "probe.test.example";
    fixture->options.per_host_gap = 0;
    fixture->options.per_operator_gap = 0;
    fixture->options.retry_later = 0;
    fixture->options.retries = 0;
    fixture->options.io_timeout = fixture->options.banner_timeout = 30;
}

static void start(struct fixture *fixture)
{
    const char *const server = fixture->names.server;
    char *error = NULL;

    fixture->options.dns_servers = &server;
    fixture->options.dns_server_count = 1;
    fixture->audit = audit_new(&fixture->options, &error);
    if (!fixture->audit)
        fail_msg("%s", error);
}

static void finish(struct fixture *fixture)
{
    audit_free(fixture->audit);
    names_stop(&fixture->names);
    mail_fake_free(fixture->mail);
    for (size_t i = 0; i < SERVERS_MOST; i++)
        facts_free(fixture->facts[i]);
}

/* One target with `count` hosts; `named`: each by its name under op.test. */
static void add(struct fixture *fixture, size_t count, bool named)
{
    struct target_spec spec;

    target_spec_init(&spec);
    spec.domain = mem_string("target.test");
    spec.unicode = mem_string(spec.domain);
    spec.class = CLASS_PARTNER;
    spec.requirement = REQUIREMENT_ENCRYPTION;
    spec.protocol = PROTOCOL_SMTP;
    for (size_t i = 0; i < count; i++) {
        char *host = named ? mem_format("m%zu.op.test", i) : mem_string(mail_fake_address(fixture->mail, i));

        target_spec_add_host(&spec, host, mail_fake_port(fixture->mail), true);
        free(host);
    }
    audit_add(fixture->audit, 1, &spec);
    target_spec_release(&spec);
}

static size_t index_of(const struct fixture *fixture, const char *address)
{
    size_t i = 0;

    while (i < SERVERS_MOST && strcmp(mail_fake_address(fixture->mail, i), address) != 0)
        i++;
    assert_true(i < SERVERS_MOST);
    return i;
}

static void take(struct fixture *fixture, struct event *event)
{
    if (event->type == EVENT_TROUBLE)
        fail_msg("%s", event->text);
    fixture->idles += event->type == EVENT_IDLE;
    if (event->type == EVENT_FACTS) {
        size_t at = index_of(fixture, event->endpoint.address);

        facts_free(fixture->facts[at]);
        fixture->facts[at] = event->facts;
        event->facts = NULL;
        fixture->facts_events++;
    }
}

static struct audit_progress progress_of(const struct fixture *fixture)
{
    struct audit_progress progress;

    audit_progress(fixture->audit, &progress);
    return progress;
}

/* Takes events until the audit is idle, or so many wait for a later try. */
static void until(struct fixture *fixture, unsigned waiting_later)
{
    unsigned before = fixture->idles;
    struct pollfd wait = {audit_descriptor(fixture->audit), POLLIN, 0};
    struct event event;

    while (waiting_later ? progress_of(fixture).waiting_later != waiting_later
                         : fixture->idles == before || audit_busy(fixture->audit)) {
        assert_true(waiting_later == 0 || fixture->idles == before);
        if (poll(&wait, 1, TOO_LATE_MS) <= 0)
            fail_msg("no event in %d ms", TOO_LATE_MS);
        while (audit_next(fixture->audit, &event)) {
            take(fixture, &event);
            event_release(&event);
        }
    }
}

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static unsigned connections(const struct fixture *fixture, size_t index)
{
    struct mail_counts counts;

    mail_fake_counts(fixture->mail, index, &counts);
    return counts.connections;
}

static void all_of(enum mail_manner *manners, size_t count, enum mail_manner manner)
{
    for (size_t i = 0; i < count; i++)
        manners[i] = manner;
}

static void assert_all_asked(const struct fixture *fixture, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        assert_non_null(fixture->facts[i]);
        assert_int_equal(fixture->facts[i]->starttls, STARTTLS_NOT_OFFERED);
        assert_int_equal(connections(fixture, i), SURE);
    }
}

/* Twelve addresses of one network: three at a time, and three there are. */
static void one_network(void **state)
{
    enum mail_manner manners[12];
    struct fixture fixture;

    (void)state;
    all_of(manners, 12, MAIL_SLOW);
    begin(&fixture, mail_fake_new(manners, 12));
    fixture.options.per_operator = 3;
    start(&fixture);
    add(&fixture, 12, false);
    until(&fixture, 0);
    assert_int_equal(mail_fake_most_at_once(fixture.mail), 3);
    assert_all_asked(&fixture, 12);
    finish(&fixture);
}

/* Twelve networks, one domain. */
static void one_domain(void **state)
{
    enum mail_manner manners[12];
    struct fixture fixture;

    (void)state;
    all_of(manners, 12, MAIL_SLOW);
    begin(&fixture, mail_fake_new_spread(manners, 12));
    fixture.options.per_operator = 3;
    start(&fixture);
    add(&fixture, 12, true);
    until(&fixture, 0);
    assert_int_equal(mail_fake_most_at_once(fixture.mail), 3);
    assert_all_asked(&fixture, 12);
    finish(&fixture);
}

/* Twelve networks and no name: nobody has anything to do with another. */
static void strangers_do_not_wait(void **state)
{
    enum mail_manner manners[12];
    struct fixture fixture;

    (void)state;
    all_of(manners, 12, MAIL_SLOW);
    begin(&fixture, mail_fake_new_spread(manners, 12));
    fixture.options.per_operator = 1;
    fixture.options.per_operator_gap = 1;
    start(&fixture);
    add(&fixture, 12, false);
    until(&fixture, 0);
    assert_true(mail_fake_most_at_once(fixture.mail) > 6);
    assert_all_asked(&fixture, 12);
    finish(&fixture);
}

static void a_gap_between_starts(void **state)
{
    enum mail_manner manners[12];
    struct fixture fixture;
    double began = now();

    (void)state;
    all_of(manners, 12, MAIL_PLAIN);
    begin(&fixture, mail_fake_new(manners, 12));
    fixture.options.per_operator_gap = 0.05;
    start(&fixture);
    add(&fixture, 12, false);
    until(&fixture, 0);
    assert_true(now() - began >= 0.75 * 0.05 * 11);
    assert_all_asked(&fixture, 12);
    finish(&fixture);
}

/* Each 421 doubles the gap: 0.04, 0.08, 0.16, 0.32 seconds behind the first five connections. */
static void a_421_stretches_the_gap(void **state)
{
    enum mail_manner manners[5];
    struct fixture fixture;
    double began = now();

    (void)state;
    all_of(manners, 5, MAIL_THROTTLE);
    begin(&fixture, mail_fake_new(manners, 5));
    fixture.options.per_operator = 1;
    fixture.options.per_operator_gap = 0.02;
    start(&fixture);
    add(&fixture, 5, false);
    until(&fixture, 0);
    assert_true(now() - began >= 0.75 * 0.6);
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(fixture.facts[i]->error, PROBE_THROTTLED);
    finish(&fixture);
}

/* Four at once are one too many, says one of them: three go on being three. */
static void a_421_leaves_no_room(void **state)
{
    enum mail_manner manners[10];
    struct fixture fixture;

    (void)state;
    all_of(manners, 10, MAIL_SILENT);
    manners[0] = MAIL_THROTTLE;
    begin(&fixture, mail_fake_new(manners, 10));
    fixture.options.per_operator = 4;
    fixture.options.banner_timeout = fixture.options.io_timeout = 0.3;
    start(&fixture);
    add(&fixture, 10, false);
    until(&fixture, 0);
    assert_int_equal(mail_fake_most_at_once(fixture.mail), 3);
    finish(&fixture);
}

/* … and four again after a while. */
static void its_room_comes_back(void **state)
{
    enum mail_manner manners[10];
    struct fixture fixture;

    (void)state;
    all_of(manners, 10, MAIL_SILENT);
    manners[0] = MAIL_THROTTLE;
    begin(&fixture, mail_fake_new(manners, 10));
    fixture.options.per_operator = 4;
    fixture.options.quiet = 0.1;
    fixture.options.banner_timeout = fixture.options.io_timeout = 0.3;
    start(&fixture);
    add(&fixture, 10, false);
    until(&fixture, 0);
    assert_int_equal(mail_fake_most_at_once(fixture.mail), 4);
    finish(&fixture);
}

/* If each 421 counted, the eleventh would stretch the gap to 20 seconds. */
static void who_repeats_a_421_slows_nobody_else(void **state)
{
    static const enum mail_manner manners[] = {MAIL_THROTTLE, MAIL_SILENT, MAIL_SILENT};
    struct fixture fixture;
    double began;

    (void)state;
    begin(&fixture, mail_fake_new(manners, 3));
    fixture.options.per_operator = 1;
    fixture.options.per_operator_gap = 0.02;
    fixture.options.retries = 10;
    fixture.options.banner_timeout = fixture.options.io_timeout = 0.05;
    start(&fixture);
    began = now();
    add(&fixture, 3, false);
    until(&fixture, 0);
    assert_true(now() - began < 20);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(connections(&fixture, i), 11);
    finish(&fixture);
}

/* It may be the only one there that does so, and nothing was said. The second connection comes 3 seconds
 * after the first with this seed; if the cut counted, another gap began, of 9.8 seconds. */
static void who_cuts_alone_slows_nobody_else(void **state)
{
    static const enum mail_manner manners[] = {MAIL_CLOSE, MAIL_CLOSE};
    struct fixture fixture;
    double began;

    (void)state;
    begin(&fixture, mail_fake_new(manners, 2));
    fixture.options.per_operator_gap = 4;
    fixture.options.jitter_seed = 472;
    start(&fixture);
    began = now();
    add(&fixture, 2, false);
    until(&fixture, 0);
    assert_true(now() - began < 8);
    finish(&fixture);
}

/* From the second one on they count: 0.05, 0.1, 0.2, 0.4 seconds behind the first four. */
static void those_who_cut_together_stretch_the_gap(void **state)
{
    enum mail_manner manners[5];
    struct fixture fixture;
    double began = now();

    (void)state;
    all_of(manners, 5, MAIL_CLOSE);
    begin(&fixture, mail_fake_new(manners, 5));
    fixture.options.per_operator = 1;
    fixture.options.per_operator_gap = 0.05;
    start(&fixture);
    add(&fixture, 5, false);
    until(&fixture, 0);
    assert_true(now() - began >= 0.75 * 0.75);
    finish(&fixture);
}

/* Ten addresses and not a good connection: without the quiet between them the gaps made 51 seconds. */
static void quiet_brings_the_gap_back(void **state)
{
    enum mail_manner manners[10];
    struct fixture fixture;
    double began;

    (void)state;
    all_of(manners, 10, MAIL_THROTTLE);
    begin(&fixture, mail_fake_new(manners, 10));
    fixture.options.per_operator = 1;
    fixture.options.per_operator_gap = 0.05;
    fixture.options.quiet = 0.1;
    start(&fixture);
    began = now();
    add(&fixture, 10, false);
    until(&fixture, 0);
    assert_true(now() - began < 20);
    for (size_t i = 0; i < 10; i++)
        assert_int_equal(connections(&fixture, i), 1);
    finish(&fixture);
}

/* The same of one address: 25 seconds and more if nothing were forgotten. */
static void quiet_brings_the_gap_of_an_address_back(void **state)
{
    static const enum mail_manner manners[] = {MAIL_THROTTLE};
    struct fixture fixture;
    double began;

    (void)state;
    begin(&fixture, mail_fake_new(manners, 1));
    fixture.options.per_host_gap = 0.05;
    fixture.options.quiet = 0.1;
    start(&fixture);
    began = now();
    add(&fixture, 1, false);
    until(&fixture, 0);
    for (int i = 0; i < 8; i++) {
        audit_reprobe_target(fixture.audit, 1);
        until(&fixture, 0);
    }
    assert_true(now() - began < 15);
    assert_int_equal(connections(&fixture, 0), 9);
    finish(&fixture);
}

/* The first try, the retry, and one much later, which is answered. */
static void asked_once_more_later(void **state)
{
    static const enum mail_manner manners[] = {MAIL_BUSY, MAIL_GREYER, MAIL_THROTTLE, MAIL_CLOSE};
    static const enum probe_error errors[] = {PROBE_OK, PROBE_OK, PROBE_THROTTLED, PROBE_CLOSED};
    static const unsigned tries[] = {2 + SURE, 2 + SURE, 3, 2};
    struct fixture fixture;
    double began = now();

    (void)state;
    begin(&fixture, mail_fake_new(manners, 4));
    fixture.options.retries = 1;
    fixture.options.retry_later = 0.4;
    start(&fixture);
    add(&fixture, 4, false);
    until(&fixture, 0);
    assert_true(now() - began >= 0.75 * 0.4);
    assert_int_equal(fixture.idles, 1);
    assert_int_equal(progress_of(&fixture).waiting_later, 0);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(fixture.facts[i]->error, errors[i]);
        assert_int_equal(fixture.facts[i]->attempts, tries[i]);
        assert_int_equal(fixture.facts[i]->log_count, tries[i]);
        assert_int_equal(connections(&fixture, i), tries[i]);
    }
    assert_int_equal(fixture.facts[0]->starttls, STARTTLS_NOT_OFFERED);
    finish(&fixture);
}

/* Who put us off waits, with others that did; who hung up does not. */
static void wait_together(void **state)
{
    static const enum mail_manner manners[] = {MAIL_BUSY, MAIL_GREYER, MAIL_THROTTLE, MAIL_CLOSE};
    struct fixture fixture;

    (void)state;
    begin(&fixture, mail_fake_new(manners, 4));
    fixture.options.retries = 1;
    fixture.options.retry_later = 3600;
    start(&fixture);
    add(&fixture, 4, false);
    until(&fixture, 3);
    assert_int_equal(fixture.idles, 0);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(connections(&fixture, i), 2);
    finish(&fixture);
}

/* What is known is out before the wait, and a cancel need not wait. */
static void cancelled_while_it_waits(void **state)
{
    static const enum mail_manner manners[] = {MAIL_BUSY};
    struct fixture fixture;

    (void)state;
    begin(&fixture, mail_fake_new(manners, 1));
    fixture.options.retry_later = 3600;
    start(&fixture);
    add(&fixture, 1, false);
    until(&fixture, 1);
    assert_int_equal(fixture.idles, 0);
    audit_cancel(fixture.audit);
    until(&fixture, 0);
    assert_int_equal(fixture.facts[0]->error, PROBE_THROTTLED);
    assert_int_equal(progress_of(&fixture).waiting_later, 0);
    assert_int_equal(connections(&fixture, 0), 1);
    finish(&fixture);
}

/* Whoever asks for it by name need not wait either. */
static void asked_anew_while_it_waits(void **state)
{
    static const enum mail_manner manners[] = {MAIL_BUSY};
    struct fixture fixture;

    (void)state;
    begin(&fixture, mail_fake_new(manners, 1));
    fixture.options.retry_later = 3600;
    start(&fixture);
    add(&fixture, 1, false);
    until(&fixture, 1);
    audit_reprobe_target(fixture.audit, 1);
    while (connections(&fixture, 0) < 2)
        poll(NULL, 0, 1);
    until(&fixture, 1);
    audit_reprobe_target(fixture.audit, 1);
    until(&fixture, 0);
    assert_int_equal(fixture.facts[0]->error, PROBE_OK);
    assert_int_equal(fixture.facts[0]->attempts, SURE);
    finish(&fixture);
}

static void removed_while_it_waits(void **state)
{
    static const enum mail_manner manners[] = {MAIL_BUSY};
    struct fixture fixture;

    (void)state;
    begin(&fixture, mail_fake_new(manners, 1));
    fixture.options.retry_later = 3600;
    start(&fixture);
    add(&fixture, 1, false);
    until(&fixture, 1);
    audit_remove(fixture.audit, 1);
    until(&fixture, 0);
    assert_int_equal(progress_of(&fixture).waiting_later, 0);
    assert_int_equal(progress_of(&fixture).endpoints, 0);
    finish(&fixture);
}

/* One connection at a time to their operator: the verdicts of all come before the rest of any, and nobody is
 * forgotten. */
static void readiness_first(void **state)
{
    enum mail_manner manners[6];
    struct fixture fixture;
    struct event event;

    (void)state;
    all_of(manners, 6, MAIL_ALERT);
    begin(&fixture, mail_fake_new(manners, 6));
    fixture.options.per_operator = 1;
    start(&fixture);
    add(&fixture, 6, true);
    while (!fixture.idles) {
        struct pollfd wait = {audit_descriptor(fixture.audit), POLLIN, 0};

        if (poll(&wait, 1, TOO_LATE_MS) <= 0)
            fail_msg("no event in %d ms", TOO_LATE_MS);
        while (audit_next(fixture.audit, &event)) {
            take(&fixture, &event);
            event_release(&event);
            for (size_t i = 0; i < 6; i++)
                if (fixture.facts[i] && fixture.facts[i]->full)
                    assert_true(fixture.facts_events >= 7); /* six verdicts and this one */
        }
    }
    assert_int_equal(mail_fake_most_at_once(fixture.mail), 1);
    for (size_t i = 0; i < 6; i++)
        assert_true(fixture.facts[i]->full);
    finish(&fixture);
}

static void resolve_only(void **state)
{
    enum mail_manner manners[12];
    struct fixture fixture;

    (void)state;
    all_of(manners, 12, MAIL_PLAIN);
    begin(&fixture, mail_fake_new_spread(manners, 12));
    fixture.options.resolve_only = true;
    start(&fixture);
    add(&fixture, 12, true);
    until(&fixture, 0);
    assert_int_equal(progress_of(&fixture).endpoints, 12);
    assert_int_equal(progress_of(&fixture).full_done, 12);
    assert_int_equal(progress_of(&fixture).connections, 0);
    for (size_t i = 0; i < 12; i++)
        assert_int_equal(connections(&fixture, i), 0);
    finish(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_network),
        cmocka_unit_test(one_domain),
        cmocka_unit_test(strangers_do_not_wait),
        cmocka_unit_test(a_gap_between_starts),
        cmocka_unit_test(a_421_stretches_the_gap),
        cmocka_unit_test(a_421_leaves_no_room),
        cmocka_unit_test(its_room_comes_back),
        cmocka_unit_test(who_repeats_a_421_slows_nobody_else),
        cmocka_unit_test(who_cuts_alone_slows_nobody_else),
        cmocka_unit_test(those_who_cut_together_stretch_the_gap),
        cmocka_unit_test(quiet_brings_the_gap_back),
        cmocka_unit_test(quiet_brings_the_gap_of_an_address_back),
        cmocka_unit_test(asked_once_more_later),
        cmocka_unit_test(wait_together),
        cmocka_unit_test(cancelled_while_it_waits),
        cmocka_unit_test(asked_anew_while_it_waits),
        cmocka_unit_test(removed_while_it_waits),
        cmocka_unit_test(readiness_first),
        cmocka_unit_test(resolve_only),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
