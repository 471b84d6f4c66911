/* --check-injection against servers that keep, drop, refuse and stumble over a command in clear behind
 * STARTTLS. */
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

/* A close in place of the answer is believed when it is seen twice; what is put off stays open. */
static void test_closes(void **unused)
{
    static const char *const zone = "mx.closes.example A 127.77.0.1\nserver 127.77.0.1 closes\n"
                                    "closes.example MX 10 mx.closes.example\n"
                                    "mx.busy.example A 127.77.0.2\nserver 127.77.0.2 busy-later\n"
                                    "busy.example MX 10 mx.busy.example\n";
    /* Two connections settle TLS 1.3 alone: handshake and one hello. */
    static const char *const personas = "persona good min=TLSv1.3\n"
                                        "persona shut starttls=close\npersona busy starttls-code=421\n"
                                        "persona closes like=shut first=2:good\n"
                                        "persona busy-later like=busy first=2:good\n";
    const struct lab_options lab = {.zone = zone, .personas = personas};
    const struct facts *facts;
    struct target *closes, *busy;
    struct world world;

    (void)unused;
    world_start_in(&world, &lab, check_injection);
    closes = world_add_text(&world, "closes.example");
    busy = world_add_text(&world, "busy.example");
    while (world_step(&world))
        continue;
    facts = world_facts(closes);
    assert_int_equal(facts->injection, INJECTION_NO);
    assert_int_equal(facts->connections, 4);
    facts = world_facts(busy);
    assert_int_equal(facts->injection, INJECTION_NOT_TESTED);
    assert_int_equal(facts->connections, 4);
    assert_int_equal(facts->log[3].error, PROBE_THROTTLED);
    assert_int_equal(facts->error, PROBE_OK);
    assert_int_equal(busy->judgement.verdict, VERDICT_READY);
    world_end(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_servers),
        cmocka_unit_test(test_what_is_said),
        cmocka_unit_test(test_off_unless_asked_for),
        cmocka_unit_test(test_closes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
