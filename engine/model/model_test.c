#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/base/mem.h"
#include "engine/model/fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MANY 20000

/* The counts made anew, against those that the model keeps. */
static void counts_hold(const struct model *model)
{
    struct model_counts kept, made = {0};
    size_t i;

    for (i = 0; i < model_target_count(model); i++) {
        const struct target *t = model_target_at(model, i);

        if (t->removed)
            continue;
        made.targets++;
        made.verdicts[t->spec.class][t->judgement.verdict]++;
        made.unresolved += t->route == ROUTE_UNRESOLVED && t->dns.status == DNS_NOT_QUERIED;
        assert_int_equal(t->consequence, consequence_of(t->spec.requirement, t->judgement.verdict));
    }
    for (i = 0; i < model_endpoint_count(model); i++) {
        const struct endpoint *e = model_endpoint_at(model, i);
        bool queued = e->activity == STAGE_QUEUED, done = e->activity == STAGE_DONE;

        if (!e->shared_by)
            continue;
        made.endpoints++;
        made.endpoints_queued += queued;
        made.endpoints_done += done;
        made.endpoints_running += !queued && !done;
    }
    model_counts(model, &kept);
    assert_memory_equal(&kept, &made, sizeof made);
}

static size_t changed_count(struct model *model)
{
    size_t count;

    free(model_take_changed(model, &count));
    return count;
}

static void a_domain_settles(void **state)
{
    struct model *model = fixture_model("exchange-online");
    struct target *t = fixture_target(model, "contoso.com", CLASS_PARTNER, REQUIREMENT_ENCRYPTION);

    (void)state;
    assert_int_equal(t->judgement.verdict, VERDICT_PENDING);
    counts_hold(model);
    fixture_route(model, t, ROUTE_MX, DNS_OK, "20 mx2.contoso.com 10 mx1.contoso.com 10 mx0.contoso.com");
    assert_int_equal(t->host_count, 3);
    assert_string_equal(t->hosts[0].host->key.name, "mx0.contoso.com");
    assert_string_equal(t->hosts[1].host->key.name, "mx1.contoso.com");
    assert_int_equal(t->hosts[2].preference, 20);
    assert_int_equal(t->judgement.verdict, VERDICT_PENDING);
    fixture_addresses(model, "mx1.contoso.com", DNS_OK, "192.0.2.1 192.0.2.1 2001:db8::1");
    assert_int_equal(t->hosts[1].host->endpoint_count, 2);
    fixture_activity(model, "mx1.contoso.com", "192.0.2.1", STAGE_HELLO);
    counts_hold(model);
    fixture_probed(model, "mx1.contoso.com", "192.0.2.1", fixture_facts("rrrar"));
    assert_int_equal(t->judgement.verdict, VERDICT_READY);
    assert_int_equal(t->consequence, CONSEQUENCE_ENCRYPTED);
    fixture_probed(model, "mx1.contoso.com", "2001:db8::1", fixture_facts("rarrr"));
    assert_int_equal(t->judgement.reason, REASON_SOME_ENDPOINTS_BELOW_FLOOR);
    assert_int_equal(t->consequence, CONSEQUENCE_INTERMITTENT);
    assert_int_equal(model_judge_host(model, t, t->hosts[0].host).verdict, VERDICT_PENDING);
    assert_int_equal(model_judge_host(model, t, t->hosts[1].host).verdict, VERDICT_AT_RISK);
    counts_hold(model);
    model_free(model);
}

