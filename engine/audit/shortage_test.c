/* What this machine has too little of: descriptors, local ports, a resolver that keeps up. It is waited for,
 * told once, and held against nobody. */
#include "engine/audit/audit.h"

#include "engine/audit/mail_fake.h"
#include "engine/base/mem.h"
#include "engine/net/dns_fake.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define SURE         2 /* connections until it is believed that a server has no STARTTLS */
#define TOO_LATE_MS  60000
#define SERVERS_MOST 40
#define FEW          3 /* descriptors that are left */
#define SKIPPED      77

struct fixture {
    struct mail_fake *mail;
    struct audit_options options;
    struct audit *audit;
    struct facts *facts[SERVERS_MOST]; /* the latest of each server */
    struct preflight preflight;        /* the latest */
    unsigned idles, routes, lost;      /* lost: routes that DNS did not tell */
    unsigned given_up;                 /* troubles that tell of somebody who was */
    bool limited[limit_count];         /* seen in the progress */
};

static const char *const nowhere[] = {"127.0.0.1:9"};

static void begin(struct fixture *fixture)
{
    static struct baseline baseline = {.minimum = TLS_1_2};

    memset(fixture, 0, sizeof *fixture);
    baseline.name = (char *)(uintptr_t) "tls1.2";
    audit_options_init(&fixture->options);
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
    if (fixture->mail)
        mail_fake_free(fixture->mail);
    preflight_release(&fixture->preflight);
    for (size_t i = 0; i < SERVERS_MOST; i++)
        facts_free(fixture->facts[i]);
}

/* The first `count` servers, as smart hosts by address. */
static void add(struct fixture *fixture, size_t count)
{
    struct target_spec spec;

    target_spec_init(&spec);
    spec.domain = mem_string("domain.test");
    spec.unicode = mem_string(spec.domain);
    spec.class = CLASS_PARTNER;
    spec.requirement = REQUIREMENT_ENCRYPTION;
    spec.protocol = PROTOCOL_SMTP;
    for (size_t i = 0; i < count; i++)
        target_spec_add_host(&spec, mail_fake_address(fixture->mail, i), mail_fake_port(fixture->mail), true);
    audit_add(fixture->audit, 1, &spec);
    target_spec_release(&spec);
}

static void take_facts(struct fixture *fixture, struct event *event)
{
    size_t at = 0;

    while (strcmp(mail_fake_address(fixture->mail, at), event->endpoint.address) != 0)
        at++;
    facts_free(fixture->facts[at]);
    fixture->facts[at] = event->facts;
    event->facts = NULL;
}

static void take(struct fixture *fixture, struct event *event)
{
    fixture->idles += event->type == EVENT_IDLE;
    if (event->type == EVENT_FACTS)
        take_facts(fixture, event);
    if (event->type == EVENT_ROUTE) {
        fixture->routes++;
        fixture->lost += event->dns.status != DNS_OK;
    }
    if (event->type == EVENT_PREFLIGHT) {
        preflight_release(&fixture->preflight);
        preflight_copy(&fixture->preflight, &event->preflight);
    }
    if (event->type != EVENT_TROUBLE)
        return;
    if (!strstr(event->text, "(local-limit)"))
        fail_msg("%s", event->text);
    fixture->given_up++;
}

static void wait_some(struct fixture *fixture)
{
    struct pollfd wait = {audit_descriptor(fixture->audit), POLLIN, 0};
    struct audit_progress progress;
    struct event event;

    if (poll(&wait, 1, TOO_LATE_MS) <= 0)
        fail_msg("no event in %d ms", TOO_LATE_MS);
    audit_progress(fixture->audit, &progress);
    fixture->limited[progress.limit] = true;
    while (audit_next(fixture->audit, &event)) {
        take(fixture, &event);
        event_release(&event);
    }
}

static void until_idle(struct fixture *fixture)
{
    while (!fixture->idles || audit_busy(fixture->audit))
        wait_some(fixture);
}

static void until_trouble(struct fixture *fixture, enum check check)
{
    while (fixture->preflight.checks[check].state != CHECK_TROUBLE)
        wait_some(fixture);
}

