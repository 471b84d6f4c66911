#include "engine/net/resolver.h"

#include "engine/net/dns_fake.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#define TOO_LATE 600000 /* milliseconds */
#define ORDINARY 20.0   /* seconds: no test waits for it */
#define SERVERS  3

/* A loop with a resolver on it, and what came back. */
struct fixture {
    struct fake_dns *fakes[SERVERS];
    char servers[SERVERS][32];
    const char *pointers[SERVERS];
    struct resolver_options options;
    struct net_loop *loop;
    struct net_timer *late;
    struct resolver *resolver;
    void (*check)(struct fixture *); /* runs when all that was asked has come; may ask more */
    bool freed_early;
    unsigned expected, came;
    bool inside; /* a call that must not call back */
    const struct mx_answer *mx;
    const struct address_answer *address;
    const struct names_answer *names;
    const struct zone_answer *zone;
    struct resolver_counts counts;
    enum dns_status wanted;
    const struct mx_answer *before;
};

static void on_wake(void *context)
{
    (void)context;
}

static void on_late(void *context)
{
    const struct fixture *fixture = context;

    fail_msg("%u of %u answers after %d ms", fixture->came, fixture->expected, TOO_LATE);
}

static void begin_with(struct fixture *fixture, double timeout, const enum fake_manner *manners, size_t count)
{
    char *error = NULL;
    size_t i;

    memset(fixture, 0, sizeof *fixture);
    for (i = 0; i < count; i++) {
        fixture->fakes[i] = fake_dns_new(manners[i]);
        snprintf(fixture->servers[i], sizeof fixture->servers[i], "127.0.0.1:%u",
                 fake_dns_port(fixture->fakes[i]));
        fixture->pointers[i] = fixture->servers[i];
    }
    fixture->options.servers = fixture->pointers;
    fixture->options.server_count = count;
    fixture->options.timeout = timeout;
    fixture->loop = net_loop_new(on_wake, fixture);
    fixture->late = net_timer_new(fixture->loop, on_late, fixture);
    net_timer_start(fixture->late, TOO_LATE);
    fixture->resolver = resolver_new(fixture->loop, &fixture->options, &error);
    assert_non_null(fixture->resolver);
}

static void begin(struct fixture *fixture, double timeout)
{
    static const enum fake_manner usual[] = {FAKE_BY_NAME};

    begin_with(fixture, timeout, usual, 1);
}

static void leave(struct fixture *fixture)
{
    resolver_free(fixture->resolver);
    fixture->resolver = NULL;
    net_timer_free(fixture->late);
    net_loop_stop(fixture->loop);
}

static void one_more(struct fixture *fixture)
{
    assert_false(fixture->inside);
    assert_non_null(fixture->resolver);
    if (++fixture->came < fixture->expected)
        return;
    resolver_counts(fixture->resolver, &fixture->counts);
    fixture->check(fixture);
    if (fixture->came == fixture->expected)
        leave(fixture);
}

static void on_mx(void *context, const struct mx_answer *answer)
{
    struct fixture *fixture = context;

    fixture->mx = answer;
    one_more(fixture);
}

static void on_address(void *context, const struct address_answer *answer)
{
    struct fixture *fixture = context;

    fixture->address = answer;
    one_more(fixture);
}

static void on_names(void *context, const struct names_answer *answer)
{
    struct fixture *fixture = context;

    fixture->names = answer;
    one_more(fixture);
}

static void ask_root(struct fixture *fixture)
{
    fixture->inside = true;
    fixture->expected++;
    resolver_root(fixture->resolver, on_names, fixture);
    fixture->inside = false;
}

static void ask_pointer(struct fixture *fixture, const char *text)
{
    struct net_address address;

    assert_true(net_address_parse(text, &address));
    fixture->inside = true;
    fixture->expected++;
    resolver_pointer(fixture->resolver, &address, on_names, fixture);
    fixture->inside = false;
}

static void on_zone(void *context, const struct zone_answer *answer)
{
    struct fixture *fixture = context;

    fixture->zone = answer;
    one_more(fixture);
}

static void ask_zone(struct fixture *fixture, const char *name)
{
    fixture->inside = true;
    fixture->expected++;
    resolver_zone(fixture->resolver, name, on_zone, fixture);
    fixture->inside = false;
}