/* An exchange whose lookup is still out is pending; one without address is left out. */
static void hosts_without_address(void **state)
{
    struct model *model = fixture_model("tls1.2");
    struct target *t = fixture_target(model, "a.example", CLASS_OPPORTUNISTIC, REQUIREMENT_NONE);
    struct facts *facts = fixture_facts("-----");

    (void)state;
    fixture_route(model, t, ROUTE_MX, DNS_OK, "1 m1.example 2 m2.example");
    fixture_addresses(model, "m1.example", DNS_NO_DATA, "");
    assert_int_equal(t->judgement.verdict, VERDICT_PENDING);
    fixture_addresses(model, "m2.example", DNS_NXDOMAIN, "");
    assert_int_equal(t->judgement.verdict, VERDICT_UNREACHABLE);
    assert_int_equal(t->judgement.reason, REASON_MX_NO_ADDRESS);
    fixture_addresses(model, "m2.example", DNS_SERVFAIL, "");
    assert_int_equal(t->judgement.reason, REASON_DNS_SERVFAIL);
    fixture_addresses(model, "m2.example", DNS_OK, "192.0.2.9");
    facts->starttls = STARTTLS_UNKNOWN;
    facts->stage = STAGE_CONNECT;
    facts->error = PROBE_CONNECT_REFUSED;
    fixture_probed(model, "m2.example", "192.0.2.9", facts);
    assert_int_equal(t->judgement.reason, REASON_PROBE_ERROR);
    assert_int_equal(t->judgement.error, PROBE_CONNECT_REFUSED);
    fixture_route(model, t, ROUTE_MX, DNS_OK, "1 m1.example 2 m2.example 3 m3.example");
    assert_int_equal(t->judgement.verdict, VERDICT_PENDING);
    fixture_probed(model, "m2.example", "192.0.2.9", fixture_facts("rrrar"));
    assert_int_equal(t->judgement.verdict, VERDICT_READY);
    counts_hold(model);
    model_free(model);
}

static void dns_decides(void **state)
{
    struct model *model = fixture_model("tls1.2");
    struct target *t = fixture_target(model, "a.example", CLASS_PARTNER, REQUIREMENT_ENCRYPTION);

    (void)state;
    fixture_route(model, t, ROUTE_NULL_MX, DNS_OK, "");
    assert_int_equal(t->judgement.reason, REASON_NULL_MX);
    assert_int_equal(t->consequence, CONSEQUENCE_NONE);
    fixture_route(model, t, ROUTE_NONE, DNS_NXDOMAIN, "");
    assert_int_equal(t->judgement.reason, REASON_NXDOMAIN);
    fixture_route(model, t, ROUTE_NONE, DNS_TIMEOUT, "");
    assert_int_equal(t->judgement.verdict, VERDICT_UNREACHABLE);
    fixture_route(model, t, ROUTE_UNRESOLVED, DNS_SERVFAIL, "");
    assert_int_equal(t->judgement.reason, REASON_DNS_SERVFAIL);
    fixture_route(model, t, ROUTE_IMPLICIT, DNS_OK, "0 a.example");
    assert_int_equal(t->judgement.verdict, VERDICT_PENDING);
    fixture_addresses(model, "a.example", DNS_NO_DATA, "");
    assert_int_equal(t->judgement.reason, REASON_NO_ADDRESS);
    counts_hold(model);
    model_free(model);
}

static void endpoints_are_shared(void **state)
{
    struct model *model = fixture_model("exchange-online");
    struct target *a = fixture_target(model, "a.example", CLASS_PARTNER, REQUIREMENT_CHAIN);
    struct target *b = fixture_target(model, "b.example", CLASS_OPPORTUNISTIC, REQUIREMENT_NONE);
    struct facts *facts = fixture_facts("rrrar");

    (void)state;
    fixture_route(model, a, ROUTE_MX, DNS_OK, "5 mx.shared.example");
    fixture_addresses(model, "mx.shared.example", DNS_OK, "192.0.2.1");
    fixture_route(model, b, ROUTE_MX, DNS_OK, "9 mx.shared.example");
    assert_ptr_equal(a->hosts[0].host, b->hosts[0].host);
    assert_int_equal(model_endpoint_count(model), 1);
    assert_int_equal(model_endpoint_at(model, 0)->shared_by, 2);
    assert_int_equal(changed_count(model), 2);
    facts->certificate = fixture_certificate("mx.shared.example", false, 9);
    fixture_probed(model, "mx.shared.example", "192.0.2.1", facts);
    assert_int_equal(a->judgement.reason, REASON_CERTIFICATE_UNTRUSTED);
    assert_int_equal(a->consequence, CONSEQUENCE_STOPS);
    assert_int_equal(b->judgement.verdict, VERDICT_READY);
    assert_int_equal(changed_count(model), 2);
    assert_int_equal(changed_count(model), 0);
    facts = fixture_facts("rrrar");
    facts->certificate = fixture_certificate("mx.shared.example", true, 9);
    fixture_probed(model, "mx.shared.example", "192.0.2.1", facts);
    assert_int_equal(a->judgement.verdict, VERDICT_READY);
    assert_int_equal(changed_count(model), 2);
    counts_hold(model);
    model_free(model);
}

