/* Handshakes with the lab's servers. */
#include "engine/lab/guest.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <openssl/x509v3.h>
#include <string.h>
#include <sys/socket.h>

static const char *const tls_zone =
    "m.example A 127.77.0.1 127.77.0.2 127.77.0.3 127.77.0.4 127.77.0.5\n"
    "server 127.77.0.1 good\nserver 127.77.0.2 old\nserver 127.77.0.3 expired\n"
    "server 127.77.0.4 self\nserver 127.77.0.5 retry\n";
static const char *const tls_personas =
    "persona good protocols=smtp,smtps\npersona old min=TLSv1.0 max=TLSv1.0\npersona expired days=-3\n"
    "persona self issuer=self name=other.example key=ecdsa\npersona retry min=TLSv1.3 groups=P-384\n";

static void test_tls(void **state)
{
    static const struct {
        const char *address;
        int version;
        long verify;
    } rows[] = {
        {"127.77.0.1", TLS1_3_VERSION, X509_V_OK},
        {"127.77.0.2", TLS1_VERSION, X509_V_OK},
        {"127.77.0.3", TLS1_3_VERSION, X509_V_ERR_CERT_HAS_EXPIRED},
        {"127.77.0.4", TLS1_3_VERSION, X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT},
        {"127.77.0.5", TLS1_3_VERSION, X509_V_OK},
    };
    struct lab *lab = guest_lab(tls_zone, tls_personas);
    struct lab_counts counts;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct guest client = guest_call(lab, rows[i].address);

        assert_int_equal(rows[i].verify, guest_start_tls(lab, &client));
        assert_int_equal(rows[i].version, SSL_version(client.ssl));
        assert_int_equal(250, guest_say(&client, "EHLO test.example\r\n"));
        assert_int_equal(221, guest_say(&client, "QUIT\r\n"));
        assert_int_equal(-1, guest_hear(&client));
        guest_leave(&client);
    }
    lab_counts(lab, &counts);
    assert_int_equal(5, counts.connections);
    assert_int_equal(5, counts.quits);
    assert_int_equal(1, counts.most_at_once);
    lab_free(lab);
}

static void test_direct_tls(void **state)
{
    struct lab *lab = guest_lab(tls_zone, tls_personas);
    struct guest client = {guest_socket(SOCK_STREAM, "127.77.0.1", lab_port(lab, PROTOCOL_SMTPS)), NULL};
    X509 *certificate;

    (void)state;
    assert_int_equal(X509_V_OK, guest_handshake(lab, &client));
    assert_int_equal(220, guest_hear(&client));
    certificate = SSL_get_peer_certificate(client.ssl);
    assert_int_equal(1, X509_check_host(certificate, "m.example", 9, 0, NULL));
    assert_int_equal(0, X509_check_host(certificate, "n.example", 9, 0, NULL));
    X509_free(certificate);
    assert_int_equal(221, guest_say(&client, "QUIT\r\n"));
    guest_leave(&client);
    lab_free(lab);
}

static void test_two_labs(void **state)
{
    struct lab *one = guest_lab(tls_zone, tls_personas), *two = guest_lab(tls_zone, tls_personas);
    struct guest client = guest_call(one, "127.77.0.1"), other = guest_call(two, "127.77.0.1");

    (void)state;
    assert_string_not_equal(lab_dns(one), lab_dns(two));
    assert_int_equal(X509_V_OK, guest_start_tls(one, &client));
    /* Each has an authority of its own. */
    assert_int_not_equal(X509_V_OK, guest_start_tls(one, &other));
    guest_leave(&client);
    guest_leave(&other);
    lab_free(two);
    lab_free(one);
}

/* A ClientHello in one record, without extensions. */
static void write_hello(struct buf *hello, uint16_t version, const uint16_t *suites, size_t count)
{
    size_t record, message, list;

    buf_init(hello, 0);
    buf_u8(hello, 22);
    buf_u16(hello, 0x0300);
    record = buf_mark(hello, 2);
    buf_u8(hello, 1);
    message = buf_mark(hello, 3);
    buf_u16(hello, version);
    for (unsigned i = 0; i < 32; i++)
        buf_u8(hello, (uint8_t)i);
    buf_u8(hello, 0);
    list = buf_mark(hello, 2);
    for (size_t i = 0; i < count; i++)
        buf_u16(hello, suites[i]);
    buf_fill(hello, list, 2);
    buf_u16(hello, 0x0100);
    buf_fill(hello, message, 3);
    buf_fill(hello, record, 2);
}