static void ask_text(struct fixture *fixture, const char *name)
{
    fixture->inside = true;
    fixture->expected++;
    resolver_text(fixture->resolver, name, on_names, fixture);
    fixture->inside = false;
}

static void ask_mx(struct fixture *fixture, const char *name)
{
    fixture->inside = true;
    fixture->expected++;
    resolver_mx(fixture->resolver, name, on_mx, fixture);
    fixture->inside = false;
}

static void ask_address(struct fixture *fixture, const char *name, bool want4, bool want6)
{
    fixture->inside = true;
    fixture->expected++;
    resolver_address(fixture->resolver, name, want4, want6, on_address, fixture);
    fixture->inside = false;
}

static void run(struct fixture *fixture, void (*check)(struct fixture *))
{
    size_t i;

    fixture->check = check;
    net_loop_run(fixture->loop);
    net_loop_free(fixture->loop);
    for (i = 0; i < SERVERS && fixture->fakes[i]; i++)
        fake_dns_free(fixture->fakes[i]);
    if (!fixture->freed_early)
        assert_int_equal(fixture->came, fixture->expected);
}

static void check_usual_mx(struct fixture *fixture)
{
    const struct mx_answer *mx = fixture->mx;

    assert_int_equal(mx->status, DNS_OK);
    assert_false(mx->authenticated);
    assert_null(mx->canonical);
    assert_int_equal(mx->count, 3);
    assert_string_equal(mx->records[0].exchange, "c.test");
    assert_int_equal(mx->records[0].preference, 10);
    assert_string_equal(mx->records[1].exchange, "a.test");
    assert_string_equal(mx->records[2].exchange, "b.test");
    assert_int_equal(mx->records[2].preference, 20);
}

static void mx_with_equal_preferences(void **state)
{
    struct fixture fixture;

    (void)state;
    begin(&fixture, ORDINARY);
    ask_mx(&fixture, "Normal.TEST.");
    run(&fixture, check_usual_mx);
    assert_int_equal(fixture.counts.queries, 1);
    assert_int_equal(fixture.counts.answers, 1);
}

static void check_usual_addresses(struct fixture *fixture)
{
    const struct address_answer *address = fixture->address;
    static const char *const expected[] = {"192.0.2.2", "192.0.2.1", "2001:db8::1"};
    size_t i;

    assert_int_equal(address->status, DNS_OK);
    assert_int_equal(address->count, 3);
    for (i = 0; i < 3; i++) {
        char text[NET_ADDRESS_SIZE];

        net_address_print(&address->addresses[i], text);
        assert_string_equal(text, expected[i]);
    }
}

static void addresses_of_both_families(void **state)
{
    struct fixture fixture;

    (void)state;
    begin(&fixture, ORDINARY);
    ask_address(&fixture, "normal.test", true, true);
    run(&fixture, check_usual_addresses);
    assert_int_equal(fixture.counts.queries, 2);
}

static void check_one_family(struct fixture *fixture)
{
    assert_int_equal(fixture->address->status, DNS_OK);
    assert_int_equal(fixture->address->status4, DNS_NOT_QUERIED);
    assert_int_equal(fixture->address->status6, DNS_OK);
    assert_int_equal(fixture->address->count, 1);
    assert_int_equal(fixture->counts.queries, 1);
}

static void addresses_of_one_family(void **state)
{
    struct fixture fixture;

    (void)state;
    begin(&fixture, ORDINARY);
    ask_address(&fixture, "normal.test", false, true);
    run(&fixture, check_one_family);
}

static void check_mixed(struct fixture *fixture)
{
    assert_int_equal(fixture->address->status, DNS_OK);
    assert_int_equal(fixture->address->status4, DNS_OK);
    assert_int_equal(fixture->address->status6, DNS_SERVFAIL);
    assert_int_equal(fixture->address->count, 1);
}

static void one_family_fails(void **state)
{
    struct fixture fixture;

    (void)state;
    begin(&fixture, ORDINARY);
    ask_address(&fixture, "mixed.test", true, true);
    run(&fixture, check_mixed);
}

static void check_status(struct fixture *fixture)
{
    assert_int_equal(fixture->mx->status, fixture->wanted);
    assert_int_equal(fixture->mx->count, 0);
}

