/* What preflight finds, against labs whose zone makes each state: resolver, port, path, blocked endpoints. */
#include "engine/base/mem.h"
#include "tests/scenario/world.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

/* Domains d0.test, d1.test … in networks of their own, at each of which `persona` answers (NULL: nobody). */
static char *zone_with(const char *head, const char *persona, unsigned count)
{
    char *zone = mem_string(head);

    for (unsigned i = 0; i < count; i++) {
        char *before = zone;

        zone = mem_format("%sd%u.test MX 10 mx.d%u.test\nmx.d%u.test A 127.66.%u.1\n%s%u.1 %s\n", before, i,
                          i, i, i, persona ? "server 127.66." : "# ", i, persona ? persona : "nobody");
        free(before);
    }
    return zone;
}

struct setting {
    const char *head;    /* of the zone */
    const char *persona; /* of the targets' servers */
    unsigned count;
    const char *control;
    double timeout;    /* of connects; 0: the world's */
    const char *world; /* an address out there; NULL: 127.0.0.1, where the lab is */
};

static void start(struct world *world, const struct setting *setting)
{
    char *zone = zone_with(setting->head, setting->persona, setting->count);
    struct audit_options options;

    world_open(world, zone, &options);
    if (setting->control) {
        options.controls = &setting->control;
        options.control_count = 1;
    }
    if (setting->timeout > 0)
        options.connect_timeout = options.dns_timeout = setting->timeout;
    options.retries = 0;
    if (setting->world)
        options.world4 = setting->world;
    world_begin(world, &options);
    free(zone);
}

static void ask_for(struct world *world, unsigned first, unsigned count)
{
    for (unsigned i = first; i < first + count; i++) {
        struct target_spec spec;

        target_spec_init(&spec);
        spec.domain = mem_format("d%u.test", i);
        spec.unicode = mem_string(spec.domain);
        spec.class = CLASS_PARTNER;
        spec.requirement = REQUIREMENT_ENCRYPTION;
        spec.protocol = PROTOCOL_SMTP;
        assert_non_null(world_add(world, &spec));
        target_spec_release(&spec);
    }
}

static void settle(struct world *world)
{
    while (world_step(world))
        continue;
}

static void add(struct world *world, unsigned first, unsigned count)
{
    ask_for(world, first, count);
    settle(world);
}

static void cancel(struct world *world)
{
    audit_cancel(world->audit);
    settle(world);
}

static unsigned long connections(const struct world *world)
{
    struct audit_progress progress;

    audit_progress(world->audit, &progress);
    return progress.connections;
}

static void assert_check(const struct world *world, enum check check, enum check_state state,
                         const char *says)
{
    const struct preflight_check *is = &model_preflight(world->model)->checks[check];

    if (is->state != state)
        fail_msg("%s is %s (%s)", check_name(check), check_state_name(is->state),
                 is->detail ? is->detail : "");
    if (says && (!is->detail || !strstr(is->detail, says)))
        fail_msg("%s: %s", check_name(check), is->detail ? is->detail : "no sentence");
}

/* … and says so once. */
static void assert_once(const struct world *world, enum check check, const char *says)
{
    const char *detail = model_preflight(world->model)->checks[check].detail;
    const char *found = detail ? strstr(detail, says) : NULL;

    if (!found || strstr(found + 1, says))
        fail_msg("%s: %s", check_name(check), detail ? detail : "no sentence");
}

static unsigned count_reason(const struct world *world, const char *wanted)
{
    unsigned count = 0;

    for (size_t i = 0; i < model_target_count(world->model); i++) {
        const struct target *target = model_target_at(world->model, i);
        const char *reason = judgement_reason(&target->judgement);

        count += target->judgement.verdict == VERDICT_UNREACHABLE && reason && strcmp(reason, wanted) == 0;
    }
    return count;
}

/* Some target was not looked up for want of a resolver, and says so. */
static void assert_lost(const struct world *world, const char *says)
{
    bool said = false;

    assert_true(model_names_lost(world->model));
    for (size_t i = 0; i < model_target_count(world->model); i++) {
        char *sentence = model_explain(world->model, model_target_at(world->model, i));

        said |= strstr(sentence, says) != NULL;
        free(sentence);
    }
    if (!said)
        fail_msg("no target says: %s", says);
}

