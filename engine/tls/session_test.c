#include "engine/tls/session.h"

#include "engine/base/mem.h"
#include "engine/tls/testing.h"

#include <openssl/evp.h>
#include <openssl/nid.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#define UNKNOWN_NAME 112

struct lab {
    EVP_PKEY *authority, *rsa, *ecdsa;
    X509 *root, *rsa_leaf, *ecdsa_leaf;
    struct tls_context *context;
};

static X509 *leaf(const struct lab *lab, EVP_PKEY *key, const char *key_usage)
{
    return testing_certificate(&(struct testing_order){.common_name = "mx.example",
                                                       .names = "DNS:mx.example,DNS:*.mail.example",
                                                       .key_usage = key_usage,
                                                       .key = key,
                                                       .issuer = lab->root,
                                                       .issuer_key = lab->authority});
}

static int open_lab(void **state)
{
    struct lab *lab = mem_alloc(sizeof *lab);
    char *error = NULL, *bundle;

    lab->authority = testing_ec_key(NID_X9_62_prime256v1);
    lab->rsa = testing_rsa_key(2048);
    lab->ecdsa = testing_ec_key(NID_X9_62_prime256v1);
    lab->root = testing_certificate(
        &(struct testing_order){.common_name = "Test Root", .authority = true, .key = lab->authority});
    lab->rsa_leaf = leaf(lab, lab->rsa, NULL);
    lab->ecdsa_leaf = leaf(lab, lab->ecdsa, NULL);
    bundle = testing_bundle("session_test_root.pem", lab->root);
    lab->context = tls_context_new(bundle, &error);
    free(bundle);
    *state = lab;
    return lab->context ? 0 : -1;
}

static int close_lab(void **state)
{
    struct lab *lab = *state;

    tls_context_free(lab->context);
    X509_free(lab->rsa_leaf);
    X509_free(lab->ecdsa_leaf);
    X509_free(lab->root);
    EVP_PKEY_free(lab->ecdsa);
    EVP_PKEY_free(lab->rsa);
    EVP_PKEY_free(lab->authority);
    free(lab);
    return 0;
}

static struct testing_server_order usual(const struct lab *lab, enum tls_version lowest,
                                         enum tls_version highest)
{
    return (struct testing_server_order){
        .chain = {lab->rsa_leaf, lab->root}, .key = lab->rsa, .lowest = lowest, .highest = highest};
}

/* One session with a server, and what came of it. */
struct meeting {
    struct testing_server *server;
    struct tls_session *session;
    enum tls_progress progress;
    struct tls_session_result result;
};

static struct meeting meet(const struct lab *lab, const struct testing_server_order *order, size_t piece)
{
    struct meeting m;

    m.server = testing_server_new(order);
    m.session = tls_session_new(lab->context, "mx.example", AUTH_ANY);
    m.progress = testing_handshake(m.session, m.server, piece);
    tls_session_result(m.session, &m.result);
    return m;
}

static void part(struct meeting *m)
{
    tls_session_free(m->session);
    testing_server_free(m->server);
}

static void assert_established(const struct meeting *m)
{
    assert_int_equal(m->progress, TLS_ESTABLISHED);
    assert_true(m->result.established);
    assert_true(m->result.server_hello);
    assert_null(m->result.error);
    assert_false(m->result.not_tls);
    assert_int_equal(m->result.alert, -1);
    assert_true(testing_server_established(m->server));
}

static void every_version_is_met(void **state)
{
    static const size_t pieces[] = {0, 1, 7};
    struct lab *lab = *state;
    int version;
    size_t i;

    for (version = TLS_1_0; version <= TLS_1_3; version++) {
        for (i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
            struct testing_server_order order = usual(lab, TLS_1_0, (enum tls_version)version);
            struct meeting m;

            order.lowest = (enum tls_version)version;
            m = meet(lab, &order, pieces[i]);
            assert_established(&m);
            assert_int_equal(m.result.version, version);
            assert_int_equal(m.result.group, 29);
            assert_false(m.result.retry_request);
            assert_false(m.result.client_certificate_requested);
            assert_int_equal(m.result.sentinel, SENTINEL_NONE);
            assert_string_equal(testing_server_name(m.server), "mx.example");
            part(&m);
        }
    }
}

