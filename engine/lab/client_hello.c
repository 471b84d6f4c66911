#include "engine/lab/client_hello.h"

#include "engine/base/reader.h"
#include "engine/tls/suite.h"

#include <openssl/rand.h>
#include <string.h>

#define RECORD_ALERT     21
#define RECORD_HANDSHAKE 22
#define HELLO_MOST       65536
#define PRIME_MOST       1024 /* bytes */

#define CLIENT_HELLO_TYPE      1
#define SERVER_HELLO_TYPE      2
#define CERTIFICATE_TYPE       11
#define KEY_EXCHANGE_TYPE      12
#define SERVER_HELLO_DONE_TYPE 14

#define SERVER_NAME          0
#define SIGNATURE_ALGORITHMS 13
#define MASTER_SECRET        23
#define SESSION_TICKET       35
#define SUPPORTED_VERSIONS   43
#define KEY_SHARE            51

#define ALERT_WARNING           1
#define ALERT_FATAL             2
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

static void read_server_name(struct client_hello *hello, struct reader body)
{
    struct reader list = reader_vector(&body, 2), name;
    uint8_t type = reader_u8(&list);
    size_t length;

    name = reader_vector(&list, 2);
    length = reader_left(&name);
    if (!list.failed && type == 0 && length < sizeof hello->server_name)
        memcpy(hello->server_name, name.at, length);
}

static void read_versions(struct client_hello *hello, struct reader body)
{
    struct reader versions = reader_vector(&body, 1);

    while (reader_left(&versions) >= 2) {
        uint16_t version = reader_u16(&versions);

        if (!is_grease(version) && version > hello->highest)
            hello->highest = version;
    }
}

/* The low byte of ECDSA's is 3 (RFC 8446 section 4.2.3). */
static bool holds_ecdsa(struct reader body)
{
    struct reader algorithms = reader_vector(&body, 2);
    bool found = false;

    while (reader_left(&algorithms) >= 2)
        found |= (reader_u16(&algorithms) & 0xff) == 3;
    return found;
}

static void read_extensions(struct client_hello *hello, struct reader *r)
{
    struct reader extensions = reader_vector(r, 2);

    while (reader_left(&extensions)) {
        uint16_t type = reader_u16(&extensions);
        struct reader body = reader_vector(&extensions, 2);

        hello->newest |= type == MASTER_SECRET || type == SESSION_TICKET || type == SUPPORTED_VERSIONS ||
                         type == KEY_SHARE;
        if (type == SERVER_NAME)
            read_server_name(hello, body);
        else if (type == SIGNATURE_ALGORITHMS)
            hello->ecdsa &= holds_ecdsa(body);
        else if (type == SUPPORTED_VERSIONS)
            read_versions(hello, body);
    }
}

