#include "engine/lab/guest.h"

#include "engine/base/mem.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct lab *guest_lab(const char *zone, const char *personas)
{
    struct lab_options options = {.zone = zone, .personas = personas};
    char *error = NULL;
    struct lab *lab = lab_new(&options, &error);

    if (!lab)
        fail_msg("%s", error);
    return lab;
}

int guest_socket(int kind, const char *address, unsigned port)
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

unsigned guest_dns_port(const struct lab *lab)
{
    return (unsigned)strtoul(strchr(lab_dns(lab), ':') + 1, NULL, 10);
}

void guest_query(struct buf *query, const char *name, uint16_t type, unsigned edns)
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

unsigned guest_rcode(const struct guest_reply *reply)
{
    return reply->bytes[3] & 15;
}

unsigned guest_answers(const struct guest_reply *reply)
{
    return (unsigned)reply->bytes[6] << 8 | reply->bytes[7];
}

bool guest_truncated(const struct guest_reply *reply)
{
    return reply->bytes[2] & 2;
}

bool guest_authenticated(const struct guest_reply *reply)
{
    return reply->bytes[3] & 0x20;
}

void guest_ask(const struct lab *lab, const char *name, uint16_t type, unsigned edns,
               struct guest_reply *reply)
{
    int fd = guest_socket(SOCK_DGRAM, "127.0.0.1", guest_dns_port(lab));
    struct buf query;

    guest_query(&query, name, type, edns);
    assert_int_equal((ssize_t)query.length, send(fd, query.bytes, query.length, 0));
    reply->length = recv(fd, reply->bytes, sizeof reply->bytes, 0);
    assert_true(reply->length >= 12);
    assert_int_equal(0x12, reply->bytes[0]);
    assert_true(reply->bytes[2] & 0x80);
    assert_true(reply->bytes[3] & 0x80);
    buf_release(&query);
    close(fd);
}

void guest_read(int fd, void *bytes, size_t length)
{
    assert_int_equal((ssize_t)length, recv(fd, bytes, length, MSG_WAITALL));
}

void guest_ask_tcp(const struct lab *lab, const char *name, uint16_t type, struct guest_reply *reply)
{
    int fd = guest_socket(SOCK_STREAM, "127.0.0.1", guest_dns_port(lab));
    struct buf query;
    uint8_t head[2];

    guest_query(&query, name, type, 0);
    head[0] = (uint8_t)(query.length >> 8);
    head[1] = (uint8_t)query.length;
    /* The length comes in two pieces, the query after it. */
    assert_int_equal(1, send(fd, head, 1, 0));
    assert_int_equal(1, send(fd, head + 1, 1, 0));
    assert_int_equal((ssize_t)query.length, send(fd, query.bytes, query.length, 0));
    guest_read(fd, head, 2);
    reply->length = head[0] << 8 | head[1];
    guest_read(fd, reply->bytes, (size_t)reply->length);
    buf_release(&query);
    close(fd);
}

int guest_take(struct guest *client, char *byte)
{
    return client->ssl ? SSL_read(client->ssl, byte, 1) : (int)recv(client->fd, byte, 1, 0);
}

int guest_hear(struct guest *client)
{
    char line[1024];
    size_t length = 0;

    for (;;) {
        if (length == sizeof line - 1 || guest_take(client, &line[length]) != 1)
            return -1;
        if (line[length++] != '\n')
            continue;
        line[length] = '\0';
        if (length > 3 && line[3] == ' ')
            return atoi(line);
        length = 0;
    }
}

int guest_say(struct guest *client, const char *line)
{
    if (client->ssl)
        SSL_write(client->ssl, line, (int)strlen(line));
    else
        send(client->fd, line, strlen(line), MSG_NOSIGNAL);
    return guest_hear(client);
}

struct guest guest_call(const struct lab *lab, const char *address)
{
    struct guest client = {guest_socket(SOCK_STREAM, address, lab_port(lab, PROTOCOL_SMTP)), NULL};

    assert_true(client.fd >= 0);
    return client;
}

void guest_leave(struct guest *client)
{
    SSL_CTX *context = client->ssl ? SSL_get_SSL_CTX(client->ssl) : NULL;

    close(client->fd);
    SSL_free(client->ssl);
    SSL_CTX_free(context);
}

long guest_handshake_as(const struct lab *lab, struct guest *client, const char *name, int key)
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

long guest_handshake(const struct lab *lab, struct guest *client)
{
    return guest_handshake_as(lab, client, NULL, 0);
}

long guest_start_tls(const struct lab *lab, struct guest *client)
{
    assert_int_equal(220, guest_hear(client));
    assert_int_equal(250, guest_say(client, "EHLO test.example\r\n"));
    assert_int_equal(220, guest_say(client, "STARTTLS\r\n"));
    return guest_handshake(lab, client);
}
