#include "engine/lab/lab.h"

#include "engine/base/buf.h"
#include "engine/base/mem.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define TYPE_A    1
#define TYPE_MX   15
#define TYPE_AAAA 28

static struct lab *start(const char *zone, const char *personas)
{
    struct lab_options options = {.zone = zone, .personas = personas};
    char *error = NULL;
    struct lab *lab = lab_new(&options, &error);

    if (!lab)
        fail_msg("%s", error);
    return lab;
}

/* Reads at most a minute: a test that hangs fails. */
static int open_socket(int kind, const char *address, unsigned port)
{
    struct timeval patience = {.tv_sec = 60};
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    int fd = socket(AF_INET, kind, 0);

    assert_true(fd >= 0);
    assert_int_equal(1, inet_pton(AF_INET, address, &to.sin_addr));
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (connect(fd, (const struct sockaddr *)&to, sizeof to) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

static unsigned dns_port(const struct lab *lab)
{
    return (unsigned)strtoul(strchr(lab_dns(lab), ':') + 1, NULL, 10);
}

static void write_query(struct buf *query, const char *name, uint16_t type, unsigned edns)
{
    buf_init(query, 0);
    buf_u16(query, 0x1234);
    buf_u16(query, 0x0100);
    buf_u16(query, 1);
    buf_u32(query, 0);
    buf_u16(query, edns ? 1 : 0);
    while (*name) {
        size_t length = strcspn(name, ".");

        buf_u8(query, (uint8_t)length);
        buf_add(query, name, length);
        name += length + (name[length] == '.');
    }
    buf_u8(query, 0);
    buf_u16(query, type);
    buf_u16(query, 1);
    if (edns) {
        buf_u8(query, 0);
        buf_u16(query, 41);
        buf_u16(query, (uint16_t)edns);
        buf_u32(query, 0);
        buf_u16(query, 0);
    }
}

struct reply {
    ssize_t length;
    uint8_t bytes[65536];
};

static unsigned rcode(const struct reply *reply)
{
    return reply->bytes[3] & 15;
}

static unsigned answers(const struct reply *reply)
{
    return (unsigned)reply->bytes[6] << 8 | reply->bytes[7];
}

static bool truncated(const struct reply *reply)
{
    return reply->bytes[2] & 2;
}

static bool authenticated(const struct reply *reply)
{
    return reply->bytes[3] & 0x20;
}

static void ask(const struct lab *lab, const char *name, uint16_t type, unsigned edns, struct reply *reply)
{
    int fd = open_socket(SOCK_DGRAM, "127.0.0.1", dns_port(lab));
    struct buf query;

    write_query(&query, name, type, edns);
    assert_int_equal((ssize_t)query.length, send(fd, query.bytes, query.length, 0));
    reply->length = recv(fd, reply->bytes, sizeof reply->bytes, 0);
    assert_true(reply->length >= 12);
    assert_int_equal(0x12, reply->bytes[0]);
    assert_true(reply->bytes[2] & 0x80);
    assert_true(reply->bytes[3] & 0x80);
    buf_release(&query);
    close(fd);
}

static void read_all(int fd, void *bytes, size_t length)
{
    assert_int_equal((ssize_t)length, recv(fd, bytes, length, MSG_WAITALL));
}

static void ask_tcp(const struct lab *lab, const char *name, uint16_t type, struct reply *reply)
{
    int fd = open_socket(SOCK_STREAM, "127.0.0.1", dns_port(lab));
    struct buf query;
    uint8_t head[2];

    write_query(&query, name, type, 0);
    head[0] = (uint8_t)(query.length >> 8);
    head[1] = (uint8_t)query.length;
    /* The length comes in two pieces, the query after it. */
    assert_int_equal(1, send(fd, head, 1, 0));
    assert_int_equal(1, send(fd, head + 1, 1, 0));
    assert_int_equal((ssize_t)query.length, send(fd, query.bytes, query.length, 0));
    read_all(fd, head, 2);
    reply->length = head[0] << 8 | head[1];
    read_all(fd, reply->bytes, (size_t)reply->length);
    buf_release(&query);
    close(fd);
}

static void test_dns(void **state)
{
    struct lab *lab =
        start("a.example MX 10 mx.a.example\n"
              "mx.a.example A 127.77.0.1 127.77.0.2\n"
              "deep.down.b.example TXT \"x\"\n"
              "c.example CNAME a.example\n"
              "s.example SERVFAIL\nr.example REFUSED\nh.example SERVFAIL AAAA\n"
              "h.example A 127.77.0.1\nn.example MX 0 .\n"
              "t.example AD\nt.example A 127.77.0.1\nd.example DELAY 50\nd.example A 127.77.0.1\n"
              "bulk 60 prefix=mx persona=p domain=many.example\n",
              "persona p\n");
    struct reply *reply = mem_alloc(sizeof *reply);
    struct lab_counts counts;

    (void)state;
    ask(lab, "A.EXAMPLE", TYPE_MX, 1232, reply);
    assert_int_equal(0, rcode(reply));
    assert_int_equal(1, answers(reply));
    assert_false(authenticated(reply));
    ask(lab, "mx.a.example", TYPE_A, 0, reply);
    assert_int_equal(2, answers(reply));
    assert_memory_equal("\x7f\x4d\x00\x02", reply->bytes + reply->length - 4, 4);
    ask(lab, "a.example", TYPE_A, 0, reply);
    assert_int_equal(0, rcode(reply) + answers(reply));
    ask(lab, "down.b.example", TYPE_A, 0, reply);
    assert_int_equal(0, rcode(reply) + answers(reply));
    ask(lab, "up.b.example", TYPE_A, 0, reply);
    assert_int_equal(3, rcode(reply));
    ask(lab, "c.example", TYPE_MX, 0, reply);
    assert_int_equal(2, answers(reply));
    ask(lab, "s.example", TYPE_MX, 0, reply);
    assert_int_equal(2, rcode(reply));
    ask(lab, "r.example", TYPE_MX, 1232, reply);
    assert_int_equal(5, rcode(reply));
    ask(lab, "h.example", TYPE_AAAA, 0, reply);
    assert_int_equal(2, rcode(reply));
    ask(lab, "h.example", TYPE_A, 0, reply);
    assert_int_equal(1, answers(reply));
    ask(lab, "t.example", TYPE_A, 0, reply);
    assert_true(authenticated(reply));
    ask(lab, "d.example", TYPE_A, 0, reply);
    assert_int_equal(1, answers(reply));
    ask(lab, "many.example", TYPE_MX, 1232, reply);
    assert_true(truncated(reply));
    assert_int_equal(0, answers(reply));
    ask_tcp(lab, "many.example", TYPE_MX, reply);
    assert_false(truncated(reply));
    assert_int_equal(60, answers(reply));
    lab_counts(lab, &counts);
    assert_int_equal(14, counts.queries);
    free(reply);
    lab_free(lab);
}

/* A client that speaks lines. */
struct client {
    int fd;
    SSL *ssl;
};

static int take(struct client *client, char *byte)
{
    return client->ssl ? SSL_read(client->ssl, byte, 1) : (int)recv(client->fd, byte, 1, 0);
}

/* The code of the next whole reply; -1 when the connection ends before. */
static int reply_code(struct client *client)
{
    char line[1024];
    size_t length = 0;

    for (;;) {
        if (length == sizeof line - 1 || take(client, &line[length]) != 1)
            return -1;
        if (line[length++] != '\n')
            continue;
        line[length] = '\0';
        if (length > 3 && line[3] == ' ')
            return atoi(line);
        length = 0;
    }
}

static int command(struct client *client, const char *line)
{
    if (client->ssl)
        SSL_write(client->ssl, line, (int)strlen(line));
    else
        send(client->fd, line, strlen(line), MSG_NOSIGNAL);
    return reply_code(client);
}

static struct client call(const struct lab *lab, const char *address)
{
    struct client client = {open_socket(SOCK_STREAM, address, lab_port(lab, PROTOCOL_SMTP)), NULL};

    assert_true(client.fd >= 0);
    return client;
}

static void hang_up(struct client *client)
{
    SSL_CTX *context = client->ssl ? SSL_get_SSL_CTX(client->ssl) : NULL;

    close(client->fd);
    SSL_free(client->ssl);
    SSL_CTX_free(context);
}

/* A handshake with the lab's authority as the only trust; the verify result, or -1 when it fails. With a
 * server name, and only with that kind of key, unless NULL and 0. */
static long handshake_as(const struct lab *lab, struct client *client, const char *name, int key)
{
    static const uint16_t rsa[] = {SSL_SIGN_RSA_PSS_RSAE_SHA256, SSL_SIGN_RSA_PKCS1_SHA256};
    static const uint16_t ecdsa[] = {SSL_SIGN_ECDSA_SECP256R1_SHA256};
    SSL_CTX *context = SSL_CTX_new(TLS_method());

    assert_int_equal(1, SSL_CTX_load_verify_locations(context, lab_trust_store(lab), NULL));
    SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
    client->ssl = SSL_new(context);
    SSL_set_fd(client->ssl, client->fd);
    if (name)
        SSL_set_tlsext_host_name(client->ssl, name);
    if (key)
        SSL_set_verify_algorithm_prefs(client->ssl, key == EVP_PKEY_RSA ? rsa : ecdsa,
                                       key == EVP_PKEY_RSA ? 2 : 1);
    return SSL_connect(client->ssl) == 1 ? SSL_get_verify_result(client->ssl) : -1;
}

static long handshake(const struct lab *lab, struct client *client)
{
    return handshake_as(lab, client, NULL, 0);
}

static long start_tls(const struct lab *lab, struct client *client)
{
    assert_int_equal(220, reply_code(client));
    assert_int_equal(250, command(client, "EHLO test.example\r\n"));
    assert_int_equal(220, command(client, "STARTTLS\r\n"));
    return handshake(lab, client);
}

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
    struct lab *lab = start(tls_zone, tls_personas);
    struct lab_counts counts;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct client client = call(lab, rows[i].address);

        assert_int_equal(rows[i].verify, start_tls(lab, &client));
        assert_int_equal(rows[i].version, SSL_version(client.ssl));
        assert_int_equal(250, command(&client, "EHLO test.example\r\n"));
        assert_int_equal(221, command(&client, "QUIT\r\n"));
        assert_int_equal(-1, reply_code(&client));
        hang_up(&client);
    }
    lab_counts(lab, &counts);
    assert_int_equal(5, counts.connections);
    assert_int_equal(5, counts.quits);
    assert_int_equal(1, counts.most_at_once);
    lab_free(lab);
}

