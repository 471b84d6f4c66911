#include "engine/lab/client_hello.h"

#include "engine/base/reader.h"

#include <openssl/rand.h>
#include <string.h>

#define RECORD_ALERT     21
#define RECORD_HANDSHAKE 22
#define HELLO_MOST       65536

#define CLIENT_HELLO_TYPE      1
#define SERVER_HELLO_TYPE      2
#define CERTIFICATE_TYPE       11
#define SERVER_HELLO_DONE_TYPE 14

#define SUPPORTED_VERSIONS 43

#define ALERT_HANDSHAKE_FAILURE 40
#define ALERT_PROTOCOL_VERSION  70

/* Joins the records' handshake bytes; false when a record is of another kind. */
static bool join_records(struct buf *handshake, const void *bytes, size_t length)
{
    struct reader r = reader_of(bytes, length);

    while (reader_left(&r) >= 5) {
        uint8_t type = reader_u8(&r);
        uint8_t major;
        struct reader body;

        major = reader_u8(&r);
        reader_u8(&r);
        if (type != RECORD_HANDSHAKE || major != 3)
            return false;
        body = reader_vector(&r, 2);
        if (body.failed)
            return true;
        buf_add(handshake, body.at, reader_left(&body));
    }
    return reader_left(&r) == 0 || *r.at == RECORD_HANDSHAKE;
}

static bool is_grease(uint16_t value)
{
    return (value & 0x0f0f) == 0x0a0a && value >> 8 == (value & 0xff);
}

static void read_extensions(struct client_hello *hello, struct reader *r)
{
    struct reader extensions = reader_vector(r, 2);

    while (reader_left(&extensions)) {
        uint16_t type = reader_u16(&extensions);
        struct reader body = reader_vector(&extensions, 2);
        struct reader versions;

        if (type != SUPPORTED_VERSIONS || body.failed)
            continue;
        versions = reader_vector(&body, 1);
        while (reader_left(&versions) >= 2) {
            uint16_t version = reader_u16(&versions);

            if (!is_grease(version) && version > hello->highest)
                hello->highest = version;
        }
    }
}

static bool read_message(struct client_hello *hello, struct reader *r)
{
    struct reader suites;

    hello->version = hello->highest = reader_u16(r);
    reader_bytes(r, 32);
    reader_vector(r, 1);
    suites = reader_vector(r, 2);
    reader_vector(r, 1);
    if (r->failed || suites.failed)
        return false;
    hello->suites = suites.at;
    hello->suite_count = reader_left(&suites) / 2;
    if (reader_left(r))
        read_extensions(hello, r);
    return true;
}

enum client_hello_status client_hello_read(struct client_hello *hello, const void *bytes, size_t length)
{
    struct reader r, message;
    uint8_t type;

    memset(hello, 0, sizeof *hello);
    buf_init(&hello->handshake, HELLO_MOST);
    if (!join_records(&hello->handshake, bytes, length) || hello->handshake.failed)
        return CLIENT_HELLO_BAD;
    r = reader_of(hello->handshake.bytes, hello->handshake.length);
    type = reader_u8(&r);
    message = reader_vector(&r, 3);
    if (r.failed)
        return length > HELLO_MOST ? CLIENT_HELLO_BAD : CLIENT_HELLO_PENDING;
    hello->length = reader_left(&message) + 4;
    if (type != CLIENT_HELLO_TYPE || !read_message(hello, &message))
        return CLIENT_HELLO_BAD;
    return CLIENT_HELLO_READ;
}

void client_hello_release(struct client_hello *hello)
{
    buf_release(&hello->handshake);
}

static void write_alert(uint16_t version, uint8_t alert, struct buf *out)
{
    buf_u8(out, RECORD_ALERT);
    buf_u16(out, version);
    buf_u16(out, 2);
    buf_u8(out, 2);
    buf_u8(out, alert);
}

void hello_alert(uint8_t alert, struct buf *out)
{
    write_alert(tls_version_wire(TLS_1_0), alert, out);
}

static void write_server_hello(uint16_t version, uint16_t suite, struct buf *out)
{
    uint8_t random[32];
    size_t mark;

    RAND_bytes(random, sizeof random);
    buf_u8(out, SERVER_HELLO_TYPE);
    mark = buf_mark(out, 3);
    buf_u16(out, version);
    buf_add(out, random, sizeof random);
    buf_u8(out, 0);
    buf_u16(out, suite);
    buf_u8(out, 0);
    buf_fill(out, mark, 3);
}

static void write_certificate(const void *der, size_t length, struct buf *out)
{
    size_t message, list, item;

    buf_u8(out, CERTIFICATE_TYPE);
    message = buf_mark(out, 3);
    list = buf_mark(out, 3);
    item = buf_mark(out, 3);
    buf_add(out, der, length);
    buf_fill(out, item, 3);
    buf_fill(out, list, 3);
    buf_fill(out, message, 3);
}

/* The best version of the choices that the client takes; 0 when there is none. */
static uint16_t best_version(const struct persona_choice *choices, size_t count,
                             const struct client_hello *hello)
{
    uint16_t best = 0;

    for (size_t i = 0; i < count; i++) {
        uint16_t version = tls_version_wire(choices[i].version);

        if (version <= hello->version && version > best)
            best = version;
    }
    return best;
}

static bool offers(const struct client_hello *hello, uint16_t suite)
{
    for (size_t i = 0; i < hello->suite_count; i++)
        if (hello->suites[2 * i] == suite >> 8 && hello->suites[2 * i + 1] == (suite & 0xff))
            return true;
    return false;
}

void hello_script(const struct persona_choice *choices, size_t count, const struct client_hello *hello,
                  const void *der, size_t der_length, struct buf *out)
{
    uint16_t version = best_version(choices, count, hello);
    size_t mark, i;

    if (!version) {
        hello_alert(ALERT_PROTOCOL_VERSION, out);
        return;
    }
    for (i = 0; i < count; i++)
        if (tls_version_wire(choices[i].version) == version && offers(hello, choices[i].suite))
            break;
    if (i == count) {
        write_alert(version, ALERT_HANDSHAKE_FAILURE, out);
        return;
    }
    buf_u8(out, RECORD_HANDSHAKE);
    buf_u16(out, version);
    mark = buf_mark(out, 2);
    write_server_hello(version, choices[i].suite, out);
    write_certificate(der, der_length, out);
    buf_u8(out, SERVER_HELLO_DONE_TYPE);
    buf_u24(out, 0);
    buf_fill(out, mark, 2);
}