/* Sends a hello byte by byte and reads the first bytes of what comes back. */
static void greet_with_hello(const struct lab *lab, uint16_t version, uint16_t suite, uint8_t *answer,
                             size_t length)
{
    struct guest client = guest_call(lab, "127.77.0.1");
    struct buf hello;

    assert_int_equal(220, guest_hear(&client));
    assert_int_equal(220, guest_say(&client, "STARTTLS\r\n"));
    write_hello(&hello, version, &suite, 1);
    for (size_t i = 0; i < hello.length; i++)
        assert_int_equal(1, send(client.fd, hello.bytes + i, 1, MSG_NOSIGNAL));
    guest_read(client.fd, answer, length);
    buf_release(&hello);
    guest_leave(&client);
}

static void test_script(void **state)
{
    struct lab *lab = guest_lab("m.example A 127.77.0.1\nserver 127.77.0.1 dhe\n",
                                "persona dhe choose=TLSv1.2/TLS_DHE_RSA_WITH_AES_256_GCM_SHA384,"
                                "SSLv3/TLS_RSA_WITH_RC4_128_SHA\n");
    uint8_t answer[49];

    (void)state;
    greet_with_hello(lab, 0x0303, 0x009f, answer, sizeof answer);
    assert_memory_equal("\x16\x03\x03", answer, 3);
    assert_memory_equal("\x02\x00\x00\x26\x03\x03", answer + 5, 6);
    assert_memory_equal("\x00\x00\x9f\x00\x0b", answer + 43, 5);
    greet_with_hello(lab, 0x0301, 0x0005, answer, sizeof answer);
    assert_memory_equal("\x16\x03\x00", answer, 3);
    assert_memory_equal("\x00\x00\x05\x00", answer + 43, 4);
    greet_with_hello(lab, 0x0303, 0xc02f, answer, 7);
    assert_memory_equal("\x15\x03\x03\x00\x02\x02\x28", answer, 7);
    greet_with_hello(lab, 0x0200, 0x009f, answer, 7);
    assert_memory_equal("\x15\x03\x01\x00\x02\x02\x46", answer, 7);
    lab_free(lab);
}

/* The names that the certificate stands for, of "m.example" and "n.example": "m", "n", "mn"; "-" when the
 * handshake fails. */
static const char *names_shown(const struct lab *lab, const char *address, const char *server_name)
{
    static const char *const words[] = {"", "m", "n", "mn"};
    struct guest client = guest_call(lab, address);
    X509 *certificate;
    unsigned names;

    assert_int_equal(220, guest_hear(&client));
    assert_int_equal(220, guest_say(&client, "STARTTLS\r\n"));
    if (guest_handshake_as(lab, &client, server_name, 0) != X509_V_OK) {
        guest_leave(&client);
        return "-";
    }
    certificate = SSL_get_peer_certificate(client.ssl);
    names = X509_check_host(certificate, "m.example", 9, 0, NULL) == 1;
    names |= X509_check_host(certificate, "n.example", 9, 0, NULL) == 1 ? 2 : 0;
    X509_free(certificate);
    guest_leave(&client);
    return words[names];
}

static void test_server_names(void **state)
{
    static const struct {
        const char *address, *name, *shown;
    } rows[] = {
        {"127.77.0.1", "m.example", "mn"}, {"127.77.0.1", "other.example", "mn"},
        {"127.77.0.1", NULL, "mn"},        {"127.77.0.2", "m.example", "m"},
        {"127.77.0.2", "N.example", "n"},  {"127.77.0.2", NULL, "m"},
        {"127.77.0.3", "m.example", "mn"}, {"127.77.0.3", "n.example", "-"},
        {"127.77.0.3", NULL, "mn"},        {"127.77.0.4", "m.example", "-"},
        {"127.77.0.4", NULL, "mn"},        {"127.77.0.5", "m.example", "mn"},
        {"127.77.0.5", NULL, "mn"},

    };
    struct lab *lab = guest_lab("m.example A 127.77.0.1 127.77.0.2 127.77.0.3 127.77.0.4 127.77.0.5\n"
                                "n.example A 127.77.0.1 127.77.0.2 127.77.0.3 127.77.0.4 127.77.0.5\n"
                                "server 127.77.0.1 good\nserver 127.77.0.2 each\n"
                                "server 127.77.0.3 reject\nserver 127.77.0.4 close\nserver 127.77.0.5 warn\n",
                                "persona good\npersona each sni=each\npersona reject sni=reject "
                                "sni-name=m.example\npersona close sni=close\npersona warn sni=warn\n");
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_string_equal(rows[i].shown, names_shown(lab, rows[i].address, rows[i].name));
    lab_free(lab);
}