static void test_direct_tls(void **state)
{
    struct lab *lab = start(tls_zone, tls_personas);
    struct client client = {open_socket(SOCK_STREAM, "127.77.0.1", lab_port(lab, PROTOCOL_SMTPS)), NULL};
    X509 *certificate;

    (void)state;
    assert_int_equal(X509_V_OK, handshake(lab, &client));
    assert_int_equal(220, reply_code(&client));
    certificate = SSL_get_peer_certificate(client.ssl);
    assert_int_equal(1, X509_check_host(certificate, "m.example", 9, 0, NULL));
    assert_int_equal(0, X509_check_host(certificate, "n.example", 9, 0, NULL));
    X509_free(certificate);
    assert_int_equal(221, command(&client, "QUIT\r\n"));
    hang_up(&client);
    lab_free(lab);
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
    struct client client = call(lab, "127.77.0.1");
    struct buf hello;

    assert_int_equal(220, reply_code(&client));
    assert_int_equal(220, command(&client, "STARTTLS\r\n"));
    write_hello(&hello, version, &suite, 1);
    for (size_t i = 0; i < hello.length; i++)
        assert_int_equal(1, send(client.fd, hello.bytes + i, 1, MSG_NOSIGNAL));
    read_all(client.fd, answer, length);
    buf_release(&hello);
    hang_up(&client);
}

