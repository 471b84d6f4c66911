/* Endpoint URLs of all protocols, and ends in the middle of everything. */
#include "engine/base/mem.h"
#include "engine/input/input.h"
#include "tests/scenario/world.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define GOOD_HOST "mx.ready-full.lab-kind.example" /* every protocol, TLS 1.2 and 1.3 */
#define OLD_HOST  "mx.tls10-full.lab-kind.example" /* every protocol, TLS 1.0 */

static struct target *add_service(struct world *world, enum protocol protocol, const char *host)
{
    char *url = mem_format("%s://%s:%u", protocol_name(protocol), host, lab_port(world->lab, protocol));
    struct target *target = world_add_text(world, url);

    free(url);
    return target;
}

static const struct facts *facts_of(const struct target *target)
{
    assert_int_equal(target->route, ROUTE_DIRECT);
    assert_int_equal(target->host_count, 1);
    assert_int_equal(target->hosts[0].host->endpoint_count, 1);
    return target->hosts[0].host->endpoints[0]->facts;
}

static void check_good(const struct target *target, enum protocol protocol)
{
    const struct facts *facts = facts_of(target);

    assert_int_equal(target->judgement.verdict, VERDICT_READY);
    assert_true(facts->handshake_completed);
    assert_int_equal(facts->versions[TLS_1_3].state, VERSION_ACCEPTED);
    assert_int_equal(facts->versions[TLS_1_2].state, VERSION_ACCEPTED);
    assert_int_equal(facts->versions[TLS_1_1].state, VERSION_REFUSED);
    assert_int_equal(facts->stage, STAGE_DONE);
    assert_int_equal(facts->starttls,
                     protocol_is_direct_tls(protocol) ? STARTTLS_NOT_APPLICABLE : STARTTLS_OFFERED);
    assert_int_equal(facts->warnings.count, 0);
    assert_true(certificate_matches(facts->certificate, GOOD_HOST));
    assert_true(facts->certificate->trusted);
    if (protocol != PROTOCOL_HTTPS)
        assert_non_null(facts->banner);
}

static void test_every_protocol(void **unused)
{
    struct target *good[protocol_count], *old[protocol_count];
    struct world world;

    (void)unused;
    world_start(&world);
    for (int p = 0; p < protocol_count; p++) {
        good[p] = add_service(&world, (enum protocol)p, GOOD_HOST);
        old[p] = add_service(&world, (enum protocol)p, OLD_HOST);
    }
    while (world_step(&world))
        continue;
    for (int p = 0; p < protocol_count; p++) {
        check_good(good[p], (enum protocol)p);
        assert_int_equal(old[p]->judgement.verdict, VERDICT_NOT_READY);
        assert_int_equal(facts_of(old[p])->versions[TLS_1_0].state, VERSION_ACCEPTED);
        assert_int_equal(facts_of(old[p])->versions[TLS_1_2].state, VERSION_REFUSED);
    }
    world_end(&world);
}

/* IMAP's BYE and POP3's "not now" put us off; they say nothing about TLS, and neither does PREAUTH. */
static void test_put_off(void **unused)
{
    static const struct {
        enum protocol protocol;
        enum probe_error error;
    } rows[] = {
        {PROTOCOL_SMTP, PROBE_THROTTLED},  {PROTOCOL_SUBMISSION, PROBE_THROTTLED},
        {PROTOCOL_IMAP, PROBE_THROTTLED},  {PROTOCOL_POP3, PROBE_GREYLISTED},
        {PROTOCOL_IMAPS, PROBE_THROTTLED}, {PROTOCOL_POP3S, PROBE_GREYLISTED},
    };
    struct target *targets[sizeof rows / sizeof *rows], *preauth;
    struct world world;

    (void)unused;
    world_start(&world);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        targets[i] = add_service(&world, rows[i].protocol, "mx.bye.lab-kind.example");
    preauth = add_service(&world, PROTOCOL_IMAP, "mx.preauth.lab-kind.example");
    while (world_step(&world))
        continue;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct facts *facts = facts_of(targets[i]);

        if (protocol_is_direct_tls(rows[i].protocol)) {
            assert_int_equal(targets[i]->judgement.verdict, VERDICT_READY);
            assert_int_equal(facts->error, PROBE_OK);
            assert_int_equal(facts->warnings.count, 1);
        } else {
            assert_int_equal(targets[i]->judgement.verdict, VERDICT_UNREACHABLE);
            assert_int_equal(facts->error, rows[i].error);
            assert_int_equal(facts->starttls, STARTTLS_UNKNOWN);
        }
        assert_non_null(facts->banner);
    }
    assert_int_equal(facts_of(preauth)->starttls, STARTTLS_NOT_OFFERED);
    assert_memory_equal(facts_of(preauth)->banner, "* PREAUTH", 9);
    assert_int_equal(facts_of(preauth)->error, PROBE_OK);
    world_end(&world);
}

/* Every kind of answer may be on its way when the audit ends; sanitizers see what it leaves. */
static void test_end_at_any_moment(void **unused)
{
    static const char *const domains[] = {"contoso.example",
                                          "fabrikam.example",
                                          "humongousinsurance.example",
                                          "vanarsdel.example",
                                          "sixty.example",
                                          "equal.example",
                                          "libertysdelightful.example",
                                          "drop.example",
                                          "drip.lab-kind.example",
                                          "far.lab-kind.example",
                                          "hello-silence.lab-kind.example",
                                          "delayed.example",
                                          "implicit.example",
                                          "tls-silence.lab-kind.example",
                                          "black-hole.lab-kind.example"};
    unsigned seed = (unsigned)time(NULL);

    (void)unused;
    print_message("seed %u\n", seed);
    for (int round = 0; round < 25; round++) {
        unsigned steps = (unsigned)rand_r(&seed) % 80;
        struct world world;

        world_start(&world);
        for (size_t i = 0; i < sizeof domains / sizeof *domains; i++)
            world_add_text(&world, domains[i]);
        while (steps && world_step(&world))
            steps--;
        world_end(&world);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_protocol),
        cmocka_unit_test(test_put_off),
        cmocka_unit_test(test_end_at_any_moment),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
