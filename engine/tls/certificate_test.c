#include "engine/tls/certificate.h"

#include "engine/base/mem.h"
#include "engine/tls/chain.h"
#include "engine/tls/testing.h"

#include <openssl/nid.h>
#include <openssl/sha.h>
#include <openssl/x509.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

struct keys {
    EVP_PKEY *authority, *leaf;
    X509 *root;
    X509_STORE *store;
};

static int make_keys(void **state)
{
    struct keys *k = mem_alloc(sizeof *k);

    k->authority = testing_ec_key(NID_X9_62_prime256v1);
    k->leaf = testing_ec_key(NID_X9_62_prime256v1);
    k->root = testing_certificate(&(struct testing_order){
        .common_name = "Test Root", .authority = true, .key = k->authority, .key_usage = "keyCertSign"});
    k->store = X509_STORE_new();
    X509_STORE_add_cert(k->store, k->root);
    *state = k;
    return 0;
}

static int free_keys(void **state)
{
    struct keys *k = *state;

    X509_STORE_free(k->store);
    X509_free(k->root);
    EVP_PKEY_free(k->leaf);
    EVP_PKEY_free(k->authority);
    free(k);
    return 0;
}

struct rule {
    const char *pattern, *name;
    bool matches;
};

static void names_match_by_rfc_6125(void **state)
{
    static const struct rule rules[] = {
        {"mx.example.org", "mx.example.org", true},
        {"MX.Example.ORG", "mx.eXample.org", true},
        {"mx.example.org", "mx.example.org.", true},
        {"mx.example.org.", "mx.example.org", true},
        {"mx.example.org", "mx2.example.org", false},
        {"example.org", "mx.example.org", false},
        {"mx.example.org", "example.org", false},
        {"*.example.org", "mx.example.org", true},
        {"*.EXAMPLE.org.", "mx.example.ORG", true},
        {"*.example.org", "example.org", false},
        {"*.example.org", ".example.org", false},
        {"*.example.org", "a.mx.example.org", false},
        {"*.example.org", "mx.example.org.evil.test", false},
        {"m*.example.org", "mx.example.org", false},
        {"*x.example.org", "mx.example.org", false},
        {"mx.*.org", "mx.example.org", false},
        {"*.*.org", "mx.example.org", false},
        {"*", "mx", false},
        {"*", "mx.example.org", false},
        {"*.", "mx.example.org", false},
        {"*.", "mx.", false},
        {"*..", "mx.example.org", false},
        {"", "", false},
        {"", "mx.example.org", false},
        {"mx.example.org", "", false},
        {".", ".", false},
        {"*.xn--bcher-kva.example", "mx.xn--bcher-kva.example", true},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        if (certificate_name_matches(rules[i].pattern, rules[i].name) != rules[i].matches)
            fail_msg("%s against %s: expected %d", rules[i].pattern, rules[i].name, rules[i].matches);
    }
}

/* No matching may read beyond its strings: each copy is as short as can be, for the sanitizer. */
static void matching_stays_inside_its_strings(void **state)
{
    static const char *const texts[] = {"", "*", "*.", "*.a", ".", "..", "a", "a.", "a.b", "*.*"};
    size_t i, j;

    (void)state;
    for (i = 0; i < sizeof texts / sizeof texts[0]; i++)
        for (j = 0; j < sizeof texts / sizeof texts[0]; j++) {
            char *pattern = strdup(texts[i]), *name = strdup(texts[j]);

            certificate_name_matches(pattern, name);
            free(pattern);
            free(name);
        }
}

static struct certificate *parsed(const struct keys *k, const char *common_name, const char *names)
{
    X509 *x = testing_certificate(
        &(struct testing_order){.common_name = common_name, .names = names, .key = k->leaf});
    struct certificate *c;
    struct buf der;

    buf_init(&der, 0);
    testing_der(x, &der);
    c = certificate_parse(der.bytes, der.length);
    assert_non_null(c);
    buf_release(&der);
    X509_free(x);
    return c;
}

static bool stands_for(const struct keys *k, const char *common_name, const char *names, const char *name)
{
    struct certificate *c = parsed(k, common_name, names);
    bool matches = certificate_matches(c, name);

    certificate_free(c);
    return matches;
}