static void test_script(void **state)
{
    struct lab *lab = start("m.example A 127.77.0.1\nserver 127.77.0.1 dhe\n",
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

static void test_turns(void **state)
{
    struct lab *lab = start("server 127.77.0.1 once\nserver 127.77.0.2 few\nserver 127.77.0.3 late\n"
                            "server 127.77.0.4 strict\n",
                            "persona grey greeting-code=450\npersona once first=2:grey\n"
                            "persona few most=1\npersona late sync=yes greeting-delay=60000\n"
                            "persona strict sync=yes\n");
    static const int codes[] = {450, 450, 220, 220};
    struct client client, other;
    size_t i;

    (void)state;
    for (i = 0; i < 4; i++) {
        client = call(lab, "127.77.0.1");
        assert_int_equal(codes[i], reply_code(&client));
        assert_int_equal(221, command(&client, "QUIT\r\n"));
        hang_up(&client);
    }
    client = call(lab, "127.77.0.2");
    assert_int_equal(220, reply_code(&client));
    other = call(lab, "127.77.0.2");
    assert_int_equal(421, reply_code(&other));
    hang_up(&other);
    hang_up(&client);
    client = call(lab, "127.77.0.3");
    assert_int_equal(554, command(&client, "EHLO early.example\r\n"));
    hang_up(&client);
    client = call(lab, "127.77.0.4");
    assert_int_equal(220, reply_code(&client));
    assert_int_equal(554, command(&client, "EHLO a.example\r\nSTARTTLS\r\n"));
    hang_up(&client);
    lab_free(lab);
}

static void test_faults(void **state)
{
    struct lab *lab = start("server 127.77.0.1 close\nserver 127.77.0.2 reset\nserver 127.77.0.3 garbage\n"
                            "server 127.77.0.4 alert\nserver 127.77.0.5 drip\n",
                            "persona close greeting=close\npersona reset starttls=reset\n"
                            "persona garbage hello=garbage\npersona alert alert=80\n"
                            "persona drip drip-bytes=3 drip-delay=1\n");
    struct client client = call(lab, "127.77.0.1");
    char byte;

    (void)state;
    assert_int_equal(-1, reply_code(&client));
    hang_up(&client);
    client = call(lab, "127.77.0.2");
    assert_int_equal(220, reply_code(&client));
    command(&client, "STARTTLS\r\n");
    assert_int_equal(-1, take(&client, &byte));
    hang_up(&client);
    client = call(lab, "127.77.0.3");
    assert_int_equal(-1, start_tls(lab, &client));
    hang_up(&client);
    client = call(lab, "127.77.0.4");
    assert_int_equal(-1, start_tls(lab, &client));
    hang_up(&client);
    client = call(lab, "127.77.0.5");
    assert_int_equal(X509_V_OK, start_tls(lab, &client));
    hang_up(&client);
    assert_int_equal(-1, open_socket(SOCK_STREAM, "127.77.0.9", lab_port(lab, PROTOCOL_SMTP)));
    lab_free(lab);
}

/* The names that the certificate stands for, of "m.example" and "n.example": "m", "n", "mn"; "-" when the
 * handshake fails. */
static const char *names_shown(const struct lab *lab, const char *address, const char *server_name)
{
    static const char *const words[] = {"", "m", "n", "mn"};
    struct client client = call(lab, address);
    X509 *certificate;
    unsigned names;

    assert_int_equal(220, reply_code(&client));
    assert_int_equal(220, command(&client, "STARTTLS\r\n"));
    if (handshake_as(lab, &client, server_name, 0) != X509_V_OK) {
        hang_up(&client);
        return "-";
    }
    certificate = SSL_get_peer_certificate(client.ssl);
    names = X509_check_host(certificate, "m.example", 9, 0, NULL) == 1;
    names |= X509_check_host(certificate, "n.example", 9, 0, NULL) == 1 ? 2 : 0;
    X509_free(certificate);
    hang_up(&client);
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
    struct lab *lab = start("m.example A 127.77.0.1 127.77.0.2 127.77.0.3 127.77.0.4 127.77.0.5\n"
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
    struct lab *lab = start("server 127.77.0.1 both\n", "persona both key=both\n");
    size_t i;

    (void)state;
    for (i = 0; i < 4; i++) {
        struct client client = call(lab, "127.77.0.1");
        X509 *certificate;
        EVP_PKEY *key;

        assert_int_equal(220, reply_code(&client));
        assert_int_equal(220, command(&client, "STARTTLS\r\n"));
        assert_int_equal(X509_V_OK, handshake_as(lab, &client, NULL, kinds[i % 2]));
        certificate = SSL_get_peer_certificate(client.ssl);
        key = X509_get_pubkey(certificate);
        assert_int_equal(kinds[i % 2], EVP_PKEY_id(key));
        EVP_PKEY_free(key);
        X509_free(certificate);
        hang_up(&client);
    }
    lab_free(lab);
}

static long whole_handshake(const struct lab *lab, const char *address)
{
    struct client client = call(lab, address);
    long result = start_tls(lab, &client);

    hang_up(&client);
    return result;
}

static void test_rationed_handshakes(void **state)
{
    struct lab *lab = start("server 127.77.0.1 close\nserver 127.77.0.2 later\nserver 127.77.0.3 again\n",
                            "persona close handshakes=2\npersona later handshakes=1 handshakes-over=later\n"
                            "persona again handshakes=1 handshakes-for=40\n");
    struct client client;

    (void)state;
    assert_int_equal(X509_V_OK, whole_handshake(lab, "127.77.0.1"));
    assert_int_equal(X509_V_OK, whole_handshake(lab, "127.77.0.1"));
    assert_int_equal(-1, whole_handshake(lab, "127.77.0.1"));
    assert_int_equal(X509_V_OK, whole_handshake(lab, "127.77.0.2"));
    client = call(lab, "127.77.0.2");
    assert_int_equal(220, reply_code(&client));
    assert_int_equal(454, command(&client, "STARTTLS\r\n"));
    hang_up(&client);
    assert_int_equal(X509_V_OK, whole_handshake(lab, "127.77.0.3"));
    while (whole_handshake(lab, "127.77.0.3") != X509_V_OK) /* the test's time limit ends what never comes */
        continue;
    lab_free(lab);
}

/* The first line of a greeting comes at once, the others after the teaser's delay. */
static void test_teaser(void **state)
{
    struct lab *lab = start("server 127.77.0.1 long\nserver 127.77.0.2 short\n",
                            "persona long greeting-lines=2 teaser-delay=60000 sync=yes\n"
                            "persona short greeting-lines=2 teaser-delay=300 sync=yes\n");
    struct client client = call(lab, "127.77.0.1");
    char line[4];

    (void)state;
    read_all(client.fd, line, sizeof line);
    assert_memory_equal("220-", line, sizeof line);
    assert_int_equal(521, command(&client, "EHLO early.example\r\n"));
    assert_int_equal(-1, reply_code(&client));
    hang_up(&client);
    client = call(lab, "127.77.0.2");
    assert_int_equal(220, reply_code(&client));
    assert_int_equal(250, command(&client, "EHLO patient.example\r\n"));
    assert_int_equal(221, command(&client, "QUIT\r\n"));
    hang_up(&client);
    lab_free(lab);
}

/* Whoever talks before its turn hears 554, at QUIT and inside TLS too. */
static void test_strict_to_the_end(void **state)
{
    struct lab *lab = start("server 127.77.0.1 strict\n", "persona strict sync=yes reply-delay=50\n");
    struct client client = call(lab, "127.77.0.1");

    (void)state;
    assert_int_equal(220, reply_code(&client));
    assert_int_equal(554, command(&client, "EHLO a.example\r\nQUIT\r\n"));
    assert_int_equal(-1, reply_code(&client));
    hang_up(&client);
    client = call(lab, "127.77.0.1");
    assert_int_equal(X509_V_OK, start_tls(lab, &client));
    assert_int_equal(554, command(&client, "NOOP\r\nQUIT\r\n"));
    hang_up(&client);
    lab_free(lab);
}

/* STARTTLS and NOOP in one piece. */
static void test_behind_starttls(void **state)
{
    static const char *const both = "STARTTLS\r\nNOOP\r\n";
    struct lab *lab = start("server 127.77.0.1 drop\nserver 127.77.0.2 run\n"
                            "server 127.77.0.3 hello\nserver 127.77.0.4 answer\n",
                            "persona drop\npersona run behind-starttls=run\n"
                            "persona hello behind-starttls=hello\npersona answer behind-starttls=answer\n");
    struct client client = call(lab, "127.77.0.1");

    (void)state;
    assert_int_equal(220, reply_code(&client));
    assert_int_equal(220, command(&client, both));
    assert_int_equal(X509_V_OK, handshake(lab, &client));
    assert_int_equal(221, command(&client, "QUIT\r\n"));
    hang_up(&client);
    client = call(lab, "127.77.0.2");
    assert_int_equal(220, reply_code(&client));
    assert_int_equal(220, command(&client, both));
    assert_int_equal(X509_V_OK, handshake(lab, &client));
    assert_int_equal(250, command(&client, "QUIT\r\n"));
    assert_int_equal(221, reply_code(&client));
    hang_up(&client);
    client = call(lab, "127.77.0.3");
    assert_int_equal(220, reply_code(&client));
    assert_int_equal(220, command(&client, both));
    assert_int_equal(-1, handshake(lab, &client));
    hang_up(&client);
    client = call(lab, "127.77.0.4");
    assert_int_equal(220, reply_code(&client));
    assert_int_equal(220, command(&client, both));
    assert_int_equal(250, reply_code(&client));
    assert_int_equal(X509_V_OK, handshake(lab, &client));
    assert_int_equal(221, command(&client, "QUIT\r\n"));
    hang_up(&client);
    lab_free(lab);
}

/* What was held back is counted: the greeting's own delay, a reply's, and what both came late. */
static void test_late_replies(void **state)
{
    struct lab *lab = start("server 127.77.0.1 far\n",
                            "persona far greeting-delay=20 reply-delay=10 late=100 late-delay=30\n");
    struct client client = call(lab, "127.77.0.1");
    struct lab_counts counts;

    (void)state;
    assert_int_equal(220, reply_code(&client));
    assert_int_equal(250, command(&client, "EHLO test.example\r\n"));
    lab_counts(lab, &counts);
    assert_int_equal(20 + 30 + 10 + 30, counts.waited_ms);
    hang_up(&client);
    lab_free(lab);
}

static void test_goodbyes(void **state)
{
    struct lab *lab = start("server 127.77.0.1 curt\nserver 127.77.0.2 mute\n",
                            "persona curt quit=close\npersona mute quit=silence\n");
    struct client client = call(lab, "127.77.0.1");
    struct pollfd waiting = {.events = POLLIN};
    struct lab_counts counts;

    (void)state;
    assert_int_equal(220, reply_code(&client));
    assert_int_equal(-1, command(&client, "QUIT\r\n"));
    hang_up(&client);
    client = call(lab, "127.77.0.2");
    assert_int_equal(220, reply_code(&client));
    send(client.fd, "QUIT\r\n", 6, MSG_NOSIGNAL);
    do
        lab_counts(lab, &counts);
    while (!counts.quits); /* the test's time limit ends what never comes */
    waiting.fd = client.fd;
    assert_int_equal(0, poll(&waiting, 1, 100));
    assert_int_equal(1, counts.quits);
    hang_up(&client);
    lab_free(lab);
}

/* An EHLO reply without an end keeps coming, in one line or in many. */
static void test_floods(void **state)
{
    struct lab *lab = start("server 127.77.0.1 lines\nserver 127.77.0.2 line\n",
                            "persona lines ehlo=endless\npersona line ehlo=endless-line\n");
    static const char *const addresses[] = {"127.77.0.1", "127.77.0.2"};
    size_t length = 100000;
    char *text = mem_alloc(length + 1);

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct client client = call(lab, addresses[i]);

        assert_int_equal(220, reply_code(&client));
        send(client.fd, "EHLO a.example\r\n", 16, MSG_NOSIGNAL);
        read_all(client.fd, text, length);
        assert_memory_equal("250-", text, 4);
        assert_null(strstr(text, "250 "));
        assert_int_equal(!strchr(text, '\n'), i == 1);
        hang_up(&client);
    }
    free(text);
    lab_free(lab);
}

/* The kernel leaves a SYN to a full queue without an answer. */
static void test_never_answers(void **state)
{
    struct lab *lab = start("server 127.77.0.1 full\n", "persona full listen=full\n");
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)lab_port(lab, PROTOCOL_SMTP))};
    struct pollfd waiting = {.events = POLLOUT, .fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)};

    (void)state;
    inet_pton(AF_INET, "127.77.0.1", &to.sin_addr);
    assert_int_equal(-1, connect(waiting.fd, (const struct sockaddr *)&to, sizeof to));
    assert_int_equal(0, poll(&waiting, 1, 100));
    close(waiting.fd);
    lab_free(lab);
}

