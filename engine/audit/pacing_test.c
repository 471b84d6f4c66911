#include "engine/audit/pacing.h"

#include "engine/model/fixture.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>

static void assert_near(double got, double wanted)
{
    if (fabs(got - wanted) > 1e-6)
        fail_msg("%f instead of %f", got, wanted);
}

static void add(struct model *model, const char *domain, const char *hosts)
{
    struct target *target = fixture_target(model, domain, CLASS_PARTNER, REQUIREMENT_ENCRYPTION);

    fixture_route(model, target, ROUTE_MX, DNS_OK, hosts);
}

/* Two domains at one provider, a third that looks after itself, and an address. */
static struct model *some_domains(void)
{
    struct model *model = fixture_model("exchange-online");

    add(model, "contoso.example", "10 mx1.provider.example 20 mx2.provider.example");
    add(model, "fabrikam.example", "10 mx1.provider.example");
    add(model, "litware.example", "10 mx.litware.example");
    fixture_addresses(model, "mx1.provider.example", DNS_OK, "192.0.2.1 192.0.2.2");
    fixture_addresses(model, "mx2.provider.example", DNS_OK, "198.51.100.1 2001:db8::1");
    fixture_addresses(model, "mx.litware.example", DNS_OK, "192.0.2.1");
    return model;
}

static void by_operator(void **state)
{
    struct model *model = some_domains();
    struct audit_options options;
    struct pacing pacing;

    (void)state;
    audit_options_init(&options);
    options.per_operator_gap = 1;
    pacing_plan(model, &options, &pacing);
    assert_int_equal(pacing.targets, 3);
    assert_int_equal(pacing.endpoints, 5);
    assert_int_equal(pacing.addresses, 4);
    assert_int_equal(pacing.shared, 2);
    assert_int_equal(pacing.each_least, 3);
    assert_int_equal(pacing.each_most, 7);
    assert_int_equal(pacing.least, 15);
    assert_int_equal(pacing.most, 35);
    assert_int_equal(pacing.operator_count, 2);
    assert_string_equal(pacing.operators[0].name, "provider.example");
    assert_int_equal(pacing.operators[0].endpoints, 4);
    assert_int_equal(pacing.operators[0].addresses, 4);
    assert_int_equal(pacing.operators[0].least, 12);
    assert_int_equal(pacing.operators[0].most, 28);
    assert_near(pacing.operators[0].seconds, 11);
    assert_string_equal(pacing.operators[1].name, "litware.example");
    assert_near(pacing.by_address, 5); /* six connections to 192.0.2.1, under two names */
    assert_near(pacing.by_operator, 11);
    assert_near(pacing.seconds, 11);
    pacing_release(&pacing);
    model_free(model);
}

/* 192.0.2.0/24 has nine connections though no domain there has as many. */
static void by_network(void **state)
{
    struct model *model = fixture_model("exchange-online");
    struct audit_options options;
    struct pacing pacing;

    (void)state;
    add(model, "a.example", "10 mx.a.example");
    add(model, "b.example", "10 mx.b.example");
    add(model, "c.example", "10 mx.c.example");
    fixture_addresses(model, "mx.a.example", DNS_OK, "192.0.2.1");
    fixture_addresses(model, "mx.b.example", DNS_OK, "192.0.2.2");
    fixture_addresses(model, "mx.c.example", DNS_OK, "192.0.2.3");
    audit_options_init(&options);
    options.per_operator_gap = 2;
    pacing_plan(model, &options, &pacing);
    assert_int_equal(pacing.operator_count, 3);
    assert_near(pacing.operators[0].seconds, 4);
    assert_near(pacing.by_operator, 16);
    pacing_release(&pacing);
    options.per_operator = 0;
    pacing_plan(model, &options, &pacing);
    assert_near(pacing.by_operator, 0);
    assert_near(pacing.seconds, 2);
    pacing_release(&pacing);
    model_free(model);
}

static void by_concurrency(void **state)
{
    struct model *model = some_domains();
    struct audit_options options;
    struct pacing pacing;

    (void)state;
    audit_options_init(&options);
    options.depth = DEPTH_READINESS;
    options.per_operator = 0;
    options.per_host_gap = 0;
    options.concurrency = 2;
    pacing_plan(model, &options, &pacing);
    assert_int_equal(pacing.least, 5);
    assert_int_equal(pacing.most, 15);
    assert_near(pacing.by_concurrency, 5 * PACING_CONNECTION_SECONDS / 2);
    assert_near(pacing.seconds, pacing.by_concurrency);
    pacing_release(&pacing);
    model_free(model);
}

