#include "engine/tls/chain.h"

#include "engine/tls/testing.h"

#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/nid.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

/* Facts of a certificate of this name, self-signed, after `change` had it. */
static struct certificate *changed(const struct testing_order *order, void (*change)(X509 *))
{
    X509 *x = testing_certificate(order);
    struct certificate *c;
    struct buf der;

    if (change) {
        change(x);
        assert_true(X509_sign(x, order->key, EVP_sha256()) > 0);
    }
    buf_init(&der, 0);
    testing_der(x, &der);
    c = certificate_parse(der.bytes, der.length);
    assert_non_null(c);
    buf_release(&der);
    X509_free(x);
    return c;
}

static void subject_keeps_the_escapes_of_rfc_2253(void **state)
{
    static const struct {
        const char *common_name, *subject;
    } rows[] = {
        {"a, b", "CN=a\\, b"},        {"a\\b", "CN=a\\\\b"},
        {"\"q\"", "CN=\\\"q\\\""},    {"a+b<c>;", "CN=a\\+b\\<c\\>\\;"},
        {" edge ", "CN=\\ edge\\ "},  {"caf\xc3\xa9", "CN=caf\xc3\xa9"},
        {"a\x1b[2J", "CN=a\\x1b[2J"}, {"a\xe2\x80\xae", "CN=a\\u{202e}"},
    };
    size_t i;

    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct certificate *c =
            changed(&(struct testing_order){.common_name = rows[i].common_name, .key = *state}, NULL);

        assert_string_equal(c->subject, rows[i].subject);
        assert_string_equal(c->chain[0].subject, rows[i].subject);
        certificate_free(c);
    }
}

static void add_names(X509 *x)
{
    X509_NAME *subject = X509_get_subject_name(x);

    assert_true(X509_NAME_add_entry_by_NID(subject, NID_organizationName, MBSTRING_UTF8,
                                           (const uint8_t *)"Org", -1, -1, 0));
    assert_true(X509_NAME_add_entry_by_NID(subject, NID_commonName, MBSTRING_UTF8,
                                           (const uint8_t *)"last.example", -1, -1, 0));
}

static void the_last_common_name_counts(void **state)
{
    struct certificate *c =
        changed(&(struct testing_order){.common_name = "first.example", .key = *state}, add_names);

    assert_string_equal(c->common_name, "last.example");
    assert_string_equal(c->subject, "CN=last.example,O=Org,CN=first.example");
    assert_true(certificate_matches(c, "last.example"));
    assert_false(certificate_matches(c, "first.example"));
    certificate_free(c);
}

static void an_address_as_dns_name_stands_for_none(void **state)
{
    struct certificate *c =
        changed(&(struct testing_order){.common_name = "cn.example",
                                        .names = "DNS:192.0.2.1,DNS:2001:db8::1,IP:192.0.2.2",
                                        .key = *state},
                NULL);

    assert_int_equal(c->names.count, 3);
    assert_string_equal(c->names.items[0], "DNS:192.0.2.1");
    assert_false(certificate_matches(c, "192.0.2.1"));
    assert_false(certificate_matches(c, "2001:db8::1"));
    assert_true(certificate_matches(c, "192.0.2.2"));
    assert_false(certificate_matches(c, "cn.example")); /* there is a dNSName, whatever it says */
    certificate_free(c);
}

static struct certificate *with_bytes_changed(EVP_PKEY *key, const char *from, const char *to, size_t length)
{
    X509 *x = testing_certificate(&(struct testing_order){.common_name = "key.example", .key = key});
    struct certificate *c;
    struct buf der;
    uint8_t *at;

    buf_init(&der, 0);
    testing_der(x, &der);
    at = memmem(der.bytes, der.length, from, length);
    assert_non_null(at);
    memcpy(at, to, length);
    c = certificate_parse(der.bytes, der.length);
    buf_release(&der);
    X509_free(x);
    return c;
}

/* The facts of a certificate whose key BoringSSL can't read are worth as much. */
static void keys_that_are_not_known_are_named_by_their_algorithm(void **state)
{
    /* id-ecPublicKey → a number that nobody has, and P-256 → one of ANSI's other curves. */
    static const char algorithm[] = "\x2a\x86\x48\xce\x3d\x02\x01", other[] = "\x2a\x86\x48\xce\x3d\x02\x7f";
    static const char curve[] = "\xce\x3d\x03\x01\x07", weird[] = "\xce\x3d\x03\x01\x05";
    struct certificate *c = with_bytes_changed(*state, algorithm, other, sizeof algorithm - 1);

    assert_non_null(c);
    assert_string_equal(c->key, "1.2.840.10045.2.127");
    certificate_free(c);
    c = with_bytes_changed(*state, curve, weird, sizeof curve - 1);
    assert_non_null(c);
    assert_string_equal(c->key, "id-ecPublicKey");
    assert_false(c->trusted);
    certificate_free(c);
}

/* A chain of one or two, judged at TESTING_NOW against a store that holds `root`. */
static struct certificate *judged(X509 *leaf, X509 *issuer, X509 *root)
{
    STACK_OF(CRYPTO_BUFFER) *buffers = sk_CRYPTO_BUFFER_new_null();
    X509_STORE *store = X509_STORE_new();
    X509 *chain[] = {leaf, issuer};
    struct certificate *c;
    size_t i;

    assert_true(X509_STORE_add_cert(store, root));
    for (i = 0; i < 2 && chain[i]; i++) {
        struct buf der;

        buf_init(&der, 0);
        testing_der(chain[i], &der);
        sk_CRYPTO_BUFFER_push(buffers, CRYPTO_BUFFER_new(der.bytes, der.length, NULL));
        buf_release(&der);
    }
    c = chain_read(buffers, store, TESTING_NOW);
    sk_CRYPTO_BUFFER_pop_free(buffers, CRYPTO_BUFFER_free);
    X509_STORE_free(store);
    assert_non_null(c);
    return c;
}

