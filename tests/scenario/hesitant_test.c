/* Once all verdicts are known, servers that greet late have their turns before the others: an audit would end
 * with them else. */
#include "engine/base/words.h"
#include "tests/scenario/world.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#define HESITANT_MS 500 /* who takes as long as that to greet is late; as in engine/audit/schedule.c */

static const char *const zone =
    "mx.prompt.example A 127.77.0.1\nserver 127.77.0.1 prompt\nprompt.example MX 10 mx.prompt.example\n"
    "mx.late.example A 127.77.0.2\nserver 127.77.0.2 late\nlate.example MX 10 mx.late.example\n";

static void one_at_a_time(struct audit_options *options)
{
    options->concurrency = 1;
    options->per_host_gap = 0;
    options->per_operator = 0;
}

static bool is_ended(const struct target *target)
{
    return target->host_count && target->hosts[0].host->endpoint_count &&
           target->hosts[0].host->endpoints[0]->facts && world_facts(target)->ended;
}

/* Adds the two in either order: who comes first otherwise ends first. False when this machine was so busy
 * that both greeted late, which proves nothing. */
static bool audit_both(bool late_first)
{
    const struct lab_options lab = {.zone = zone,
                                    .personas = "persona prompt\npersona late greeting-delay=600\n"};
    struct target *prompt, *late;
    struct world world;
    bool late_was_first, differ;

    world_start_in(&world, &lab, one_at_a_time);
    late = late_first ? world_add_text(&world, "late.example") : NULL;
    prompt = world_add_text(&world, "prompt.example");
    if (!late)
        late = world_add_text(&world, "late.example");
    while (!is_ended(late) && !is_ended(prompt))
        assert_true(world_step(&world));
    late_was_first = is_ended(late);
    while (world_step(&world))
        continue;
    assert_true(is_ended(late) && is_ended(prompt));
    differ = world_facts(prompt)->banner_ms < HESITANT_MS;
    assert_true(late_was_first || !differ);
    assert_int_equal(VERDICT_READY, prompt->judgement.verdict);
    assert_int_equal(VERDICT_READY, late->judgement.verdict);
    world_end(&world);
    return differ;
}

static void test_late_greeters_go_ahead(void **state)
{
    (void)state;
    while (!audit_both(true))
        continue;
    while (!audit_both(false))
        continue;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_late_greeters_go_ahead),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