static void removal_and_undo(void **state)
{
    struct model *model = fixture_model("exchange-online");
    struct target *a = fixture_simple(model, "a.example", CLASS_PARTNER, REQUIREMENT_ENCRYPTION, "192.0.2.1",
                                      fixture_facts("rrrar"));
    struct target *b = fixture_target(model, "b.example", CLASS_PARTNER, REQUIREMENT_ENCRYPTION);
    struct endpoint *endpoint = model_endpoint_at(model, 0);
    struct model_counts counts;
    uint32_t id = a->id;
    bool existed = false;

    (void)state;
    fixture_route(model, b, ROUTE_MX, DNS_OK, "1 mx.a.example");
    model_remove(model, a);
    model_remove(model, a);
    assert_int_equal(endpoint->shared_by, 1);
    model_counts(model, &counts);
    assert_int_equal(counts.targets, 1);
    counts_hold(model);
    fixture_probed(model, "mx.a.example", "192.0.2.1", fixture_facts("rarrr"));
    model_remove(model, b);
    model_counts(model, &counts);
    assert_int_equal(counts.endpoints, 0);
    fixture_route(model, a, ROUTE_MX, DNS_OK, "1 mx.a.example 2 mx2.a.example");
    fixture_addresses(model, "mx2.a.example", DNS_OK, "192.0.2.2");
    assert_int_equal(endpoint->shared_by, 0);
    assert_ptr_equal(model_add(model, &a->spec, &existed), a);
    assert_false(existed); /* as for one that was never there: it is to be probed again */
    assert_false(a->removed);
    assert_ptr_equal(model_add(model, &a->spec, &existed), a);
    assert_true(existed);
    assert_int_equal(a->id, id);
    assert_int_equal(endpoint->shared_by, 1);
    assert_int_equal(a->judgement.verdict, VERDICT_NOT_READY);
    counts_hold(model);
    model_free(model);
}

static void the_same_target_is_added_once(void **state)
{
    struct model *model = fixture_model("tls1.2");
    struct target *a = fixture_target(model, "a.example", CLASS_PARTNER, REQUIREMENT_NAME);
    struct target_spec spec;
    bool existed = true;

    (void)state;
    assert_ptr_equal(fixture_target(model, "a.example", CLASS_PARTNER, REQUIREMENT_NONE), a);
    assert_int_equal(a->spec.requirement, REQUIREMENT_NAME);
    assert_ptr_not_equal(fixture_target(model, "a.example", CLASS_OPPORTUNISTIC, REQUIREMENT_NONE), a);
    target_spec_copy(&spec, &a->spec);
    spec.connector = mem_string("To A");
    assert_ptr_not_equal(model_add(model, &spec, &existed), a);
    assert_false(existed);
    target_spec_release(&spec);
    assert_int_equal(model_target_count(model), 3);
    counts_hold(model);
    model_free(model);
}

