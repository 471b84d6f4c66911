/* Reads a ClientHello as far as a scripted server needs it, and writes the answers that BoringSSL can't give.
 * Pure. RFC 6101, 5246 section 7.4, 8446 section 4.2.1. */
#pragma once

#include "engine/base/buf.h"
#include "engine/lab/persona.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum client_hello_status { CLIENT_HELLO_PENDING, CLIENT_HELLO_READ, CLIENT_HELLO_BAD };

struct client_hello {
    uint16_t version;      /* client_version */
    uint16_t highest;      /* the best of supported_versions (GREASE left out), else client_version */
    size_t length;         /* of the handshake message */
    bool newest;           /* it has an extension younger than RFC 5246: EMS, ticket, versions, key share */
    bool ecdsa;            /* it takes signatures by an ECDSA key: says so, or leaves it to the suites */
    bool ecdsa_suites;     /* it has suites below TLS 1.3 for such a key */
    char server_name[256]; /* "" for none */
    const uint8_t *suites; /* into `handshake`; pairs of bytes */
    size_t suite_count;
    struct buf handshake;
};

/* Reads it from the first bytes of a connection; client_hello_release in any case. */
enum client_hello_status client_hello_read(struct client_hello *hello, const void *bytes, size_t length);
void client_hello_release(struct client_hello *hello);

/* Appends the answer of a server that knows just the persona's choices: ServerHello, Certificate (`der`),
 * with `dh` a ServerKeyExchange where the suite has a prime, and ServerHelloDone; or an alert:
 * protocol_version when none of its versions is wanted, handshake_failure when no suite is. It takes the best
 * version first, then the first of its suites there. */
void hello_script(const struct persona *persona, const struct client_hello *hello, const void *der,
                  size_t der_length, struct buf *out);

/* Appends an SSLv2 SERVER-HELLO with that certificate, or an SSLv2 ERROR (no cipher). */
void hello_sslv2(const void *der, size_t der_length, struct buf *out);
void hello_sslv2_error(struct buf *out);

/* Appends a fatal alert, or a warning. */
void hello_alert(uint8_t alert, struct buf *out);
void hello_warning(uint8_t alert, struct buf *out);
