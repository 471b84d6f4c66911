#include "engine/tls/hello.h"

#include "engine/tls/hello_wire.h"
#include "engine/tls/suite.h"

#include <arpa/inet.h>

#define RENEGOTIATION_SCSV 0x00ff /* RFC 5746 §3.3 */

bool hello_may_name(const char *server_name)
{
    unsigned char bytes[16];

    return server_name && *server_name && inet_pton(AF_INET, server_name, bytes) != 1 &&
           inet_pton(AF_INET6, server_name, bytes) != 1;
}

static bool may_hold(enum tls_auth auth, const struct tls_suite *suite)
{
    switch (auth) {
    case AUTH_ANY:
        return true;
    case AUTH_RSA:
        return suite->rsa;
    case AUTH_ECDSA:
        return suite->ecdsa;
    }
    return false;
}

/* Postfix puts anonymous suites first when it may choose: offered at once, they would hide what others get.
 */
static bool offers(const struct hello_request *request, const struct tls_suite *suite)
{
    if ((suite->anonymous && request->shape == HELLO_NORMAL) || !may_hold(request->auth, suite))
        return false;
    return suite->mail && suite->first <= request->highest && suite->last >= request->lowest;
}

static void write_suites(const struct hello_request *request, struct buf *out)
{
    size_t mark = buf_mark(out, 2), count, i;
    const struct tls_suite *table = tls_suite_table(&count);

    for (i = 0; i < request->suite_count && request->suites; i++)
        buf_u16(out, request->suites[i]);
    for (i = 0; i < count && !request->suites; i++)
        if (offers(request, &table[i]))
            buf_u16(out, table[i].id);
    if (request->lowest < TLS_1_3)
        buf_u16(out, RENEGOTIATION_SCSV);
    buf_fill(out, mark, 2);
}

static size_t begin(struct buf *out, enum hello_extension type)
{
    buf_u16(out, (uint16_t)type);
    return buf_mark(out, 2);
}

static void write_empty(struct buf *out, enum hello_extension type)
{
    buf_fill(out, begin(out, type), 2);
}

static void write_server_name(const char *name, struct buf *out)
{
    size_t extension = begin(out, EXT_SERVER_NAME), list = buf_mark(out, 2), host;

    buf_u8(out, 0); /* host_name */
    host = buf_mark(out, 2);
    buf_add_string(out, name);
    buf_fill(out, host, 2);
    buf_fill(out, list, 2);
    buf_fill(out, extension, 2);
}

static void write_numbers(struct buf *out, enum hello_extension type, unsigned width, const uint16_t *numbers,
                          size_t count)
{
    size_t extension = begin(out, type), list = buf_mark(out, width), i;

    for (i = 0; i < count; i++)
        buf_u16(out, numbers[i]);
    buf_fill(out, list, width);
    buf_fill(out, extension, 2);
}

/* A list of one byte, in a vector whose length takes one byte. */
static void write_byte(struct buf *out, enum hello_extension type, uint8_t value)
{
    size_t extension = begin(out, type);

    buf_u8(out, 1);
    buf_u8(out, value);
    buf_fill(out, extension, 2);
}

static void write_elliptic(struct buf *out)
{
    static const uint16_t groups[] = {GROUP_X25519, GROUP_P256, GROUP_P384, GROUP_P521};

    write_numbers(out, EXT_GROUPS, 2, groups, sizeof groups / sizeof groups[0]);
    write_byte(out, EXT_POINT_FORMATS, 0); /* uncompressed */
}

static void write_signatures(enum tls_auth auth, struct buf *out)
{
    /* RFC 8446 §4.2.3: ECDSA, Ed25519, RSA-PSS, RSA PKCS #1, SHA-1 and DSS for old servers. */
    static const uint16_t any[] = {0x0403, 0x0503, 0x0603, 0x0807, 0x0804, 0x0805, 0x0806, 0x0809, 0x080a,
                                   0x080b, 0x0401, 0x0501, 0x0601, 0x0203, 0x0201, 0x0402, 0x0202};
    static const uint16_t rsa[] = {0x0804, 0x0805, 0x0806, 0x0809, 0x080a,
                                   0x080b, 0x0401, 0x0501, 0x0601, 0x0201};
    static const uint16_t ecdsa[] = {0x0403, 0x0503, 0x0603, 0x0203};

    if (auth == AUTH_RSA)
        write_numbers(out, EXT_SIGNATURES, 2, rsa, sizeof rsa / sizeof *rsa);
    else if (auth == AUTH_ECDSA)
        write_numbers(out, EXT_SIGNATURES, 2, ecdsa, sizeof ecdsa / sizeof *ecdsa);
    write_numbers(out, auth == AUTH_ANY ? EXT_SIGNATURES : EXT_SIGNATURES_CERTIFICATE, 2, any,
                  sizeof any / sizeof *any);
}