static void failures_are_kept_apart(void **state)
{
    static const struct {
        const char *name;
        double timeout;
        enum dns_status status;
    } rows[] = {
        {"nx.test", ORDINARY, DNS_NXDOMAIN},       {"nodata.test", ORDINARY, DNS_NO_DATA},
        {"servfail.test", ORDINARY, DNS_SERVFAIL}, {"refused.test", ORDINARY, DNS_REFUSED},
        {"notimp.test", ORDINARY, DNS_SERVFAIL},   {"garbage.test", ORDINARY, DNS_MALFORMED},
        {"circle.test", ORDINARY, DNS_SERVFAIL},   {"drop.test", 0.2, DNS_TIMEOUT},
        {"noise.test", 0.2, DNS_TIMEOUT},          {"not..a.name", ORDINARY, DNS_MALFORMED},
    };
    struct fixture fixture;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        begin(&fixture, rows[i].timeout);
        fixture.wanted = rows[i].status;
        ask_mx(&fixture, rows[i].name);
        run(&fixture, check_status);
    }
}

static void check_timeout(struct fixture *fixture)
{
    assert_int_equal(fixture->mx->status, DNS_TIMEOUT);
    assert_int_equal(fixture->counts.queries, 3);
    assert_int_equal(fixture->counts.timeouts, 3);
    assert_int_equal(fixture->counts.answers, 0);
}

static void the_deadline_holds_for_all_tries(void **state)
{
    struct fixture fixture;
    uint64_t before = net_clock_us(), took;

    (void)state;
    begin(&fixture, 0.35);
    ask_mx(&fixture, "drop.test");
    run(&fixture, check_timeout);
    took = net_clock_us() - before;
    assert_true(took >= 340000);
    assert_true(took < 5000000);
}

static void check_repeated(struct fixture *fixture)
{
    check_usual_mx(fixture);
    assert_int_equal(fixture->counts.queries, 2);
    assert_int_equal(fixture->counts.timeouts, 1);
}

static void a_lost_query_is_repeated(void **state)
{
    struct fixture fixture;

    (void)state;
    begin(&fixture, 7);
    ask_mx(&fixture, "dropped-once.test");
    run(&fixture, check_repeated);
}

static void check_big(struct fixture *fixture)
{
    size_t i;

    assert_int_equal(fixture->mx->status, DNS_OK);
    assert_int_equal(fixture->mx->count, 60);
    for (i = 1; i < 60; i++)
        assert_true(strcmp(fixture->mx->records[i - 1].exchange, fixture->mx->records[i].exchange) < 0);
    assert_int_equal(fake_dns_tcp_queries(fixture->fakes[0]), 1);
}

static void truncated_answers_come_over_tcp(void **state)
{
    struct fixture fixture;

    (void)state;
    begin(&fixture, ORDINARY);
    ask_mx(&fixture, "big.test");
    run(&fixture, check_big);
}

static void check_many_big(struct fixture *fixture)
{
    assert_int_equal(fake_dns_tcp_queries(fixture->fakes[0]), 100);
    assert_int_equal(fixture->mx->count, 60);
}

/* The server ends each connection after one answer. */
static void many_over_tcp_at_once(void **state)
{
    struct fixture fixture;
    char name[32];
    unsigned i;

    (void)state;
    begin(&fixture, ORDINARY);
    for (i = 0; i < 100; i++) {
        snprintf(name, sizeof name, "big.%u.test", i);
        ask_mx(&fixture, name);
    }
    run(&fixture, check_many_big);
}

static void check_old(struct fixture *fixture)
{
    check_usual_mx(fixture);
    assert_true(fake_dns_queries(fixture->fakes[0]) <= 4);
}

static void a_server_without_edns(void **state)
{
    struct fixture fixture;

    (void)state;
    begin(&fixture, ORDINARY);
    ask_mx(&fixture, "old.test");
    ask_mx(&fixture, "old.two.test");
    run(&fixture, check_old);
}