static void the_chosen_suite_is_told(void **state)
{
    static const struct {
        const char *name;
        uint16_t id;
    } suites[] = {{"ECDHE-RSA-AES128-GCM-SHA256", 0xc02f},
                  {"ECDHE-RSA-CHACHA20-POLY1305", 0xcca8},
                  {"ECDHE-RSA-AES256-SHA", 0xc014},
                  {"AES256-GCM-SHA384", 0x009d},
                  {"AES128-SHA", 0x002f},
                  {"DES-CBC3-SHA", 0x000a}};
    struct lab *lab = *state;
    size_t i;

    for (i = 0; i < sizeof suites / sizeof suites[0]; i++) {
        struct testing_server_order order = usual(lab, TLS_1_2, TLS_1_2);
        struct meeting m;

        order.suites = suites[i].name;
        m = meet(lab, &order, 0);
        assert_established(&m);
        assert_int_equal(m.result.suite, suites[i].id);
        assert_int_equal(m.result.group, suites[i].id >> 8 == 0 ? 0 : 29);
        part(&m);
    }
}

static void an_ecdsa_server_is_met(void **state)
{
    struct lab *lab = *state;
    struct testing_server_order order = usual(lab, TLS_1_0, TLS_1_2);
    struct meeting m;

    order.chain[0] = lab->ecdsa_leaf;
    order.key = lab->ecdsa;
    m = meet(lab, &order, 0);
    assert_established(&m);
    part(&m);
}

/* The leaf's key as a session that takes only `auth` sees it: "RSA 2048", or NULL when the server refused. */
static char *key_seen(const struct lab *lab, const struct testing_server_order *order, enum tls_auth auth)
{
    struct testing_server *server = testing_server_new(order);
    struct tls_session *session = tls_session_new(lab->context, "mx.example", auth);
    enum tls_progress progress = testing_handshake(session, server, 0);
    struct certificate *certificate = tls_session_certificate(session, TESTING_NOW);
    char *key = progress == TLS_ESTABLISHED ? mem_string(certificate->key) : NULL;
    struct tls_session_result result;

    tls_session_result(session, &result);
    assert_int_equal(result.established, key != NULL);
    assert_true(key || result.alert == 40);
    assert_true(key || order->lowest == TLS_1_3 || !certificate);
    certificate_free(certificate);
    tls_session_free(session);
    testing_server_free(server);
    return key;
}

static void assert_key(const struct lab *lab, const struct testing_server_order *order, enum tls_auth auth,
                       const char *expected)
{
    char *key = key_seen(lab, order, auth);

    if (expected)
        assert_string_equal(key, expected);
    else
        assert_null(key);
    free(key);
}

static void each_kind_of_certificate_can_be_had(void **state)
{
    const struct lab *lab = *state;
    int version;

    for (version = TLS_1_0; version <= TLS_1_3; version++) {
        struct testing_server_order rsa = usual(lab, (enum tls_version)version, (enum tls_version)version);
        struct testing_server_order ecdsa = rsa, both = rsa;

        ecdsa.chain[0] = lab->ecdsa_leaf;
        ecdsa.key = lab->ecdsa;
        both.ecdsa = lab->ecdsa_leaf;
        both.ecdsa_key = lab->ecdsa;
        assert_key(lab, &both, AUTH_ANY, "ECDSA P-256");
        assert_key(lab, &both, AUTH_RSA, "RSA 2048");
        assert_key(lab, &both, AUTH_ECDSA, "ECDSA P-256");
        assert_key(lab, &rsa, AUTH_RSA, "RSA 2048");
        assert_key(lab, &rsa, AUTH_ECDSA, NULL);
        assert_key(lab, &ecdsa, AUTH_RSA, NULL);
        assert_key(lab, &ecdsa, AUTH_ECDSA, "ECDSA P-256");
    }
}

static void a_retry_request_is_followed(void **state)
{
    struct lab *lab = *state;
    struct testing_server_order order = usual(lab, TLS_1_3, TLS_1_3);
    struct meeting m;

    order.groups = "P-384";
    m = meet(lab, &order, 3);
    assert_established(&m);
    assert_true(m.result.retry_request);
    assert_int_equal(m.result.version, TLS_1_3);
    assert_int_equal(m.result.group, 24);
    part(&m);
}

