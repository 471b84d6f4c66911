/* Domains whose mail goes by smart host: their MX are looked up and probed besides, and nothing waits for
 * them. */
#include "engine/audit/audit.h"

#include "engine/audit/mail_fake.h"
#include "engine/audit/test_threads.h"
#include "engine/base/mem.h"
#include "engine/model/fixture.h"
#include "engine/net/dns_fake.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define TOO_LATE_MS 60000
#define SURE        2 /* connections until it is believed that a server has no STARTTLS */

static const enum mail_manner plain[] = {MAIL_PLAIN, MAIL_PLAIN, MAIL_PLAIN, MAIL_PLAIN};

struct fixture {
    struct fake_dns *dns;
    struct mail_fake *mail;
    char *server;
    struct audit_options options;
    struct model *model;
    struct audit *audit;
    char order[64]; /* the servers whose facts came, by their letter, "a" the first */
    unsigned besides;
};

static void begin(struct fixture *f)
{
    memset(f, 0, sizeof *f);
    f->dns = fake_dns_new(FAKE_BY_NAME);
    f->mail = mail_fake_new(plain, 4);
    f->server = mem_format("127.0.0.1:%u", fake_dns_port(f->dns));
    f->model = fixture_model("tls1.2");
    audit_options_init(&f->options);
    f->options.threads = test_threads();
    f->options.baseline = model_baseline(f->model);
    f->options.dns_servers = (const char *const *)&f->server;
    f->options.dns_server_count = 1;
    f->options.smtp_port = mail_fake_port(f->mail);
    f->options.helo_name = "probe.test.example";
    f->options.world4 = "127.0.0.1";
    f->options.world6 = "::1";
    f->options.per_host_gap = 0;
    f->options.per_operator = 0;
}

static void start(struct fixture *f)
{
    char *error = NULL;

    f->audit = audit_new(&f->options, &error);
    if (!f->audit)
        fail_msg("%s", error);
}

static void end(struct fixture *f)
{
    audit_free(f->audit);
    model_free(f->model);
    mail_fake_free(f->mail);
    fake_dns_free(f->dns);
    free(f->server);
}

static const char *address_of(const struct fixture *f, char server)
{
    return mail_fake_address(f->mail, (size_t)(server - 'a'));
}

static void note_order(struct fixture *f, const char *address)
{
    size_t length = strlen(f->order);

    for (char server = 'a'; server < 'e' && length + 1 < sizeof f->order; server++)
        if (strcmp(address_of(f, server), address) == 0)
            f->order[length] = server;
}

static enum event_type take(struct fixture *f)
{
    struct pollfd wait = {audit_descriptor(f->audit), POLLIN, 0};
    enum event_type type;
    struct event event;

    while (!audit_next(f->audit, &event))
        if (poll(&wait, 1, TOO_LATE_MS) <= 0)
            fail_msg("no event in %d ms", TOO_LATE_MS);
    type = event.type;
    f->besides += type == EVENT_BESIDE;
    if (type == EVENT_FACTS)
        note_order(f, event.endpoint.address);
    model_apply(f->model, &event);
    event_release(&event);
    return type;
}

static void until(struct fixture *f, enum event_type type)
{
    while (take(f) != type)
        continue;
}

/* All that was asked for is answered; the engine may have been at rest between two commands. */
static void until_rest(struct fixture *f)
{
    while (take(f) != EVENT_IDLE || audit_busy(f->audit))
        continue;
}

/* `gateways`: servers by their letters. */
static struct target *add(struct fixture *f, const char *domain, const char *gateways, bool is_endpoint)
{
    struct target_spec spec;
    struct target *target;

    target_spec_init(&spec);
    spec.domain = mem_string(domain);
    spec.unicode = mem_string(domain);
    spec.class = CLASS_PARTNER;
    spec.requirement = REQUIREMENT_ENCRYPTION;
    spec.protocol = PROTOCOL_SMTP;
    spec.is_endpoint = is_endpoint;
    for (; *gateways; gateways++)
        target_spec_add_host(&spec, address_of(f, *gateways), 0, true);
    target = model_add(f->model, &spec, NULL);
    audit_add(f->audit, target->id, &spec);
    target_spec_release(&spec);
    return target;
}

/* A domain whose MX is server `mx`. */
static struct target *add_with_mx(struct fixture *f, const char *gateways, char mx)
{
    char *domain = mem_format("ip.%s.test", address_of(f, mx));
    struct target *target = add(f, domain, gateways, false);

    free(domain);
    return target;
}

static unsigned connections(struct fixture *f, char server)
{
    struct mail_counts counts;

    mail_fake_counts(f->mail, (size_t)(server - 'a'), &counts);
    return counts.connections;
}

