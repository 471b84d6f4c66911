/* Domains whose mail goes by smart host: their MX are looked up and probed besides, and nothing waits for
 * them. */
#include "engine/audit/scene.h"
#include "engine/audit/test_threads.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SURE 2 /* connections until it is believed that a server has no STARTTLS */

static const enum mail_manner plain[] = {MAIL_PLAIN, MAIL_PLAIN, MAIL_PLAIN, MAIL_PLAIN};

struct fixture {
    struct scene scene;
    char order[64]; /* the servers whose facts came, by their letter */
    unsigned besides;
};

static void note_order(struct fixture *f, const char *address)
{
    size_t length = strlen(f->order);

    for (char server = 'a'; server < 'e' && length + 1 < sizeof f->order; server++)
        if (strcmp(scene_address(&f->scene, server), address) == 0)
            f->order[length] = server;
}

static void hear(void *context, const struct event *event)
{
    struct fixture *f = context;

    f->besides += event->type == EVENT_BESIDE;
    if (event->type == EVENT_FACTS)
        note_order(f, event->endpoint.address);
}

static void prepare(struct fixture *f)
{
    memset(f, 0, sizeof *f);
    scene_prepare(&f->scene, plain, 4);
    f->scene.options.threads = test_threads();
    f->scene.heard = hear;
    f->scene.context = f;
}

static void begin(struct fixture *f)
{
    prepare(f);
    scene_start(&f->scene);
}

static struct target *add(struct fixture *f, const char *domain, const char *gateways)
{
    const struct scene_target what = {.domain = domain, .gateways = gateways, .class = CLASS_PARTNER};

    return scene_add(&f->scene, &what);
}

/* A domain whose MX is server `mx`. */
static struct target *add_with_mx(struct fixture *f, const char *gateways, char mx)
{
    const struct scene_target what = {.gateways = gateways, .class = CLASS_PARTNER};

    return scene_add_with_mx(&f->scene, mx, &what);
}

static struct audit_progress progress_of(const struct fixture *f)
{
    struct audit_progress progress;

    audit_progress(f->scene.audit, &progress);
    return progress;
}

static void test_both_are_probed(void **unused)
{
    struct fixture f;
    struct target *t;

    (void)unused;
    begin(&f);
    t = add_with_mx(&f, "a", 'b');
    scene_rest(&f.scene);
    assert_int_equal(t->route, ROUTE_SMART_HOST);
    assert_int_equal(t->host_count, 1);
    assert_int_equal(t->beside.route, ROUTE_MX);
    assert_int_equal(t->beside.dns.status, DNS_OK);
    assert_int_equal(t->beside.host_count, 1);
    assert_int_equal(t->beside.hosts[0].preference, 10);
    assert_int_equal(t->beside.warnings.count, 1); /* that an address is no name */
    assert_string_equal(t->beside.hosts[0].host->key.name, scene_address(&f.scene, 'b'));
    assert_int_equal(model_judge_host(f.scene.model, t, t->beside.hosts[0].host).verdict, VERDICT_PLAINTEXT);
    assert_int_equal(scene_connections(&f.scene, 'a'), SURE);
    assert_int_equal(scene_connections(&f.scene, 'b'), SURE);
    assert_int_equal(progress_of(&f).targets_resolved, 1);
    assert_int_equal(progress_of(&f).endpoints, 2);
    assert_int_equal(progress_of(&f).full_done, 2);
    scene_end(&f.scene);
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
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct target *t = add(&f, table[i].domain, "a");

        scene_rest(&f.scene);
        assert_int_equal(t->beside.route, table[i].route);
        assert_int_equal(t->beside.dns.status, table[i].status);
        assert_int_equal(t->beside.host_count, 0);
        assert_int_equal(t->route, ROUTE_SMART_HOST);
        assert_int_equal(t->judgement.verdict, VERDICT_PLAINTEXT);
    }
    assert_int_equal(scene_connections(&f.scene, 'a'), SURE);
    scene_end(&f.scene);
}

static void test_host_on_the_route_only(void **unused)
{
    struct fixture f;
    struct target *t;

    (void)unused;
    begin(&f);
    t = add_with_mx(&f, "ab", 'b');
    scene_rest(&f.scene);
    assert_int_equal(t->host_count, 2);
    assert_int_equal(t->beside.route, ROUTE_MX);
    assert_int_equal(t->beside.host_count, 0);
    assert_int_equal(scene_connections(&f.scene, 'b'), SURE);
    audit_remove(f.scene.audit, t->id);
    add_with_mx(&f, "c", 'd');
    scene_rest(&f.scene);
    assert_int_equal(progress_of(&f).endpoints, 2);
    scene_end(&f.scene);
}

/* Endpoint URLs, and patterns, which name no domain. */
static void test_nothing_beside(void **unused)
{
    static const struct scene_target url = {
        .domain = "smtp://mail.test", .gateways = "a", .class = CLASS_PARTNER, .is_endpoint = true};
    struct fixture f;

    (void)unused;
    begin(&f);
    scene_add(&f.scene, &url);
    add(&f, "*.normal.test", "b");
    scene_rest(&f.scene);
    assert_int_equal(f.besides, 0);
    assert_int_equal(progress_of(&f).targets_resolved, 2);
    scene_end(&f.scene);
}