static void a_good_place(void **state)
{
    static const struct setting setting = {.head = ". AD\n", .persona = "ready", .count = 1};
    struct world world;

    (void)state;
    start(&world, &setting);
    add(&world, 0, 1);
    assert_check(&world, CHECK_RESOLVER, CHECK_OK, NULL);
    assert_check(&world, CHECK_DNSSEC, CHECK_OK, NULL);
    assert_check(&world, CHECK_IPV4, CHECK_OK, "127.0.0.1");
    assert_check(&world, CHECK_PORT_25, CHECK_OK, NULL);
    assert_check(&world, CHECK_STARTTLS_PATH, CHECK_OK, NULL);
    assert_check(&world, CHECK_HELO_NAME, CHECK_UNKNOWN, "this machine itself");
    assert_check(&world, CHECK_MAIL_SENDER, CHECK_UNKNOWN, "can't be told");
    world_end(&world);
}

static void a_resolver_that_does_not_validate(void **state)
{
    static const struct setting setting = {.head = "", .persona = "ready", .count = 1};
    struct world world;

    (void)state;
    start(&world, &setting);
    add(&world, 0, 1);
    assert_check(&world, CHECK_RESOLVER, CHECK_OK, NULL);
    assert_check(&world, CHECK_DNSSEC, CHECK_TROUBLE, "`authenticated` is never true");
    world_end(&world);
}

static void a_silent_resolver(void **state)
{
    static const struct setting setting = {.head = ". DROP\nd0.test DROP\n", .count = 0, .timeout = 0.2};
    struct world world;

    (void)state;
    start(&world, &setting);
    add(&world, 0, 1);
    assert_check(&world, CHECK_RESOLVER, CHECK_TROUBLE, "--dns-server");
    assert_check(&world, CHECK_DNSSEC, CHECK_UNKNOWN, NULL);
    assert_check(&world, CHECK_PORT_25, CHECK_UNKNOWN, NULL);
    assert_int_equal(count_reason(&world, "dns-timeout"), 1);
    assert_lost(&world,
                "d0.test could not be looked up: the resolver here does not answer, which is trouble here");
    world_end(&world);
}

static void a_resolver_that_refuses(void **state)
{
    static const struct setting setting = {.head = ". REFUSED\n", .persona = "ready", .count = 1};
    struct world world;

    (void)state;
    start(&world, &setting);
    add(&world, 0, 1);
    assert_check(&world, CHECK_RESOLVER, CHECK_UNKNOWN, "not about the root");
    assert_check(&world, CHECK_DNSSEC, CHECK_UNKNOWN, NULL);
    assert_false(model_names_lost(world.model));
    world_end(&world);
}

static void a_resolver_that_refuses_everything(void **state)
{
    static const struct setting setting = {.head = ". REFUSED\nd0.test REFUSED\n", .count = 0};
    struct world world;

    (void)state;
    start(&world, &setting);
    add(&world, 0, 1);
    assert_check(&world, CHECK_RESOLVER, CHECK_TROUBLE, "fails for every name, the root included (REFUSED)");
    assert_int_equal(count_reason(&world, "dns-refused"), 1);
    assert_lost(&world, "d0.test could not be looked up: the resolver here refuses, which is trouble here");
    world_end(&world);
}

/* Failures of domains that have nothing to do with each other, while the root is known: theirs. */
static void domains_that_fail_by_themselves(void **state)
{
    static const struct setting setting = {
        .head = ". AD\nd0.test SERVFAIL\nd1.test SERVFAIL\nd2.test REFUSED\nd3.test DROP\n",
        .count = 0,
        .timeout = 0.3};
    struct world world;
    char *sentence;

    (void)state;
    start(&world, &setting);
    add(&world, 0, 4);
    assert_check(&world, CHECK_RESOLVER, CHECK_OK, NULL);
    assert_false(model_names_lost(world.model));
    sentence = model_explain(world.model, model_target_at(world.model, 3));
    assert_non_null(strstr(sentence, "The name servers of d3.test did not answer in time"));
    free(sentence);
    world_end(&world);
}