static void a_wish_for_a_client_certificate_is_noted(void **state)
{
    struct lab *lab = *state;
    int version;

    for (version = TLS_1_0; version <= TLS_1_3; version++) {
        struct testing_server_order order = usual(lab, TLS_1_0, (enum tls_version)version);
        struct meeting m;

        order.client_certificate_wanted = true;
        m = meet(lab, &order, 0);
        assert_established(&m);
        assert_true(m.result.client_certificate_requested);
        part(&m);
    }
}

/* The demand ends the handshake, yet version, suite and certificate are known. */
static void a_demand_for_a_client_certificate_hides_nothing(void **state)
{
    struct lab *lab = *state;
    int version;

    for (version = TLS_1_0; version <= TLS_1_3; version++) {
        struct testing_server_order order = usual(lab, TLS_1_0, (enum tls_version)version);
        struct certificate *certificate;
        struct meeting m;

        order.client_certificate_required = true;
        m = meet(lab, &order, 0);
        assert_int_equal(m.progress, TLS_FAILED);
        assert_false(m.result.established);
        assert_non_null(m.result.error);
        assert_true(m.result.server_hello);
        assert_int_equal(m.result.version, version);
        assert_true(m.result.client_certificate_requested);
        assert_true(m.result.alert > 0);
        certificate = tls_session_certificate(m.session, TESTING_NOW);
        assert_non_null(certificate);
        certificate_free(certificate);
        part(&m);
    }
}

/* A server that is set up as the session never is: one with a suite that the session does not offer. */
static void a_refusal_is_an_alert(void **state)
{
    struct lab *lab = *state;
    struct testing_server_order order = usual(lab, TLS_1_2, TLS_1_2);
    struct meeting m;

    order.suites = "ECDHE-ECDSA-AES128-GCM-SHA256";
    m = meet(lab, &order, 0);
    assert_int_equal(m.progress, TLS_FAILED);
    assert_false(m.result.established);
    assert_false(m.result.server_hello);
    assert_int_equal(m.result.alert, 40);
    assert_string_equal(m.result.error, "SSLV3_ALERT_HANDSHAKE_FAILURE");
    assert_null(tls_session_certificate(m.session, TESTING_NOW));
    part(&m);
}

static struct tls_session *started(const struct lab *lab)
{
    struct tls_session *session = tls_session_new(lab->context, "mx.example", AUTH_ANY);
    struct buf out;

    buf_init(&out, 0);
    assert_int_equal(tls_session_start(session, &out), TLS_HANDSHAKING);
    assert_true(out.length > 5);
    assert_int_equal(out.bytes[0], 22);
    buf_release(&out);
    return session;
}

static struct tls_session_result answered(const struct lab *lab, const void *bytes, size_t length,
                                          enum tls_progress expected)
{
    struct tls_session *session = started(lab);
    struct tls_session_result result;
    struct buf out;

    buf_init(&out, 0);
    assert_int_equal(tls_session_feed(session, bytes, length, &out, NULL), expected);
    tls_session_result(session, &result);
    if (expected == TLS_FAILED) /* nothing changes it */
        assert_int_equal(tls_session_feed(session, bytes, length, &out, NULL), TLS_FAILED);
    buf_release(&out);
    tls_session_free(session);
    return result;
}

static void garbage_is_no_tls(void **state)
{
    static const char *const texts[] = {"454 4.7.0 TLS not available\r\n",
                                        "HTTP/1.1 400 Bad Request\r\n\r\n"};
    static const uint8_t sslv2[] = {0x80, 0x28, 4, 0, 1, 0, 2, 0, 0, 0, 0};
    struct tls_session_result result;
    size_t i;

    for (i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        result = answered(*state, texts[i], strlen(texts[i]), TLS_FAILED);
        assert_true(result.not_tls && !result.sslv2);
        assert_false(result.server_hello || result.established);
        assert_non_null(result.error);
        assert_int_equal(result.alert, -1);
    }
    result = answered(*state, sslv2, sizeof sslv2, TLS_FAILED);
    assert_true(result.not_tls && result.sslv2);
}

