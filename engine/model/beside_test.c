/* What stands beside a route is seen, probed and counted, and decides nothing. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/model/fixture.h"

#include <stdlib.h>

#define GATEWAY "gw.a.example"
#define MX      "mx.a.example"

struct fixture {
    struct model *model;
    struct target *target;
    struct host *gateway, *mx;
};

/* A partner behind a gateway, with one MX besides. */
static void begin(struct fixture *f)
{
    f->model = fixture_model("tls1.2");
    f->target = fixture_target(f->model, "a.example", CLASS_PARTNER, REQUIREMENT_ENCRYPTION);
    fixture_route(f->model, f->target, ROUTE_SMART_HOST, DNS_NOT_QUERIED, "-1 " GATEWAY);
    fixture_beside(f->model, f->target, ROUTE_MX, DNS_OK, "10 " MX);
    fixture_addresses(f->model, GATEWAY, DNS_OK, "192.0.2.1");
    fixture_addresses(f->model, MX, DNS_OK, "192.0.2.2");
    f->gateway = f->target->hosts[0].host;
    f->mx = f->target->beside.hosts[0].host;
}

static void probe_both(struct fixture *f, const char *gateway, const char *mx)
{
    fixture_probed(f->model, GATEWAY, "192.0.2.1", fixture_facts(gateway));
    fixture_probed(f->model, MX, "192.0.2.2", fixture_facts(mx));
}

static size_t changed_count(struct model *model)
{
    size_t count;

    free(model_take_changed(model, &count));
    return count;
}

static unsigned warning_count(const struct fixture *f)
{
    struct strings warnings = {0};
    size_t count;

    model_warnings(f->model, f->target, &warnings);
    count = warnings.count;
    strings_release(&warnings);
    return (unsigned)count;
}

static void endpoints_are(const struct fixture *f, unsigned all, unsigned done)
{
    struct model_counts counts;

    model_counts(f->model, &counts);
    assert_int_equal(counts.endpoints, all);
    assert_int_equal(counts.endpoints_done, done);
}

static void the_verdict_follows_the_route(void **state)
{
    struct fixture f;
    struct model_counts counts;
    char *text;

    (void)state;
    begin(&f);
    probe_both(&f, "rarrr", "rrraa");
    assert_int_equal(f.target->judgement.verdict, VERDICT_NOT_READY);
    assert_int_equal(f.target->judgement.reason, REASON_VERSION_BELOW_FLOOR);
    assert_int_equal(f.target->consequence, CONSEQUENCE_STOPS);
    assert_int_equal(model_judge_host(f.model, f.target, f.mx).verdict, VERDICT_READY);
    model_counts(f.model, &counts);
    assert_int_equal(counts.verdicts[CLASS_PARTNER][VERDICT_NOT_READY], 1);
    assert_int_equal(counts.verdicts[CLASS_PARTNER][VERDICT_READY], 0);
    probe_both(&f, "rrraa", "rarrr");
    assert_int_equal(f.target->judgement.verdict, VERDICT_READY);
    assert_int_equal(f.target->consequence, CONSEQUENCE_ENCRYPTED);
    assert_int_equal(model_judge_host(f.model, f.target, f.mx).verdict, VERDICT_NOT_READY);
    assert_int_equal(warning_count(&f), 0);
    text = model_explain(f.model, f.target);
    assert_string_equal(text, "gw.a.example (192.0.2.1) accepts TLS 1.2 and TLS 1.3; mail to this partner "
                              "requires TLS 1.2, so mail flows, encrypted.");
    free(text);
    text = model_explain_endpoint(f.model, f.target, f.mx, f.mx->endpoints[0]);
    assert_string_equal(text, "mx.a.example (192.0.2.2) accepts TLS 1.0 only; mail to a.example does not go "
                              "there.");
    free(text);
    model_free(f.model);
}

/* Its own requirement is what a host beside the route is held against. */
static void judged_as_the_target_would(void **state)
{
    struct facts *facts = fixture_facts("rrraa");
    struct fixture f;

    (void)state;
    begin(&f);
    model_reclass(f.model, f.target, CLASS_PARTNER, REQUIREMENT_CHAIN);
    facts->certificate = fixture_certificate(MX, false, 9);
    fixture_probed(f.model, MX, "192.0.2.2", facts);
    assert_int_equal(model_judge_host(f.model, f.target, f.mx).reason, REASON_CERTIFICATE_UNTRUSTED);
    assert_int_equal(f.target->judgement.verdict, VERDICT_PENDING);
    fixture_addresses(f.model, MX, DNS_NXDOMAIN, "");
    assert_int_equal(model_judge_host(f.model, f.target, f.mx).reason, REASON_MX_NO_ADDRESS);
    fixture_addresses(f.model, GATEWAY, DNS_NXDOMAIN, "");
    assert_int_equal(model_judge_host(f.model, f.target, f.gateway).reason, REASON_NXDOMAIN);
    assert_int_equal(f.target->judgement.reason, REASON_NXDOMAIN);
    model_free(f.model);
}