/* It knows some names and denies all others, the root too: these may well exist. */
static void a_resolver_that_denies_the_root(void **state)
{
    static const struct setting setting = {
        .head = ". NXDOMAIN\nd2.test MX 1 mx.d2.test\n", .persona = "ready", .count = 1};
    struct world world;
    struct target *target;

    (void)state;
    start(&world, &setting);
    add(&world, 0, 3);
    assert_check(&world, CHECK_RESOLVER, CHECK_TROUBLE,
                 "denies that the root exists: it knows only its own names");
    assert_int_equal(model_target_at(world.model, 0)->judgement.verdict, VERDICT_READY);
    assert_int_equal(count_reason(&world, "dns-untrusted"), 2);
    target = model_target_at(world.model, 1);
    assert_int_equal(target->dns.status, DNS_NXDOMAIN);
    assert_int_equal(target->consequence, CONSEQUENCE_UNKNOWN);
    assert_lost(
        &world,
        "d1.test could not be looked up: the resolver here knows only its own names, which is trouble "
        "here, not there");
    assert_lost(&world, "mx.d2.test could not be looked up: the resolver here knows only its own names");
    world_end(&world);
}

#define CONTROL_DOWN "c.test MX 5 mx.c.test\nmx.c.test A 127.67.1.1\n"

/* Four servers refuse and the control too: all are taken back, and what comes later is not even tried. */
static void refused_everywhere(void **state)
{
    static const struct setting setting = {.head = CONTROL_DOWN, .count = 4, .control = "c.test"};
    struct world world;
    struct audit_progress progress;
    struct target *target;
    unsigned long before;
    char *sentence;

    (void)state;
    start(&world, &setting);
    add(&world, 0, 4);
    assert_check(&world, CHECK_PORT_25, CHECK_TROUBLE, " is blocked from here: ");
    assert_check(
        &world, CHECK_PORT_25, CHECK_TROUBLE,
        "all 4 servers tried, in 4 networks, failed alike (the connection refused), and so did c.test");
    assert_int_equal(count_reason(&world, "port-blocked"), 4);
    target = model_target_at(world.model, 0);
    assert_int_equal(target->consequence, CONSEQUENCE_UNKNOWN);
    sentence = model_explain(world.model, target);
    assert_non_null(strstr(sentence, "was not asked about TLS: the mail port is blocked here"));
    free(sentence);
    assert_int_equal(target->hosts[0].host->endpoints[0]->facts->log_count,
                     1); /* what was tried stays told */
    audit_progress(world.audit, &progress);
    before = progress.connections;
    assert_int_equal(before, 5);
    target = model_target_at(world.model, 1);
    audit_reprobe_target(world.audit, target->id);
    while (world_step(&world))
        continue;
    audit_progress(world.audit, &progress);
    assert_int_equal(progress.connections, before + 1);
    assert_int_equal(count_reason(&world, "port-blocked"), 4);
    world_end(&world);
}

static void later_ones_are_not_tried(void **state)
{
    static const struct setting setting = {.head = CONTROL_DOWN
                                           "d9.test MX 1 mx.d9.test\nmx.d9.test A 127.66.99.1\n"
                                           "server 127.66.99.1 ready\n",
                                           .count = 4,
                                           .control = "c.test"};
    struct world world;
    struct audit_progress progress;
    struct target *target;

    (void)state;
    start(&world, &setting);
    add(&world, 0, 4);
    add(&world, 9, 1);
    audit_progress(world.audit, &progress);
    assert_int_equal(progress.connections, 5);
    assert_int_equal(progress.full_done, 5);
    assert_int_equal(count_reason(&world, "port-blocked"), 5);
    target = model_target_at(world.model, 4);
    audit_reprobe_target(world.audit, target->id); /* and this one gets through: all are asked again */
    while (world_step(&world))
        continue;
    assert_check(&world, CHECK_PORT_25, CHECK_OK, NULL);
    assert_int_equal(target->judgement.verdict, VERDICT_READY);
    assert_int_equal(count_reason(&world, "port-blocked"), 0);
    assert_int_equal(count_reason(&world, "connect-refused"), 4);
    world_end(&world);
}

static void no_answer_anywhere(void **state)
{
    static const struct setting setting = {.head = CONTROL_DOWN "server 127.67.1.1 never-answers\n",
                                           .persona = "never-answers",
                                           .count = 3,
                                           .control = "c.test",
                                           .timeout = 0.3};
    struct world world;

    (void)state;
    start(&world, &setting);
    add(&world, 0, 3);
    assert_check(&world, CHECK_PORT_25, CHECK_TROUBLE, "no answer in time");
    assert_int_equal(count_reason(&world, "port-blocked"), 3);
    world_end(&world);
}

