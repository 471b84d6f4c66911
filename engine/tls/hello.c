#include "engine/tls/hello.h"

#include "engine/base/reader.h"
#include "engine/tls/suite.h"

#include <arpa/inet.h>
#include <string.h>

#define RECORD_ALERT     21
#define RECORD_HANDSHAKE 22
#define CLIENT_HELLO     1
#define SERVER_HELLO     2
#define RECORD_MOST      (16384 + 2048) /* RFC 5246 §6.2.3 */
#define KEPT_MOST        65536

#define ALERT_UNRECOGNIZED_NAME 112
#define RENEGOTIATION_SCSV      0x00ff /* RFC 5746 §3.3 */

enum extension {
    EXT_SERVER_NAME = 0,
    EXT_GROUPS = 10,
    EXT_POINT_FORMATS = 11,
    EXT_SIGNATURES = 13,
    EXT_PADDING = 21,
    EXT_MASTER_SECRET = 23,
    EXT_TICKET = 35,
    EXT_VERSIONS = 43,
    EXT_PSK_MODES = 45,
    EXT_KEY_SHARE = 51,
};

static bool is_ip_literal(const char *name)
{
    unsigned char bytes[16];

    return inet_pton(AF_INET, name, bytes) == 1 || inet_pton(AF_INET6, name, bytes) == 1;
}

static void write_suites(const struct hello_request *request, struct buf *out)
{
    size_t mark = buf_mark(out, 2), count, i;
    const struct tls_suite *table = tls_suite_table(&count);

    for (i = 0; i < request->suite_count && request->suites; i++)
        buf_u16(out, request->suites[i]);
    for (i = 0; i < count && !request->suites; i++)
        if (table[i].mail && table[i].first <= request->highest && table[i].last >= request->lowest)
            buf_u16(out, table[i].id);
    if (request->lowest < TLS_1_3)
        buf_u16(out, RENEGOTIATION_SCSV);
    buf_fill(out, mark, 2);
}

static size_t begin(struct buf *out, enum extension type)
{
    buf_u16(out, (uint16_t)type);
    return buf_mark(out, 2);
}

static void write_server_name(const char *name, struct buf *out)
{
    size_t extension = begin(out, EXT_SERVER_NAME), list = buf_mark(out, 2), host;

    buf_u8(out, 0);
    host = buf_mark(out, 2);
    buf_add_string(out, name);
    buf_fill(out, host, 2);
    buf_fill(out, list, 2);
    buf_fill(out, extension, 2);
}

static void write_numbers(struct buf *out, enum extension type, unsigned width, const uint16_t *numbers,
                          size_t count)
{
    size_t extension = begin(out, type), list = buf_mark(out, width), i;

    for (i = 0; i < count; i++)
        buf_u16(out, numbers[i]);
    buf_fill(out, list, width);
    buf_fill(out, extension, 2);
}

static void write_elliptic(struct buf *out)
{
    static const uint16_t groups[] = {29, 23, 24, 25}; /* X25519, P-256, P-384, P-521 */
    size_t extension;

    write_numbers(out, EXT_GROUPS, 2, groups, 4);
    extension = begin(out, EXT_POINT_FORMATS);
    buf_u8(out, 1);
    buf_u8(out, 0);
    buf_fill(out, extension, 2);
}

static void write_signatures(struct buf *out)
{
    /* RFC 8446 §4.2.3: ECDSA, Ed25519, RSA-PSS, RSA PKCS #1, SHA-1 and DSS for old servers. */
    static const uint16_t algorithms[] = {0x0403, 0x0503, 0x0603, 0x0807, 0x0804, 0x0805,
                                          0x0806, 0x0809, 0x080a, 0x080b, 0x0401, 0x0501,
                                          0x0601, 0x0203, 0x0201, 0x0402, 0x0202};

    write_numbers(out, EXT_SIGNATURES, 2, algorithms, sizeof algorithms / sizeof algorithms[0]);
}

static void write_tls_1_3(const struct hello_request *request, struct buf *out)
{
    uint16_t versions[TLS_VERSIONS];
    size_t extension, list, count = 0;
    int version;

    for (version = TLS_1_3; version >= (int)request->lowest && version >= TLS_1_0; version--)
        versions[count++] = tls_version_wire((enum tls_version)version);
    write_numbers(out, EXT_VERSIONS, 1, versions, count);
    extension = begin(out, EXT_PSK_MODES);
    buf_u8(out, 1);
    buf_u8(out, 1); /* psk_dhe_ke */
    buf_fill(out, extension, 2);
    extension = begin(out, EXT_KEY_SHARE);
    list = buf_mark(out, 2);
    buf_u16(out, 29); /* X25519 */
    buf_u16(out, sizeof request->key_share);
    buf_add(out, request->key_share, sizeof request->key_share);
    buf_fill(out, list, 2);
    buf_fill(out, extension, 2);
}

static void write_empty(struct buf *out, enum extension type)
{
    buf_fill(out, begin(out, type), 2);
}