static void check_alias(struct fixture *fixture)
{
    assert_int_equal(fixture->mx->status, DNS_OK);
    assert_string_equal(fixture->mx->canonical, "real.test");
    assert_int_equal(fixture->mx->count, 3);
    assert_string_equal(fixture->address->canonical, "real.test");
    assert_int_equal(fixture->address->count, 3);
    assert_int_equal(fixture->mx->trail->count, 2 + 3);
    assert_string_equal(fixture->mx->trail->records[1].data, "real.test");
    assert_string_equal(fixture->mx->trail->records[2].name, "real.test");
    assert_int_equal(fixture->address->trails[0]->count + fixture->address->trails[1]->count, 4 + 3);
}

static void aliases_are_followed(void **state)
{
    struct fixture fixture;

    (void)state;
    begin(&fixture, ORDINARY);
    ask_mx(&fixture, "alias.test");
    ask_address(&fixture, "alias.test", true, true);
    run(&fixture, check_alias);
}

static void check_partial(struct fixture *fixture)
{
    assert_int_equal(fixture->mx->status, DNS_OK);
    assert_string_equal(fixture->mx->canonical, "further.test");
    assert_int_equal(fixture->mx->count, 3);
    assert_int_equal(fixture->counts.queries, 2);
    assert_int_equal(fixture->mx->trail->count, 1 + 3);
    assert_int_equal(fixture->mx->trail->records[0].type, RECORD_CNAME);
    assert_string_equal(fixture->mx->trail->records[0].data, "further.test");
    assert_int_equal(fixture->mx->trail->records[1].type, RECORD_MX);
}

static void the_rest_of_a_chain_is_asked_for(void **state)
{
    struct fixture fixture;

    (void)state;
    begin(&fixture, ORDINARY);
    ask_mx(&fixture, "partial.test");
    run(&fixture, check_partial);
}

static void check_late(struct fixture *fixture)
{
    assert_int_equal(fixture->mx->status, DNS_OK);
    assert_string_equal(fixture->mx->canonical, "further.test");
    assert_int_equal(fake_dns_tcp_queries(fixture->fakes[0]), 0);
}

/* It is about the name before. */
static void a_late_answer_is_none_to_the_rest_of_a_chain(void **state)
{
    struct fixture fixture;

    (void)state;
    begin(&fixture, 7);
    ask_mx(&fixture, "partial-late.test");
    run(&fixture, check_late);
}

static void check_null(struct fixture *fixture)
{
    assert_int_equal(fixture->mx->status, DNS_OK);
    assert_int_equal(fixture->mx->count, 1);
    assert_string_equal(fixture->mx->records[0].exchange, "");
}

static void null_mx(void **state)
{
    struct fixture fixture;

    (void)state;
    begin(&fixture, ORDINARY);
    ask_mx(&fixture, "null.test");
    run(&fixture, check_null);
}

static void check_signed(struct fixture *fixture)
{
    assert_true(fixture->mx->authenticated);
    assert_true(fixture->address->authenticated);
}

static void the_ad_bit_is_asked_for_and_kept(void **state)
{
    struct fixture fixture;

    (void)state;
    begin(&fixture, ORDINARY);
    ask_mx(&fixture, "signed.test");
    ask_address(&fixture, "signed.test", true, true);
    run(&fixture, check_signed);
}

static void check_thousands(struct fixture *fixture)
{
    assert_int_equal(fixture->mx->status, DNS_OK);
    assert_int_equal(fixture->counts.queries - fixture->counts.timeouts, 3000);
}

static void check_thousands_each(void *context, const struct mx_answer *answer)
{
    assert_int_equal(answer->status, DNS_OK);
    assert_int_equal(answer->count, 3);
    on_mx(context, answer);
}

static void thousands_in_flight(void **state)
{
    struct fixture fixture;
    char name[32];
    unsigned i;

    (void)state;
    begin(&fixture, ORDINARY);
    for (i = 0; i < 3000; i++) {
        snprintf(name, sizeof name, "h%u.test", i);
        fixture.expected++;
        resolver_mx(fixture.resolver, name, check_thousands_each, &fixture);
    }
    assert_int_equal(fixture.came, 0);
    run(&fixture, check_thousands);
}

static void check_shared_again(struct fixture *fixture)
{
    assert_int_equal(fixture->counts.queries, 3);
    assert_int_equal(fixture->counts.hits, 202);
}

static void check_shared(struct fixture *fixture)
{
    assert_int_equal(fixture->counts.queries, 3);
    assert_int_equal(fixture->counts.hits, 199);
    fixture->check = check_shared_again;
    ask_mx(fixture, "NORMAL.test.");
    ask_address(fixture, "normal.test", true, false);
    ask_address(fixture, "normal.test", false, true);
}