static void certificates_match_by_all_their_names(void **state)
{
    const char *names = "DNS:a.example,DNS:*.b.example,IP:192.0.2.1,IP:2001:db8::1";

    assert_true(stands_for(*state, "cn.example", names, "a.example"));
    assert_true(stands_for(*state, "cn.example", names, "x.b.example"));
    assert_true(stands_for(*state, "cn.example", names, "192.0.2.1"));
    assert_true(stands_for(*state, "cn.example", names, "2001:DB8:0::1"));
    assert_false(stands_for(*state, "cn.example", names, "192.0.2.2"));
    assert_false(stands_for(*state, "cn.example", names, "cn.example"));
}

static void the_common_name_counts_only_without_dns_names(void **state)
{
    assert_true(stands_for(*state, "cn.example", NULL, "cn.example"));
    assert_true(stands_for(*state, "*.example", NULL, "cn.example"));
    assert_true(stands_for(*state, "cn.example", "IP:192.0.2.1", "cn.example"));
    assert_true(stands_for(*state, "cn.example", "email:post@cn.example", "cn.example"));
    assert_false(stands_for(*state, "cn.example", "DNS:other.example", "cn.example"));
    assert_false(stands_for(*state, "192.0.2.1", NULL, "192.0.2.1"));
    assert_false(stands_for(*state, NULL, NULL, "cn.example"));
}

static void a_wildcard_never_stands_for_an_address(void **state)
{
    assert_false(stands_for(*state, NULL, "DNS:*.0.2.1", "192.0.2.1"));
    assert_false(stands_for(*state, NULL, "IP:192.0.2.1", "a.0.2.1"));
}

static void fields_are_read(void **state)
{
    struct certificate *c = parsed(*state, "cn.example", "DNS:a.example,IP:2001:db8::1,IP:192.0.2.1");

    assert_string_equal(c->subject, "CN=cn.example");
    assert_string_equal(c->issuer, "CN=cn.example");
    assert_string_equal(c->common_name, "cn.example");
    assert_int_equal(c->names.count, 3);
    assert_string_equal(c->names.items[0], "a.example");
    assert_string_equal(c->names.items[1], "2001:db8::1");
    assert_string_equal(c->names.items[2], "192.0.2.1");
    assert_int_equal(c->not_before, TESTING_NOW - (int64_t)100 * TESTING_DAY);
    assert_int_equal(c->not_after, TESTING_NOW + (int64_t)100 * TESTING_DAY);
    assert_string_equal(c->key, "ECDSA P-256");
    assert_string_equal(c->signature, "ecdsa-with-SHA256");
    assert_int_equal(strlen(c->sha256), 64);
    assert_false(c->trusted);
    assert_non_null(c->trust_error);
    assert_int_equal(c->chain_length, 1);
    certificate_free(c);
}

static void names_from_strangers_are_escaped(void **state)
{
    struct certificate *c = parsed(*state, "evil\x1b[2J\n", "DNS:a\x1b]0;x.example");

    assert_null(strchr(c->subject, '\x1b'));
    assert_null(strchr(c->common_name, '\x1b'));
    assert_null(strchr(c->common_name, '\n'));
    assert_null(strchr(c->names.items[0], '\x1b'));
    certificate_free(c);
}

static void check_key(struct keys *k, EVP_PKEY *key, const char *text)
{
    EVP_PKEY *leaf = k->leaf;
    struct certificate *c;

    k->leaf = key;
    c = parsed(k, "key.example", NULL);
    k->leaf = leaf;
    assert_string_equal(c->key, text);
    certificate_free(c);
    EVP_PKEY_free(key);
}

static void keys_are_named(void **state)
{
    check_key(*state, testing_ec_key(NID_secp384r1), "ECDSA P-384");
    check_key(*state, testing_ec_key(NID_secp521r1), "ECDSA P-521");
    check_key(*state, testing_rsa_key(1024), "RSA 1024");
    check_key(*state, testing_rsa_key(2048), "RSA 2048");
}

static void the_fingerprint_is_that_of_the_der(void **state)
{
    const struct keys *k = *state;
    uint8_t digest[SHA256_DIGEST_LENGTH];
    struct certificate *c;
    struct buf der;
    char *hex;
    size_t i;

    buf_init(&der, 0);
    testing_der(k->root, &der);
    c = certificate_parse(der.bytes, der.length);
    SHA256(der.bytes, der.length, digest);
    for (i = 0; i < sizeof digest; i++) {
        hex = mem_format("%02x", digest[i]);
        assert_memory_equal(c->sha256 + 2 * i, hex, 2);
        free(hex);
    }
    certificate_free(c);
    buf_release(&der);
}