static void write_extensions(const struct hello_request *request, struct buf *out)
{
    bool named = request->server_name && *request->server_name && request->shape != HELLO_BARE &&
                 !is_ip_literal(request->server_name);

    if (named)
        write_server_name(request->server_name, out);
    if (request->shape == HELLO_NORMAL && request->lowest < TLS_1_3) {
        write_empty(out, EXT_MASTER_SECRET);
        write_empty(out, EXT_TICKET);
    }
    write_elliptic(out);
    if (request->highest >= TLS_1_2)
        write_signatures(out);
    if (request->highest == TLS_1_3)
        write_tls_1_3(request, out);
}

/* A hello of 256 to 511 bytes hangs some old load balancers (RFC 7685 §1): filled up to 512. */
static void pad(struct buf *out, size_t message)
{
    static const uint8_t zeros[512];
    size_t length = out->length - message, extension, want;

    if (length < 256 || length >= 512)
        return;
    want = 512 - length;
    want = want > 4 ? want - 4 : 0;
    extension = begin(out, EXT_PADDING);
    buf_add(out, zeros, want);
    buf_fill(out, extension, 2);
}

static void write_body(const struct hello_request *request, size_t message, struct buf *out)
{
    bool newest = request->highest == TLS_1_3;
    size_t mark;

    buf_u16(out, tls_version_wire(newest ? TLS_1_2 : request->highest));
    buf_add(out, request->random, sizeof request->random);
    buf_u8(out, newest ? sizeof request->session_id : 0);
    if (newest)
        buf_add(out, request->session_id, sizeof request->session_id);
    write_suites(request, out);
    buf_u8(out, 1);
    buf_u8(out, 0); /* no compression */
    if (request->highest == TLS_SSL_3_0 || (request->highest == TLS_1_0 && request->shape == HELLO_BARE))
        return;
    mark = buf_mark(out, 2);
    write_extensions(request, out);
    pad(out, message);
    buf_fill(out, mark, 2);
}

void hello_write(const struct hello_request *request, struct buf *out)
{
    size_t record, message;

    buf_u8(out, RECORD_HANDSHAKE);
    buf_u16(out, tls_version_wire(request->highest == TLS_SSL_3_0 ? TLS_SSL_3_0 : TLS_1_0));
    record = buf_mark(out, 2);
    message = out->length;
    buf_u8(out, CLIENT_HELLO);
    {
        size_t length = buf_mark(out, 3);

        write_body(request, message, out);
        buf_fill(out, length, 3);
    }
    buf_fill(out, record, 2);
}

void hello_reader_init(struct hello_reader *reader)
{
    memset(reader, 0, sizeof *reader);
    buf_init(&reader->input, KEPT_MOST);
    buf_init(&reader->handshake, KEPT_MOST);
}

void hello_reader_release(struct hello_reader *reader)
{
    buf_release(&reader->input);
    buf_release(&reader->handshake);
}

static enum hello_sentinel sentinel_of(const uint8_t *random)
{
    static const uint8_t mark[] = {0x44, 0x4f, 0x57, 0x4e, 0x47, 0x52, 0x44};

    if (memcmp(random + 24, mark, sizeof mark) != 0 || random[31] > 1)
        return SENTINEL_NONE;
    return random[31] ? SENTINEL_TLS_1_2 : SENTINEL_TLS_1_1_OR_BELOW;
}

static bool is_retry_request(const uint8_t *random)
{
    /* SHA-256 of "HelloRetryRequest" (RFC 8446 §4.1.3). */
    static const uint8_t mark[32] = {0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c,
                                     0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb,
                                     0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c};

    return memcmp(random, mark, sizeof mark) == 0;
}

static void read_server_extensions(struct reader *r, struct hello_answer *answer)
{
    struct reader extensions = reader_vector(r, 2);

    while (!extensions.failed && reader_left(&extensions)) {
        uint16_t type = reader_u16(&extensions);
        struct reader body = reader_vector(&extensions, 2);

        if (type == EXT_VERSIONS)
            answer->version_wire = reader_u16(&body);
        else if (type == EXT_KEY_SHARE)
            answer->group = reader_u16(&body);
        if (body.failed)
            reader_fail(r);
    }
    if (extensions.failed)
        reader_fail(r);
}

static void read_server_hello(struct reader r, struct hello_answer *answer)
{
    const uint8_t *random;

    answer->version_wire = reader_u16(&r);
    random = reader_bytes(&r, 32);
    reader_vector(&r, 1);
    answer->suite = reader_u16(&r);
    reader_u8(&r);
    if (reader_left(&r))
        read_server_extensions(&r, answer);
    if (r.failed || !random || !tls_version_from_wire(answer->version_wire, &answer->version)) {
        answer->outcome = HELLO_MALFORMED;
        return;
    }
    answer->sentinel = sentinel_of(random);
    answer->retry_request = answer->version == TLS_1_3 && is_retry_request(random);
    answer->outcome = HELLO_SERVER_HELLO;
}