static void test_two_labs(void **state)
{
    struct lab *one = start(tls_zone, tls_personas), *two = start(tls_zone, tls_personas);
    struct client client = call(one, "127.77.0.1"), other = call(two, "127.77.0.1");

    (void)state;
    assert_string_not_equal(lab_dns(one), lab_dns(two));
    assert_int_equal(X509_V_OK, start_tls(one, &client));
    /* Each has an authority of its own. */
    assert_int_not_equal(X509_V_OK, start_tls(one, &other));
    hang_up(&client);
    hang_up(&other);
    lab_free(two);
    lab_free(one);
}

/* Connections in every phase; the lab goes first. */
static void test_stop(void **state)
{
    struct lab *lab = start("server 127.77.0.1 good\nserver 127.77.0.2 hole\nserver 127.77.0.3 endless\n"
                            "server 127.77.0.4 full\nserver 127.77.0.5 slow\nd.example DELAY 60000\n",
                            "persona good\npersona hole greeting=silence\npersona endless greeting=endless\n"
                            "persona full listen=full\npersona slow greeting-delay=60000\n");
    char *trust = mem_string(lab_trust_store(lab));
    struct client clients[5];
    struct buf query;
    char byte;
    int i, dns = open_socket(SOCK_DGRAM, "127.0.0.1", dns_port(lab));

    (void)state;
    for (i = 0; i < 4; i++) {
        static const char *const addresses[] = {"127.77.0.1", "127.77.0.2", "127.77.0.3", "127.77.0.5"};

        clients[i] = call(lab, addresses[i]);
    }
    clients[4] = call(lab, "127.77.0.1");
    assert_int_equal(X509_V_OK, start_tls(lab, &clients[4]));
    assert_int_equal(1, take(&clients[2], &byte));
    write_query(&query, "d.example", TYPE_A, 0);
    assert_int_equal((ssize_t)query.length, send(dns, query.bytes, query.length, 0));
    lab_free(lab);
    assert_int_equal(-1, access(trust, F_OK));
    assert_true(recv(clients[1].fd, &byte, 1, 0) <= 0);
    for (i = 0; i < 5; i++)
        hang_up(&clients[i]);
    buf_release(&query);
    close(dns);
    free(trust);
}