static bool any_suite_for_ecdsa(const struct client_hello *hello)
{
    for (size_t i = 0; i < hello->suite_count; i++) {
        uint16_t id = (uint16_t)(hello->suites[2 * i] << 8 | hello->suites[2 * i + 1]);
        const struct tls_suite *suite = tls_suite_find(id);

        if (suite && suite->ecdsa && suite->first < TLS_1_3)
            return true;
    }
    return false;
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
    hello->ecdsa = true;
    hello->ecdsa_suites = any_suite_for_ecdsa(hello);
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

static void write_alert(uint16_t version, uint8_t level, uint8_t alert, struct buf *out)
{
    buf_u8(out, RECORD_ALERT);
    buf_u16(out, version);
    buf_u16(out, 2);
    buf_u8(out, level);
    buf_u8(out, alert);
}

void hello_alert(uint8_t alert, struct buf *out)
{
    write_alert(tls_version_wire(TLS_1_0), ALERT_FATAL, alert, out);
}

void hello_warning(uint8_t alert, struct buf *out)
{
    write_alert(tls_version_wire(TLS_1_0), ALERT_WARNING, alert, out);
}

/* RFC 8446 section 4.1.3 */
static void write_sentinel(enum persona_sentinel sentinel, uint8_t random[32])
{
    static const uint8_t mark[] = {0x44, 0x4f, 0x57, 0x4e, 0x47, 0x52, 0x44};

    if (sentinel == PERSONA_SENTINEL_NO)
        return;
    memcpy(random + 24, mark, sizeof mark);
    random[31] = sentinel == PERSONA_SENTINEL_1_2;
}

static void write_server_hello(uint16_t version, uint16_t suite, enum persona_sentinel sentinel,
                               struct buf *out)
{
    uint8_t random[32];
    size_t mark;

    RAND_bytes(random, sizeof random);
    write_sentinel(sentinel, random);
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

static void write_random(size_t bytes, uint8_t top, struct buf *out)
{
    uint8_t random[PRIME_MOST];

    RAND_bytes(random, sizeof random);
    random[0] = top;
    buf_u16(out, (uint16_t)bytes);
    buf_add(out, random, bytes);
}

/* A number of that size that no one checks for being prime, the generator 2, a public value below it, and a
 * signature that nobody can have made. */
static void write_key_exchange(uint16_t version, unsigned bits, bool is_signed, struct buf *out)
{
    size_t message, bytes = (bits + 7) / 8;

    buf_u8(out, KEY_EXCHANGE_TYPE);
    message = buf_mark(out, 3);
    write_random(bytes, (uint8_t)(1U << (bits - 1) % 8), out);
    buf_u16(out, 1);
    buf_u8(out, 2);
    write_random(bytes, 0, out);
    if (is_signed) {
        if (version >= tls_version_wire(TLS_1_2))
            buf_u16(out, 0x0401); /* rsa_pkcs1_sha256 */
        write_random(256, 1, out);
    }
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

static void write_flight(const struct persona *persona, const struct persona_choice *choice, const void *der,
                         size_t der_length, struct buf *out)
{
    const struct tls_suite *suite = tls_suite_find(choice->suite);
    uint16_t version = tls_version_wire(choice->version);
    size_t mark;

    buf_u8(out, RECORD_HANDSHAKE);
    buf_u16(out, version);
    mark = buf_mark(out, 2);
    write_server_hello(version, choice->suite, persona->sentinel, out);
    if (!suite->anonymous)
        write_certificate(der, der_length, out);
    if (persona->dh_bits && suite->prime)
        write_key_exchange(version, persona->dh_bits, !suite->anonymous, out);
    buf_u8(out, SERVER_HELLO_DONE_TYPE);
    buf_u24(out, 0);
    buf_fill(out, mark, 2);
}

void hello_script(const struct persona *persona, const struct client_hello *hello, const void *der,
                  size_t der_length, struct buf *out)
{
    const struct persona_choice *choices = persona->choices;
    uint16_t version = best_version(choices, persona->choice_count, hello);
    size_t i;

    if (!version) {
        hello_alert(ALERT_PROTOCOL_VERSION, out);
        return;
    }
    for (i = 0; i < persona->choice_count; i++)
        if (tls_version_wire(choices[i].version) == version && offers(hello, choices[i].suite))
            break;
    if (i == persona->choice_count)
        write_alert(version, ALERT_FATAL, ALERT_HANDSHAKE_FAILURE, out);
    else
        write_flight(persona, &choices[i], der, der_length, out);
}

void hello_sslv2(const void *der, size_t der_length, struct buf *out)
{
    static const uint8_t connection[16] = "lab's connection", suite[] = {0x07, 0x00, 0xc0}; /* 3DES, MD5 */

    buf_u16(out, (uint16_t)(0x8000 | (11 + der_length + sizeof suite + sizeof connection)));
    buf_u8(out, 4); /* SERVER-HELLO, no session found, an X.509 certificate, version 0.2 */
    buf_u8(out, 0);
    buf_u8(out, 1);
    buf_u16(out, 2);
    buf_u16(out, (uint16_t)der_length);
    buf_u16(out, sizeof suite);
    buf_u16(out, sizeof connection);
    buf_add(out, der, der_length);
    buf_add(out, suite, sizeof suite);
    buf_add(out, connection, sizeof connection);
}

void hello_sslv2_error(struct buf *out)
{
    static const uint8_t record[] = {0x80, 3, 0, 0, 1};

    buf_add(out, record, sizeof record);
}