static void alerts_are_told(void **state)
{
    static const uint8_t version[] = {21, 3, 1, 0, 2, 2, 70}, warning[] = {21, 3, 1, 0, 2, 1, UNKNOWN_NAME};
    static const uint8_t both[] = {21, 3, 1, 0, 2, 1, UNKNOWN_NAME, 21, 3, 1, 0, 2, 2, 40};

    assert_int_equal(answered(*state, version, sizeof version, TLS_FAILED).alert, 70);
    assert_int_equal(answered(*state, warning, sizeof warning, TLS_HANDSHAKING).alert, UNKNOWN_NAME);
    assert_int_equal(answered(*state, both, sizeof both, TLS_FAILED).alert, 40);
}

static void an_early_end_is_a_failure(void **state)
{
    struct tls_session *session = started(*state);
    struct tls_session_result result;

    assert_int_equal(tls_session_eof(session), TLS_FAILED);
    tls_session_result(session, &result);
    assert_false(result.established || result.server_hello || result.not_tls);
    assert_int_equal(result.alert, -1);
    assert_non_null(result.error);
    assert_int_equal(tls_session_eof(session), TLS_FAILED);
    tls_session_free(session);
}

/* The server's first flight, cut at every 16th byte, and then the end. */
static void an_end_in_the_middle_is_a_failure(void **state)
{
    struct lab *lab = *state;
    struct testing_server_order order = usual(lab, TLS_1_0, TLS_1_2);
    size_t length, whole = 1;

    for (length = 0; length < whole; length += 16) {
        struct testing_server *server = testing_server_new(&order);
        struct tls_session *session = tls_session_new(lab->context, NULL, AUTH_ANY);
        struct buf hello = {0}, flight = {0}, out = {0};
        struct tls_session_result result;

        tls_session_start(session, &hello);
        testing_server_feed(server, &hello, &flight);
        whole = flight.length;
        assert_int_equal(tls_session_feed(session, flight.bytes, length, &out, NULL), TLS_HANDSHAKING);
        assert_int_equal(tls_session_eof(session), TLS_FAILED);
        tls_session_result(session, &result);
        assert_false(result.established);
        assert_int_equal(result.server_hello, length > 80);
        buf_release(&hello);
        buf_release(&flight);
        buf_release(&out);
        tls_session_free(session);
        testing_server_free(server);
    }
    assert_true(whole > 500);
}

/* Text both ways, then the server's close_notify. */
static void talk(struct meeting *m)
{
    struct buf out = {0}, plain = {0}, in = {0};

    tls_session_write(m->session, "EHLO us\r\n", 9, &out);
    testing_server_feed(m->server, &out, &in);
    assert_string_equal(testing_server_text(m->server), "EHLO us\r\n");
    testing_server_write(m->server, "250 them\r\n", &in);
    buf_reset(&out);
    assert_int_equal(testing_feed(m->session, &in, 1, &out, &plain), TLS_ESTABLISHED);
    assert_string_equal(buf_string(&plain), "250 them\r\n");
    buf_reset(&in);
    testing_server_write(m->server, "221 bye\r\n", &in);
    testing_server_close(m->server, &in);
    assert_int_equal(testing_feed(m->session, &in, 0, &out, &plain), TLS_CLOSED);
    assert_string_equal(buf_string(&plain), "250 them\r\n221 bye\r\n");
    buf_release(&out);
    buf_release(&in);
    buf_release(&plain);
}

static void data_flows_both_ways(void **state)
{
    struct lab *lab = *state;
    int version;

    for (version = TLS_1_0; version <= TLS_1_3; version++) {
        struct testing_server_order order = usual(lab, TLS_1_0, (enum tls_version)version);
        struct meeting m = meet(lab, &order, 0);

        assert_established(&m);
        talk(&m);
        tls_session_result(m.session, &m.result);
        assert_true(m.result.established);
        part(&m);
    }
}

static void closing_tells_the_server(void **state)
{
    struct lab *lab = *state;
    struct testing_server_order order = usual(lab, TLS_1_0, TLS_1_3);
    struct meeting m = meet(lab, &order, 0);
    struct buf out = {0}, in = {0};

    assert_established(&m);
    tls_session_close(m.session, &out);
    assert_true(out.length > 0);
    testing_server_feed(m.server, &out, &in);
    assert_true(testing_server_closed(m.server));
    buf_release(&out);
    buf_release(&in);
    part(&m);
}

