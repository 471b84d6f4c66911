/* The registry of cipher suites (IANA "TLS Cipher Suites"); the table is generated from data/tls/suites.csv.
 */
#pragma once

#include "engine/tls/version.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tls_suite {
    uint16_t id;      /* as on the wire */
    const char *name; /* IANA's, e.g. TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 */
    const char
        *openssl; /* OpenSSL's and BoringSSL's, e.g. ECDHE-RSA-AES128-GCM-SHA256; "" when it has none */
    enum tls_version first; /* lowest and highest version that may choose it */
    enum tls_version last;
    bool mail;      /* a mail server could hold it: offered in the ladder's hellos */
    bool boringssl; /* BoringSSL as packaged can complete a handshake with it */
    bool anonymous; /* no certificate is sent with it */
    bool rsa;       /* a certificate with an RSA key goes with it */
    bool ecdsa;     /* a certificate with an elliptic key does */
    bool prime;     /* the server sends the prime of a Diffie-Hellman exchange of its own choice */
};

/* The suite with this id, or NULL. */
const struct tls_suite *tls_suite_find(uint16_t id);

/* The suite with this IANA name, or NULL. */
const struct tls_suite *tls_suite_by_name(const char *name);

/* IANA's name, or "0xNNNN" in `scratch` for an unregistered id. */
#define TLS_SUITE_NAME_SIZE 8
const char *tls_suite_name(uint16_t id, char scratch[TLS_SUITE_NAME_SIZE]);

/* The whole table in offering order (strongest first); `*count` is its length. */
const struct tls_suite *tls_suite_table(size_t *count);

/* Name of a supported group (IANA "TLS Supported Groups"), e.g. "X25519", "P-256", "X25519MLKEM768";
 * NULL for one unknown here. */
const char *tls_group_name(uint16_t id);

/* The group with this name; 0 for one unknown here. */
uint16_t tls_group_by_name(const char *name);
