#include "engine/base/mem.h"
#include "engine/probe/fold.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

static const struct baseline baseline = {.minimum = TLS_1_2};
static const struct step handshake = {.kind = STEP_HANDSHAKE};
static const struct step hello = {.kind = STEP_HELLO, .highest = TLS_1_1};

static char *text(const char *literal)
{
    return (char *)(uintptr_t)literal;
}

/* A handshake that went well on a server with STARTTLS. */
static struct probe_result good(const struct dialogue_result *said)
{
    return (struct probe_result){
        .answer = {.kind = ANSWER_CHOSE, .version = TLS_1_2, .suite = 0xC030, .alert = -1},
        .stage = STAGE_CERTIFICATE,
        .at = 1000,
        .connect_ms = 1,
        .banner_ms = 2,
        .starttls_ms = 3,
        .handshake_ms = 4,
        .dialogue = said,
        .tls = {.server_hello = true,
                .established = true,
                .version = TLS_1_2,
                .suite = 0xC030,
                .group = 29,
                .alert = -1},
        .certificate = mem_alloc(sizeof(struct certificate)),
    };
}

static struct probe_result failed(const struct dialogue_result *said, enum stage stage,
                                  enum probe_error error)
{
    return (struct probe_result){.answer = {.kind = ANSWER_NONE, .error = error, .alert = -1},
                                 .stage = stage,
                                 .error = error,
                                 .detail = said->detail,
                                 .at = 900,
                                 .connect_ms = 7,
                                 .banner_ms = -1,
                                 .starttls_ms = -1,
                                 .handshake_ms = -1,
                                 .dialogue = said};
}

static void test_good_handshake(void **unused)
{
    struct dialogue_result said = {
        .starttls = STARTTLS_OFFERED, .banner = text("mx.test ESMTP"), .injected = 4};
    struct probe_result result = good(&said);
    struct facts *facts = facts_new();

    (void)unused;
    fold_result(facts, &baseline, &handshake, &result);
    assert_null(result.certificate);
    assert_non_null(facts->certificate);
    assert_string_equal(facts->banner, "mx.test ESMTP");
    assert_int_equal(facts->starttls, STARTTLS_OFFERED);
    assert_int_equal(facts->injected, 4);
    assert_int_equal(facts->injection, INJECTION_NOT_TESTED);
    assert_true(facts->tls && facts->handshake_completed);
    assert_int_equal(facts->tls_group, 29);
    assert_int_equal(facts->handshake_ms, 4);
    assert_int_equal(facts->probed_at, 1000);
    assert_int_equal(facts->stage, STAGE_CERTIFICATE);
    assert_int_equal(facts->log_count, 1);
    fold_end(facts, true);
    assert_int_equal(facts->stage, STAGE_DONE);
    assert_true(facts->full);
    facts_free(facts);
}

/* The attempt that came furthest is the one that is told of. */
static void test_best_attempt_is_kept(void **unused)
{
    struct dialogue_result late = {
        .code = 450, .detail = text("later"), .banner = text("mx"), .error = PROBE_GREYLISTED};
    struct dialogue_result none = {.error = PROBE_OK};
    struct probe_result result = failed(&late, STAGE_EHLO, PROBE_GREYLISTED);
    struct facts *facts = facts_new();

    (void)unused;
    fold_result(facts, &baseline, &handshake, &result);
    result = failed(&none, STAGE_CONNECT, PROBE_CONNECT_TIMEOUT);
    fold_result(facts, &baseline, &handshake, &result);
    fold_end(facts, true);
    assert_int_equal(facts->stage, STAGE_EHLO);
    assert_int_equal(facts->error, PROBE_GREYLISTED);
    assert_string_equal(facts->error_detail, "later");
    assert_int_equal(facts->code, 450);
    assert_int_equal(facts->attempts, 2);
    assert_int_equal(facts->connections, 2);
    assert_int_equal(facts->log_count, 2);
    assert_int_equal(facts->log[1].error, PROBE_CONNECT_TIMEOUT);
    facts_free(facts);
}

/* What the server said is not lost to a silence at the same place. */
static void test_words_outlive_silence(void **unused)
{
    struct dialogue_result busy = {
        .code = 421, .detail = text("busy"), .banner = text("busy"), .error = PROBE_THROTTLED};
    struct dialogue_result none = {.error = PROBE_BANNER_TIMEOUT};
    struct probe_result result = failed(&busy, STAGE_BANNER, PROBE_THROTTLED);
    struct facts *facts = facts_new();

    (void)unused;
    fold_result(facts, &baseline, &handshake, &result);
    result = failed(&none, STAGE_BANNER, PROBE_BANNER_TIMEOUT);
    fold_result(facts, &baseline, &handshake, &result);
    assert_int_equal(facts->error, PROBE_THROTTLED);
    assert_string_equal(facts->error_detail, "busy");
    assert_string_equal(facts->banner, "busy");
    assert_int_equal(facts->code, 421);
    assert_int_equal(facts->attempts, 2);
    facts_free(facts);
}