/* As an input has it that is read again: the way and the demand are the input's, the words are people's. */
static void demanded_otherwise(void **state)
{
    struct model *model = fixture_model("tls1.2");
    struct target *a = fixture_simple(model, "a.example", CLASS_PARTNER, REQUIREMENT_ENCRYPTION, "192.0.2.1",
                                      fixture_facts("rrraa"));
    struct target_spec spec;

    (void)state;
    model_set_notes(model, a, &(struct target_notes){.owner = "Kim", .due = 20800});
    target_spec_copy(&spec, &a->spec);
    changed_count(model);
    assert_int_equal(model_respecify(model, a, &spec), RESPECIFIED_NOT);
    assert_int_equal(changed_count(model), 0);
    free(spec.owner);
    spec.owner = mem_string("Lee");
    spec.note = mem_string("new gateway");
    spec.due = 0;
    spec.requirement = REQUIREMENT_NONE;
    assert_int_equal(model_respecify(model, a, &spec), RESPECIFIED_DEMAND);
    assert_int_equal(a->spec.requirement, REQUIREMENT_NONE);
    assert_string_equal(a->spec.owner, "Kim");
    assert_string_equal(a->spec.note, "new gateway");
    assert_int_equal(a->spec.due, 20800);
    assert_int_equal(a->judgement.verdict, VERDICT_READY);
    counts_hold(model);
    target_spec_add_host(&spec, "gw.a.example", 0, false);
    assert_int_equal(model_respecify(model, a, &spec), RESPECIFIED_WAY);
    assert_int_equal(a->spec.host_count, 1);
    assert_int_equal(a->judgement.verdict, VERDICT_PENDING);
    assert_int_equal(a->host_count, 0);
    counts_hold(model);
    target_spec_release(&spec);
    model_free(model);
}

static void reclass(void **state)
{
    struct model *model = fixture_model("exchange-online");
    struct target *a = fixture_simple(model, "a.example", CLASS_OPPORTUNISTIC, REQUIREMENT_NONE, "192.0.2.1",
                                      fixture_facts("rarrr"));

    (void)state;
    assert_int_equal(a->consequence, CONSEQUENCE_SOMETIMES_PLAINTEXT);
    changed_count(model);
    model_reclass(model, a, CLASS_PARTNER, REQUIREMENT_ENCRYPTION);
    assert_int_equal(a->consequence, CONSEQUENCE_STOPS);
    assert_int_equal(changed_count(model), 1);
    counts_hold(model);
    assert_ptr_equal(fixture_target(model, "a.example", CLASS_PARTNER, REQUIREMENT_NONE), a);
    assert_ptr_not_equal(fixture_target(model, "a.example", CLASS_OPPORTUNISTIC, REQUIREMENT_NONE), a);
    model_reclass(model, a, CLASS_OPPORTUNISTIC, REQUIREMENT_NONE);
    assert_int_equal(a->consequence, CONSEQUENCE_SOMETIMES_PLAINTEXT);
    counts_hold(model);
    model_free(model);
}

/* What was removed gives way to a live target that takes its class. */
static void a_removed_target_gives_way(void **state)
{
    struct model *model = fixture_model("tls1.2");
    struct target *gone = fixture_target(model, "a.example", CLASS_PARTNER, REQUIREMENT_NONE);
    struct target *live = fixture_target(model, "a.example", CLASS_OPPORTUNISTIC, REQUIREMENT_NONE);

    (void)state;
    model_remove(model, gone);
    model_reclass(model, live, CLASS_PARTNER, REQUIREMENT_ENCRYPTION);
    assert_ptr_equal(fixture_target(model, "a.example", CLASS_PARTNER, REQUIREMENT_NONE), live);
    assert_true(gone->removed);
    counts_hold(model);
    model_free(model);
}

