/* Partners whose mail goes by smart host, in the lab: both ways are seen, and the verdict follows the one
 * that mail takes. */
#include "engine/base/mem.h"
#include "tests/scenario/world.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static struct target *add(struct world *world, const char *domain, const char *gateway)
{
    struct target_spec spec;
    struct target *target;

    target_spec_init(&spec);
    spec.domain = mem_string(domain);
    spec.unicode = mem_string(domain);
    spec.class = CLASS_PARTNER;
    spec.requirement = REQUIREMENT_ENCRYPTION;
    spec.protocol = PROTOCOL_SMTP;
    target_spec_add_host(&spec, gateway, 0, false);
    target = world_add(world, &spec);
    target_spec_release(&spec);
    assert_non_null(target);
    return target;
}

static void assert_beside(const struct world *world, const struct target *target, size_t index,
                          const char *host, enum verdict verdict)
{
    const struct host *beside;

    assert_true(index < target->beside.host_count);
    beside = target->beside.hosts[index].host;
    assert_string_equal(beside->key.name, host);
    assert_int_equal(model_judge_host(world->model, target, beside).verdict, verdict);
}

static void test_both_ways(void **unused)
{
    struct world world;
    struct target *bad, *good;
    struct strings warnings = {0};

    (void)unused;
    world_start(&world);
    bad = add(&world, "fabrikam.example", "gw.fabrikam.example");
    good = add(&world, "good-gateway.example", "gw.good-gateway.example");
    while (world_step(&world))
        continue;
    assert_int_equal(bad->judgement.verdict, VERDICT_NOT_READY);
    assert_int_equal(bad->consequence, CONSEQUENCE_STOPS);
    assert_int_equal(bad->beside.route, ROUTE_MX);
    assert_int_equal(bad->beside.host_count, 1);
    assert_beside(&world, bad, 0, "mx.fabrikam.example", VERDICT_READY);
    assert_int_equal(good->judgement.verdict, VERDICT_READY);
    assert_int_equal(good->consequence, CONSEQUENCE_ENCRYPTED);
    assert_int_equal(good->host_count, 1);
    assert_int_equal(good->beside.host_count, 2); /* the gateway is an MX too, on the route only */
    assert_beside(&world, good, 0, "mx.good-gateway.example", VERDICT_NOT_READY);
    assert_beside(&world, good, 1, "mx.none.good-gateway.example", VERDICT_UNREACHABLE);
    model_warnings(world.model, good, &warnings);
    assert_int_equal(warnings.count, 0);
    strings_release(&warnings);
    world_end(&world);
}

/* Whatever DNS says of the domain. */
static void test_lookups(void **unused)
{
    static const struct {
        const char *domain;
        enum route route;
        enum dns_status status;
        size_t hosts;
    } table[] = {
        {"implicit.example", ROUTE_IMPLICIT, DNS_OK, 1},
        {"noreply-tailspin.example", ROUTE_NULL_MX, DNS_OK, 0},
        {"no-such-partner.example", ROUTE_NONE, DNS_NXDOMAIN, 0},
        {"servfail.example", ROUTE_NONE, DNS_SERVFAIL, 0},
        {"drop.example", ROUTE_NONE, DNS_TIMEOUT, 0},
    };
    struct target *targets[sizeof table / sizeof *table];
    struct world world;

    (void)unused;
    world_start(&world);
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        targets[i] = add(&world, table[i].domain, "good.lab.example");
    while (world_step(&world))
        continue;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        assert_int_equal(targets[i]->beside.route, table[i].route);
        assert_int_equal(targets[i]->beside.dns.status, table[i].status);
        assert_int_equal(targets[i]->beside.host_count, table[i].hosts);
        assert_int_equal(targets[i]->judgement.verdict, VERDICT_READY);
    }
    assert_beside(&world, targets[0], 0, "implicit.example", VERDICT_READY);
    assert_false(model_names_lost(world.model));
    world_end(&world);
}

/* A gateway that can't be found makes no way of the MX. */
static void test_no_gateway(void **unused)
{
    struct world world;
    struct target *target;

    (void)unused;
    world_start(&world);
    target = add(&world, "smart-nowhere.example", "gw.smart-nowhere.example");
    while (world_step(&world))
        continue;
    assert_int_equal(target->judgement.verdict, VERDICT_UNREACHABLE);
    assert_int_equal(target->judgement.reason, REASON_NXDOMAIN);
    assert_beside(&world, target, 0, "good.lab.example", VERDICT_READY);
    world_end(&world);
}

/* The MX of one partner is where another's mail goes: one endpoint for both, judged for each. */
static void test_shared(void **unused)
{
    struct world world;
    struct target *one, *other;

    (void)unused;
    world_start(&world);
    one = add(&world, "fabrikam.example", "gw.fabrikam.example");
    other = add(&world, "good-gateway.example", "mx.fabrikam.example");
    while (world_step(&world))
        continue;
    assert_ptr_equal(one->beside.hosts[0].host, other->hosts[0].host);
    assert_int_equal(other->hosts[0].host->endpoints[0]->shared_by, 2);
    assert_int_equal(one->judgement.verdict, VERDICT_NOT_READY);
    assert_int_equal(other->judgement.verdict, VERDICT_READY);
    world_end(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_both_ways),
        cmocka_unit_test(test_lookups),
        cmocka_unit_test(test_no_gateway),
        cmocka_unit_test(test_shared),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