static void reset_everywhere(void **state)
{
    static const struct setting setting = {.head = CONTROL_DOWN "server 127.67.1.1 early-reset\n",
                                           .persona = "early-reset",
                                           .count = 3,
                                           .control = "c.test"};
    struct world world;

    (void)state;
    start(&world, &setting);
    add(&world, 0, 3);
    assert_check(&world, CHECK_PORT_25, CHECK_TROUBLE, "reset at once");
    world_end(&world);
}

static void a_control_that_answers(void **state)
{
    static const struct setting setting = {
        .head = CONTROL_DOWN "server 127.67.1.1 ready\n", .count = 12, .control = "c.test"};
    struct world world;

    (void)state;
    start(&world, &setting);
    add(&world, 0, 12);
    assert_check(&world, CHECK_PORT_25, CHECK_OK, "known to take mail");
    assert_int_equal(count_reason(&world, "connect-refused"), 12);
    assert_int_equal(model_target_count(world.model), 12);
    assert_int_equal(model_endpoint_count(world.model), 12); /* the control is none of them */
    world_end(&world);
}

/* The built-in controls are in no lab: ten endpoints in five networks have to do, but not where each server
 * may have refused by itself. */
static void refused_without_controls(void **state)
{
    static const struct setting setting = {.head = "", .count = 20};
    struct world world;

    (void)state;
    start(&world, &setting);
    add(&world, 0, 20);
    assert_check(&world, CHECK_PORT_25, CHECK_UNKNOWN, "The control gmail.com told nothing: no such name");
    assert_int_equal(count_reason(&world, "connect-refused"), 20);
    world_end(&world);
}

static void without_controls(void **state)
{
    static const struct setting setting = {.head = "", .persona = "early-reset", .count = 10};
    struct world world;

    (void)state;
    start(&world, &setting);
    add(&world, 0, 9);
    assert_check(&world, CHECK_PORT_25, CHECK_UNKNOWN, NULL);
    assert_int_equal(count_reason(&world, "reset"), 9);
    add(&world, 9, 1);
    assert_check(&world, CHECK_PORT_25, CHECK_TROUBLE, "all 10 servers");
    assert_int_equal(count_reason(&world, "port-blocked"), 10);
    world_end(&world);
}

static void one_that_answers_is_enough(void **state)
{
    static const struct setting setting = {
        .head =
            CONTROL_DOWN "d12.test MX 1 mx.d12.test\nmx.d12.test A 127.66.99.1\nserver 127.66.99.1 rejects\n",
        .count = 12,
        .control = "c.test"};
    struct world world;

    (void)state;
    start(&world, &setting);
    add(&world, 0, 13);
    assert_check(&world, CHECK_PORT_25, CHECK_OK, NULL);
    assert_int_equal(count_reason(&world, "connect-refused"), 12);
    world_end(&world);
}

/* One that fails in its own way among many does not hide the block, and another one later does not lift it:
 * what comes then stays untried. */
static void some_fail_in_their_own_way(void **state)
{
    static const struct setting setting = {.head = "d19.test MX 1 mx.d19.test\nmx.d19.test A 127.66.98.1\n"
                                                   "d20.test MX 1 mx.d20.test\nmx.d20.test A 127.66.99.1\n",
                                           .persona = "early-reset",
                                           .count = 19};
    struct world world;
    unsigned long before;

    (void)state;
    start(&world, &setting);
    add(&world, 19, 1);
    add(&world, 0, 19);
    assert_check(&world, CHECK_PORT_25, CHECK_TROUBLE,
                 "19 of 20 servers tried, in 19 networks, failed alike");
    assert_int_equal(count_reason(&world, "port-blocked"), 20);
    add(&world, 20, 1);
    before = connections(&world);
    audit_reprobe_target(world.audit, model_target_at(world.model, 20)->id);
    settle(&world);
    assert_check(&world, CHECK_PORT_25, CHECK_TROUBLE, NULL);
    assert_int_equal(connections(&world), before + 1);
    assert_int_equal(count_reason(&world, "port-blocked"), 21);
    world_end(&world);
}

/* Where probes leave from another address than loopback, or can't leave at all, servers of this machine say
 * nothing for the way out … */