static void write_key_share(const struct hello_request *request, struct buf *out)
{
    size_t extension = begin(out, EXT_KEY_SHARE), list = buf_mark(out, 2);

    buf_u16(out, GROUP_X25519);
    buf_u16(out, sizeof request->key_share);
    buf_add(out, request->key_share, sizeof request->key_share);
    buf_fill(out, list, 2);
    buf_fill(out, extension, 2);
}

static void write_tls_1_3(const struct hello_request *request, struct buf *out)
{
    uint16_t versions[TLS_VERSIONS];
    size_t count = 0;
    int version;

    for (version = TLS_1_3; version >= (int)request->lowest && version >= TLS_1_0; version--)
        versions[count++] = tls_version_wire((enum tls_version)version);
    write_numbers(out, EXT_VERSIONS, 1, versions, count);
    if (request->shape == HELLO_NORMAL)
        write_byte(out, EXT_PSK_MODES, 1); /* psk_dhe_ke */
    write_key_share(request, out);
}

static void write_extensions(const struct hello_request *request, struct buf *out)
{
    if (request->shape != HELLO_BARE && hello_may_name(request->server_name))
        write_server_name(request->server_name, out);
    if (request->shape == HELLO_NORMAL && request->lowest < TLS_1_3) {
        write_empty(out, EXT_MASTER_SECRET);
        write_empty(out, EXT_TICKET);
    }
    write_elliptic(out);
    if (request->highest >= TLS_1_2)
        write_signatures(request->auth, out);
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
    want = want > 4 ? want - 4 : 1; /* some servers refuse a hello that ends with an empty extension */
    extension = begin(out, EXT_PADDING);
    buf_add(out, zeros, want);
    buf_fill(out, extension, 2);
}

static bool knows_extensions(const struct hello_request *request)
{
    return request->highest > TLS_1_0 || (request->highest == TLS_1_0 && request->shape != HELLO_BARE);
}

static void write_body(const struct hello_request *request, size_t message, struct buf *out)
{
    bool newest = request->highest == TLS_1_3, session = newest && request->shape == HELLO_NORMAL;
    size_t mark;

    buf_u16(out, tls_version_wire(newest ? TLS_1_2 : request->highest));
    buf_add(out, request->random, sizeof request->random);
    buf_u8(out, session ? sizeof request->session_id : 0);
    if (session)
        buf_add(out, request->session_id, sizeof request->session_id);
    write_suites(request, out);
    buf_u8(out, 1);
    buf_u8(out, 0); /* no compression */
    if (!knows_extensions(request))
        return;
    mark = buf_mark(out, 2);
    write_extensions(request, out);
    pad(out, message);
    buf_fill(out, mark, 2);
}

void hello_write(const struct hello_request *request, struct buf *out)
{
    size_t record, message, length;

    buf_u8(out, RECORD_HANDSHAKE);
    buf_u16(out, tls_version_wire(request->highest == TLS_SSL_3_0 ? TLS_SSL_3_0 : TLS_1_0));
    record = buf_mark(out, 2);
    message = out->length;
    buf_u8(out, MESSAGE_CLIENT_HELLO);
    length = buf_mark(out, 3);
    write_body(request, message, out);
    buf_fill(out, length, 3);
    buf_fill(out, record, 2);
}

void hello_write_close(enum tls_version version, struct buf *out)
{
    buf_u8(out, RECORD_ALERT);
    buf_u16(out, tls_version_wire(version == TLS_1_3 ? TLS_1_2 : version));
    buf_u16(out, 2);
    buf_u8(out, 1); /* warning */
    buf_u8(out, 0); /* close_notify */
}