static void nothing_is_written_before_the_handshake(void **state)
{
    struct tls_session *session = started(*state);
    struct buf out = {0};

    tls_session_write(session, "MAIL", 4, &out);
    tls_session_close(session, &out);
    assert_int_equal(out.length, 0);
    buf_release(&out);
    tls_session_free(session);
}

static void changed_data_ends_the_session(void **state)
{
    struct lab *lab = *state;
    struct testing_server_order order = usual(lab, TLS_1_2, TLS_1_2);
    struct meeting m = meet(lab, &order, 0);
    struct buf in = {0}, out = {0}, plain = {0};

    assert_established(&m);
    testing_server_write(m.server, "250 them\r\n", &in);
    in.bytes[in.length - 1] ^= 1;
    assert_int_equal(testing_feed(m.session, &in, 0, &out, &plain), TLS_FAILED);
    assert_int_equal(plain.length, 0);
    buf_release(&in);
    buf_release(&out);
    buf_release(&plain);
    part(&m);
}

static void literals_are_no_server_names(void **state)
{
    static const char *const names[] = {NULL, "", "192.0.2.1", "2001:db8::1"};
    struct lab *lab = *state;
    struct testing_server_order order = usual(lab, TLS_1_0, TLS_1_3);
    size_t i;

    for (i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct testing_server *server = testing_server_new(&order);
        struct tls_session *session = tls_session_new(lab->context, names[i], AUTH_ANY);

        assert_int_equal(testing_handshake(session, server, 0), TLS_ESTABLISHED);
        assert_null(testing_server_name(server));
        tls_session_free(session);
        testing_server_free(server);
    }
}

/* Certificate facts of a server with this leaf; frees the leaf. */
static struct certificate *facts_of(const struct lab *lab, X509 *certificate, EVP_PKEY *key)
{
    struct testing_server_order order = {
        .chain = {certificate}, .key = key, .lowest = TLS_1_2, .highest = TLS_1_2};
    struct meeting m = meet(lab, &order, 0);
    struct certificate *facts;

    assert_established(&m); /* no fault of a certificate ends a handshake */
    facts = tls_session_certificate(m.session, TESTING_NOW);
    assert_non_null(facts);
    part(&m);
    X509_free(certificate);
    return facts;
}

static void certificates_are_judged(void **state)
{
    struct lab *lab = *state;
    struct certificate *c = facts_of(lab, leaf(lab, lab->rsa, NULL), lab->rsa);

    assert_true(c->trusted);
    assert_null(c->trust_error);
    assert_false(c->expired);
    assert_string_equal(c->key, "RSA 2048");
    assert_string_equal(c->subject, "CN=mx.example");
    assert_string_equal(c->issuer, "CN=Test Root");
    assert_true(certificate_matches(c, "MX.example."));
    assert_true(certificate_matches(c, "a.mail.example"));
    assert_false(certificate_matches(c, "mail.example"));
    certificate_free(c);
}

static void bad_certificates_end_no_handshake(void **state)
{
    struct lab *lab = *state;
    X509 *old = testing_certificate(&(struct testing_order){.common_name = "old.example",
                                                            .first_day = -90,
                                                            .last_day = -1,
                                                            .key = lab->ecdsa,
                                                            .issuer = lab->root,
                                                            .issuer_key = lab->authority});
    X509 *own = testing_certificate(&(struct testing_order){.common_name = "own.example", .key = lab->ecdsa});
    struct certificate *c = facts_of(lab, old, lab->ecdsa);

    assert_true(c->expired && !c->trusted);
    assert_string_equal(c->trust_error, "the certificate expired on 2025-12-31");
    certificate_free(c);
    c = facts_of(lab, own, lab->ecdsa);
    assert_true(!c->expired && !c->trusted);
    assert_string_equal(c->trust_error, "self-signed certificate");
    certificate_free(c);
    c = facts_of(lab, leaf(lab, lab->rsa, "keyEncipherment"), lab->rsa);
    assert_true(c->trusted);
    certificate_free(c);
}