static void a_name_is_asked_once(void **state)
{
    struct fixture fixture;
    unsigned i;

    (void)state;
    begin(&fixture, ORDINARY);
    for (i = 0; i < 100; i++)
        ask_mx(&fixture, "normal.test");
    ask_address(&fixture, "normal.test", true, true);
    for (i = 0; i < 100; i++)
        ask_address(&fixture, "normal.test", i & 1, !(i & 1));
    run(&fixture, check_shared);
}

static void check_forgotten(struct fixture *fixture)
{
    check_usual_mx(fixture);
    assert_int_equal(fixture->counts.queries, 2);
    assert_ptr_not_equal(fixture->mx, fixture->before);
    assert_string_equal(fixture->before->records[0].exchange, "c.test");
}

static void check_first(struct fixture *fixture)
{
    fixture->before = fixture->mx;
    fixture->check = check_forgotten;
    resolver_forget(fixture->resolver, "Normal.test.");
    resolver_forget(fixture->resolver, "unknown.test");
    resolver_forget(fixture->resolver, "not..a.name");
    ask_mx(fixture, "normal.test");
    resolver_forget(fixture->resolver, "normal.test"); /* on its way: not cached yet */
}

static void a_forgotten_name_is_asked_again(void **state)
{
    struct fixture fixture;

    (void)state;
    begin(&fixture, ORDINARY);
    ask_mx(&fixture, "normal.test");
    run(&fixture, check_first);
}

static void check_second_server(struct fixture *fixture)
{
    check_usual_mx(fixture);
    assert_true(fake_dns_queries(fixture->fakes[0]) > 0);
}

static void the_next_server_is_asked(void **state)
{
    static const enum fake_manner failing[] = {FAKE_SERVFAIL, FAKE_BY_NAME};
    static const enum fake_manner silent[] = {FAKE_SILENT, FAKE_BY_NAME};
    struct fixture fixture;

    (void)state;
    begin_with(&fixture, ORDINARY, failing, 2);
    ask_mx(&fixture, "normal.test");
    run(&fixture, check_second_server);
    begin_with(&fixture, 1.4, silent, 2);
    ask_mx(&fixture, "normal.test");
    run(&fixture, check_second_server);
}

static void check_all_failed(struct fixture *fixture)
{
    assert_int_equal(fixture->mx->status, DNS_SERVFAIL);
    assert_int_equal(fixture->counts.queries, 3);
}

static void all_servers_fail(void **state)
{
    static const enum fake_manner failing[] = {FAKE_SERVFAIL, FAKE_BY_NAME, FAKE_SERVFAIL};
    struct fixture fixture;

    (void)state;
    begin_with(&fixture, ORDINARY, failing, 3);
    ask_mx(&fixture, "refused.test");
    run(&fixture, check_all_failed);
}

static void check_gone(struct fixture *fixture)
{
    assert_int_equal(fixture->mx->status, DNS_TIMEOUT);
    assert_int_equal(fixture->counts.answers, 0);
}

static void no_server_at_all(void **state)
{
    struct fixture fixture;
    uint64_t before = net_clock_us();

    (void)state;
    begin(&fixture, ORDINARY);
    fake_dns_free(fixture.fakes[0]);
    fixture.fakes[0] = NULL;
    ask_mx(&fixture, "normal.test");
    run(&fixture, check_gone);
    assert_true(net_clock_us() - before < 10000000); /* the port says so, nobody waits for the deadline */
}

static void fewer_in_flight(struct fixture *fixture, unsigned most)
{
    resolver_free(fixture->resolver);
    fixture->options.most_in_flight = most;
    fixture->resolver = resolver_new(fixture->loop, &fixture->options, NULL);
    assert_non_null(fixture->resolver);
}

static void on_dead(void *context, const struct mx_answer *answer)
{
    assert_int_equal(answer->status, DNS_TIMEOUT);
    on_mx(context, answer);
}

static void check_nothing(struct fixture *fixture)
{
    (void)fixture;
}