static void keeps_notes(void **state)
{
    struct model *model = fixture_model("tls1.2");
    struct target *a = fixture_target(model, "a.example", CLASS_PARTNER, REQUIREMENT_NAME);
    struct target_notes notes;

    (void)state;
    changed_count(model);
    notes =
        (struct target_notes){"called them", "J\xc3\xb6rg", "postmaster@a.example", CONTACT_CONTACTED, 20800};
    model_set_notes(model, a, &notes);
    notes = model_notes_of(a);
    model_set_notes(model, a, &notes);
    assert_string_equal(a->spec.note, "called them");
    assert_string_equal(a->spec.owner, "J\xc3\xb6rg");
    assert_string_equal(a->spec.contact, "postmaster@a.example");
    assert_int_equal(a->spec.contact_state, CONTACT_CONTACTED);
    assert_int_equal(changed_count(model), 1);
    model_set_notes(model, a, &(struct target_notes){.owner = "", .contact = a->spec.contact});
    assert_null(a->spec.note);
    assert_null(a->spec.owner);
    assert_string_equal(a->spec.contact, "postmaster@a.example");
    assert_int_equal(a->spec.contact_state, CONTACT_NONE);
    model_free(model);
}

static void a_new_baseline_judges_old_facts(void **state)
{
    struct model *model = fixture_model("exchange-online");
    struct facts *facts = fixture_facts("rrrar");
    struct target *a;
    char *error = NULL;

    (void)state;
    facts->offer_baseline = mem_string("exchange-online");
    facts->offer = VERSION_REFUSED;
    a = fixture_simple(model, "a.example", CLASS_PARTNER, REQUIREMENT_ENCRYPTION, "192.0.2.1", facts);
    assert_int_equal(a->judgement.reason, REASON_NO_SHARED_SUITE);
    model_set_baseline(model, baseline_load("tls1.2", &error));
    assert_int_equal(a->judgement.verdict, VERDICT_READY);
    counts_hold(model);
    model_set_baseline(model, baseline_load("tls1.3", &error));
    assert_int_equal(a->judgement.reason, REASON_VERSION_BELOW_FLOOR);
    assert_string_equal(model_baseline(model)->name, "tls1.3");
    counts_hold(model);
    model_free(model);
}

static void forgetting(void **state)
{
    struct model *model = fixture_model("exchange-online");
    struct target *a = fixture_simple(model, "a.example", CLASS_PARTNER, REQUIREMENT_ENCRYPTION, "192.0.2.1",
                                      fixture_facts("rarrr"));
    struct target *b = fixture_target(model, "b.example", CLASS_PARTNER, REQUIREMENT_ENCRYPTION);
    uint32_t host = a->hosts[0].host->id, endpoint = model_endpoint_at(model, 0)->id;

    (void)state;
    fixture_route(model, b, ROUTE_MX, DNS_OK, "1 mx.a.example");
    assert_int_equal(b->judgement.verdict, VERDICT_NOT_READY);
    model_forget_target(model, a);
    assert_int_equal(a->judgement.verdict, VERDICT_PENDING);
    assert_int_equal(a->route, ROUTE_UNRESOLVED);
    assert_int_equal(b->judgement.verdict, VERDICT_PENDING);
    counts_hold(model);
    fixture_route(model, a, ROUTE_MX, DNS_OK, "10 mx.a.example");
    fixture_addresses(model, "mx.a.example", DNS_OK, "192.0.2.1");
    fixture_probed(model, "mx.a.example", "192.0.2.1", fixture_facts("rrrar"));
    assert_int_equal(a->judgement.verdict, VERDICT_READY);
    assert_int_equal(b->judgement.verdict, VERDICT_READY);
    assert_int_equal(a->hosts[0].host->id, host);
    assert_int_equal(a->hosts[0].host->endpoints[0]->id, endpoint);
    model_forget_host(model, a->hosts[0].host);
    assert_int_equal(a->judgement.verdict, VERDICT_PENDING);
    assert_null(model_endpoint(model, endpoint)->facts);
    counts_hold(model);
    model_free(model);
}