static void assert_same_facts(const struct certificate *a, const struct certificate *b)
{
    size_t i;

    assert_ptr_not_equal(a, b);
    assert_string_equal(a->subject, b->subject);
    assert_string_equal(a->issuer, b->issuer);
    assert_string_equal(a->sha256, b->sha256);
    assert_string_equal(a->key, b->key);
    assert_string_equal(a->signature, b->signature);
    assert_int_equal(a->not_before, b->not_before);
    assert_int_equal(a->not_after, b->not_after);
    assert_int_equal(a->trusted, b->trusted);
    assert_int_equal(a->names.count, b->names.count);
    for (i = 0; i < a->names.count; i++)
        assert_string_equal(a->names.items[i], b->names.items[i]);
    assert_int_equal(a->chain_length, b->chain_length);
    for (i = 0; i < a->chain_length; i++)
        assert_string_equal(a->chain[i].subject, b->chain[i].subject);
}

static void a_chain_seen_again_gives_the_same_facts(void **state)
{
    struct lab *lab = *state;
    struct testing_server_order order = usual(lab, TLS_1_3, TLS_1_3);
    struct meeting first = meet(lab, &order, 0), second = meet(lab, &order, 0);
    struct certificate *a = tls_session_certificate(first.session, TESTING_NOW);
    struct certificate *b = tls_session_certificate(second.session, TESTING_NOW + 60);

    assert_int_equal(a->chain_length, 2);
    assert_same_facts(a, b);
    certificate_free(a);
    part(&first);
    certificate_free(b);
    b = tls_session_certificate(second.session, TESTING_NOW);
    assert_string_equal(b->subject, "CN=mx.example");
    certificate_free(b);
    part(&second);
}

static void a_bad_store_is_refused(const char *path)
{
    char *error = NULL;

    assert_null(tls_context_new(path, &error));
    assert_non_null(error);
    assert_non_null(strstr(error, path));
    assert_non_null(strstr(error, "PEM bundle"));
    free(error);
}

static void bad_stores_are_refused(void **state)
{
    char *empty = testing_file("session_test_empty.pem", "");
    char *text = testing_file("session_test_text.pem", "no certificate here\n");
    char *broken = testing_file("session_test_broken.pem",
                                "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");

    (void)state;
    a_bad_store_is_refused(empty);
    a_bad_store_is_refused(text);
    a_bad_store_is_refused(broken);
    a_bad_store_is_refused("/nonexistent/bundle.pem");
    a_bad_store_is_refused("/");
    free(empty);
    free(text);
    free(broken);
}

static void the_systems_store_may_be_missing(void **state)
{
    char *error = NULL;
    struct tls_context *context = tls_context_new(NULL, &error);

    assert_non_null(context);
    assert_null(error);
    tls_context_free(context);
    tls_context_free(NULL);
    tls_session_free(NULL);
    assert_null(tls_context_trust_note(((struct lab *)*state)->context));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_version_is_met),
        cmocka_unit_test(the_chosen_suite_is_told),
        cmocka_unit_test(an_ecdsa_server_is_met),
        cmocka_unit_test(each_kind_of_certificate_can_be_had),
        cmocka_unit_test(a_retry_request_is_followed),
        cmocka_unit_test(a_wish_for_a_client_certificate_is_noted),
        cmocka_unit_test(a_demand_for_a_client_certificate_hides_nothing),
        cmocka_unit_test(a_refusal_is_an_alert),
        cmocka_unit_test(garbage_is_no_tls),
        cmocka_unit_test(alerts_are_told),
        cmocka_unit_test(an_early_end_is_a_failure),
        cmocka_unit_test(an_end_in_the_middle_is_a_failure),
        cmocka_unit_test(data_flows_both_ways),
        cmocka_unit_test(closing_tells_the_server),
        cmocka_unit_test(nothing_is_written_before_the_handshake),
        cmocka_unit_test(changed_data_ends_the_session),
        cmocka_unit_test(literals_are_no_server_names),
        cmocka_unit_test(certificates_are_judged),
        cmocka_unit_test(bad_certificates_end_no_handshake),
        cmocka_unit_test(a_chain_seen_again_gives_the_same_facts),
        cmocka_unit_test(bad_stores_are_refused),
        cmocka_unit_test(the_systems_store_may_be_missing),
    };

    return cmocka_run_group_tests(tests, open_lab, close_lab);
}
