/* Many servers on many threads, called off or ended in the middle of it. No wait of these audits ends by
 * itself within the time that a test may take. */
#include "engine/base/mem.h"
#include "tests/scenario/world.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#define SERVERS 48

static const char *const personas = "persona mute hello=silence\npersona good min=TLSv1.2\n";

static void endless(struct audit_options *options)
{
    options->threads = 4;
    options->concurrency = SERVERS;
    options->connect_timeout = options->banner_timeout = options->io_timeout = 3600;
}

static void start(struct world *world, const char *persona, struct target *targets[SERVERS])
{
    char *zone = mem_format("bulk %d prefix=%s persona=%s\n", SERVERS, persona, persona);
    const struct lab_options lab = {.zone = zone, .personas = personas};

    world_start_in(world, &lab, endless);
    for (int i = 0; i < SERVERS; i++) {
        char *domain = mem_format("%s-%d.example", persona, i);

        targets[i] = world_add_text(world, domain);
        free(domain);
    }
    free(zone);
}

/* Until so many servers were sent their hello, on whichever thread. */
static void await_hellos(struct world *world, unsigned count)
{
    struct event event;

    while (count) {
        world_await(world, &event);
        count -= event.type == EVENT_ACTIVITY && event.stage == STAGE_HELLO;
        model_apply(world->model, &event);
        event_release(&event);
    }
}

static void test_ended_in_handshakes(void **unused)
{
    struct target *targets[SERVERS];
    struct world world;

    (void)unused;
    start(&world, "mute", targets);
    await_hellos(&world, SERVERS);
    world_end(&world);
}

/* Nothing is to be said in a handshake, so all of them end; and can begin again. */
static void test_called_off_in_handshakes(void **unused)
{
    struct target *targets[SERVERS];
    struct audit_progress progress;
    struct world world;

    (void)unused;
    start(&world, "mute", targets);
    await_hellos(&world, SERVERS);
    audit_cancel(world.audit);
    while (world_step(&world))
        continue;
    audit_progress(world.audit, &progress);
    assert_int_equal(progress.running + progress.queued, 0);
    assert_int_equal(progress.connections, SERVERS);
    audit_reprobe_target(world.audit, targets[0]->id);
    audit_reprobe_target(world.audit, targets[SERVERS - 1]->id);
    await_hellos(&world, 2);
    audit_progress(world.audit, &progress);
    assert_int_equal(progress.running, 2);
    world_end(&world);
}

/* What was called off is asked anew, and then is as it would have been. */
static void test_called_off_midway(void **unused)
{
    for (unsigned events = 1; events <= 4 * SERVERS; events *= 2) {
        struct target *targets[SERVERS];
        struct world world;

        (void)unused;
        start(&world, "good", targets);
        for (unsigned i = 0; i < events; i++)
            world_step(&world);
        audit_cancel(world.audit);
        while (world_step(&world))
            continue;
        audit_pause(world.audit);
        for (int i = 0; i < SERVERS; i++)
            audit_reprobe_target(world.audit, targets[i]->id);
        audit_resume(world.audit);
        while (world_step(&world))
            continue;
        for (int i = 0; i < SERVERS; i++) {
            const struct facts *facts = world_facts(targets[i]);

            assert_int_equal(targets[i]->judgement.verdict, VERDICT_READY);
            assert_true(facts->full && facts->handshake_completed);
            assert_int_equal(facts->versions[TLS_1_1].state, VERSION_REFUSED);
        }
        world_end(&world);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ended_in_handshakes),
        cmocka_unit_test(test_called_off_in_handshakes),
        cmocka_unit_test(test_called_off_midway),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