static void own_servers_that_answer(void **state)
{
    static const struct setting setting = {.head = "", .persona = "ready", .count = 1, .world = "198.41.0.4"};
    struct world world;

    (void)state;
    start(&world, &setting);
    add(&world, 0, 1);
    assert_check(&world, CHECK_PORT_25, CHECK_UNKNOWN, NULL);
    assert_check(&world, CHECK_STARTTLS_PATH, CHECK_UNKNOWN, NULL);
    assert_int_equal(model_target_at(world.model, 0)->judgement.verdict, VERDICT_READY);
    world_end(&world);
}

/* … nor against it. */
static void own_servers_that_fail(void **state)
{
    static const struct setting setting = {
        .head = "", .persona = "early-reset", .count = 12, .world = "198.41.0.4"};
    struct world world;

    (void)state;
    start(&world, &setting);
    add(&world, 0, 12);
    assert_check(&world, CHECK_PORT_25, CHECK_UNKNOWN, NULL);
    assert_int_equal(count_reason(&world, "reset"), 12);
    world_end(&world);
}

/* Given up, then used by nobody while the block was lifted: asked again by who comes next. */
static void one_that_nobody_used_meanwhile(void **state)
{
    static const struct setting setting = {.head = CONTROL_DOWN
                                           "d9.test MX 1 mx.d9.test\nmx.d9.test A 127.66.99.1\n"
                                           "server 127.66.99.1 ready\n",
                                           .count = 4,
                                           .control = "c.test"};
    struct world world;
    struct target *left;

    (void)state;
    start(&world, &setting);
    add(&world, 0, 4);
    assert_int_equal(count_reason(&world, "port-blocked"), 4);
    left = model_target_at(world.model, 0);
    audit_remove(world.audit, left->id);
    add(&world, 9, 1);
    audit_reprobe_target(world.audit, model_target_at(world.model, 4)->id);
    settle(&world);
    assert_check(&world, CHECK_PORT_25, CHECK_OK, NULL);
    assert_int_equal(count_reason(&world, "port-blocked"), 1);
    audit_add(world.audit, left->id, &left->spec);
    settle(&world);
    assert_int_equal(count_reason(&world, "connect-refused"), 4);
    world_end(&world);
}

/* A control that answers before anything was asked for ends nothing. */
static void a_control_ends_no_run(void **state)
{
    static const struct setting setting = {.head = CONTROL_DOWN "server 127.67.1.1 ready\n",
                                           .persona = "ready",
                                           .count = 1,
                                           .control = "c.test"};
    struct world world;

    (void)state;
    start(&world, &setting);
    while (model_preflight(world.model)->checks[CHECK_PORT_25].state != CHECK_OK)
        if (!world_step(&world))
            fail_msg("idle, though nothing was asked for");
    add(&world, 0, 1);
    assert_int_equal(model_target_at(world.model, 0)->judgement.verdict, VERDICT_READY);
    world_end(&world);
}

/* Masked everywhere, at the control too: nothing is said of the servers. */
static void a_masked_path(void **state)
{
    static const struct setting setting = {.head = CONTROL_DOWN "server 127.67.1.1 masked\n",
                                           .persona = "masked",
                                           .count = 2,
                                           .control = "c.test"};
    struct world world;

    (void)state;
    start(&world, &setting);
    add(&world, 0, 2);
    assert_check(&world, CHECK_STARTTLS_PATH, CHECK_TROUBLE,
                 "masked in 2 networks and missing in 0, even at c.test, known to have it");
    assert_check(&world, CHECK_PORT_25, CHECK_OK, NULL);
    world_end(&world);
}

static void stripped(void **state)
{
    static const struct setting setting = {.head = CONTROL_DOWN "server 127.67.1.1 plaintext\n",
                                           .persona = "plaintext",
                                           .count = 5,
                                           .control = "c.test"};
    struct strings warnings = {0};
    struct world world;
    struct target *target;
    char *sentence;

    (void)state;
    start(&world, &setting);
    add(&world, 0, 1);
    target = model_target_at(world.model, 0);
    assert_check(&world, CHECK_STARTTLS_PATH, CHECK_TROUBLE, "even at c.test, known to have it");
    add(&world, 1, 4);
    assert_int_equal(model_target_at(world.model, 4)->judgement.verdict, VERDICT_UNKNOWN);
    assert_int_equal(target->judgement.verdict, VERDICT_UNKNOWN);
    assert_int_equal(target->judgement.reason, REASON_TLS_INCONCLUSIVE);
    assert_int_equal(target->consequence, CONSEQUENCE_UNKNOWN);
    sentence = model_explain(world.model, target);
    assert_non_null(strstr(sentence, "something on the way out of here rewrites it"));
    free(sentence);
    model_warnings(world.model, target, &warnings);
    assert_true(warnings.count > 0);
    assert_non_null(strstr(warnings.items[warnings.count - 1], "may not be the server's doing"));
    strings_release(&warnings);
    world_end(&world);
}