static void test_bad_data(void **state)
{
    static const struct {
        const char *zone, *personas, *error;
    } rows[] = {
        {"a.example MX ten b.example\n", "", "zone:1: expected NAME MX PREFERENCE EXCHANGE"},
        {"\nserver 192.0.2.1 p\n", "persona p\n",
         "zone:2: expected server ADDRESS PERSONA, in 127.0.0.0/8 or ::1"},
        {"server 127.1.1.1 q\n", "persona p\n", "zone:1: there is no persona \"q\""},
        {"a.example PTR b.example\n", "", "zone:1: expected ADDRESS PTR NAME"},
        {"a.example TXT \"open\n", "", "zone:1: expected a closing \""},
        {"", "persona p max=TLSv9\n", "personas:1: \"TLSv9\" is no value for max"},
        {"", "persona p\npersona p\n", "personas:2: there is a persona \"p\" already"},
        {"", "persona p every=2:q\n", "personas:1: no persona \"q\""},
        {"", "persona p dh=512\n", "personas:1: dh and sentinel need choose="},
        {"", "persona p teaser-delay=9\n", "personas:1: teaser-delay needs greeting-lines of 2 or more"},
        {"", "persona p ehlo-code=250\n", "personas:1: ehlo-code and starttls-code are 400 to 599"},
        {"", "persona p colour=red\n", "personas:1: unknown key \"colour\""},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct lab_options options = {.zone = rows[i].zone, .personas = rows[i].personas};
        char *error = NULL;

        assert_null(lab_new(&options, &error));
        assert_string_equal(rows[i].error, error);
        free(error);
    }
}