/* One connection at a time: what mail goes to comes first, though it was asked for later; `d` is beside the
 * second and on the route of the third. */
static void test_routes_come_first(void **unused)
{
    struct fixture f;

    (void)unused;
    prepare(&f);
    f.scene.options.concurrency = 1;
    f.scene.options.depth = DEPTH_READINESS;
    scene_start(&f.scene);
    audit_pause(f.scene.audit);
    add_with_mx(&f, "a", 'b');
    scene_until(&f.scene, EVENT_BESIDE);
    scene_until(&f.scene, EVENT_ADDRESSES);
    add_with_mx(&f, "c", 'd');
    scene_until(&f.scene, EVENT_BESIDE);
    scene_until(&f.scene, EVENT_ADDRESSES);
    add(&f, "nx.test", "d");
    scene_until(&f.scene, EVENT_BESIDE);
    audit_resume(f.scene.audit);
    scene_rest(&f.scene);
    assert_int_equal(strlen(f.order), 4);
    assert_int_equal(f.order[3], 'b');
    scene_end(&f.scene);
}

/* The gateway is judged while nobody says where the MX lead, and cancelling ends that wait. */
static void test_nothing_waits_for_the_lookup(void **unused)
{
    struct fixture f;
    struct target *t;

    (void)unused;
    prepare(&f);
    f.scene.options.dns_timeout = 3600;
    scene_start(&f.scene);
    t = add(&f, "drop.test", "a");
    while (t->judgement.verdict == VERDICT_PENDING)
        assert_int_not_equal(scene_take(&f.scene), EVENT_IDLE);
    assert_int_equal(progress_of(&f).targets_resolved, 1);
    assert_int_equal(t->beside.route, ROUTE_UNRESOLVED);
    audit_cancel(f.scene.audit);
    scene_rest(&f.scene);
    assert_int_equal(f.besides, 0);
    audit_remove(f.scene.audit, t->id);
    add_with_mx(&f, "b", 'c');
    scene_rest(&f.scene);
    assert_int_equal(f.besides, 1);
    scene_end(&f.scene);
}

static void test_reprobe(void **unused)
{
    struct fixture f;
    struct target *t;

    (void)unused;
    begin(&f);
    t = add_with_mx(&f, "a", 'b');
    scene_rest(&f.scene);
    model_forget_target(f.scene.model, t);
    audit_reprobe_target(f.scene.audit, t->id);
    scene_rest(&f.scene);
    assert_int_equal(f.besides, 2);
    assert_int_equal(scene_connections(&f.scene, 'a'), 2 * SURE);
    assert_int_equal(scene_connections(&f.scene, 'b'), 2 * SURE);
    audit_reprobe_host(f.scene.audit, &t->beside.hosts[0].host->key);
    scene_rest(&f.scene);
    assert_int_equal(scene_connections(&f.scene, 'a'), 2 * SURE);
    assert_int_equal(scene_connections(&f.scene, 'b'), 3 * SURE);
    assert_int_equal(progress_of(&f).full_done, 2);
    scene_end(&f.scene);
}

/* What another target needs goes on. */
static void test_remove(void **unused)
{
    struct fixture f;
    struct target *t;

    (void)unused;
    begin(&f);
    t = add_with_mx(&f, "a", 'b');
    add_with_mx(&f, "b", 'c');
    scene_rest(&f.scene);
    assert_int_equal(progress_of(&f).endpoints, 3);
    audit_remove(f.scene.audit, t->id);
    add(&f, "nx.test", "c");
    scene_rest(&f.scene);
    assert_int_equal(progress_of(&f).targets, 2);
    assert_int_equal(progress_of(&f).endpoints, 2);
    assert_int_equal(progress_of(&f).full_done, 2);
    assert_int_equal(scene_connections(&f.scene, 'c'), SURE);
    scene_end(&f.scene);
}

/* Domains come and go whose gateway and MX are two of the servers, or the same one. */
static void command_at_random(struct fixture *f, unsigned *seed)
{
    static const char *const gateways[] = {"a", "b", "c", "d"};
    uint32_t id = 1 + (uint32_t)rand_r(seed) % 4;

    switch (rand_r(seed) % 6) {
    case 0:
        audit_cancel(f->scene.audit);
        break;
    case 1:
        audit_remove(f->scene.audit, id);
        break;
    case 2:
        audit_reprobe_target(f->scene.audit, id);
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
    for (size_t i = 0; i < model_target_count(f->scene.model); i++)
        audit_reprobe_target(f->scene.audit, model_target_at(f->scene.model, i)->id);
    add(f, "nx.test", "a");
    scene_rest(&f->scene);
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

        prepare(&f);
        f.scene.options.concurrency = 1 + round % 3;
        scene_start(&f.scene);
        for (unsigned i = 0; i < 40; i++)
            command_at_random(&f, &seed);
        if (round % 4)
            settle(&f);
        scene_end(&f.scene);
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