/* A new lookup may give other hosts and addresses; ids stay with their keys and are never given again. */
static void ids_are_permanent(void **state)
{
    struct model *model = fixture_model("tls1.2");
    struct target *a = fixture_target(model, "a.example", CLASS_PARTNER, REQUIREMENT_NONE);
    uint32_t old_host, old_endpoint;

    (void)state;
    fixture_route(model, a, ROUTE_MX, DNS_OK, "1 m1.example");
    fixture_addresses(model, "m1.example", DNS_OK, "192.0.2.1");
    old_host = a->hosts[0].host->id;
    old_endpoint = a->hosts[0].host->endpoints[0]->id;
    fixture_addresses(model, "m1.example", DNS_OK, "192.0.2.2");
    assert_int_not_equal(a->hosts[0].host->endpoints[0]->id, old_endpoint);
    assert_int_equal(model_endpoint(model, old_endpoint)->shared_by, 0);
    fixture_route(model, a, ROUTE_MX, DNS_OK, "1 m2.example");
    assert_int_not_equal(a->hosts[0].host->id, old_host);
    assert_int_equal(model_host(model, old_host)->target_count, 0);
    counts_hold(model);
    fixture_route(model, a, ROUTE_MX, DNS_OK, "7 m1.example");
    fixture_addresses(model, "m1.example", DNS_OK, "192.0.2.1");
    assert_int_equal(a->hosts[0].host->id, old_host);
    assert_int_equal(a->hosts[0].preference, 7);
    assert_int_equal(a->hosts[0].host->endpoints[0]->id, old_endpoint);
    counts_hold(model);
    assert_null(model_target(model, 0));
    assert_null(model_target(model, old_host));
    assert_null(model_host(model, a->id));
    assert_null(model_endpoint(model, 99999));
    model_free(model);
}

static void a_host_named_twice_counts_once(void **state)
{
    struct model *model = fixture_model("tls1.2");
    struct target *a = fixture_target(model, "a.example", CLASS_PARTNER, REQUIREMENT_NONE);

    (void)state;
    fixture_route(model, a, ROUTE_MX, DNS_OK, "20 m1.example 10 m2.example 5 m1.example");
    fixture_addresses(model, "m1.example", DNS_OK, "192.0.2.1");
    assert_int_equal(a->host_count, 2);
    assert_int_equal(a->hosts[0].preference, 5);
    assert_int_equal(a->hosts[0].host->endpoints[0]->shared_by, 1);
    model_free(model);
}

static void strangers_are_ignored(void **state)
{
    struct model *model = fixture_model("tls1.2");
    struct event idle = {.type = EVENT_IDLE}, trouble = {.type = EVENT_TROUBLE};
    struct target nobody = {.id = 77};

    (void)state;
    fixture_route(model, &nobody, ROUTE_MX, DNS_OK, "1 m.example");
    fixture_probed(model, "m.example", "192.0.2.1", fixture_facts("rrrar"));
    model_apply(model, &idle);
    model_apply(model, &trouble);
    assert_int_equal(model_target_count(model), 0);
    assert_int_equal(model_endpoint_count(model), 0);
    assert_int_equal(changed_count(model), 0);
    counts_hold(model);
    model_free(model);
}