/* A hello that is refused on the way down is no error of the endpoint. */
static void test_refusal_below_is_no_error(void **unused)
{
    struct dialogue_result said = {.starttls = STARTTLS_OFFERED};
    struct probe_result result = good(&said);
    struct facts *facts = facts_new();

    (void)unused;
    fold_result(facts, &baseline, &handshake, &result);
    facts->versions[TLS_1_2].state = VERSION_ACCEPTED;
    result = failed(&said, STAGE_HELLO, PROBE_TLS_ALERT);
    result.answer.kind = ANSWER_ALERT;
    fold_result(facts, &baseline, &hello, &result);
    assert_int_equal(facts->error, PROBE_OK);
    assert_int_equal(facts->stage, STAGE_CERTIFICATE);
    assert_int_equal(facts->attempts, 1);
    assert_int_equal(facts->connections, 2);
    assert_string_equal(facts->log[1].purpose, "hello up to TLS 1.1");
    facts_free(facts);
}

/* A handshake that breaks after its ServerHello is told by handshake_error, not by error. */
static void test_broken_handshake(void **unused)
{
    struct dialogue_result said = {.starttls = STARTTLS_OFFERED};
    struct probe_result result = good(&said);
    struct facts *facts = facts_new();

    (void)unused;
    result.tls.established = false;
    result.error = PROBE_TLS_ALERT;
    result.detail = "bad_certificate";
    fold_result(facts, &baseline, &handshake, &result);
    assert_true(facts->tls);
    assert_false(facts->handshake_completed);
    assert_int_equal(facts->error, PROBE_OK);
    assert_null(facts->error_detail);
    assert_string_equal(facts->handshake_error, "bad_certificate");
    facts_free(facts);
}

/* A check for injection is recorded and changes nothing else. */
static void test_injection_leaves_the_rest(void **unused)
{
    static const struct step check = {.kind = STEP_INJECTION};
    struct dialogue_result said = {.starttls = STARTTLS_OFFERED, .banner = text("mx.test ESMTP")};
    struct dialogue_result torn = {
        .starttls = STARTTLS_REJECTED, .code = 554, .detail = text("out of turn"), .injected = 9};
    struct probe_result result = good(&said);
    struct facts *facts = facts_new();

    (void)unused;
    fold_result(facts, &baseline, &handshake, &result);
    result = failed(&torn, STAGE_CERTIFICATE, PROBE_STARTTLS_REJECTED);
    fold_result(facts, &baseline, &check, &result);
    assert_int_equal(facts->starttls, STARTTLS_OFFERED);
    assert_string_equal(facts->banner, "mx.test ESMTP");
    assert_int_equal(facts->error, PROBE_OK);
    assert_int_equal(facts->code, 0);
    assert_int_equal(facts->injected, 0);
    assert_int_equal(facts->attempts, 1);
    assert_int_equal(facts->connections, 2);
    assert_string_equal(facts->log[1].purpose, "check for injection behind STARTTLS");
    assert_string_equal(facts->log[1].detail, "out of turn");
    facts_free(facts);
}

static void test_trouble_inside_tls_is_a_warning(void **unused)
{
    struct dialogue_result said = {.starttls = STARTTLS_OFFERED, .error = PROBE_CLOSED};
    struct probe_result result = good(&said);
    struct facts *facts = facts_new();

    (void)unused;
    fold_result(facts, &baseline, &handshake, &result);
    assert_int_equal(facts->error, PROBE_OK);
    assert_int_equal(facts->warnings.count, 1);
    facts_free(facts);
}

/* Whichever connection saw it, in whatever order. */
static void test_smallest_prime_and_sslv2_are_kept(void **unused)
{
    static const unsigned seen[] = {0, 2048, 1024, 0, 4096};
    struct dialogue_result said = {.starttls = STARTTLS_OFFERED};
    struct facts *facts = facts_new();

    (void)unused;
    for (size_t i = 0; i < sizeof seen / sizeof *seen; i++) {
        struct probe_result result = failed(&said, STAGE_HELLO, PROBE_NOT_TLS);

        result.dh_bits = seen[i];
        result.sslv2 = i == 2;
        fold_result(facts, &baseline, i ? &hello : &handshake, &result);
        assert_int_equal(facts->sslv2, i >= 2);
        assert_int_equal(facts->dh_bits, i == 0 ? 0 : i == 1 ? 2048 : 1024);
    }
    facts_free(facts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good_handshake),
        cmocka_unit_test(test_best_attempt_is_kept),
        cmocka_unit_test(test_words_outlive_silence),
        cmocka_unit_test(test_refusal_below_is_no_error),
        cmocka_unit_test(test_smallest_prime_and_sslv2_are_kept),
        cmocka_unit_test(test_injection_leaves_the_rest),
        cmocka_unit_test(test_broken_handshake),
        cmocka_unit_test(test_trouble_inside_tls_is_a_warning),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