/* A recipient domain that DNS does not know is information too. */
static void lookups_decide_nothing(void **state)
{
    static const enum dns_status statuses[] = {DNS_NXDOMAIN, DNS_SERVFAIL, DNS_TIMEOUT, DNS_NO_DATA};
    struct fixture f;
    size_t i;

    (void)state;
    begin(&f);
    probe_both(&f, "rrraa", "rrraa");
    for (i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        changed_count(f.model);
        fixture_beside(f.model, f.target, ROUTE_NONE, statuses[i], "");
        assert_int_equal(f.target->beside.route, ROUTE_NONE);
        assert_int_equal(f.target->beside.dns.status, statuses[i]);
        assert_int_equal(f.target->route, ROUTE_SMART_HOST);
        assert_int_equal(f.target->judgement.verdict, VERDICT_READY);
        assert_int_equal(warning_count(&f), 0);
        assert_false(model_names_lost(f.model));
        assert_int_equal(changed_count(f.model), 1);
    }
    assert_int_equal(f.mx->target_count, 0);
    endpoints_are(&f, 1, 1);
    model_free(f.model);
}

static void they_are_counted_and_marked(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f);
    endpoints_are(&f, 2, 0);
    changed_count(f.model);
    fixture_activity(f.model, MX, "192.0.2.2", STAGE_HELLO);
    assert_int_equal(changed_count(f.model), 1);
    fixture_probed(f.model, MX, "192.0.2.2", fixture_facts("rrraa"));
    assert_int_equal(changed_count(f.model), 1);
    endpoints_are(&f, 2, 1);
    model_free(f.model);
}

static void shared_removed_and_back(void **state)
{
    struct fixture f;
    struct target *other;

    (void)state;
    begin(&f);
    other = fixture_target(f.model, "b.example", CLASS_OPPORTUNISTIC, REQUIREMENT_NONE);
    fixture_route(f.model, other, ROUTE_MX, DNS_OK, "10 " MX);
    probe_both(&f, "rrraa", "rarrr");
    assert_ptr_equal(other->hosts[0].host, f.mx);
    assert_int_equal(f.mx->endpoints[0]->shared_by, 2);
    assert_int_equal(other->judgement.verdict, VERDICT_NOT_READY);
    assert_false(model_is_beside(other, f.mx));
    model_remove(f.model, f.target);
    assert_int_equal(f.mx->endpoints[0]->shared_by, 1);
    endpoints_are(&f, 1, 1);
    model_remove(f.model, other);
    endpoints_are(&f, 0, 0);
    assert_ptr_equal(model_add(f.model, &f.target->spec, NULL), f.target);
    assert_int_equal(f.mx->endpoints[0]->shared_by, 1);
    endpoints_are(&f, 2, 2);
    model_free(f.model);
}

static void forgetting(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f);
    probe_both(&f, "rrraa", "rarrr");
    model_forget_target(f.model, f.target);
    assert_int_equal(f.target->beside.route, ROUTE_UNRESOLVED);
    assert_int_equal(f.target->beside.dns.status, DNS_NOT_QUERIED);
    assert_null(f.mx->endpoints[0]->facts);
    assert_int_equal(model_judge_host(f.model, f.target, f.mx).verdict, VERDICT_PENDING);
    endpoints_are(&f, 2, 0);
    probe_both(&f, "rrraa", "rarrr");
    model_forget_host(f.model, f.mx);
    assert_null(f.mx->endpoints[0]->facts);
    assert_non_null(f.gateway->endpoints[0]->facts);
    model_free(f.model);
}

/* Whichever is told first. */
static void on_the_route_only(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f);
    fixture_beside(f.model, f.target, ROUTE_MX, DNS_OK, "20 " GATEWAY " 10 " MX " 5 third.example");
    assert_int_equal(f.target->beside.host_count, 2);
    assert_string_equal(f.target->beside.hosts[0].host->key.name, "third.example");
    assert_int_equal(model_all_hosts(f.target), 3);
    assert_ptr_equal(model_any_host(f.target, 0)->host, f.gateway);
    assert_ptr_equal(model_any_host(f.target, 2)->host, f.mx);
    assert_false(model_is_beside(f.target, f.gateway));
    assert_int_equal(f.gateway->endpoints[0]->shared_by, 1);
    fixture_route(f.model, f.target, ROUTE_SMART_HOST, DNS_NOT_QUERIED, "-1 " GATEWAY " -1 " MX);
    assert_int_equal(f.target->host_count, 2);
    assert_int_equal(f.target->beside.host_count, 1);
    assert_false(model_is_beside(f.target, f.mx));
    assert_int_equal(f.mx->target_count, 1);
    assert_int_equal(f.mx->endpoints[0]->shared_by, 1);
    endpoints_are(&f, 2, 0);
    model_free(f.model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_verdict_follows_the_route),
        cmocka_unit_test(judged_as_the_target_would),
        cmocka_unit_test(lookups_decide_nothing),
        cmocka_unit_test(they_are_counted_and_marked),
        cmocka_unit_test(shared_removed_and_back),
        cmocka_unit_test(forgetting),
        cmocka_unit_test(on_the_route_only),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
