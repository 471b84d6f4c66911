#include "engine/base/reader.h"
#include "engine/tls/hello.h"
#include "engine/tls/hello_wire.h"
#include "engine/tls/suite.h"

#include <string.h>

#define RECORD_HEADER  5
#define RECORD_MOST    (16384 + 2048) /* RFC 5246 §6.2.3 */
#define KEPT_MOST      65536
#define SLICE          16384
#define SESSION_MOST   32
#define SSLV2_HEADER   2
#define SSLV2_ERROR    0
#define SSLV2_HELLO    4
#define SSLV2_SHORTEST 11 /* a SERVER-HELLO that lists nothing */
#define ALERT_WARNING  1
#define ALERT_BAD_NAME 112 /* unrecognized_name */

void hello_reader_init(struct hello_reader *reader)
{
    memset(reader, 0, sizeof *reader);
    buf_init(&reader->input, KEPT_MOST);
    buf_init(&reader->handshake, KEPT_MOST);
    buf_init(&reader->chain, KEPT_MOST);
}

void hello_reader_release(struct hello_reader *reader)
{
    buf_release(&reader->input);
    buf_release(&reader->handshake);
    buf_release(&reader->chain);
}

bool hello_reader_complete(const struct hello_reader *reader)
{
    bool chain_due = reader->wants_chain && !reader->chain_over;
    bool prime_due = reader->wants_prime && !reader->prime_over;

    return reader->answer.outcome != HELLO_PENDING &&
           (reader->answer.outcome != HELLO_SERVER_HELLO || (!chain_due && !prime_due));
}

/* Nothing more is read. What comes behind a ServerHello takes nothing back from it. */
static void stop(struct hello_reader *reader, enum hello_outcome outcome)
{
    reader->chain_over = reader->prime_over = true;
    if (reader->answer.outcome == HELLO_PENDING)
        reader->answer.outcome = outcome;
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

static void read_extensions(struct reader *r, struct hello_answer *answer)
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
    struct reader session;

    answer->version_wire = reader_u16(&r);
    random = reader_bytes(&r, 32);
    session = reader_vector(&r, 1);
    answer->suite = reader_u16(&r);
    reader_u8(&r); /* compression */
    if (reader_left(&r))
        read_extensions(&r, answer);
    if (r.failed || !random || reader_left(&session) > SESSION_MOST ||
        !tls_version_from_wire(answer->version_wire, &answer->version)) {
        answer->outcome = HELLO_MALFORMED;
        return;
    }
    answer->retry_request = answer->version == TLS_1_3 && is_retry_request(random);
    answer->sentinel = answer->version < TLS_1_3 ? sentinel_of(random) : SENTINEL_NONE;
    answer->outcome = HELLO_SERVER_HELLO;
}

/* The certificate_list of a Certificate message (RFC 5246 §7.4.2), as it stands. */
static void read_certificate(struct reader r, struct hello_reader *reader)
{
    struct reader list = reader_vector(&r, 3);

    if (reader_done(&r) && reader->wants_chain)
        buf_add(&reader->chain, list.at, reader_left(&list));
    reader->chain_over = true;
}

/* The prime comes first in a ServerKeyExchange of all versions (RFC 6101 §5.6.3, 5246 §7.4.3). */
static void read_prime(struct reader r, struct hello_reader *reader)
{
    struct reader prime = reader_vector(&r, 2);
    size_t bytes;
    unsigned top;

    reader->chain_over = reader->prime_over = true;
    while (reader_left(&prime) && !*prime.at)
        reader_u8(&prime);
    bytes = reader_left(&prime);
    if (r.failed || !bytes)
        return;
    for (top = *prime.at; top; top >>= 1)
        reader->answer.dh_bits++;
    reader->answer.dh_bits += (unsigned)(bytes - 1) * 8;
}

static void read_greeting(struct reader r, struct hello_reader *reader)
{
    const struct tls_suite *suite;

    read_server_hello(r, &reader->answer);
    suite = reader->wants_prime ? tls_suite_find(reader->answer.suite) : NULL;
    reader->chain_over = reader->answer.version == TLS_1_3;
    reader->prime_over = reader->answer.version == TLS_1_3 || !suite || !suite->prime;
}

static bool expected(const struct hello_reader *reader, uint8_t type)
{
    if (type == MESSAGE_HELLO_REQUEST)
        return true;
    if (reader->answer.outcome != HELLO_SERVER_HELLO)
        return type == MESSAGE_SERVER_HELLO;
    return (type == MESSAGE_CERTIFICATE && !reader->chain_over) ||
           (type == MESSAGE_SERVER_KEY_EXCHANGE && !reader->prime_over);
}

static void read_message(struct hello_reader *reader, uint8_t type, struct reader body)
{
    if (type == MESSAGE_SERVER_HELLO)
        read_greeting(body, reader);
    else if (type == MESSAGE_CERTIFICATE)
        read_certificate(body, reader);
    else if (type == MESSAGE_SERVER_KEY_EXCHANGE)
        read_prime(body, reader);
    else if (reader_left(&body))
        stop(reader, HELLO_MALFORMED); /* a HelloRequest is empty */
}

