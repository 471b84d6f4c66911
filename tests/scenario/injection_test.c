/* --check-injection against servers that keep, drop, refuse and stumble over a command in clear behind
 * STARTTLS. */
#include "engine/base/buf.h"
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

struct row {
    const char *persona;
    enum injection_state injection;
    bool checked; /* a connection was made for it */
};

static const struct row rows[] = {
    {"injectable", INJECTION_YES, true},
    {"injectable-tls12", INJECTION_YES, true},
    {"ready", INJECTION_NO, true},
    {"tls10-only", INJECTION_NO, true},
    {"strict", INJECTION_NO, true},          /* 554 to whoever talks out of turn */
    {"behind-hello", INJECTION_NO, true},    /* TLS stumbles over the command */
    {"behind-answered", INJECTION_NO, true}, /* answered in clear */
    {"drip", INJECTION_NO, true},
    {"quit-close", INJECTION_NO, true},
    {"tls-first", INJECTION_NO, true},
    {"injects", INJECTION_NO, true},
    {"plaintext", INJECTION_NOT_TESTED, false},
    {"masked", INJECTION_NOT_TESTED, false},
    {"dhe-only", INJECTION_NOT_TESTED, false}, /* no handshake of ours completes */
    {"tls-close", INJECTION_NOT_TESTED, false},
    {"throttled", INJECTION_NOT_TESTED, false},
};

static void check_injection(struct audit_options *options)
{
    options->check_injection = true;
}

static void check_injection_shallow(struct audit_options *options)
{
    options->check_injection = true;
    options->depth = DEPTH_READINESS;
}

static struct target *add(struct world *world, const char *persona)
{
    char *domain = mem_format("%s.lab-kind.example", persona);
    struct target *target = world_add_text(world, domain);

    free(domain);
    return target;
}

/* The record's entry for the check; NULL when there is none. */
static const struct attempt *entry(const struct facts *facts)
{
    for (size_t i = 0; i < facts->log_count; i++)
        if (strstr(facts->log[i].purpose, "injection"))
            return &facts->log[i];
    return NULL;
}

static void check(const struct row *row, const struct facts *facts)
{
    const struct attempt *attempt = entry(facts);

    if (facts->injection != row->injection || !!attempt != row->checked)
        fail_msg("%s: injection is %s", row->persona, injection_state_name(facts->injection));
    if (!attempt)
        return;
    assert_ptr_equal(attempt, &facts->log[facts->log_count - 1]); /* once, and last */
    assert_non_null(attempt->detail);
    assert_int_equal(facts->starttls, STARTTLS_OFFERED);
    assert_int_equal(facts->error, PROBE_OK);
    assert_int_equal(facts->stage, STAGE_DONE);
    assert_true(facts->handshake_completed);
    assert_non_null(facts->banner);
}

static void test_servers(void **unused)
{
    struct target *targets[COUNT(rows)];
    struct world world;

    (void)unused;
    world_start_in(&world, NULL, check_injection);
    for (size_t i = 0; i < COUNT(rows); i++)
        targets[i] = add(&world, rows[i].persona);
    while (world_step(&world))
        continue;
    for (size_t i = 0; i < COUNT(rows); i++)
        check(&rows[i], world_facts(targets[i]));
    world_end(&world);
}

static bool warns_of(const struct world *world, const struct target *target, const char *text)
{
    struct strings warnings = {0};
    bool found = false;

    model_warnings(world->model, target, &warnings);
    for (size_t i = 0; i < warnings.count; i++)
        found |= strstr(warnings.items[i], text) != NULL;
    strings_release(&warnings);
    return found;
}

/* The fact changes no verdict; it is told as a warning that names it. What the *server* put behind its 220 is
 * another matter. */
static void test_what_is_said(void **unused)
{
    struct target *injectable, *injects, *ready;
    struct world world;

    (void)unused;
    world_start_in(&world, NULL, check_injection);
    injectable = add(&world, "injectable");
    injects = add(&world, "injects");
    ready = add(&world, "ready");
    while (world_step(&world))
        continue;
    assert_int_equal(injectable->judgement.verdict, VERDICT_READY);
    assert_true(warns_of(&world, injectable, "CVE-2011-0411"));
    assert_int_equal(world_facts(injectable)->injected, 0);
    assert_false(warns_of(&world, injects, "CVE-2011-0411"));
    assert_true(warns_of(&world, injects, "bytes in clear came between"));
    assert_true(world_facts(injects)->injected > 0);
    assert_false(warns_of(&world, ready, "clear"));
    world_end(&world);
}

/* The check is SMTP's: other protocols get no connection for it. */
static void test_protocols(void **unused)
{
    struct target *targets[protocol_count];
    struct world world;

    (void)unused;
    world_start_in(&world, NULL, check_injection);
    for (int p = 0; p < protocol_count; p++) {
        char *url = mem_format("%s://mx.ready-full.lab-kind.example:%u", protocol_name((enum protocol)p),
                               lab_port(world.lab, (enum protocol)p));

        targets[p] = world_add_text(&world, url);
        free(url);
    }
    while (world_step(&world))
        continue;
    for (int p = 0; p < protocol_count; p++) {
        bool has_check = p == PROTOCOL_SMTP || p == PROTOCOL_SUBMISSION;
        const struct facts *facts = world_facts(targets[p]);

        assert_int_equal(facts->injection, has_check ? INJECTION_NO : INJECTION_NOT_TESTED);
        assert_int_equal(entry(facts) != NULL, has_check);
    }
    world_end(&world);
}

