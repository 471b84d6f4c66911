/* Sessions with servers whose keys, signatures or versions are not of today. */
#include "engine/base/mem.h"
#include "engine/tls/session.h"
#include "engine/tls/testing.h"

#include <openssl/evp.h>
#include <openssl/nid.h>
#include <openssl/x509.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

struct lab {
    EVP_PKEY *authority;
    X509 *root;
    struct tls_context *context;
};

static int open_lab(void **state)
{
    struct lab *lab = mem_alloc(sizeof *lab);
    char *bundle, *error = NULL;

    lab->authority = testing_ec_key(NID_X9_62_prime256v1);
    lab->root = testing_certificate(
        &(struct testing_order){.common_name = "Old Root", .authority = true, .key = lab->authority});
    bundle = testing_bundle("old_server_test_root.pem", lab->root);
    lab->context = tls_context_new(bundle, &error);
    free(bundle);
    *state = lab;
    return lab->context ? 0 : -1;
}

static int close_lab(void **state)
{
    struct lab *lab = *state;

    tls_context_free(lab->context);
    X509_free(lab->root);
    EVP_PKEY_free(lab->authority);
    free(lab);
    return 0;
}

static X509 *issued(const struct lab *lab, EVP_PKEY *key)
{
    return testing_certificate(&(struct testing_order){
        .common_name = "old.example", .key = key, .issuer = lab->root, .issuer_key = lab->authority});
}

/* One handshake with a server of this key and version; frees the certificate. */
static struct tls_session_result met(const struct lab *lab, X509 *leaf, EVP_PKEY *key, int version,
                                     struct certificate **facts)
{
    struct testing_server_order order = {.chain = {leaf},
                                         .key = key,
                                         .lowest = (enum tls_version)version,
                                         .highest = (enum tls_version)version};
    struct testing_server *server = testing_server_new(&order);
    struct tls_session *session = tls_session_new(lab->context, "old.example", AUTH_ANY);
    struct tls_session_result result;

    testing_handshake(session, server, 0);
    tls_session_result(session, &result);
    *facts = tls_session_certificate(session, TESTING_NOW);
    tls_session_free(session);
    testing_server_free(server);
    X509_free(leaf);
    return result;
}

static void small_keys_end_no_handshake(void **state)
{
    static const int sizes[] = {512, 768, 1024};
    const struct lab *lab = *state;
    size_t i;
    int version;

    for (i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        EVP_PKEY *key = testing_rsa_key(sizes[i]);
        char *text = mem_format("RSA %d", sizes[i]);

        for (version = TLS_1_0; version <= TLS_1_2; version++) {
            struct certificate *facts;

            assert_true(met(lab, issued(lab, key), key, version, &facts).established);
            assert_string_equal(facts->key, text);
            certificate_free(facts);
        }
        free(text);
        EVP_PKEY_free(key);
    }
}

static void weak_signatures_end_no_handshake(void **state)
{
    const struct lab *lab = *state;
    EVP_PKEY *key = testing_rsa_key(1024);
    const EVP_MD *digests[] = {EVP_sha1(), EVP_md5()};
    const char *names[] = {"sha1WithRSAEncryption", "md5WithRSAEncryption"};
    size_t i;

    for (i = 0; i < 2; i++) {
        X509 *own = testing_certificate(&(struct testing_order){.common_name = "own.example", .key = key});
        struct certificate *facts;

        assert_true(X509_sign(own, key, digests[i]) > 0);
        assert_true(met(lab, own, key, TLS_1_2, &facts).established);
        assert_string_equal(facts->signature, names[i]);
        certificate_free(facts);
    }
    EVP_PKEY_free(key);
}

/* P-224 is out of TLS 1.3 and of BoringSSL's client: the facts are told all the same. */
static void a_curve_that_we_do_not_speak_is_told(void **state)
{
    const struct lab *lab = *state;
    EVP_PKEY *key = testing_ec_key(NID_secp224r1);
    struct certificate *facts;
    struct tls_session_result result = met(lab, issued(lab, key), key, TLS_1_2, &facts);

    assert_true(result.server_hello);
    assert_false(result.established);
    assert_int_equal(result.version, TLS_1_2);
    assert_non_null(result.error);
    assert_non_null(facts);
    assert_string_equal(facts->key, "ECDSA P-224");
    certificate_free(facts);
    EVP_PKEY_free(key);
}

/* A middlebox hides TLS 1.3 from the server; the server's sentinel tells. */
static void hide_versions(struct buf *hello, enum tls_version highest)
{
    static const uint8_t versions[] = {0, 43, 0, 9, 8, 3, 4};
    uint8_t *at = memmem(hello->bytes, hello->length, versions, sizeof versions);

    assert_non_null(at);
    at[0] = 0x7f;
    hello->bytes[10] = (uint8_t)highest; /* record header, message header, then client_version */
}