static void what_is_no_certificate_is_refused(void **state)
{
    const struct keys *k = *state;
    struct buf der;
    size_t length;

    assert_null(certificate_parse(NULL, 0));
    assert_null(certificate_parse((const uint8_t *)"0", 1));
    buf_init(&der, 0);
    testing_der(k->root, &der);
    for (length = 0; length < der.length; length++) {
        uint8_t *cut = malloc(length + 1);

        memcpy(cut, der.bytes, length);
        assert_null(certificate_parse(cut, length));
        free(cut);
    }
    buf_u8(&der, 0);
    assert_null(certificate_parse(der.bytes, der.length));
    buf_release(&der);
}

static void long_lists_of_names_are_cut(void **state)
{
    struct buf names;
    struct certificate *c;
    int i;

    buf_init(&names, 0);
    for (i = 0; i < 1001; i++)
        buf_printf(&names, "%sDNS:n%d.example", i ? "," : "", i);
    c = parsed(*state, NULL, buf_string(&names));
    assert_int_equal(c->names.count, 1000);
    assert_true(c->names_cut);
    certificate_free(c);
    buf_release(&names);
}

static void copies_are_equal_and_their_own(void **state)
{
    struct certificate *c = parsed(*state, "cn.example", "DNS:a.example"), *copy = certificate_copy(c);

    assert_string_equal(copy->subject, c->subject);
    assert_ptr_not_equal(copy->subject, c->subject);
    assert_string_equal(copy->names.items[0], c->names.items[0]);
    assert_string_equal(copy->chain[0].issuer, c->chain[0].issuer);
    certificate_free(c);
    assert_string_equal(copy->common_name, "cn.example");
    certificate_free(copy);
    assert_null(certificate_copy(NULL));
    certificate_free(NULL);
}

static void days_are_whole_and_may_be_past(void **state)
{
    static const struct {
        int64_t left;
        int days;
    } rows[] = {{0, 0},       {1, 0},       {86399, 0},
                {86400, 1},   {172799, 1},  {-1, -1},
                {-86400, -1}, {-86401, -2}, {INT64_MAX / 2, 1000000}};
    struct certificate c = {0};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        c.not_after = rows[i].left;
        assert_int_equal(certificate_days_left(&c, 0), rows[i].days);
    }
}

static void push(STACK_OF(CRYPTO_BUFFER) * chain, X509 *certificate)
{
    struct buf der;

    buf_init(&der, 0);
    testing_der(certificate, &der);
    sk_CRYPTO_BUFFER_push(chain, CRYPTO_BUFFER_new(der.bytes, der.length, NULL));
    buf_release(&der);
}

/* Facts of a leaf, of two certificates, at day `day`. */
static struct certificate *judged(const struct keys *k, X509 *leaf, X509 *other, int day)
{
    STACK_OF(CRYPTO_BUFFER) *chain = sk_CRYPTO_BUFFER_new_null();
    struct certificate *c;

    push(chain, leaf);
    if (other)
        push(chain, other);
    c = chain_read(chain, k->store, TESTING_NOW + (int64_t)day * TESTING_DAY);
    sk_CRYPTO_BUFFER_pop_free(chain, CRYPTO_BUFFER_free);
    X509_free(leaf);
    assert_non_null(c);
    return c;
}

static X509 *issued(const struct keys *k, int first_day, int last_day, const char *purpose)
{
    return testing_certificate(&(struct testing_order){.common_name = "mx.example",
                                                       .names = "DNS:mx.example",
                                                       .first_day = first_day,
                                                       .last_day = last_day,
                                                       .purpose = purpose,
                                                       .key = k->leaf,
                                                       .issuer = k->root,
                                                       .issuer_key = k->authority});
}

static void assert_trusted(struct certificate *c, bool expired)
{
    assert_true(c->trusted);
    assert_null(c->trust_error);
    assert_int_equal(c->expired, expired);
    certificate_free(c);
}

static void assert_distrusted(struct certificate *c, const char *why, bool expired)
{
    assert_false(c->trusted);
    assert_string_equal(c->trust_error, why);
    assert_int_equal(c->expired, expired);
    certificate_free(c);
}