/* Nothing is sent out of turn unless asked for, and not at the shallow depth. */
static void test_off_unless_asked_for(void **unused)
{
    void (*const ways[])(struct audit_options *) = {NULL, check_injection_shallow};

    (void)unused;
    for (size_t i = 0; i < COUNT(ways); i++) {
        struct target *target;
        struct world world;

        world_start_in(&world, NULL, ways[i]);
        target = add(&world, "injectable");
        while (world_step(&world))
            continue;
        assert_int_equal(target->judgement.verdict, VERDICT_READY);
        assert_int_equal(world_facts(target)->injection, INJECTION_NOT_TESTED);
        assert_null(entry(world_facts(target)));
        world_end(&world);
    }
}

/* What the fourth connection meets, which is the check: three settle TLS 1.3 alone: handshake, one hello, and
 * a handshake for another certificate. */
struct turn {
    const char *persona, *address, *domain;
    enum injection_state injection;
    unsigned connections;
    enum probe_error error; /* of the last one */
};

static const struct turn turns[] = {
    {"starttls=hang-up", "127.77.0.1", "closes.example", INJECTION_NO, 5, PROBE_CLOSED},
    {"hello=close", "127.77.0.2", "tls-closes.example", INJECTION_NO, 5, PROBE_TLS_CLOSED},
    {"starttls-code=554", "127.77.0.3", "refuses.example", INJECTION_NO, 4, PROBE_OK},
    {"alert=70", "127.77.0.4", "stumbles.example", INJECTION_NO, 4, PROBE_OK},
    {"alert=80", "127.77.0.5", "fails.example", INJECTION_NOT_TESTED, 4, PROBE_TLS_ALERT},
    {"starttls-code=421", "127.77.0.6", "busy.example", INJECTION_NOT_TESTED, 6, PROBE_THROTTLED},
    {"greeting-code=450", "127.77.0.7", "later.example", INJECTION_NOT_TESTED, 6, PROBE_GREYLISTED},
    {"starttls=absent", "127.77.0.8", "hides.example", INJECTION_NOT_TESTED, 4, PROBE_OK},
    {"starttls-code=502", "127.77.0.9", "rejects.example", INJECTION_NOT_TESTED, 4, PROBE_STARTTLS_REJECTED},
    {"hello=garbage", "127.77.0.10", "garbage.example", INJECTION_NOT_TESTED, 4, PROBE_NOT_TLS},
};

static void check_turn(const struct turn *turn, const struct target *target)
{
    const struct facts *facts = world_facts(target);
    enum probe_error error = facts->log[facts->log_count - 1].error;

    print_message("%s\n", turn->domain);
    if (error == PROBE_RESET) /* a close that crosses our words on the way */
        error = turn->error;
    assert_int_equal(facts->injection, turn->injection);
    assert_int_equal(facts->connections, turn->connections);
    assert_int_equal(error, turn->error);
    assert_int_equal(facts->error, PROBE_OK);
    assert_int_equal(facts->starttls, STARTTLS_OFFERED);
    assert_int_equal(facts->versions[TLS_1_3].state, VERSION_ACCEPTED);
    assert_int_equal(facts->versions[TLS_1_2].state, VERSION_REFUSED);
    assert_int_equal(target->judgement.verdict,
                     facts_starttls_mixed(facts) ? VERDICT_AT_RISK : VERDICT_READY);
    assert_int_equal(facts_starttls_mixed(facts), strcmp(turn->persona, "starttls=absent") == 0);
}

/* A close in place of an answer is believed when it is seen twice; what is put off, or not clear, stays open.
 * Nothing of it changes what was known. */
static void test_only_clear_answers_count(void **unused)
{
    struct target *targets[COUNT(turns)];
    struct buf zone, personas;
    struct lab_options lab = {0};
    struct world world;

    (void)unused;
    buf_init(&zone, 0);
    buf_init(&personas, 0);
    buf_add_string(&personas, "persona good min=TLSv1.3\n");
    for (size_t i = 0; i < COUNT(turns); i++) {
        const struct turn *turn = &turns[i];

        buf_printf(&personas, "persona p%zu %s first=3:good\n", i, turn->persona);
        buf_printf(&zone, "mx.%s A %s\nserver %s p%zu\n%s MX 10 mx.%s\n", turn->domain, turn->address,
                   turn->address, i, turn->domain, turn->domain);
    }
    lab.zone = buf_string(&zone);
    lab.personas = buf_string(&personas);
    world_start_in(&world, &lab, check_injection);
    for (size_t i = 0; i < COUNT(turns); i++)
        targets[i] = world_add_text(&world, turns[i].domain);
    while (world_step(&world))
        continue;
    for (size_t i = 0; i < COUNT(turns); i++)
        check_turn(&turns[i], targets[i]);
    world_end(&world);
    buf_release(&zone);
    buf_release(&personas);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_servers),
        cmocka_unit_test(test_what_is_said),
        cmocka_unit_test(test_protocols),
        cmocka_unit_test(test_off_unless_asked_for),
        cmocka_unit_test(test_only_clear_answers_count),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
