#include "engine/tls/suite.h"

#include <openssl/ssl.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

static void ids_and_names_are_unique(void **state)
{
    size_t count, i, j;
    const struct tls_suite *table = tls_suite_table(&count);

    (void)state;
    assert_true(count > 100);
    for (i = 0; i < count; i++) {
        for (j = i + 1; j < count; j++) {
            assert_int_not_equal(table[i].id, table[j].id);
            assert_string_not_equal(table[i].name, table[j].name);
            if (*table[i].openssl)
                assert_string_not_equal(table[i].openssl, table[j].openssl);
        }
    }
}

static void every_row_makes_sense(void **state)
{
    size_t count, i;
    const struct tls_suite *table = tls_suite_table(&count);

    (void)state;
    for (i = 0; i < count; i++) {
        assert_true(table[i].first <= table[i].last);
        assert_int_equal(table[i].first == TLS_1_3, table[i].last == TLS_1_3);
        assert_int_equal(strncmp(table[i].name, "TLS_", 4), 0);
        if (strstr(table[i].name, "_GCM_") || strstr(table[i].name, "_CHACHA20_"))
            assert_true(table[i].first >= TLS_1_2);
    }
}

/* A suite below TLS 1.3 goes with one kind of key at most. */
static void keys_and_primes_follow_the_name(void **state)
{
    static const struct {
        const char *name;
        bool rsa, ecdsa, prime;
    } rows[] = {
        {"TLS_AES_128_GCM_SHA256", true, true, false},
        {"TLS_RSA_WITH_AES_128_CBC_SHA", true, false, false},
        {"TLS_DHE_RSA_WITH_AES_128_CBC_SHA", true, false, true},
        {"TLS_DHE_DSS_WITH_AES_128_CBC_SHA", false, false, true},
        {"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", true, false, false},
        {"TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", false, true, false},
        {"TLS_DH_anon_WITH_AES_128_CBC_SHA", false, false, true},
        {"TLS_ECDH_anon_WITH_AES_128_CBC_SHA", false, false, false},
    };
    size_t count, i;
    const struct tls_suite *table = tls_suite_table(&count);

    (void)state;
    for (i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct tls_suite *suite = tls_suite_by_name(rows[i].name);

        assert_non_null(suite);
        assert_int_equal(suite->rsa, rows[i].rsa);
        assert_int_equal(suite->ecdsa, rows[i].ecdsa);
        assert_int_equal(suite->prime, rows[i].prime);
    }
    for (i = 0; i < count; i++)
        assert_true(table[i].first == TLS_1_3 || !(table[i].rsa && table[i].ecdsa));
}

static void every_id_finds_its_row_and_no_other_does(void **state)
{
    size_t count, found = 0;
    const struct tls_suite *table = tls_suite_table(&count), *suite;
    unsigned id;

    (void)state;
    for (id = 0; id <= UINT16_MAX; id++) {
        suite = tls_suite_find((uint16_t)id);
        if (!suite)
            continue;
        assert_int_equal(suite->id, id);
        assert_ptr_equal(tls_suite_by_name(suite->name), suite);
        assert_true(suite >= table && suite < table + count);
        found++;
    }
    assert_int_equal(found, count);
    assert_null(tls_suite_by_name(""));
    assert_null(tls_suite_by_name("TLS_NO_SUCH_SUITE"));
}

static void names_are_ianas_or_the_number(void **state)
{
    char scratch[TLS_SUITE_NAME_SIZE];

    (void)state;
    assert_string_equal(tls_suite_name(0xc02f, scratch), "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
    assert_string_equal(tls_suite_name(0x1301, scratch), "TLS_AES_128_GCM_SHA256");
    assert_string_equal(tls_suite_name(0xfefe, scratch), "0xFEFE");
    assert_string_equal(tls_suite_name(0x0a0a, scratch), "0x0A0A");
}

/* The suites that BoringSSL lists when all are named. */
static size_t each_listed(const struct tls_suite **suites, size_t most)
{
    SSL_CTX *context = SSL_CTX_new(TLS_method());
    const STACK_OF(SSL_CIPHER) * list;
    size_t i, count = 0;

    assert_int_equal(SSL_CTX_set_cipher_list(context, "ALL:ECDHE-RSA-AES128-SHA256:"
                                                      "ECDHE-ECDSA-AES128-SHA256:3DES"),
                     1);
    list = SSL_CTX_get_ciphers(context);
    for (i = 0; i < sk_SSL_CIPHER_num(list); i++) {
        const SSL_CIPHER *cipher = sk_SSL_CIPHER_value(list, i);
        const struct tls_suite *suite = tls_suite_find(SSL_CIPHER_get_protocol_id(cipher));

        assert_non_null(suite);
        assert_string_equal(suite->name, SSL_CIPHER_standard_name(cipher));
        assert_string_equal(suite->openssl, SSL_CIPHER_get_name(cipher));
        assert_true(suite->boringssl);
        assert_int_equal(suite->mail, strstr(suite->name, "PSK") == NULL);
        assert_true(count < most);
        suites[count++] = suite;
    }
    SSL_CTX_free(context);
    return count;
}

static bool among(const struct tls_suite *suite, const struct tls_suite *const *suites, size_t count)
{
    size_t i;

    for (i = 0; i < count; i++)
        if (suites[i] == suite)
            return true;
    return false;
}

static void what_boringssl_lists_is_what_the_table_says(void **state)
{
    const struct tls_suite *listed[64];
    size_t listed_count = each_listed(listed, 64), count, i;
    const struct tls_suite *table = tls_suite_table(&count);

    (void)state;
    assert_true(listed_count > 10);
    for (i = 0; i < count; i++) {
        const SSL_CIPHER *cipher = SSL_get_cipher_by_value(table[i].id);
        bool newest = table[i].first == TLS_1_3 && cipher;

        assert_int_equal(table[i].boringssl, newest || among(&table[i], listed, listed_count));
    }
}

static void what_office_365_accepts_is_in_the_table(void **state)
{
    static const uint16_t ids[] = {0xc030, 0xc02f, 0xc028, 0xc027, 0xc014, 0xc013, 0x009d, 0x009c};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        const struct tls_suite *suite = tls_suite_find(ids[i]);

        assert_non_null(suite);
        assert_true(suite->mail);
        assert_int_equal(suite->boringssl, SSL_get_cipher_by_value(ids[i]) != NULL);
        assert_int_equal(suite->last, TLS_1_2);
    }
}

static void groups_have_names(void **state)
{
    (void)state;
    assert_string_equal(tls_group_name(29), "X25519");
    assert_string_equal(tls_group_name(23), "P-256");
    assert_string_equal(tls_group_name(0x11ec), "X25519MLKEM768");
    assert_null(tls_group_name(0));
    assert_null(tls_group_name(0x0a0a));
    assert_int_equal(tls_group_by_name("P-256"), 23);
    assert_int_equal(tls_group_by_name("X25519MLKEM768"), 0x11ec);
    assert_int_equal(tls_group_by_name("p-256"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_and_names_are_unique),
        cmocka_unit_test(every_row_makes_sense),
        cmocka_unit_test(keys_and_primes_follow_the_name),
        cmocka_unit_test(every_id_finds_its_row_and_no_other_does),
        cmocka_unit_test(names_are_ianas_or_the_number),
        cmocka_unit_test(what_boringssl_lists_is_what_the_table_says),
        cmocka_unit_test(what_office_365_accepts_is_in_the_table),
        cmocka_unit_test(groups_have_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
