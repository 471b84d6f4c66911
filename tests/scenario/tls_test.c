/* What an audit finds of TLS's smaller troubles in the lab, beside the verdicts of data/lab/expect.csv. */
#include "engine/base/mem.h"
#include "tests/scenario/world.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

struct row {
    const char *persona;
    const char *warning; /* held by one of the target's warnings; NULL: there is none at all */
    unsigned dh_bits;
    bool sslv2;
    const char *key;    /* of the certificate; NULL: any, or none */
    const char *detail; /* of the error; NULL: any, or none */
    const char *other;  /* key of the other certificate; NULL: there is none */
    bool name_refused;
};

static const struct row rows[] = {
    {"dh-512", "a Diffie-Hellman prime of 512 bits, which current TLS clients refuse", 512, false, "RSA 2048",
     NULL, NULL, false},
    {"dh-768", "a Diffie-Hellman prime of 768 bits, which current TLS clients refuse", 768, false, "RSA 2048",
     NULL, NULL, false},
    {"dh-1024", "a Diffie-Hellman prime of 1024 bits, which clients with a strict policy refuse", 1024, false,
     "RSA 2048", NULL, NULL, false},
    {"dh-2048", NULL, 2048, false, "RSA 2048", NULL, NULL, false},
    {"dh-anonymous", "prime of 1024 bits", 1024, false, NULL, NULL, NULL, false},
    {"rsa-1024", "the certificate's RSA key has only 1024 bits", 0, false, "RSA 1024", NULL, NULL, false},
    {"rsa-512", "the certificate's RSA key has only 512 bits", 0, false, "RSA 512", NULL, NULL, false},
    {"sha1", "the certificate is signed with SHA-1", 0, false, "RSA 2048", NULL, NULL, false},
    {"sslv2", "it answered a TLS hello in SSLv2", 0, true, NULL, "it answered in SSLv2", NULL, false},
    {"sslv2-error", "it answered a TLS hello in SSLv2", 0, true, NULL, "it answered in SSLv2", NULL, false},
    {"ecdsa-tls12", NULL, 0, false, "ECDSA P-256", NULL, NULL, false},
    {"fragments", NULL, 0, false, "RSA 2048", NULL, NULL, false},
    {"fragments-tls12", NULL, 0, false, "RSA 2048", NULL, NULL, false},
    {.persona = "dual", .key = "ECDSA P-256", .other = "RSA 2048"},
    {.persona = "dual-tls12", .key = "ECDSA P-256", .other = "RSA 2048"},
    {.persona = "dual-tls13", .key = "ECDSA P-256", .other = "RSA 2048"},
    {.persona = "sni-close", .warning = "without a server name", .key = "RSA 2048", .name_refused = true},
    {.persona = "sni-reject", .warning = "without a server name", .key = "RSA 2048", .name_refused = true},
    {.persona = "sni-other", .warning = "without a server name", .key = "RSA 2048", .name_refused = true},
    {.persona = "sni-each", .key = "RSA 2048"},
};

#define ROWS (sizeof rows / sizeof *rows)

static struct target *add(struct world *world, const char *persona)
{
    char *domain = mem_format("%s.lab-kind.example", persona);
    struct target *target = world_add_text(world, domain);

    free(domain);
    return target;
}

/* An endpoint that could not be judged is itself a warning. */
static bool warned(const struct world *world, const struct target *target, const char *part)
{
    struct strings warnings = {0};
    bool found = false;

    model_warnings(world->model, target, &warnings);
    for (size_t i = 0; i < warnings.count; i++)
        found |= !part || strstr(warnings.items[i], part) != NULL;
    strings_release(&warnings);
    return found;
}

static void check(const struct world *world, const struct target *target, const struct row *row)
{
    const struct facts *facts = world_facts(target);

    print_message("%s\n", row->persona);
    assert_int_equal(warned(world, target, row->warning), row->warning != NULL);
    assert_int_equal(facts->dh_bits, row->dh_bits);
    assert_int_equal(facts->sslv2, row->sslv2);
    assert_int_equal(facts->name_refused, row->name_refused);
    if (row->key)
        assert_string_equal(facts->certificate->key, row->key);
    if (row->other)
        assert_non_null(facts->other_certificate);
    else
        assert_null(facts->other_certificate);
    if (row->other)
        assert_string_equal(facts->other_certificate->key, row->other);
    if (row->detail)
        assert_string_equal(facts->error_detail, row->detail);
    for (int v = 0; row->sslv2 && v < TLS_VERSIONS; v++)
        assert_int_equal(facts->versions[v].state, VERSION_UNKNOWN);
}

static void test_small_troubles(void **unused)
{
    struct target *targets[ROWS];
    struct world world;

    (void)unused;
    world_start(&world);
    for (size_t i = 0; i < ROWS; i++)
        targets[i] = add(&world, rows[i].persona);
    while (world_step(&world))
        continue;
    for (size_t i = 0; i < ROWS; i++)
        check(&world, targets[i], &rows[i]);
    world_end(&world);
}

/* However TLS 1.3 puts it: the handshake failed for want of a certificate of ours, and version, suite and
 * certificate are known all the same. */
static void test_demands_for_a_certificate(void **unused)
{
    static const char *const personas[] = {"demands-certificate", "demands-certificate-tls12"};
    struct target *targets[2];
    struct world world;

    (void)unused;
    world_start(&world);
    for (size_t i = 0; i < 2; i++)
        targets[i] = add(&world, personas[i]);
    while (world_step(&world))
        continue;
    for (size_t i = 0; i < 2; i++) {
        const struct facts *facts = world_facts(targets[i]);

        assert_true(facts->tls && facts->client_certificate_requested && !facts->handshake_completed);
        assert_string_equal(facts->handshake_error, i ? "handshake_failure" : "certificate_required");
        assert_non_null(facts->certificate);
        assert_int_equal(facts->versions[i ? TLS_1_2 : TLS_1_3].state, VERSION_ACCEPTED);
        assert_int_equal(facts->warnings.count, 0);
    }
    world_end(&world);
}

/* A flight that takes longer than any wait between two bytes may: patience is for the whole of it. */
static void test_slow_handshake(void **unused)
{
    const struct facts *facts;
    struct world world;
    struct target *target;

    (void)unused;
    world_start(&world);
    target = add(&world, "slow-tls");
    while (world_step(&world))
        continue;
    facts = world_facts(target);
    assert_true(facts->handshake_completed);
    assert_true(facts->handshake_ms > 2000); /* the audit's time-out here */
    assert_int_equal(facts->versions[TLS_1_3].state, VERSION_ACCEPTED);
    assert_int_equal(facts->versions[TLS_1_2].state, VERSION_ACCEPTED);
    assert_int_equal(facts->versions[TLS_1_1].state, VERSION_REFUSED);
    world_end(&world);
}

/* A chain of many records is read to its end. */
static void test_long_chain(void **unused)
{
    struct world world;
    struct target *target;

    (void)unused;
    world_start(&world);
    target = add(&world, "long-chain");
    while (world_step(&world))
        continue;
    assert_int_equal(world_facts(target)->certificate->chain_length, 13);
    assert_true(world_facts(target)->certificate->trusted);
    world_end(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_small_troubles),
        cmocka_unit_test(test_demands_for_a_certificate),
        cmocka_unit_test(test_slow_handshake),
        cmocka_unit_test(test_long_chain),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
