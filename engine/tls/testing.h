/* Certificates, and a TLS server in memory, for the tests of this room. Whatever BoringSSL refuses ends the
 * test program. */
#pragma once

#include "engine/base/buf.h"
#include "engine/tls/session.h"
#include "engine/tls/version.h"

#include <openssl/base.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* 2026-01-01 00:00:00 UTC: certificates are valid 100 days before and after it unless ordered otherwise. */
#define TESTING_NOW 1767225600
#define TESTING_DAY 86400

/* A new P-256, P-384 (NID_…) or RSA key; the caller frees. */
EVP_PKEY *testing_ec_key(int curve);
EVP_PKEY *testing_rsa_key(int bits);

struct testing_order {
    const char *common_name; /* NULL: an empty subject */
    const char *names;       /* as in OpenSSL's configuration, "DNS:a.example,IP:192.0.2.1"; NULL: none */
    int first_day, last_day; /* of validity, counted from TESTING_NOW; both 0: -100 and 100 */
    bool authority;
    const char *key_usage; /* NULL: none; "keyEncipherment" … */
    const char *purpose;   /* extended key usage; NULL: none */
    EVP_PKEY *key;
    X509 *issuer; /* NULL: signs itself */
    EVP_PKEY *issuer_key;
};

/* A new certificate; the caller frees. */
X509 *testing_certificate(const struct testing_order *order);

/* The DER of a certificate, appended to `out`. */
void testing_der(X509 *certificate, struct buf *out);

/* Writes the text to a new file NAME in the test's own folder; the path, which the caller frees. */
char *testing_file(const char *name, const char *text);

/* The same with a certificate as PEM. */
char *testing_bundle(const char *name, X509 *certificate);

#define TESTING_CHAIN_MOST 4

struct testing_server_order {
    X509 *chain[TESTING_CHAIN_MOST]; /* leaf first, NULL after the last */
    EVP_PKEY *key;
    X509 *ecdsa; /* NULL; else a second leaf, which those get who can do ECDSA */
    EVP_PKEY *ecdsa_key;
    enum tls_version lowest, highest; /* TLS 1.0 to 1.3 */
    const char *suites;               /* BoringSSL's names; NULL: all */
    const char *groups;               /* "P-384"; NULL: BoringSSL's own */
    bool client_certificate_wanted;
    bool client_certificate_required;
};

struct testing_server;

struct testing_server *testing_server_new(const struct testing_server_order *order);
void testing_server_free(struct testing_server *server);

/* Takes TLS bytes, appends what it answers; decrypted text goes to the server's own buffer. */
void testing_server_feed(struct testing_server *server, const struct buf *bytes, struct buf *out);
const char *testing_server_text(struct testing_server *server);
const char *testing_server_name(struct testing_server *server); /* the client's server_name, or NULL */
bool testing_server_established(const struct testing_server *server);
bool testing_server_closed(const struct testing_server *server); /* the client sent close_notify */
void testing_server_write(struct testing_server *server, const char *text, struct buf *out);
void testing_server_close(struct testing_server *server, struct buf *out);

/* Starts the session and carries bytes both ways, `piece` bytes at a time to the session (0: all at once),
 * until both are silent; the session's last word. */
enum tls_progress testing_handshake(struct tls_session *session, struct testing_server *server, size_t piece);

/* Feeds the session piece by piece; its last word. */
enum tls_progress testing_feed(struct tls_session *session, const struct buf *bytes, size_t piece,
                               struct buf *out, struct buf *plain);
