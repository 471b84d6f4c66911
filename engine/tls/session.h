/* One real TLS client handshake through BoringSSL, sans-IO: TLS bytes in, TLS bytes out. No certificate fault
 * aborts it; a client certificate is never sent. A session belongs to one thread; its context may serve the
 * sessions of several at the same time. */
#pragma once

#include "engine/base/buf.h"
#include "engine/tls/certificate.h"
#include "engine/tls/hello.h"
#include "engine/tls/version.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tls_context;
struct tls_session;

/* Makes a context that offers TLS 1.0–1.3 and every suite BoringSSL has (also those that "ALL" leaves out).
 * `trust_store` is a PEM bundle file, or NULL for the system's (/etc/ssl/certs/ca-certificates.crt, then
 * /etc/pki/tls/certs/ca-bundle.crt, then /etc/ssl/cert.pem). On failure returns NULL and sets *error to one
 * sentence that the caller frees: file, and what was expected. A bundle without certificates is an error; the
 * system's missing bundle is not: nothing is then trusted and `tls_context_trust_note` says so. */
struct tls_context *tls_context_new(const char *trust_store, char **error);
void tls_context_free(struct tls_context *context);

/* NULL, or one sentence about the trust store that people should see. */
const char *tls_context_trust_note(const struct tls_context *context);

/* A session is bound to its context, which must outlive it. `server_name` as in hello_request; an `auth`
 * other than AUTH_ANY takes only certificates with that kind of key: a server that has none refuses,
 * in TLS 1.3 perhaps only after it showed the other kind: the certificate tells which it was. */
struct tls_session *tls_session_new(struct tls_context *context, const char *server_name, enum tls_auth auth);
void tls_session_free(struct tls_session *session);

enum tls_progress {
    TLS_HANDSHAKING, /* needs more bytes from the peer */
    TLS_ESTABLISHED, /* handshake complete; plaintext may flow */
    TLS_FAILED,      /* see the result */
    TLS_CLOSED,      /* the peer ended TLS with close_notify */
};

/* Starts the handshake (the ClientHello goes to `out`). */
enum tls_progress tls_session_start(struct tls_session *session, struct buf *out);

/* Takes TLS bytes from the peer; appends TLS bytes to send to `out` and decrypted bytes to `plain`. */
enum tls_progress tls_session_feed(struct tls_session *session, const void *bytes, size_t length,
                                   struct buf *out, struct buf *plain);

/* The peer's TCP stream ended. */
enum tls_progress tls_session_eof(struct tls_session *session);

/* Encrypts plaintext after TLS_ESTABLISHED; `tls_session_close` adds close_notify. */
void tls_session_write(struct tls_session *session, const void *bytes, size_t length, struct buf *out);
void tls_session_close(struct tls_session *session, struct buf *out);

struct tls_session_result {
    bool server_hello; /* a ServerHello was taken: version, suite are set even if the handshake failed */
    bool established;  /* the handshake completed, on the server's side too as far as it said: an alert that
                          comes as its first word inside TLS 1.3 answers our part of the handshake */
    enum tls_version version;
    uint16_t suite;
    uint16_t group;               /* 0 when none (static RSA) or not known */
    bool retry_request;           /* the ServerHello was a HelloRetryRequest */
    enum hello_sentinel sentinel; /* its downgrade sentinel */
    bool client_certificate_requested;
    int alert;         /* the alert number the peer sent, or -1 */
    bool not_tls;      /* the peer's bytes were no TLS */
    bool sslv2;        /* they were SSLv2; then `not_tls` too */
    const char *error; /* BoringSSL's reason, e.g. "SSLV3_ALERT_HANDSHAKE_FAILURE"; NULL when established;
                          static text */
};

/* Valid at any time; `error` lives as long as the program. */
void tls_session_result(const struct tls_session *session, struct tls_session_result *result);

/* The certificate facts once the server's chain was seen, else NULL. The chain is checked against the
 * context's store at time `now`; results are cached in the context by chain, so a chain seen again, on
 * whichever thread, costs a hash. The caller frees. */
struct certificate *tls_session_certificate(const struct tls_session *session, int64_t now);

/* The same from a certificate_list as it came in clear (hello_reader.chain): for servers with whom the
 * handshake can't be completed. NULL when it is empty or its first certificate can't be read. */
struct certificate *tls_context_certificate(struct tls_context *context, const uint8_t *list, size_t length,
                                            int64_t now);