static void a_downgrade_is_told(void **state)
{
    static const enum hello_sentinel sentinels[] = {
        [TLS_1_1] = SENTINEL_TLS_1_1_OR_BELOW, [TLS_1_2] = SENTINEL_TLS_1_2};
    const struct lab *lab = *state;
    EVP_PKEY *key = testing_ec_key(NID_X9_62_prime256v1);
    X509 *leaf = issued(lab, key);
    struct testing_server_order order = {.chain = {leaf}, .key = key, .lowest = TLS_1_0, .highest = TLS_1_3};
    int version;

    for (version = TLS_1_1; version <= TLS_1_2; version++) {
        struct testing_server *server = testing_server_new(&order);
        struct tls_session *session = tls_session_new(lab->context, NULL, AUTH_ANY);
        struct buf hello = {0}, flight = {0};
        struct tls_session_result result;

        tls_session_start(session, &hello);
        hide_versions(&hello, (enum tls_version)version);
        testing_server_feed(server, &hello, &flight);
        assert_int_equal(tls_session_feed(session, flight.bytes, flight.length, &hello, NULL), TLS_FAILED);
        tls_session_result(session, &result);
        assert_true(result.server_hello);
        assert_int_equal(result.version, version);
        assert_int_not_equal(result.suite, 0);
        assert_int_equal(result.sentinel, sentinels[version]);
        assert_string_equal(result.error, "TLS13_DOWNGRADE");
        buf_release(&hello);
        buf_release(&flight);
        tls_session_free(session);
        testing_server_free(server);
    }
    X509_free(leaf);
    EVP_PKEY_free(key);
}

/* No session of BoringSSL's speaks SSL 3.0: what the server chose is told from its bytes. */
static void an_sslv3_server_is_told(void **state)
{
    static const uint8_t header[] = {22, 3, 0, 0, 42, 2, 0, 0, 38, 3, 0}, end[] = {0, 0, 5, 0};
    const struct lab *lab = *state;
    struct tls_session *session = tls_session_new(lab->context, NULL, AUTH_ANY);
    struct buf hello = {0}, out = {0};
    struct tls_session_result result;
    int i;

    buf_add(&hello, header, sizeof header);
    for (i = 0; i < 32; i++)
        buf_u8(&hello, 7);
    buf_add(&hello, end, sizeof end);
    tls_session_start(session, &out);
    assert_int_equal(tls_session_feed(session, hello.bytes, hello.length, &out, NULL), TLS_FAILED);
    tls_session_result(session, &result);
    assert_true(result.server_hello);
    assert_int_equal(result.version, TLS_SSL_3_0);
    assert_int_equal(result.suite, 5);
    assert_false(result.not_tls);
    assert_non_null(result.error);
    buf_release(&hello);
    buf_release(&out);
    tls_session_free(session);
}

static void assert_facts(const struct tls_session *session, int64_t day, bool trusted, bool expired)
{
    struct certificate *facts = tls_session_certificate(session, TESTING_NOW + day * TESTING_DAY);

    assert_int_equal(facts->trusted, trusted);
    assert_int_equal(facts->expired, expired);
    certificate_free(facts);
}

static void a_chain_ages_though_it_was_seen_before(void **state)
{
    const struct lab *lab = *state;
    EVP_PKEY *key = testing_ec_key(NID_X9_62_prime256v1);
    X509 *leaf = issued(lab, key);
    struct testing_server_order order = {.chain = {leaf}, .key = key, .lowest = TLS_1_2, .highest = TLS_1_2};
    struct testing_server *server = testing_server_new(&order);
    struct tls_session *session = tls_session_new(lab->context, NULL, AUTH_ANY);

    assert_int_equal(testing_handshake(session, server, 0), TLS_ESTABLISHED);
    assert_facts(session, 0, true, false);
    assert_facts(session, 101, false, true);
    assert_facts(session, -101, false, true);
    assert_facts(session, 0, true, false);
    tls_session_free(session);
    testing_server_free(server);
    X509_free(leaf);
    EVP_PKEY_free(key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_keys_end_no_handshake),
        cmocka_unit_test(weak_signatures_end_no_handshake),
        cmocka_unit_test(a_curve_that_we_do_not_speak_is_told),
        cmocka_unit_test(a_downgrade_is_told),
        cmocka_unit_test(an_sslv3_server_is_told),
        cmocka_unit_test(a_chain_ages_though_it_was_seen_before),
    };

    return cmocka_run_group_tests(tests, open_lab, close_lab);
}
