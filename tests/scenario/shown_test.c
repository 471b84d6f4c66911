/* Where a handshake decides readiness, its facts go out before the goodbye behind it is answered; all of it
 * follows. */
#include "engine/base/words.h"
#include "tests/scenario/world.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

static const char *const zone =
    "mx.far.example A 127.77.0.1\nserver 127.77.0.1 far\nfar.example MX 10 mx.far.example\n"
    "mx.old.example A 127.77.0.2\nserver 127.77.0.2 old\nold.example MX 10 mx.old.example\n";

static const char *const personas = "persona far reply-delay=300 greeting-delay=50\n"
                                    "persona old reply-delay=50 greeting-delay=50 min=TLSv1.0 max=TLSv1.0\n";

/* One far away, which `name` names. */
static struct target *begin_with(struct world *world, const char *name,
                                 void (*adjust)(struct audit_options *options))
{
    const struct lab_options lab = {.zone = zone, .personas = personas};

    world_start_in(world, &lab, adjust);
    return world_add_text(world, name);
}

static struct target *begin(struct world *world, const char *name)
{
    return begin_with(world, name, NULL);
}

/* Until the facts of the one endpoint come. */
static void until_facts(struct world *world)
{
    bool told = false;

    while (!told) {
        struct event event;

        world_await(world, &event);
        assert_int_not_equal(event.type, EVENT_IDLE);
        told = event.type == EVENT_FACTS;
        model_apply(world->model, &event);
        event_release(&event);
    }
}

static bool said_quit(const struct facts *facts)
{
    for (size_t i = 0; i < facts->transcript.count; i++)
        if (strcmp(facts->transcript.lines[i].text, "QUIT") == 0)
            return true;
    return false;
}

static void test_first_the_verdict(void **state)
{
    struct world world;
    struct target *target = begin(&world, "far.example");
    const struct facts *facts;

    (void)state;
    until_facts(&world);
    facts = world_facts(target);
    assert_int_equal(target->judgement.verdict, VERDICT_READY);
    assert_true(facts->handshake_completed);
    assert_non_null(facts->certificate);
    assert_int_equal(facts->starttls, STARTTLS_OFFERED);
    assert_int_equal(facts->attempts, 1);
    assert_int_equal(facts->connections, 1);
    assert_int_equal(facts->ehlo_tls.count, 0);
    assert_false(said_quit(facts));
    assert_false(facts->ended);
    until_facts(&world);
    facts = world_facts(target);
    assert_int_equal(target->judgement.verdict, VERDICT_READY);
    assert_int_equal(facts->attempts, 1);
    assert_int_equal(facts->connections, 1);
    assert_true(facts->ehlo_tls.count > 0);
    assert_true(said_quit(facts));
    while (world_step(&world))
        continue;
    assert_true(world_facts(target)->ended);
    assert_int_equal(world_facts(target)->attempts, 1);
    world_end(&world);
}

/* What would count against a server is seen twice before anything is told. */
static void test_a_no_waits_for_the_second(void **state)
{
    struct world world;
    struct target *target = begin(&world, "old.example");

    (void)state;
    until_facts(&world);
    assert_int_equal(target->judgement.verdict, VERDICT_NOT_READY);
    assert_true(world_facts(target)->connections > 1);
    assert_true(said_quit(world_facts(target)));
    while (world_step(&world))
        continue;
    world_end(&world);
}

static void far_apart(struct audit_options *options)
{
    options->per_host_gap = 3600;
}

/* What was told is not taken back. */
static void test_called_off_between(void **state)
{
    struct world world;
    struct target *target = begin_with(&world, "far.example", far_apart);
    struct lab_counts counts;

    (void)state;
    until_facts(&world);
    audit_cancel(world.audit);
    while (world_step(&world))
        continue;
    assert_int_equal(target->judgement.verdict, VERDICT_READY);
    assert_true(world_facts(target)->handshake_completed);
    lab_counts(world.lab, &counts);
    assert_int_equal(counts.connections, 1);
    world_end(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_first_the_verdict),
        cmocka_unit_test(test_a_no_waits_for_the_second),
        cmocka_unit_test(test_called_off_between),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