/* Twenty thousand domains behind ten shared hosts and one of their own. */
static void many_targets(void **state)
{
    struct model *model = fixture_model("exchange-online");
    clock_t start = clock();
    size_t i, round, count;
    char name[64], hosts[160];
    double seconds;

    (void)state;
    for (i = 0; i < MANY; i++) {
        struct target *t;

        snprintf(name, sizeof name, "d%zu.example", i);
        t = fixture_target(model, name, CLASS_OPPORTUNISTIC, REQUIREMENT_NONE);
        snprintf(hosts, sizeof hosts, "10 mx%zu.shared.example 10 mx.shared.example 20 mx.d%zu.example",
                 i % 10, i);
        fixture_route(model, t, ROUTE_MX, DNS_OK, hosts);
    }
    fixture_addresses(model, "mx.shared.example", DNS_OK, "192.0.2.1 192.0.2.2");
    for (i = 0; i < 10; i++) {
        snprintf(name, sizeof name, "mx%zu.shared.example", i);
        fixture_addresses(model, name, DNS_OK, "192.0.2.3");
    }
    for (round = 0; round < 20; round++) {
        fixture_activity(model, "mx.shared.example", "192.0.2.1", STAGE_CONNECT);
        fixture_probed(model, "mx.shared.example", "192.0.2.1", fixture_facts(round & 1 ? "rarrr" : "rrrar"));
        free(model_take_changed(model, &count));
        assert_int_equal(count, MANY);
    }
    counts_hold(model);
    assert_int_equal(model_target_at(model, 5)->judgement.verdict, VERDICT_NOT_READY);
    assert_int_equal(model_target_at(model, 5)->hosts[0].host->endpoints[0]->shared_by, MANY);
    model_free(model);
    seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
    if (seconds > 10)
        fail_msg("%.1f s of CPU; a step costs more than what it touches", seconds);
}

/* Whose own floor is above the baseline's is not judged as all others are, and whoever uses no TLS sends in
 * clear.
 */
static void senders_have_rules_of_their_own(void **state)
{
    struct model *model = fixture_model("exchange-online");
    struct target *plain = fixture_target(model, "a.example", CLASS_PARTNER, REQUIREMENT_ENCRYPTION);
    struct target *high = fixture_target(model, "b.example", CLASS_PARTNER, REQUIREMENT_ENCRYPTION);
    struct target *clear = fixture_target(model, "c.example", CLASS_PARTNER, REQUIREMENT_NONE);
    struct facts *facts = fixture_facts("rrrar");
    char *why;

    (void)state;
    high->spec.floor = TLS_1_3;
    clear->spec.never_tls = true;
    fixture_route(model, plain, ROUTE_MX, DNS_OK, "10 mx.example");
    fixture_route(model, high, ROUTE_MX, DNS_OK, "10 mx.example");
    fixture_route(model, clear, ROUTE_MX, DNS_OK, "10 mx.example");
    fixture_addresses(model, "mx.example", DNS_OK, "192.0.2.1");
    assert_int_equal(clear->consequence, CONSEQUENCE_UNKNOWN);
    facts->tally.chose[TLS_1_2] = 2;
    fixture_probed(model, "mx.example", "192.0.2.1", facts);
    assert_int_equal(plain->judgement.verdict, VERDICT_READY);
    assert_int_equal(high->judgement.verdict, VERDICT_NOT_READY);
    assert_int_equal(high->judgement.reason, REASON_VERSION_BELOW_FLOOR);
    assert_int_equal(clear->judgement.verdict, VERDICT_READY);
    assert_int_equal(clear->consequence, CONSEQUENCE_PLAINTEXT);
    why = model_explain(model, high);
    assert_non_null(strstr(why, "TLS 1.3"));
    free(why);
    why = model_explain(model, clear);
    assert_non_null(strstr(why, "the sender uses no TLS here, so mail goes in clear"));
    free(why);
    model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(senders_have_rules_of_their_own),
        cmocka_unit_test(a_domain_settles),
        cmocka_unit_test(hosts_without_address),
        cmocka_unit_test(dns_decides),
        cmocka_unit_test(endpoints_are_shared),
        cmocka_unit_test(removal_and_undo),
        cmocka_unit_test(the_same_target_is_added_once),
        cmocka_unit_test(demanded_otherwise),
        cmocka_unit_test(reclass),
        cmocka_unit_test(a_removed_target_gives_way),
        cmocka_unit_test(keeps_notes),
        cmocka_unit_test(a_new_baseline_judges_old_facts),
        cmocka_unit_test(forgetting),
        cmocka_unit_test(ids_are_permanent),
        cmocka_unit_test(a_host_named_twice_counts_once),
        cmocka_unit_test(strangers_are_ignored),
        cmocka_unit_test(many_targets),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