struct fact_row {
    struct testing_order order;
    bool known, sha1;
    const char *facts; /* a letter each: trusted, chain, expired, self-signed, weak digest, server */
};

static const struct fact_row fact_rows[] = {
    {{.common_name = "a.example"}, true, false, "tc---s"},
    {{.common_name = "a.example"}, false, false, "-----s"},
    {{.common_name = "a.example", .first_day = -9, .last_day = -3}, true, false, "-ce--s"},
    {{.common_name = "a.example", .purpose = "clientAuth"}, true, false, "-c----"},
    {{.common_name = "a.example", .purpose = "serverAuth"}, true, false, "tc---s"},
    {{.common_name = "a.example"}, true, true, "tc--ws"},
};

static void write_facts(const struct certificate *c, char out[7])
{
    const char letters[] = {c->trusted ? 't' : '-',
                            c->chain_trusted ? 'c' : '-',
                            c->expired ? 'e' : '-',
                            c->self_signed ? 'x' : '-',
                            c->weak_digest ? 'w' : '-',
                            c->server_auth ? 's' : '-',
                            0};

    memcpy(out, letters, sizeof letters);
}

/* Chain, dates, purpose and signature are told apart, whatever they say together. */
static void facts_stand_by_themselves(void **state)
{
    EVP_PKEY *key = testing_ec_key(NID_X9_62_prime256v1);
    X509 *root =
        testing_certificate(&(struct testing_order){.common_name = "root", .authority = true, .key = *state});
    X509 *other =
        testing_certificate(&(struct testing_order){.common_name = "other", .authority = true, .key = key});
    size_t i;

    for (i = 0; i < sizeof fact_rows / sizeof fact_rows[0]; i++) {
        struct testing_order order = fact_rows[i].order;
        struct certificate *c;
        char facts[7];
        X509 *leaf;

        order.key = key;
        order.issuer = root;
        order.issuer_key = *state;
        leaf = testing_certificate(&order);
        if (fact_rows[i].sha1)
            assert_true(X509_sign(leaf, *state, EVP_sha1()) > 0);
        c = judged(leaf, root, fact_rows[i].known ? root : other);
        write_facts(c, facts);
        assert_string_equal(facts, fact_rows[i].facts);
        assert_int_equal(c->key_bits, 256);
        certificate_free(c);
        X509_free(leaf);
    }
    X509_free(root);
    X509_free(other);
    EVP_PKEY_free(key);
}

/* Signed anew by RSASSA-PSS with this digest. */
static void sign_pss(X509 *x, EVP_PKEY *key, const EVP_MD *digest)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    EVP_PKEY_CTX *inner;

    assert_true(EVP_DigestSignInit(context, &inner, digest, NULL, key));
    assert_true(EVP_PKEY_CTX_set_rsa_padding(inner, RSA_PKCS1_PSS_PADDING));
    assert_true(EVP_PKEY_CTX_set_rsa_pss_saltlen(inner, -1));
    assert_true(X509_sign_ctx(x, context) > 0);
    EVP_MD_CTX_free(context);
}

static void pss_names_its_digest_elsewhere(void **state)
{
    RSA *rsa = RSA_new();
    BIGNUM *exponent = BN_new();
    EVP_PKEY *key = EVP_PKEY_new();
    struct certificate *c;
    X509 *leaf;

    (void)state;
    assert_true(BN_set_word(exponent, RSA_F4) && RSA_generate_key_ex(rsa, 2048, exponent, NULL));
    assert_true(EVP_PKEY_assign_RSA(key, rsa));
    leaf = testing_certificate(&(struct testing_order){.common_name = "a.example", .key = key});
    sign_pss(leaf, key, EVP_sha256());
    c = judged(leaf, NULL, leaf);
    assert_false(c->weak_digest);
    certificate_free(c);
    sign_pss(leaf, key, EVP_sha1());
    c = judged(leaf, NULL, leaf);
    assert_true(c->weak_digest);
    certificate_free(c);
    X509_free(leaf);
    EVP_PKEY_free(key);
    BN_free(exponent);
}

static void a_self_signed_one_is_known(void **state)
{
    X509 *leaf = testing_certificate(&(struct testing_order){.common_name = "a.example", .key = *state});
    EVP_PKEY *key = testing_ec_key(NID_X9_62_prime256v1);
    struct certificate *c = judged(leaf, NULL, leaf);

    assert_true(c->self_signed);
    assert_true(c->trusted && c->chain_trusted);
    certificate_free(c);
    /* its own name as issuer, signed by another */
    assert_true(X509_sign(leaf, key, EVP_sha256()) > 0);
    c = judged(leaf, NULL, leaf);
    assert_false(c->self_signed);
    certificate_free(c);
    X509_free(leaf);
    EVP_PKEY_free(key);
}

static int make_key(void **state)
{
    *state = testing_ec_key(NID_X9_62_prime256v1);
    return 0;
}

static int free_key(void **state)
{
    EVP_PKEY_free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(subject_keeps_the_escapes_of_rfc_2253),
        cmocka_unit_test(the_last_common_name_counts),
        cmocka_unit_test(facts_stand_by_themselves),
        cmocka_unit_test(pss_names_its_digest_elsewhere),
        cmocka_unit_test(a_self_signed_one_is_known),
        cmocka_unit_test(an_address_as_dns_name_stands_for_none),
        cmocka_unit_test(keys_that_are_not_known_are_named_by_their_algorithm),
    };

    return cmocka_run_group_tests(tests, make_key, free_key);
}