/* Looks for a whole message in the handshake bytes collected so far. */
static void read_handshake(struct hello_reader *reader)
{
    struct reader r = reader_of(reader->handshake.bytes, reader->handshake.length);

    while (reader->answer.outcome == HELLO_PENDING && reader_left(&r) >= 4) {
        uint8_t type = reader_u8(&r);
        uint32_t length = reader_u24(&r);

        if ((type != SERVER_HELLO && type != 0) || length > KEPT_MOST)
            reader->answer.outcome = HELLO_MALFORMED;
        else if (reader_left(&r) < length)
            return;
        else if (type == SERVER_HELLO)
            read_server_hello(reader_sub(&r, length), &reader->answer);
        else
            reader_sub(&r, length);
    }
}

static void read_alert(struct reader r, struct hello_answer *answer)
{
    uint8_t level = reader_u8(&r), alert = reader_u8(&r);

    if (r.failed) {
        answer->outcome = HELLO_MALFORMED;
        return;
    }
    answer->alert_level = level;
    answer->alert = alert;
    if (level != 1 || alert != ALERT_UNRECOGNIZED_NAME)
        answer->outcome = HELLO_ALERT;
}

/* What the first bytes alone rule out. */
static enum hello_outcome judge_start(const uint8_t *bytes, size_t length)
{
    if (bytes[0] != RECORD_ALERT && bytes[0] != RECORD_HANDSHAKE) {
        if ((bytes[0] & 0x80) && length < 3)
            return HELLO_PENDING;
        return (bytes[0] & 0x80) && bytes[2] == 4 ? HELLO_SSLV2 : HELLO_NOT_TLS;
    }
    return length > 1 && bytes[1] != 3 ? HELLO_NOT_TLS : HELLO_PENDING;
}

/* Takes one record from the input; false when there is no whole one. */
static bool read_record(struct hello_reader *reader)
{
    struct reader r = reader_of(reader->input.bytes, reader->input.length), body;
    uint8_t type;

    if (!reader_left(&r))
        return false;
    reader->answer.outcome = judge_start(r.at, reader_left(&r));
    if (reader->answer.outcome != HELLO_PENDING)
        return true;
    type = reader_u8(&r);
    reader_u16(&r);
    body = reader_vector(&r, 2);
    if (reader->input.length >= 5 && (reader->input.bytes[3] << 8 | reader->input.bytes[4]) > RECORD_MOST) {
        reader->answer.outcome = HELLO_MALFORMED;
        return true;
    }
    if (body.failed)
        return false;
    if (type == RECORD_ALERT) {
        read_alert(body, &reader->answer);
    } else {
        buf_add(&reader->handshake, body.at, reader_left(&body));
        read_handshake(reader);
    }
    buf_consume(&reader->input, (size_t)(r.at - reader->input.bytes));
    return true;
}

enum hello_outcome hello_reader_feed(struct hello_reader *reader, const void *bytes, size_t length)
{
    if (reader->answer.outcome != HELLO_PENDING)
        return reader->answer.outcome;
    buf_add(&reader->input, bytes, length);
    while (reader->answer.outcome == HELLO_PENDING && read_record(reader))
        continue;
    if (reader->answer.outcome == HELLO_PENDING && (reader->input.failed || reader->handshake.failed))
        reader->answer.outcome = HELLO_MALFORMED;
    return reader->answer.outcome;
}

void hello_write_close(enum tls_version version, struct buf *out)
{
    buf_u8(out, RECORD_ALERT);
    buf_u16(out, tls_version_wire(version == TLS_1_3 ? TLS_1_2 : version));
    buf_u16(out, 2);
    buf_u8(out, 1); /* warning */
    buf_u8(out, 0); /* close_notify */
}

const char *tls_alert_name(uint8_t alert)
{
    static const char *const names[] = {
        [0] = "close_notify",
        [10] = "unexpected_message",
        [20] = "bad_record_mac",
        [21] = "decryption_failed",
        [22] = "record_overflow",
        [30] = "decompression_failure",
        [40] = "handshake_failure",
        [41] = "no_certificate",
        [42] = "bad_certificate",
        [43] = "unsupported_certificate",
        [44] = "certificate_revoked",
        [45] = "certificate_expired",
        [46] = "certificate_unknown",
        [47] = "illegal_parameter",
        [48] = "unknown_ca",
        [49] = "access_denied",
        [50] = "decode_error",
        [51] = "decrypt_error",
        [60] = "export_restriction",
        [70] = "protocol_version",
        [71] = "insufficient_security",
        [80] = "internal_error",
        [86] = "inappropriate_fallback",
        [90] = "user_canceled",
        [100] = "no_renegotiation",
        [109] = "missing_extension",
        [110] = "unsupported_extension",
        [111] = "certificate_unobtainable",
        [112] = "unrecognized_name",
        [113] = "bad_certificate_status_response",
        [114] = "bad_certificate_hash_value",
        [115] = "unknown_psk_identity",
        [116] = "certificate_required",
        [120] = "no_application_protocol",
    };

    return alert < sizeof names / sizeof names[0] ? names[alert] : NULL;
}