static void test_two_certificates(void **state)
{
    static const int kinds[] = {EVP_PKEY_RSA, EVP_PKEY_EC};
    struct lab *lab = guest_lab("server 127.77.0.1 both\n", "persona both key=both\n");
    size_t i;

    (void)state;
    for (i = 0; i < 4; i++) {
        struct guest client = guest_call(lab, "127.77.0.1");
        X509 *certificate;
        EVP_PKEY *key;

        assert_int_equal(220, guest_hear(&client));
        assert_int_equal(220, guest_say(&client, "STARTTLS\r\n"));
        assert_int_equal(X509_V_OK, guest_handshake_as(lab, &client, NULL, kinds[i % 2]));
        certificate = SSL_get_peer_certificate(client.ssl);
        key = X509_get_pubkey(certificate);
        assert_int_equal(kinds[i % 2], EVP_PKEY_id(key));
        EVP_PKEY_free(key);
        X509_free(certificate);
        guest_leave(&client);
    }
    lab_free(lab);
}

static long whole_handshake(const struct lab *lab, const char *address)
{
    struct guest client = guest_call(lab, address);
    long result = guest_start_tls(lab, &client);

    guest_leave(&client);
    return result;
}

static void test_rationed_handshakes(void **state)
{
    struct lab *lab =
        guest_lab("server 127.77.0.1 close\nserver 127.77.0.2 later\nserver 127.77.0.3 again\n",
                  "persona close handshakes=2\npersona later handshakes=1 handshakes-over=later\n"
                  "persona again handshakes=1 handshakes-for=40\n");
    struct guest client;

    (void)state;
    assert_int_equal(X509_V_OK, whole_handshake(lab, "127.77.0.1"));
    assert_int_equal(X509_V_OK, whole_handshake(lab, "127.77.0.1"));
    assert_int_equal(-1, whole_handshake(lab, "127.77.0.1"));
    assert_int_equal(X509_V_OK, whole_handshake(lab, "127.77.0.2"));
    client = guest_call(lab, "127.77.0.2");
    assert_int_equal(220, guest_hear(&client));
    assert_int_equal(454, guest_say(&client, "STARTTLS\r\n"));
    guest_leave(&client);
    assert_int_equal(X509_V_OK, whole_handshake(lab, "127.77.0.3"));
    while (whole_handshake(lab, "127.77.0.3") != X509_V_OK) /* the test's time limit ends what never comes */
        continue;
    lab_free(lab);
}

/* STARTTLS and NOOP in one piece. */
static void test_behind_starttls(void **state)
{
    static const char *const both = "STARTTLS\r\nNOOP\r\n";
    struct lab *lab =
        guest_lab("server 127.77.0.1 drop\nserver 127.77.0.2 run\n"
                  "server 127.77.0.3 hello\nserver 127.77.0.4 answer\n",
                  "persona drop\npersona run behind-starttls=run\n"
                  "persona hello behind-starttls=hello\npersona answer behind-starttls=answer\n");
    struct guest client = guest_call(lab, "127.77.0.1");

    (void)state;
    assert_int_equal(220, guest_hear(&client));
    assert_int_equal(220, guest_say(&client, both));
    assert_int_equal(X509_V_OK, guest_handshake(lab, &client));
    assert_int_equal(221, guest_say(&client, "QUIT\r\n"));
    guest_leave(&client);
    client = guest_call(lab, "127.77.0.2");
    assert_int_equal(220, guest_hear(&client));
    assert_int_equal(220, guest_say(&client, both));
    assert_int_equal(X509_V_OK, guest_handshake(lab, &client));
    assert_int_equal(250, guest_say(&client, "QUIT\r\n"));
    assert_int_equal(221, guest_hear(&client));
    guest_leave(&client);
    client = guest_call(lab, "127.77.0.3");
    assert_int_equal(220, guest_hear(&client));
    assert_int_equal(220, guest_say(&client, both));
    assert_int_equal(-1, guest_handshake(lab, &client));
    guest_leave(&client);
    client = guest_call(lab, "127.77.0.4");
    assert_int_equal(220, guest_hear(&client));
    assert_int_equal(220, guest_say(&client, both));
    assert_int_equal(250, guest_hear(&client));
    assert_int_equal(X509_V_OK, guest_handshake(lab, &client));
    assert_int_equal(221, guest_say(&client, "QUIT\r\n"));
    guest_leave(&client);
    lab_free(lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tls),
        cmocka_unit_test(test_direct_tls),
        cmocka_unit_test(test_two_labs),
        cmocka_unit_test(test_script),
        cmocka_unit_test(test_server_names),
        cmocka_unit_test(test_two_certificates),
        cmocka_unit_test(test_rationed_handshakes),
        cmocka_unit_test(test_behind_starttls),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