static void test_bad_suites(void **state)
{
    struct lab_options options = {.zone = "", .personas = "persona p ciphers=NONSENSE\n"};
    char *error = NULL;

    (void)state;
    assert_null(lab_new(&options, &error));
    assert_non_null(strstr(error, "persona p"));
    free(error);
}

/* The built-in data starts, and one port is not given out twice. */
static void test_built_in(void **state)
{
    struct lab *lab = start(NULL, NULL);
    struct lab_options options = {.port_base = lab_port(lab, PROTOCOL_SMTP)};
    struct reply *reply = mem_alloc(sizeof *reply);
    char *error = NULL;

    (void)state;
    assert_null(lab_new(&options, &error));
    assert_non_null(strstr(error, "in use"));
    free(error);
    ask(lab, "contoso.example", TYPE_MX, 1232, reply);
    assert_int_equal(1, answers(reply));
    assert_non_null(strstr(lab_demo_targets(), "contoso.example,partner"));
    free(reply);
    lab_free(lab);
}

static const char *const roots[] = {"", ". AD\n", ". SERVFAIL\n"};

static void test_the_root_and_reverse_dns(void **state)
{
    static struct reply reply;

    (void)state;
    for (size_t i = 0; i < sizeof roots / sizeof roots[0]; i++) {
        struct lab *lab = start(roots[i], "");

        ask(lab, "", 6, 1232, &reply);
        assert_int_equal(rcode(&reply), i == 2 ? 2 : 0);
        assert_int_equal(answers(&reply), i == 2 ? 0 : 1);
        assert_int_equal(authenticated(&reply), i == 1);
        lab_free(lab);
    }
}