/* The only control can't be looked up, which is said: these are plaintext servers, as far as that shows. */
static void nobody_to_compare_with(void **state)
{
    static const struct setting setting = {
        .head = "", .persona = "plaintext", .count = 2, .control = "nowhere.test"};
    struct world world;

    (void)state;
    start(&world, &setting);
    add(&world, 0, 2);
    assert_check(&world, CHECK_STARTTLS_PATH, CHECK_UNKNOWN,
                 "The control nowhere.test told nothing: no such name (NXDOMAIN).");
    assert_check(&world, CHECK_PORT_25, CHECK_OK, "The control nowhere.test told nothing");
    assert_int_equal(model_target_at(world.model, 1)->judgement.verdict, VERDICT_PLAINTEXT);
    world_end(&world);
}

static void a_control_that_is_down(void **state)
{
    static const struct setting setting = {
        .head = CONTROL_DOWN, .persona = "ready", .count = 1, .control = "c.test"};
    struct world world;

    (void)state;
    start(&world, &setting);
    add(&world, 0, 1);
    assert_check(&world, CHECK_PORT_25, CHECK_OK,
                 "The control c.test told nothing: the connection was refused.");
    world_end(&world);
}

static void a_control_shows_a_good_path(void **state)
{
    static const struct setting setting = {.head = CONTROL_DOWN "server 127.67.1.1 ready\n",
                                           .persona = "plaintext",
                                           .count = 6,
                                           .control = "c.test"};
    struct world world;

    (void)state;
    start(&world, &setting);
    add(&world, 0, 6);
    assert_check(&world, CHECK_STARTTLS_PATH, CHECK_OK, NULL);
    assert_int_equal(model_target_at(world.model, 5)->judgement.verdict, VERDICT_PLAINTEXT);
    world_end(&world);
}

static void masked_at_one_network_is_its_own_matter(void **state)
{
    static const struct setting setting = {
        .head = "d3.test MX 1 mx.d3.test\nmx.d3.test A 127.66.99.1\nserver 127.66.99.1 masked\n",
        .persona = "ready",
        .count = 3};
    struct world world;

    (void)state;
    start(&world, &setting);
    add(&world, 0, 3);
    assert_check(&world, CHECK_STARTTLS_PATH, CHECK_OK, NULL);
    add(&world, 3, 1);
    assert_check(&world, CHECK_STARTTLS_PATH, CHECK_UNKNOWN, "masked in 1 network, ");
    world_end(&world);
}

/* Called off while a control keeps us waiting: the run ends all the same. */
static void cancelled_while_a_control_is_asked(void **state)
{
    static const struct setting setting = {
        .head = CONTROL_DOWN "server 127.67.1.1 black-hole\n", .count = 3, .control = "c.test"};
    struct world world;
    struct audit_progress progress = {0};

    (void)state;
    start(&world, &setting);
    while (!progress.running)
        audit_progress(world.audit, &progress);
    audit_cancel(world.audit);
    while (world_step(&world))
        continue;
    audit_progress(world.audit, &progress);
    assert_int_equal(progress.running, 0);
    assert_int_equal(progress.endpoints, 0);
    world_end(&world);
}

/* What the control said before counts behind a cancel, and its name stands once. */
static void a_control_is_heard_before_a_cancel(void **state)
{
    static const struct setting setting = {.head = CONTROL_DOWN, .count = 4, .control = "c.test"};
    struct world world;

    (void)state;
    start(&world, &setting);
    add(&world, 0, 2);
    cancel(&world);
    add(&world, 2, 2);
    assert_check(&world, CHECK_PORT_25, CHECK_TROUBLE, "and so did c.test, known");
    assert_once(&world, CHECK_PORT_25, "c.test");
    assert_int_equal(connections(&world), 5);
    world_end(&world);
}

