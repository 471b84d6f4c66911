/* The records that the lookups went by, from the resolver's answer to the model: every one of them is kept.
 */
#include "tests/scenario/world.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static void assert_record(const struct trail *trail, size_t i, enum record_type type, const char *name,
                          const char *data)
{
    assert_true(i < trail->count);
    assert_int_equal(trail->records[i].type, type);
    assert_string_equal(trail->records[i].name, name);
    assert_string_equal(trail->records[i].data, data);
    assert_true(trail->records[i].ttl > 0);
}

static void test_alias_exchange_address(void **unused)
{
    struct target *target;
    struct world world;

    (void)unused;
    world_start(&world);
    target = world_add_text(&world, "aliased.example");
    while (world_step(&world))
        continue;
    assert_int_equal(target->dns.trail.count, 2);
    assert_record(&target->dns.trail, 0, RECORD_CNAME, "aliased.example", "authentic.example");
    assert_record(&target->dns.trail, 1, RECORD_MX, "authentic.example", "10 good.lab.example");
    assert_int_equal(target->host_count, 1);
    assert_int_equal(target->hosts[0].host->dns.trail.count, 1);
    assert_record(&target->hosts[0].host->dns.trail, 0, RECORD_A, "good.lab.example", "127.77.9.1");
    model_forget_target(world.model, target);
    assert_int_equal(target->dns.trail.count, 0);
    world_end(&world);
}

/* Where there is no route, there is no record either; where it is the domain's own address, its host has it.
 */
static void test_without_exchange(void **unused)
{
    struct target *none, *implicit, *null_mx;
    struct world world;

    (void)unused;
    world_start(&world);
    none = world_add_text(&world, "no-such-partner.example");
    implicit = world_add_text(&world, "implicit.example");
    null_mx = world_add_text(&world, "noreply-tailspin.example");
    while (world_step(&world))
        continue;
    assert_int_equal(none->dns.trail.count, 0);
    assert_int_equal(implicit->dns.trail.count, 0);
    assert_true(implicit->hosts[0].host->dns.trail.count > 0);
    assert_int_equal(implicit->hosts[0].host->dns.trail.records[0].type, RECORD_A);
    assert_int_equal(null_mx->dns.trail.count, 1);
    assert_record(&null_mx->dns.trail, 0, RECORD_MX, "noreply-tailspin.example", "0 .");
    world_end(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_alias_exchange_address),
        cmocka_unit_test(test_without_exchange),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