static void test_pointers(void **state)
{
    static struct reply reply;
    struct lab *lab = start("192.0.2.1 PTR Mail.A.example\n2001:db8::1 PTR mail.a.example\n", "");

    (void)state;
    ask(lab, "1.2.0.192.in-addr.arpa", 12, 0, &reply);
    assert_int_equal(answers(&reply), 1);
    assert_memory_equal(reply.bytes + reply.length - 16, "\4mail\1a\7example", 16);
    ask(lab, "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa", 12, 0, &reply);
    assert_int_equal(answers(&reply), 1);
    ask(lab, "2.2.0.192.in-addr.arpa", 12, 0, &reply);
    assert_int_equal(rcode(&reply), 3);
    lab_free(lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_root_and_reverse_dns),
        cmocka_unit_test(test_pointers),
        cmocka_unit_test(test_dns),
        cmocka_unit_test(test_tls),
        cmocka_unit_test(test_direct_tls),
        cmocka_unit_test(test_script),
        cmocka_unit_test(test_turns),
        cmocka_unit_test(test_faults),
        cmocka_unit_test(test_two_labs),
        cmocka_unit_test(test_stop),
        cmocka_unit_test(test_bad_data),
        cmocka_unit_test(test_built_in),
        cmocka_unit_test(test_bad_suites),
        cmocka_unit_test(test_never_answers),
        cmocka_unit_test(test_server_names),
        cmocka_unit_test(test_two_certificates),
        cmocka_unit_test(test_rationed_handshakes),
        cmocka_unit_test(test_teaser),
        cmocka_unit_test(test_strict_to_the_end),
        cmocka_unit_test(test_late_replies),
        cmocka_unit_test(test_goodbyes),
        cmocka_unit_test(test_behind_starttls),
        cmocka_unit_test(test_floods),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