/* When no server says anything to anybody, those in line are told so; nobody waits once per batch. */
static void dead_servers_are_noticed(void **state)
{
    static const enum fake_manner silent[] = {FAKE_SILENT, FAKE_SILENT};
    uint64_t before = net_clock_us();
    struct fixture fixture;
    char name[32];
    unsigned i;

    (void)state;
    begin_with(&fixture, 0.5, silent, 2);
    fewer_in_flight(&fixture, 20);
    for (i = 0; i < 100000; i++) {
        snprintf(name, sizeof name, "h%u.test", i);
        fixture.expected++;
        resolver_mx(fixture.resolver, name, on_dead, &fixture);
    }
    run(&fixture, check_nothing);
    assert_true(net_clock_us() - before < 500000000); /* 2500 seconds, batch by batch */
}

static void on_fine(void *context, const struct mx_answer *answer)
{
    assert_int_equal(answer->status, DNS_OK);
    on_mx(context, answer);
}

/* A hundred names in a row that a living server is silent about condemn no other name. */
static void silence_about_names_is_no_death(void **state)
{
    struct fixture fixture;
    char name[32];
    unsigned i;

    (void)state;
    begin(&fixture, 2);
    fewer_in_flight(&fixture, 50);
    for (i = 0; i < 300; i++) {
        snprintf(name, sizeof name, "%s.h%u.test", i < 100 ? "drop" : "good", i);
        fixture.expected++;
        resolver_mx(fixture.resolver, name, i < 100 ? on_dead : on_fine, &fixture);
    }
    run(&fixture, check_nothing);
}

static void on_first_address(void *context, const struct address_answer *answer)
{
    const struct fixture *fixture = context;

    assert_int_equal(fixture->came, 0);
    on_address(context, answer);
}

/* What was begun comes to its end before new names have their turn. */
static void addresses_go_first(void **state)
{
    struct fixture fixture;

    (void)state;
    begin(&fixture, ORDINARY);
    fewer_in_flight(&fixture, 1);
    ask_mx(&fixture, "normal.test");
    ask_mx(&fixture, "other.test");
    fixture.expected++;
    resolver_address(fixture.resolver, "a.normal.test", true, true, on_first_address, &fixture);
    run(&fixture, check_nothing);
}

static void check_busy(struct fixture *fixture)
{
    struct resolver_pace pace;

    resolver_pace(fixture->resolver, &pace);
    assert_true(fake_dns_dropped(fixture->fakes[0]) > 0);
    assert_true(pace.cuts > 0);
    assert_true(pace.allowed < pace.most);
    assert_false(pace.waits);
}

/* A server that drops what is too much for it is asked more slowly until every name has its answer, and the
 * names about which it keeps silent are told from those that it dropped. */
static void a_busy_server_loses_no_name(void **state)
{
    static const enum fake_manner busy[] = {FAKE_BUSY};
    struct fixture fixture;
    char name[32];
    unsigned i;

    (void)state;
    begin_with(&fixture, 0.7, busy, 1);
    for (i = 0; i < 400; i++) {
        bool silent = i % 100 == 7;

        snprintf(name, sizeof name, "%s.h%u.test", silent ? "drop" : "good", i);
        fixture.expected++;
        resolver_mx(fixture.resolver, name, silent ? on_dead : on_fine, &fixture);
    }
    run(&fixture, check_busy);
}

static void check_lossless(struct fixture *fixture)
{
    struct resolver_pace pace;

    resolver_pace(fixture->resolver, &pace);
    assert_int_equal(pace.cuts, 0);
    assert_int_equal(pace.allowed, 150);
}

/* Names that nobody answers for slow nothing down. */
static void silence_about_names_is_no_loss(void **state)
{
    struct fixture fixture;
    char name[32];
    unsigned i;

    (void)state;
    begin(&fixture, 7);
    fewer_in_flight(&fixture, 150);
    for (i = 0; i < 3000; i++) {
        snprintf(name, sizeof name, "%s.h%u.test", i % 20 ? "good" : "drop", i);
        fixture.expected++;
        resolver_mx(fixture.resolver, name, i % 20 ? on_fine : on_dead, &fixture);
    }
    run(&fixture, check_lossless);
}

static struct rlimit plenty;

static void on_room(void *context)
{
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &plenty), 0);
    net_timer_free(*(struct net_timer **)context);
}

