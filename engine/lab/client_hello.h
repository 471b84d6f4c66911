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
    const uint8_t *suites; /* into `handshake`; pairs of bytes */
    size_t suite_count;
    struct buf handshake;
};

/* Reads it from the first bytes of a connection; client_hello_release in any case. */
enum client_hello_status client_hello_read(struct client_hello *hello, const void *bytes, size_t length);
void client_hello_release(struct client_hello *hello);

/* Appends the answer of a server that knows just these choices: ServerHello, Certificate (`der`) and
 * ServerHelloDone, or an alert: protocol_version when none of its versions is wanted, handshake_failure when
 * no suite is. It takes the best version first, then the first of its suites there. */
void hello_script(const struct persona_choice *choices, size_t count, const struct client_hello *hello,
                  const void *der, size_t der_length, struct buf *out);

/* Appends a fatal alert. */
void hello_alert(uint8_t alert, struct buf *out);