static struct audit_progress progress_of(const struct fixture *f)
{
    struct audit_progress progress;

    audit_progress(f->audit, &progress);
    return progress;
}

static void test_both_are_probed(void **unused)
{
    struct fixture f;
    struct target *t;

    (void)unused;
    begin(&f);
    start(&f);
    t = add_with_mx(&f, "a", 'b');
    until_rest(&f);
    assert_int_equal(t->route, ROUTE_SMART_HOST);
    assert_int_equal(t->host_count, 1);
    assert_int_equal(t->beside.route, ROUTE_MX);
    assert_int_equal(t->beside.dns.status, DNS_OK);
    assert_int_equal(t->beside.host_count, 1);
    assert_int_equal(t->beside.hosts[0].preference, 10);
    assert_int_equal(t->beside.warnings.count, 1); /* that an address is no name */
    assert_string_equal(t->beside.hosts[0].host->key.name, address_of(&f, 'b'));
    assert_int_equal(model_judge_host(f.model, t, t->beside.hosts[0].host).verdict, VERDICT_PLAINTEXT);
    assert_int_equal(connections(&f, 'a'), SURE);
    assert_int_equal(connections(&f, 'b'), SURE);
    assert_int_equal(progress_of(&f).targets_resolved, 1);
    assert_int_equal(progress_of(&f).endpoints, 2);
    assert_int_equal(progress_of(&f).full_done, 2);
    end(&f);
}

static void test_what_dns_says_is_told(void **unused)
{
    static const struct {
        const char *domain;
        enum route route;
        enum dns_status status;
    } table[] = {
        {"nx.test", ROUTE_NONE, DNS_NXDOMAIN},    {"null.test", ROUTE_NULL_MX, DNS_OK},
        {"nodata.test", ROUTE_NONE, DNS_NO_DATA}, {"servfail.test", ROUTE_NONE, DNS_SERVFAIL},
        {"mixed.test", ROUTE_NONE, DNS_SERVFAIL},
    };
    struct fixture f;

    (void)unused;
    begin(&f);
    start(&f);
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct target *t = add(&f, table[i].domain, "a", false);

        until_rest(&f);
        assert_int_equal(t->beside.route, table[i].route);
        assert_int_equal(t->beside.dns.status, table[i].status);
        assert_int_equal(t->beside.host_count, 0);
        assert_int_equal(t->route, ROUTE_SMART_HOST);
        assert_int_equal(t->judgement.verdict, VERDICT_PLAINTEXT);
    }
    assert_int_equal(connections(&f, 'a'), SURE);
    end(&f);
}

static void test_host_on_the_route_only(void **unused)
{
    struct fixture f;
    struct target *t;

    (void)unused;
    begin(&f);
    start(&f);
    t = add_with_mx(&f, "ab", 'b');
    until_rest(&f);
    assert_int_equal(t->host_count, 2);
    assert_int_equal(t->beside.route, ROUTE_MX);
    assert_int_equal(t->beside.host_count, 0);
    assert_int_equal(connections(&f, 'b'), SURE);
    audit_remove(f.audit, t->id);
    add_with_mx(&f, "c", 'd');
    until_rest(&f);
    assert_int_equal(progress_of(&f).endpoints, 2);
    end(&f);
}

/* Endpoint URLs, and patterns, which name no domain. */
static void test_nothing_beside(void **unused)
{
    struct fixture f;

    (void)unused;
    begin(&f);
    start(&f);
    add(&f, "smtp://mail.test", "a", true);
    add(&f, "*.normal.test", "b", false);
    until_rest(&f);
    assert_int_equal(f.besides, 0);
    assert_int_equal(progress_of(&f).targets_resolved, 2);
    end(&f);
}

/* One connection at a time: what mail goes to comes first, though it was asked for later; `d` is beside the
 * second and on the route of the third. */
static void test_routes_come_first(void **unused)
{
    struct fixture f;

    (void)unused;
    begin(&f);
    f.options.concurrency = 1;
    f.options.depth = DEPTH_READINESS;
    start(&f);
    audit_pause(f.audit);
    add_with_mx(&f, "a", 'b');
    until(&f, EVENT_BESIDE);
    until(&f, EVENT_ADDRESSES);
    add_with_mx(&f, "c", 'd');
    until(&f, EVENT_BESIDE);
    until(&f, EVENT_ADDRESSES);
    add(&f, "nx.test", "d", false);
    until(&f, EVENT_BESIDE);
    audit_resume(f.audit);
    until_rest(&f);
    assert_int_equal(strlen(f.order), 4);
    assert_int_equal(f.order[3], 'b');
    end(&f);
}