/* Cut off, it has said nothing: it is asked anew once something else is. */
static void a_control_is_cut_off_by_a_cancel(void **state)
{
    static const struct setting setting = {.head = CONTROL_DOWN
                                           "server 127.67.1.1 black-hole\n"
                                           "d9.test MX 1 mx.d9.test\nmx.d9.test A 127.66.99.1\n"
                                           "server 127.66.99.1 ready\n",
                                           .persona = "early-reset",
                                           .count = 0,
                                           .control = "c.test"};
    struct world world;
    struct audit_progress progress = {0};

    (void)state;
    start(&world, &setting);
    while (!progress.running)
        audit_progress(world.audit, &progress);
    cancel(&world);
    add(&world, 9, 1);
    assert_check(&world, CHECK_PORT_25, CHECK_OK, "The control c.test told nothing: no banner came in time.");
    assert_once(&world, CHECK_PORT_25, "c.test");
    world_end(&world);
}

/* Asked for again while the control still says QUIT, as it does in the middle of a dialogue. */
static void a_control_is_asked_again_at_once(void **state)
{
    static const struct setting setting = {.head = CONTROL_DOWN
                                           "server 127.67.1.1 slow-replies\n"
                                           "d9.test MX 1 mx.d9.test\nmx.d9.test A 127.66.99.1\n"
                                           "server 127.66.99.1 slow-replies\n",
                                           .persona = "ready",
                                           .count = 1,
                                           .control = "c.test"};
    struct world world;
    const struct target *guide;

    (void)state;
    start(&world, &setting);
    ask_for(&world, 9, 1);
    guide = model_target_at(world.model, 0);
    while (!guide->host_count || !guide->hosts[0].host->endpoint_count ||
           guide->hosts[0].host->endpoints[0]->activity != STAGE_EHLO)
        assert_true(world_step(&world));
    audit_cancel(world.audit);
    audit_remove(world.audit, guide->id);
    ask_for(&world, 0, 1);
    while (world_step(&world) || model_target_at(world.model, 1)->judgement.verdict == VERDICT_PENDING)
        continue; /* the cancel may end in an idle moment of its own */
    assert_int_equal(model_target_at(world.model, 1)->judgement.verdict, VERDICT_READY);
    assert_check(&world, CHECK_PORT_25, CHECK_OK, NULL);
    assert_null(model_preflight(world.model)->checks[CHECK_PORT_25].detail);
    world_end(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_place),
        cmocka_unit_test(a_resolver_that_does_not_validate),
        cmocka_unit_test(a_silent_resolver),
        cmocka_unit_test(a_resolver_that_refuses),
        cmocka_unit_test(a_resolver_that_refuses_everything),
        cmocka_unit_test(domains_that_fail_by_themselves),
        cmocka_unit_test(a_resolver_that_denies_the_root),
        cmocka_unit_test(refused_everywhere),
        cmocka_unit_test(later_ones_are_not_tried),
        cmocka_unit_test(no_answer_anywhere),
        cmocka_unit_test(reset_everywhere),
        cmocka_unit_test(a_control_that_answers),
        cmocka_unit_test(refused_without_controls),
        cmocka_unit_test(without_controls),
        cmocka_unit_test(nobody_to_compare_with),
        cmocka_unit_test(a_control_that_is_down),
        cmocka_unit_test(one_that_answers_is_enough),
        cmocka_unit_test(a_masked_path),
        cmocka_unit_test(stripped),
        cmocka_unit_test(a_control_shows_a_good_path),
        cmocka_unit_test(masked_at_one_network_is_its_own_matter),
        cmocka_unit_test(cancelled_while_a_control_is_asked),
        cmocka_unit_test(some_fail_in_their_own_way),
        cmocka_unit_test(own_servers_that_answer),
        cmocka_unit_test(own_servers_that_fail),
        cmocka_unit_test(one_that_nobody_used_meanwhile),
        cmocka_unit_test(a_control_ends_no_run),
        cmocka_unit_test(a_control_is_heard_before_a_cancel),
        cmocka_unit_test(a_control_is_cut_off_by_a_cancel),
        cmocka_unit_test(a_control_is_asked_again_at_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