static void says(const struct fixture *fixture, enum check check, enum check_state state, const char *part)
{
    const struct preflight_check *is = &fixture->preflight.checks[check];

    assert_int_equal(is->state, state);
    if (!is->detail || !strstr(is->detail, part))
        fail_msg("no \"%s\" in: %s", part, is->detail ? is->detail : "nothing");
}

static void nobody_is_blamed(const struct fixture *fixture, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(fixture->facts[i]->error, PROBE_OK);
        assert_int_equal(fixture->facts[i]->starttls, STARTTLS_NOT_OFFERED);
        assert_int_equal(fixture->facts[i]->attempts, SURE);
    }
}

static void limit_descriptors(rlim_t soft)
{
    struct rlimit limit = {soft, soft};

    assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
}

/* More connections than descriptors: fewer at a time. */
static int few_descriptors(void)
{
    enum mail_manner manners[SERVERS_MOST];
    struct fixture fixture;

    for (size_t i = 0; i < SERVERS_MOST; i++)
        manners[i] = MAIL_SLOW;
    begin(&fixture);
    fixture.mail = mail_fake_new(manners, SERVERS_MOST);
    fixture.options.concurrency = 5000;
    fixture.options.io_timeout = 60;
    limit_descriptors(200);
    start(&fixture);
    add(&fixture, SERVERS_MOST);
    until_idle(&fixture);
    says(&fixture, CHECK_OPEN_FILES, CHECK_TROUBLE,
         "open 200 files, which is too few for 5000 connections at once");
    nobody_is_blamed(&fixture, SERVERS_MOST);
    finish(&fixture);
    return 0;
}

/* A limit that was found at start is kept to: descriptors never run out. */
static int as_many_as_fit(void)
{
    enum mail_manner manners[SERVERS_MOST];
    struct fixture fixture;

    for (size_t i = 0; i < SERVERS_MOST; i++)
        manners[i] = MAIL_SLOW;
    begin(&fixture);
    fixture.mail = mail_fake_new(manners, SERVERS_MOST);
    limit_descriptors(90); /* of which the fake servers take some too */
    fixture.options.io_timeout = 60;
    fixture.options.concurrency = 12;
    start(&fixture);
    add(&fixture, SERVERS_MOST);
    until_idle(&fixture);
    says(&fixture, CHECK_OPEN_FILES, CHECK_OK, "enough for 12 connections");
    assert_false(fixture.limited[LIMIT_OPEN_FILES]);
    assert_int_equal(mail_fake_most_at_once(fixture.mail), 12);
    nobody_is_blamed(&fixture, SERVERS_MOST);
    finish(&fixture);
    return 0;
}

/* Descriptors that others took are waited for. */
static int no_descriptors(void)
{
    static const enum mail_manner manners[] = {MAIL_PLAIN};
    struct fixture fixture;
    int taken[256];
    size_t count = 0;

    begin(&fixture);
    fixture.mail = mail_fake_new(manners, 1);
    start(&fixture);
    limit_descriptors(128);
    while ((taken[count] = dup(0)) >= 0)
        count++;
    add(&fixture, 1);
    until_trouble(&fixture, CHECK_OPEN_FILES);
    says(&fixture, CHECK_OPEN_FILES, CHECK_TROUBLE,
         "No descriptor was left for more than 1 connections at once");
    while (count)
        close(taken[--count]);
    until_idle(&fixture);
    nobody_is_blamed(&fixture, 1);
    finish(&fixture);
    return 0;
}

/* Once they are there again, no fewer connections are made than before. */
static int descriptors_come_back(void)
{
    enum mail_manner manners[SERVERS_MOST];
    struct fixture fixture;
    int taken[256];
    size_t count = 0;

    for (size_t i = 0; i < SERVERS_MOST; i++)
        manners[i] = MAIL_SLOW;
    begin(&fixture);
    fixture.mail = mail_fake_new(manners, SERVERS_MOST);
    fixture.options.io_timeout = 60;
    start(&fixture);
    limit_descriptors(200);
    while ((taken[count] = dup(0)) >= 0)
        count++;
    for (unsigned i = 0; i < FEW; i++)
        close(taken[--count]);
    add(&fixture, SERVERS_MOST);
    until_trouble(&fixture, CHECK_OPEN_FILES);
    while (count)
        close(taken[--count]);
    until_idle(&fixture);
    assert_true(fixture.limited[LIMIT_OPEN_FILES]);
    assert_true(mail_fake_most_at_once(fixture.mail) > FEW);
    nobody_is_blamed(&fixture, SERVERS_MOST);
    finish(&fixture);
    return 0;
}

