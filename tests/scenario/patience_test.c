/* With the program's own timeouts, servers that greet late are waited for, and silence is no claim. */
#include "engine/base/mem.h"
#include "engine/base/words.h"
#include "tests/scenario/world.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof array / sizeof array[0])

static const char *const zone =
    "mx.late6.example A 127.77.0.1\nserver 127.77.0.1 late6\nlate6.example MX 10 mx.late6.example\n"
    "mx.late15.example A 127.77.0.2\nserver 127.77.0.2 late15\nlate15.example MX 10 mx.late15.example\n"
    "mx.late25.example A 127.77.0.3\nserver 127.77.0.3 late25\nlate25.example MX 10 mx.late25.example\n"
    "mx.late30.example A 127.77.0.4\nserver 127.77.0.4 late30\nlate30.example MX 10 mx.late30.example\n"
    "mx.late45.example A 127.77.0.5\nserver 127.77.0.5 late45\nlate45.example MX 10 mx.late45.example\n"
    "mx.teaser6.example A 127.77.0.6\nserver 127.77.0.6 teaser6\nteaser6.example MX 10 mx.teaser6.example\n"
    "mx.teaser45.example A 127.77.0.7\nserver 127.77.0.7 teaser45\n"
    "teaser45.example MX 10 mx.teaser45.example\n"
    "mx.silent.example A 127.77.0.8\nserver 127.77.0.8 silent\nsilent.example MX 10 mx.silent.example\n";

/* All of them close the door on a client that talks before its turn. */
static const char *const personas =
    "persona late6 sync=yes greeting-delay=6000\npersona late15 sync=yes greeting-delay=15000\n"
    "persona late25 sync=yes greeting-delay=25000\npersona late30 sync=yes greeting-delay=30000\n"
    "persona late45 sync=yes greeting-delay=45000\n"
    "persona teaser6 sync=yes greeting-lines=2 teaser-delay=6000\n"
    "persona teaser45 sync=yes greeting-lines=2 teaser-delay=45000\n"
    "persona silent greeting-delay=70000\n";

static const struct {
    const char *domain;
    int banner_ms; /* at least */
} late[] = {{"late6.example", 6000},    {"late15.example", 15000}, {"late25.example", 25000},
            {"late30.example", 30000},  {"late45.example", 45000}, {"teaser6.example", 6000},
            {"teaser45.example", 45000}};

static void default_timeouts(struct audit_options *options)
{
    struct audit_options defaults;

    audit_options_init(&defaults);
    options->connect_timeout = defaults.connect_timeout;
    options->banner_timeout = defaults.banner_timeout;
    options->io_timeout = defaults.io_timeout;
    options->retries = defaults.retries;
    options->depth = DEPTH_READINESS;
}

/* As --banner-timeout 3 --retries 0: the silence of 70 seconds is cut short. */
static void little_patience(struct audit_options *options)
{
    default_timeouts(options);
    options->banner_timeout = 3;
    options->retries = 0;
}

static void test_late_greetings(void **unused)
{
    const struct lab_options lab = {.zone = zone, .personas = personas};
    struct target *targets[COUNT(late)];
    struct world world;

    (void)unused;
    world_start_in(&world, &lab, default_timeouts);
    for (size_t i = 0; i < COUNT(late); i++)
        targets[i] = world_add_text(&world, late[i].domain);
    while (world_step(&world))
        continue;
    for (size_t i = 0; i < COUNT(late); i++) {
        const struct facts *facts = world_facts(targets[i]);

        print_message("%s: %d ms\n", late[i].domain, facts->banner_ms);
        assert_int_equal(targets[i]->judgement.verdict, VERDICT_READY);
        assert_int_equal(facts->connections, 1);
        assert_int_equal(facts->attempts, 1);
        assert_true(facts->banner_ms >= late[i].banner_ms - 50); /* the two clocks are not one */
        assert_true(facts->handshake_completed);
        assert_int_equal(facts->code, 0);
    }
    world_end(&world);
}

static void test_silence_is_no_claim(void **unused)
{
    const struct lab_options lab = {.zone = zone, .personas = personas};
    const struct facts *facts;
    struct target *silent;
    struct world world;

    (void)unused;
    world_start_in(&world, &lab, little_patience);
    silent = world_add_text(&world, "silent.example");
    while (world_step(&world))
        continue;
    facts = world_facts(silent);
    assert_int_equal(silent->judgement.verdict, VERDICT_UNREACHABLE);
    assert_int_equal(facts->error, PROBE_BANNER_TIMEOUT);
    assert_int_equal(facts->stage, STAGE_BANNER);
    assert_int_equal(facts->starttls, STARTTLS_UNKNOWN);
    for (int v = 0; v < TLS_VERSIONS; v++)
        assert_int_equal(facts->versions[v].state, VERSION_UNKNOWN);
    world_end(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_late_greetings),
        cmocka_unit_test(test_silence_is_no_claim),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