/* One connection more for each SMTP server, at full depth only. */
static void with_the_check_for_injection(void **state)
{
    struct model *model = some_domains();
    struct audit_options options;
    struct pacing pacing;

    (void)state;
    audit_options_init(&options);
    options.check_injection = true;
    options.per_operator_gap = 1;
    pacing_plan(model, &options, &pacing);
    assert_int_equal(pacing.injected, 5);
    assert_int_equal(pacing.each_least, 3);
    assert_int_equal(pacing.least, 20);
    assert_int_equal(pacing.most, 40);
    assert_int_equal(pacing.operators[0].least, 16);
    assert_int_equal(pacing.operators[0].most, 32);
    assert_near(pacing.by_address, 7);
    pacing_release(&pacing);
    options.depth = DEPTH_READINESS;
    pacing_plan(model, &options, &pacing);
    assert_int_equal(pacing.injected, 0);
    assert_int_equal(pacing.least, 5);
    pacing_release(&pacing);
    model_free(model);
}

/* What a partner's MX lead to is contacted too, though mail takes another way. */
static void beside_the_route(void **state)
{
    struct model *model = fixture_model("exchange-online");
    struct target *target = fixture_target(model, "a.example", CLASS_PARTNER, REQUIREMENT_ENCRYPTION);
    struct audit_options options;
    struct pacing pacing;

    (void)state;
    audit_options_init(&options);
    fixture_route(model, target, ROUTE_SMART_HOST, DNS_NOT_QUERIED, "-1 gw.a.example");
    fixture_beside(model, target, ROUTE_MX, DNS_OK, "10 mx.provider.example");
    fixture_addresses(model, "gw.a.example", DNS_OK, "192.0.2.1");
    fixture_addresses(model, "mx.provider.example", DNS_OK, "198.51.100.1 198.51.100.2");
    add(model, "b.example", "10 mx.provider.example");
    pacing_plan(model, &options, &pacing);
    assert_int_equal(pacing.endpoints, 3);
    assert_int_equal(pacing.shared, 2);
    assert_int_equal(pacing.operator_count, 2);
    pacing_release(&pacing);
    model_remove(model, target);
    pacing_plan(model, &options, &pacing);
    assert_int_equal(pacing.endpoints, 2);
    assert_int_equal(pacing.shared, 0);
    pacing_release(&pacing);
    model_free(model);
}

static void who_else_is_contacted(void **state)
{
    static const char *const given[] = {"contoso.com"};
    struct strings names = {0};
    struct audit_options options;

    (void)state;
    audit_options_init(&options);
    pacing_controls(&options, &names);
    assert_int_equal(names.count, 2);
    assert_string_equal(names.items[0], "gmail.com");
    strings_release(&names);
    options.controls = given;
    options.control_count = 1;
    pacing_controls(&options, &names);
    assert_int_equal(names.count, 1);
    assert_string_equal(names.items[0], "contoso.com");
    strings_release(&names);
}

static void times(void **state)
{
    static const struct {
        double seconds;
        const char *text;
    } table[] = {{0, "less than a second"},
                 {0.4, "less than a second"},
                 {1, "1 s"},
                 {119.4, "119 s"},
                 {150, "3 min"},
                 {7199, "2 h 0 min"},
                 {7500, "2 h 5 min"},
                 {3600 * 50, "2 days 2 h"}};

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        char *text = pacing_time(table[i].seconds);

        assert_string_equal(text, table[i].text);
        free(text);
    }
}

/* Two questions about each domain, one where there is none; none where nobody will be written to. */
static void questions_of_dns(void **state)
{
    struct model *model = some_domains();
    struct audit_options options;
    struct target *target;
    struct pacing pacing;

    (void)state;
    audit_options_init(&options);
    target = fixture_target(model, "gone.example", CLASS_PARTNER, REQUIREMENT_ENCRYPTION);
    fixture_route(model, target, ROUTE_NONE, DNS_NXDOMAIN, "");
    target = fixture_target(model, "hidden.example", CLASS_PARTNER, REQUIREMENT_ENCRYPTION);
    fixture_route(model, target, ROUTE_NONE, DNS_SERVFAIL, "");
    target = fixture_target(model, "other.example", CLASS_OPPORTUNISTIC, REQUIREMENT_NONE);
    fixture_route(model, target, ROUTE_MX, DNS_OK, "10 mx1.provider.example");
    target = fixture_target(model, "mute.example", CLASS_OPPORTUNISTIC, REQUIREMENT_NONE);
    fixture_route(model, target, ROUTE_NONE, DNS_NXDOMAIN, "");
    pacing_plan(model, &options, &pacing);
    assert_int_equal(pacing.partner_questions, 3 * 2 + 1);
    assert_int_equal(pacing.other_questions, 2);
    pacing_release(&pacing);
    model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(questions_of_dns),
        cmocka_unit_test(by_operator),
        cmocka_unit_test(by_network),
        cmocka_unit_test(by_concurrency),
        cmocka_unit_test(with_the_check_for_injection),
        cmocka_unit_test(beside_the_route),
        cmocka_unit_test(who_else_is_contacted),
        cmocka_unit_test(times),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