static bool write_file(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    bool ok = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

    if (fd >= 0)
        close(fd);
    return ok;
}

/* A network of its own, with nothing but lo; false where the kernel gives none. */
static bool enter_network(void)
{
    struct ifreq lo = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
    int fd;
    bool up;

    if (unshare(CLONE_NEWUSER | CLONE_NEWNET))
        return false;
    fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    up = fd >= 0 && ioctl(fd, SIOCSIFFLAGS, &lo) == 0;
    close(fd);
    return up;
}

/* Takes every local port for connections to that server; how many there were. */
static size_t take_ports(const struct fixture *fixture, int *taken)
{
    struct sockaddr_in there = {.sin_family = AF_INET,
                                .sin_port = htons((uint16_t)mail_fake_port(fixture->mail))};
    const struct linger reset = {1, 0}; /* no port rests when it is closed */
    size_t count = 0;

    inet_pton(AF_INET, mail_fake_address(fixture->mail, 0), &there.sin_addr);
    for (;; count++) {
        taken[count] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        setsockopt(taken[count], SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
        if (connect(taken[count], (struct sockaddr *)&there, sizeof there))
            break;
    }
    assert_int_equal(errno, EADDRNOTAVAIL);
    close(taken[count]);
    return count;
}

/* Four local ports, all taken: the probe waits until one is free. Other servers have theirs. */
static int no_ports(void)
{
    static const enum mail_manner manners[] = {MAIL_PLAIN, MAIL_PLAIN};
    struct fixture fixture;
    int taken[8];
    size_t count;

    if (!enter_network())
        return SKIPPED;
    begin(&fixture);
    fixture.mail = mail_fake_new(manners, 2);
    if (!write_file("/proc/sys/net/ipv4/ip_local_port_range", "40000 40003"))
        return SKIPPED;
    count = take_ports(&fixture, taken);
    assert_int_equal(count, 4);
    fixture.options.per_host = 9;
    start(&fixture);
    add(&fixture, 2);
    until_trouble(&fixture, CHECK_LOCAL_PORTS);
    says(&fixture, CHECK_LOCAL_PORTS, CHECK_TROUBLE,
         "from 4 local ports, which is too few for 9 at once; 4 are");
    while (!fixture.facts[1] || !fixture.limited[LIMIT_LOCAL_PORTS] ||
           !strstr(fixture.preflight.checks[CHECK_LOCAL_PORTS].detail, "No local port"))
        wait_some(&fixture);
    says(&fixture, CHECK_LOCAL_PORTS, CHECK_TROUBLE, "No local port was left for another connection to 127.");
    assert_null(fixture.facts[0]);
    while (count)
        close(taken[--count]);
    until_idle(&fixture);
    nobody_is_blamed(&fixture, 2);
    finish(&fixture);
    return 0;
}

/* Four local ports, all taken for good: those who wait are given up, each once, with nothing said of them.
 * Those who are asked again later have theirs. */
static int no_ports_ever(void)
{
    static const enum mail_manner manners[] = {MAIL_PLAIN, MAIL_PLAIN};
    struct fixture fixture;
    int taken[8];
    size_t count;

    if (!enter_network())
        return SKIPPED;
    begin(&fixture);
    fixture.mail = mail_fake_new(manners, 2);
    if (!write_file("/proc/sys/net/ipv4/ip_local_port_range", "40000 40003"))
        return SKIPPED;
    count = take_ports(&fixture, taken);
    fixture.options.local_wait = 0.3;
    start(&fixture);
    add(&fixture, 2);
    until_idle(&fixture);
    assert_int_equal(fixture.facts[0]->error, PROBE_LOCAL_LIMIT);
    assert_int_equal(fixture.facts[0]->starttls, STARTTLS_UNKNOWN);
    assert_int_equal(fixture.facts[0]->log_count, 1);
    assert_true(fixture.facts[0]->ended);
    assert_false(fixture.facts[0]->full);
    assert_true(facts_starved(fixture.facts[0]));
    for (int v = 0; v < TLS_VERSIONS; v++)
        assert_int_equal(fixture.facts[0]->versions[v].state, VERSION_UNKNOWN);
    assert_int_equal(fixture.facts[1]->error, PROBE_OK);
    assert_int_equal(fixture.given_up, 1);
    says(&fixture, CHECK_LOCAL_PORTS, CHECK_TROUBLE,
         "No local port came free within 0.3 s (--local-wait): 1 endpoint was not asked");
    while (count)
        close(taken[--count]);
    fixture.idles = 0;
    audit_reprobe_target(fixture.audit, 1);
    until_idle(&fixture);
    nobody_is_blamed(&fixture, 2);
    assert_false(facts_starved(fixture.facts[0]));
    finish(&fixture);
    return 0;
}

/* In a process of its own, since limits that were lowered stay so. */
static void alone(int (*test)(void))
{
    pid_t child = fork();
    int status;

    assert_true(child >= 0);
    if (!child) {
        setenv("CMOCKA_TEST_ABORT", "1", 1); /* it must not come back into the parent's tests */
        alarm(TOO_LATE_MS / 1000);
        _exit(test());
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == SKIPPED)
        skip();
    assert_int_equal(WEXITSTATUS(status), 0);
}

static void test_few_descriptors(void **unused)
{
    (void)unused;
    alone(few_descriptors);
}

static void test_as_many_as_fit(void **unused)
{
    (void)unused;
    alone(as_many_as_fit);
}

static void test_no_descriptors(void **unused)
{
    (void)unused;
    alone(no_descriptors);
}

static void test_descriptors_come_back(void **unused)
{
    (void)unused;
    alone(descriptors_come_back);
}

static void test_no_ports(void **unused)
{
    (void)unused;
    alone(no_ports);
}

static void test_no_ports_ever(void **unused)
{
    (void)unused;
    alone(no_ports_ever);
}

/* A resolver that drops what is too much for it: no name fails for that, and it is told. */
static void test_busy_resolver(void **unused)
{
    struct fake_dns *dns = fake_dns_new(FAKE_BUSY);
    char *server = mem_format("127.0.0.1:%u", fake_dns_port(dns));
    const char *const servers[] = {server};
    struct fixture fixture;

    (void)unused;
    begin(&fixture);
    fixture.options.dns_servers = servers;
    fixture.options.dns_timeout = 0.7;
    fixture.options.resolve_only = true;
    start(&fixture);
    for (uint32_t id = 1; id <= 300; id++) {
        struct target_spec spec;

        target_spec_init(&spec);
        spec.domain = mem_format("good.h%u.test", id);
        spec.unicode = mem_string(spec.domain);
        spec.protocol = PROTOCOL_SMTP;
        audit_add(fixture.audit, id, &spec);
        target_spec_release(&spec);
    }
    while (fixture.routes < 300 || audit_busy(fixture.audit))
        wait_some(&fixture);
    assert_true(fake_dns_dropped(dns) > 0);
    assert_int_equal(fixture.lost, 0);
    says(&fixture, CHECK_RESOLVER_PACE, CHECK_TROUBLE, "The resolver lost lookups; about ");
    assert_int_equal(fixture.preflight.checks[CHECK_RESOLVER].state, CHECK_OK);
    assert_true(fixture.limited[LIMIT_RESOLVER]);
    finish(&fixture);
    fake_dns_free(dns);
    free(server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_few_descriptors), cmocka_unit_test(test_as_many_as_fit),
        cmocka_unit_test(test_no_descriptors),  cmocka_unit_test(test_descriptors_come_back),
        cmocka_unit_test(test_no_ports),        cmocka_unit_test(test_no_ports_ever),
        cmocka_unit_test(test_busy_resolver),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