/* Takes the whole messages off the handshake bytes collected so far. */
static void read_handshake(struct hello_reader *reader)
{
    struct reader r = reader_of(reader->handshake.bytes, reader->handshake.length);
    const uint8_t *taken = r.at;

    while (!hello_reader_complete(reader) && reader_left(&r)) {
        uint8_t type = reader_u8(&r);
        uint32_t length = reader_u24(&r);
        struct reader body = reader_sub(&r, length);

        if (!expected(reader, type) || length > KEPT_MOST)
            stop(reader, HELLO_MALFORMED);
        else if (r.failed)
            break;
        else
            read_message(reader, type, body);
        taken = r.at;
    }
    buf_consume(&reader->handshake, (size_t)(taken - reader->handshake.bytes));
}

/* Several may share a record before TLS 1.3. */
static void read_alerts(struct reader r, struct hello_reader *reader)
{
    struct hello_answer *answer = &reader->answer;

    while (!hello_reader_complete(reader) && reader_left(&r)) {
        uint8_t level = reader_u8(&r), alert = reader_u8(&r);

        if (r.failed || answer->outcome != HELLO_PENDING) {
            stop(reader, HELLO_MALFORMED);
            return;
        }
        answer->alert_level = level;
        answer->alert = alert;
        if (level != ALERT_WARNING || alert != ALERT_BAD_NAME)
            stop(reader, HELLO_ALERT);
    }
}

/* An SSLv2 record has the highest bit of its two-byte length set, then the message's type: ERROR is that and
 * a number, SERVER-HELLO goes on with two small ones. */
static enum hello_outcome judge_sslv2(const uint8_t *bytes, size_t length)
{
    size_t size;

    if (length < SSLV2_HEADER + 3)
        return length > SSLV2_HEADER && bytes[2] != SSLV2_HELLO && bytes[2] != SSLV2_ERROR ? HELLO_NOT_TLS
                                                                                           : HELLO_PENDING;
    size = (size_t)(bytes[0] & 0x7f) << 8 | bytes[1];
    if (bytes[2] == SSLV2_ERROR && size == 3 && !bytes[3])
        return HELLO_SSLV2;
    if (bytes[2] == SSLV2_HELLO && size >= SSLV2_SHORTEST && bytes[3] <= 1 && bytes[4] <= 1)
        return HELLO_SSLV2;
    return HELLO_NOT_TLS;
}

/* What the first bytes of a record alone rule out. */
static enum hello_outcome judge_start(const uint8_t *bytes, size_t length)
{
    if (bytes[0] & 0x80)
        return judge_sslv2(bytes, length);
    if (bytes[0] < RECORD_CHANGE_CIPHER || bytes[0] > RECORD_DATA || (length > 1 && bytes[1] != 3))
        return HELLO_NOT_TLS;
    if (bytes[0] == RECORD_ALERT || bytes[0] == RECORD_HANDSHAKE || length < 2)
        return HELLO_PENDING;
    return HELLO_MALFORMED;
}

static void read_content(struct hello_reader *reader, uint8_t type, struct reader body)
{
    if (!reader_left(&body)) {
        stop(reader, HELLO_MALFORMED); /* RFC 5246 §6.2.1 */
    } else if (type == RECORD_ALERT) {
        read_alerts(body, reader);
    } else {
        buf_add(&reader->handshake, body.at, reader_left(&body));
        read_handshake(reader);
    }
}

/* Takes one record off the input; false when there is no whole one. */
static bool read_record(struct hello_reader *reader)
{
    struct reader r = reader_of(reader->input.bytes, reader->input.length), body;
    enum hello_outcome start;
    uint16_t length;
    uint8_t type;

    if (!reader_left(&r))
        return false;
    start = judge_start(r.at, reader_left(&r));
    if (start != HELLO_PENDING)
        stop(reader, start);
    if (start != HELLO_PENDING || reader_left(&r) < RECORD_HEADER)
        return false;
    type = reader_u8(&r);
    reader_u16(&r);
    length = reader_u16(&r);
    body = reader_sub(&r, length);
    if (length > RECORD_MOST)
        stop(reader, HELLO_MALFORMED);
    if (length > RECORD_MOST || body.failed)
        return false;
    read_content(reader, type, body);
    buf_consume(&reader->input, RECORD_HEADER + (size_t)length);
    return true;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

enum hello_outcome hello_reader_feed(struct hello_reader *reader, const void *bytes, size_t length)
{
    const uint8_t *at = bytes;

    while (length && !hello_reader_complete(reader)) {
        size_t slice = least(length, least(SLICE, KEPT_MOST - reader->taken));

        if (!slice)
            stop(reader, HELLO_MALFORMED);
        buf_add(&reader->input, at, slice);
        at += slice;
        length -= slice;
        reader->taken += slice;
        while (!hello_reader_complete(reader) && read_record(reader))
            continue;
    }
    return reader->answer.outcome;
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