static void trust_follows_the_store(void **state)
{
    const struct keys *k = *state;
    X509 *self = testing_certificate(&(struct testing_order){.common_name = "mx.example", .key = k->leaf});

    assert_trusted(judged(k, issued(k, 0, 0, NULL), NULL, 0), false);
    assert_trusted(judged(k, issued(k, 0, 0, "serverAuth"), k->root, 0), false);
    assert_distrusted(judged(k, self, NULL, 0), "self-signed certificate", false);
}

static void dates_are_checked(void **state)
{
    const struct keys *k = *state;

    assert_distrusted(judged(k, issued(k, -50, -20, NULL), NULL, 0), "the certificate expired on 2025-12-12",
                      true);
    assert_distrusted(judged(k, issued(k, 20, 50, NULL), NULL, 0),
                      "the certificate is not valid before 2026-01-21", true);
    assert_distrusted(judged(k, issued(k, -200, 200, NULL), NULL, 150),
                      "an issuing certificate expired on 2026-04-11", false);
}

static void the_purpose_is_checked(void **state)
{
    const struct keys *k = *state;

    assert_distrusted(judged(k, issued(k, 0, 0, "clientAuth"), NULL, 0),
                      "the certificate is not meant for server authentication", false);
}

/* The name in the sentence is the issuer that is missing, not one of a certificate that does not belong. */
static void a_missing_issuer_is_named(void **state)
{
    struct keys *k = *state;
    EVP_PKEY *key = testing_ec_key(NID_X9_62_prime256v1);
    X509 *root = testing_certificate(
        &(struct testing_order){.common_name = "Nobody's Root", .authority = true, .key = key});
    X509 *middle = testing_certificate(&(struct testing_order){
        .common_name = "Nobody's Middle", .authority = true, .key = key, .issuer = root, .issuer_key = key});
    struct keys nobody = {.authority = key, .leaf = k->leaf, .root = middle};

    assert_distrusted(judged(k, issued(&nobody, 0, 0, NULL), NULL, 0), "issuer not known: CN=Nobody's Middle",
                      false);
    assert_distrusted(judged(k, issued(&nobody, 0, 0, NULL), middle, 0), "issuer not known: CN=Nobody's Root",
                      false);
    assert_distrusted(judged(k, issued(&nobody, 0, 0, NULL), k->root, 0),
                      "issuer not known: CN=Nobody's Middle", false);
    nobody.root = root;
    assert_distrusted(judged(k, issued(&nobody, 0, 0, NULL), root, 0), "issuer not known: CN=Nobody's Root",
                      false);
    X509_free(middle);
    X509_free(root);
    EVP_PKEY_free(key);
}

static void the_chain_is_kept_as_sent(void **state)
{
    const struct keys *k = *state;
    struct certificate *c = judged(k, issued(k, 0, 0, NULL), k->root, 0);

    assert_int_equal(c->chain_length, 2);
    assert_string_equal(c->chain[0].subject, "CN=mx.example");
    assert_string_equal(c->chain[0].issuer, "CN=Test Root");
    assert_string_equal(c->chain[1].subject, "CN=Test Root");
    assert_int_equal(c->chain[1].not_after, TESTING_NOW + (int64_t)100 * TESTING_DAY);
    certificate_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_match_by_rfc_6125),
        cmocka_unit_test(matching_stays_inside_its_strings),
        cmocka_unit_test(certificates_match_by_all_their_names),
        cmocka_unit_test(the_common_name_counts_only_without_dns_names),
        cmocka_unit_test(a_wildcard_never_stands_for_an_address),
        cmocka_unit_test(fields_are_read),
        cmocka_unit_test(names_from_strangers_are_escaped),
        cmocka_unit_test(keys_are_named),
        cmocka_unit_test(the_fingerprint_is_that_of_the_der),
        cmocka_unit_test(what_is_no_certificate_is_refused),
        cmocka_unit_test(long_lists_of_names_are_cut),
        cmocka_unit_test(copies_are_equal_and_their_own),
        cmocka_unit_test(days_are_whole_and_may_be_past),
        cmocka_unit_test(trust_follows_the_store),
        cmocka_unit_test(dates_are_checked),
        cmocka_unit_test(the_purpose_is_checked),
        cmocka_unit_test(a_missing_issuer_is_named),
        cmocka_unit_test(the_chain_is_kept_as_sent),
    };

    return cmocka_run_group_tests(tests, make_keys, free_keys);
}