static void check_waited(struct fixture *fixture)
{
    check_usual_mx(fixture);
    assert_int_equal(fake_dns_queries(fixture->fakes[0]), 1);
}

static int give_back(void **state)
{
    (void)state;
    return setrlimit(RLIMIT_NOFILE, &plenty);
}

/* No descriptor is left for longer than three tries take: the lookup waits, and is no failure. */
static void want_of_descriptors_is_no_failure(void **state)
{
    struct fixture fixture;
    struct net_timer *room;
    struct rlimit none;

    (void)state;
    begin(&fixture, ORDINARY);
    room = net_timer_new(fixture.loop, on_room, &room);
    net_timer_start(room, 1500);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &plenty), 0);
    none = plenty;
    none.rlim_cur = 3;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    ask_mx(&fixture, "normal.test");
    run(&fixture, check_waited);
}

static void on_any(void *context, const struct mx_answer *answer)
{
    struct fixture *fixture = context;

    (void)answer;
    assert_non_null(fixture->resolver); /* none after resolver_free */
    if (++fixture->came == 100)
        leave(fixture);
}

static void freed_in_the_middle(void **state)
{
    static const char *const kinds[] = {"", "big.", "drop.", "partial.", "servfail."};
    struct fixture fixture;
    char name[32];
    unsigned i;

    (void)state;
    begin(&fixture, ORDINARY);
    fixture.freed_early = true;
    for (i = 0; i < 400; i++) {
        snprintf(name, sizeof name, "%sh%u.test", kinds[i % 5], i);
        resolver_mx(fixture.resolver, name, on_any, &fixture);
    }
    run(&fixture, NULL);
    assert_int_equal(fixture.came, 100);
}

static void check_root(struct fixture *fixture)
{
    assert_int_equal(fixture->names->status, DNS_OK);
    assert_true(fixture->names->authenticated);
    assert_int_equal(fixture->names->count, 1);
    assert_string_equal(fixture->names->names[0], "a.root-servers.test");
    if (fixture->expected == 2) {
        assert_int_equal(fixture->counts.hits, 1);
        resolver_forget(fixture->resolver, "");
        ask_root(fixture);
    } else if (fixture->expected == 3) {
        assert_int_equal(fixture->counts.queries, 2);
    }
}

static void the_root_is_asked_for(void **state)
{
    struct fixture fixture;

    (void)state;
    begin(&fixture, ORDINARY);
    ask_root(&fixture);
    ask_root(&fixture);
    run(&fixture, check_root);
    assert_int_equal(fixture.came, 3);
}

static void check_silence(struct fixture *fixture)
{
    assert_int_equal(fixture->names->status, DNS_TIMEOUT);
    assert_false(fixture->names->authenticated);
    assert_int_equal(fixture->names->count, 0);
}

static void a_silent_server_says_nothing_of_the_root(void **state)
{
    static const enum fake_manner silent[] = {FAKE_SILENT};
    struct fixture fixture;

    (void)state;
    begin_with(&fixture, 0.1, silent, 1);
    ask_root(&fixture);
    run(&fixture, check_silence);
}

static void check_pointers(struct fixture *fixture)
{
    static const char *const names[] = {"six.test", "first.test", "second.test"};
    const struct names_answer *answer = fixture->names;
    size_t first = fixture->expected == 1 ? 0 : 1, i;

    if (fixture->expected == 3) {
        assert_int_equal(answer->status, DNS_NO_DATA);
        assert_int_equal(answer->count, 0);
        return;
    }
    assert_int_equal(answer->status, DNS_OK);
    assert_int_equal(answer->count, first + 1);
    for (i = 0; i < answer->count; i++)
        assert_string_equal(answer->names[i], names[first + i]);
    ask_pointer(fixture, fixture->expected == 1 ? "192.0.2.1" : "192.0.2.77");
}

static void names_of_addresses(void **state)
{
    struct fixture fixture;

    (void)state;
    begin(&fixture, ORDINARY);
    ask_pointer(&fixture, "2001:db8::1");
    run(&fixture, check_pointers);
    assert_int_equal(fixture.came, 3);
}

static void freed_before_it_began(void **state)
{
    struct fixture fixture;

    (void)state;
    begin(&fixture, ORDINARY);
    fixture.freed_early = true;
    ask_mx(&fixture, "normal.test");
    ask_address(&fixture, "normal.test", true, true);
    leave(&fixture);
    run(&fixture, NULL);
    assert_int_equal(fixture.came, 0);
}