/* The gateway is judged while nobody says where the MX lead, and cancelling ends that wait. */
static void test_nothing_waits_for_the_lookup(void **unused)
{
    struct fixture f;
    struct target *t;

    (void)unused;
    begin(&f);
    f.options.dns_timeout = 3600;
    start(&f);
    t = add(&f, "drop.test", "a", false);
    while (t->judgement.verdict == VERDICT_PENDING)
        assert_int_not_equal(take(&f), EVENT_IDLE);
    assert_int_equal(progress_of(&f).targets_resolved, 1);
    assert_int_equal(t->beside.route, ROUTE_UNRESOLVED);
    audit_cancel(f.audit);
    until_rest(&f);
    assert_int_equal(f.besides, 0);
    audit_remove(f.audit, t->id);
    add_with_mx(&f, "b", 'c');
    until_rest(&f);
    assert_int_equal(f.besides, 1);
    end(&f);
}

static void test_reprobe(void **unused)
{
    struct fixture f;
    struct target *t;

    (void)unused;
    begin(&f);
    start(&f);
    t = add_with_mx(&f, "a", 'b');
    until_rest(&f);
    model_forget_target(f.model, t);
    audit_reprobe_target(f.audit, t->id);
    until_rest(&f);
    assert_int_equal(f.besides, 2);
    assert_int_equal(connections(&f, 'a'), 2 * SURE);
    assert_int_equal(connections(&f, 'b'), 2 * SURE);
    audit_reprobe_host(f.audit, &t->beside.hosts[0].host->key);
    until_rest(&f);
    assert_int_equal(connections(&f, 'a'), 2 * SURE);
    assert_int_equal(connections(&f, 'b'), 3 * SURE);
    assert_int_equal(progress_of(&f).full_done, 2);
    end(&f);
}

/* What another target needs goes on. */
static void test_remove(void **unused)
{
    struct fixture f;
    struct target *t;

    (void)unused;
    begin(&f);
    start(&f);
    t = add_with_mx(&f, "a", 'b');
    add_with_mx(&f, "b", 'c');
    until_rest(&f);
    assert_int_equal(progress_of(&f).endpoints, 3);
    audit_remove(f.audit, t->id);
    add(&f, "nx.test", "c", false);
    until_rest(&f);
    assert_int_equal(progress_of(&f).targets, 2);
    assert_int_equal(progress_of(&f).endpoints, 2);
    assert_int_equal(progress_of(&f).full_done, 2);
    assert_int_equal(connections(&f, 'c'), SURE);
    end(&f);
}

/* Domains come and go whose gateway and MX are two of the servers, or the same one. */
static void command_at_random(struct fixture *f, unsigned *seed)
{
    static const char *const gateways[] = {"a", "b", "c", "d"};
    uint32_t id = 1 + (uint32_t)rand_r(seed) % 4;

    switch (rand_r(seed) % 6) {
    case 0:
        audit_cancel(f->audit);
        break;
    case 1:
        audit_remove(f->audit, id);
        break;
    case 2:
        audit_reprobe_target(f->audit, id);
        break;
    default:
        add_with_mx(f, gateways[id - 1], (char)('a' + rand_r(seed) % 4));
    }
}

static bool settled(const struct fixture *f)
{
    struct audit_progress progress = progress_of(f);

    return !progress.running && !progress.queued && progress.targets_resolved == progress.targets &&
           progress.ready_done == progress.endpoints && progress.full_done == progress.endpoints;
}

static void settle(struct fixture *f)
{
    for (size_t i = 0; i < model_target_count(f->model); i++)
        audit_reprobe_target(f->audit, model_target_at(f->model, i)->id);
    add(f, "nx.test", "a", false);
    until_rest(f);
    assert_true(settled(f));
}

/* Whatever is asked for in whatever order: in the end all of it is done, and the counts add up. At times it
 * is freed in the middle instead. */
static void test_commands_in_any_order(void **unused)
{
    unsigned seed = (unsigned)time(NULL);

    (void)unused;
    print_message("seed %u\n", seed);
    for (unsigned round = 0; round < 40; round++) {
        struct fixture f;

        begin(&f);
        f.options.concurrency = 1 + round % 3;
        start(&f);
        for (unsigned i = 0; i < 40; i++)
            command_at_random(&f, &seed);
        if (round % 4)
            settle(&f);
        end(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_both_are_probed),
        cmocka_unit_test(test_what_dns_says_is_told),
        cmocka_unit_test(test_host_on_the_route_only),
        cmocka_unit_test(test_nothing_beside),
        cmocka_unit_test(test_routes_come_first),
        cmocka_unit_test(test_nothing_waits_for_the_lookup),
        cmocka_unit_test(test_reprobe),
        cmocka_unit_test(test_remove),
        cmocka_unit_test(test_commands_in_any_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