static void a_bad_server_is_refused(void **state)
{
    static const char *const servers[] = {"dns.example"};
    struct resolver_options options = {.servers = servers, .server_count = 1};
    struct net_loop *loop = net_loop_new(on_wake, NULL);
    char *error = NULL;

    (void)state;
    assert_null(resolver_new(loop, &options, &error));
    assert_non_null(strstr(error, "dns.example"));
    free(error);
    net_loop_free(loop);
}

static void check_zone(struct fixture *fixture)
{
    assert_int_equal(fixture->zone->status, DNS_NO_DATA);
    assert_string_equal(fixture->zone->zone, "test");
    assert_string_equal(fixture->zone->mailbox, "hostmaster.mail.test");
    assert_int_equal(fixture->names->count, 1);
    assert_string_equal(fixture->names->names[0], "v=TLSRPTv1; rua=mailto:tls@mail.test");
    assert_int_equal(fixture->counts.queries, 2);
    assert_int_equal(fixture->counts.hits, 1);
}

static void zones_and_texts(void **state)
{
    struct fixture fixture;

    (void)state;
    begin(&fixture, ORDINARY);
    ask_zone(&fixture, "Normal.test");
    ask_zone(&fixture, "normal.test");
    ask_text(&fixture, "_smtp._tls.normal.test");
    run(&fixture, check_zone);
}

static void check_no_zone(struct fixture *fixture)
{
    assert_int_equal(fixture->zone->status, DNS_SERVFAIL);
    assert_null(fixture->zone->zone);
    assert_null(fixture->zone->mailbox);
    assert_int_equal(fixture->names->status, DNS_NXDOMAIN);
    assert_int_equal(fixture->names->count, 0);
}

static void a_failure_tells_no_zone(void **state)
{
    struct fixture fixture;

    (void)state;
    begin(&fixture, ORDINARY);
    ask_zone(&fixture, "servfail.test");
    ask_text(&fixture, "nx.test");
    run(&fixture, check_no_zone);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zones_and_texts),
        cmocka_unit_test(a_failure_tells_no_zone),
        cmocka_unit_test(mx_with_equal_preferences),
        cmocka_unit_test(addresses_of_both_families),
        cmocka_unit_test(addresses_of_one_family),
        cmocka_unit_test(one_family_fails),
        cmocka_unit_test(failures_are_kept_apart),
        cmocka_unit_test(the_deadline_holds_for_all_tries),
        cmocka_unit_test(a_lost_query_is_repeated),
        cmocka_unit_test(truncated_answers_come_over_tcp),
        cmocka_unit_test(many_over_tcp_at_once),
        cmocka_unit_test(a_server_without_edns),
        cmocka_unit_test(aliases_are_followed),
        cmocka_unit_test(the_rest_of_a_chain_is_asked_for),
        cmocka_unit_test(a_late_answer_is_none_to_the_rest_of_a_chain),
        cmocka_unit_test(null_mx),
        cmocka_unit_test(the_ad_bit_is_asked_for_and_kept),
        cmocka_unit_test(thousands_in_flight),
        cmocka_unit_test(a_name_is_asked_once),
        cmocka_unit_test(a_forgotten_name_is_asked_again),
        cmocka_unit_test(the_next_server_is_asked),
        cmocka_unit_test(all_servers_fail),
        cmocka_unit_test(no_server_at_all),
        cmocka_unit_test(addresses_go_first),
        cmocka_unit_test(dead_servers_are_noticed),
        cmocka_unit_test(silence_about_names_is_no_death),
        cmocka_unit_test(a_busy_server_loses_no_name),
        cmocka_unit_test(silence_about_names_is_no_loss),
        cmocka_unit_test_teardown(want_of_descriptors_is_no_failure, give_back),
        cmocka_unit_test(freed_in_the_middle),
        cmocka_unit_test(freed_before_it_began),
        cmocka_unit_test(the_root_is_asked_for),
        cmocka_unit_test(a_silent_server_says_nothing_of_the_root),
        cmocka_unit_test(names_of_addresses),
        cmocka_unit_test(a_bad_server_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
