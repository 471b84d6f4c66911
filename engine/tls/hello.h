/* Hand-built ClientHello and the reading of what comes back, with no cryptography: enough to learn which
 * version and suite a server would choose. Sans-IO. RFC 6101, 2246, 4346, 5246 §7.4, 8446 §4.1, 6066 §3. */
#pragma once

#include "engine/base/buf.h"
#include "engine/tls/version.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Three hellos that ask the same in different words: servers stumble over extensions, over server names, and
 * over nothing that all three share. Every shape can be answered at every version, TLS 1.3 included. */
enum hello_shape {
    /* As a current mail server's: server name, groups, point formats, signature algorithms (TLS 1.2 and up),
     * extended master secret and session ticket (TLS 1.2 and below), versions, key share, PSK modes and a
     * session id (TLS 1.3). Leaves out the anonymous suites, which a server that chooses may prefer to those
     * that its senders get. */
    HELLO_NORMAL,
    /* Leaves out extended master secret, session ticket, PSK modes and the session id: what remains was there
     * in 2008, but for the three extensions without which there is no TLS 1.3. Anonymous suites are offered.
     */
    HELLO_PLAIN,
    /* Leaves out the server name too; for TLS 1.0 every extension, as SSL 3.0 does in any shape (the SCSV of
     * RFC 5746 stands in for one). */
    HELLO_BARE,
};

/* Which kind of key the server's certificate may hold. */
enum tls_auth { AUTH_ANY, AUTH_RSA, AUTH_ECDSA };

struct hello_request {
    enum tls_version lowest;  /* meaningful with highest = TLS 1.3: in supported_versions down to this */
    enum tls_version highest; /* the cap: client_version, or supported_versions with TLS 1.3 */
    const uint16_t *suites; /* borrowed; NULL = every registered suite a mail server could hold that a version
                               in lowest…highest may choose, in registry order */
    size_t suite_count;
    const char *server_name; /* A-label host name without trailing dot, or NULL; an IP literal is left out
                                (RFC 6066 §3) */
    enum hello_shape shape;
    enum tls_auth auth;     /* other than AUTH_ANY: only suites (of those that `suites` NULL stands for) and
                               signature algorithms of that kind of key, while certificates may be signed with any
                               (RFC 8446 §4.2.3); for TLS 1.2 and below, which show the certificate in clear */
    uint8_t random[32];     /* the caller's, so that tests are repeatable */
    uint8_t session_id[32]; /* used with TLS 1.3 (middlebox mode, RFC 8446 appendix D.4) */
    uint8_t key_share[32];  /* X25519 public value (any 32 bytes that are a valid point to the peer) */
};

/* Appends one TLS record with the ClientHello. With `highest` TLS 1.3 and NORMAL shape it offers X25519 with
 * a key share and P-256, P-384, P-521 without one: a HelloRetryRequest counts as an answer. */
void hello_write(const struct hello_request *request, struct buf *out);

/* True when the server name extension may carry `server_name`: not NULL, not empty, no IP literal. */
bool hello_may_name(const char *server_name);

enum hello_outcome {
    HELLO_PENDING,      /* more bytes are needed */
    HELLO_SERVER_HELLO, /* `version`, `suite` and the flags are set */
    HELLO_ALERT,        /* `alert_level`, `alert` are set */
    HELLO_SSLV2,        /* an SSLv2 SERVER-HELLO or ERROR came back */
    HELLO_NOT_TLS,      /* bytes that are no TLS record */
    HELLO_MALFORMED,    /* a TLS record whose content breaks the rules */
};

/* The downgrade sentinel in ServerHello.random (RFC 8446 §4.1.3). */
enum hello_sentinel { SENTINEL_NONE, SENTINEL_TLS_1_2, SENTINEL_TLS_1_1_OR_BELOW };

struct hello_answer {
    enum hello_outcome outcome;
    enum tls_version version; /* supported_versions where present, server_version otherwise */
    uint16_t version_wire;    /* as sent, also when it is none of ours (then outcome is HELLO_MALFORMED) */
    uint16_t suite;
    bool retry_request; /* it was a HelloRetryRequest */
    enum hello_sentinel sentinel;
    uint16_t group;   /* key_share group when the answer names one, else 0 */
    unsigned dh_bits; /* size of the Diffie-Hellman prime, where `wants_prime` and it came; else 0 */
    uint8_t alert_level;
    uint8_t alert; /* RFC 8446 §6: 40 handshake_failure, 70 protocol_version, 112 unrecognized_name … */
};

/* Reads an answer that may come in any number of pieces and records. At most 64 KiB are taken. */
struct hello_reader {
    struct buf input;     /* unread record bytes */
    struct buf handshake; /* reassembled handshake bytes */
    size_t taken;         /* bytes taken so far; past 64 KiB without an outcome it is HELLO_MALFORMED */
    struct hello_answer answer;
    bool wants_chain; /* the caller's: also read the Certificate message, which TLS 1.2 and below send in
                         clear */
    bool chain_over;  /* no more of it will come */
    bool wants_prime; /* the caller's: also read the ServerKeyExchange of a suite with a Diffie-Hellman prime
                         (RFC 5246 §7.4.3); other suites are not waited for */
    bool prime_over;  /* it came or won't */
    struct buf chain; /* its certificate_list (RFC 5246 §7.4.2), empty until it came whole; see session.h */
};

void hello_reader_init(struct hello_reader *reader);
void hello_reader_release(struct hello_reader *reader);

/* Takes bytes; returns the outcome so far. A warning-level unrecognized_name alert before a ServerHello is
 * noted and skipped. After an outcome other than HELLO_PENDING, further bytes are ignored. */
enum hello_outcome hello_reader_feed(struct hello_reader *reader, const void *bytes, size_t length);

/* True when no more bytes are wanted: there is an outcome, and chain and prime if wanted and to come. */
bool hello_reader_complete(const struct hello_reader *reader);

/* Appends a fatal user_canceled-style ending: a close_notify alert record, polite to servers that log. */
void hello_write_close(enum tls_version version, struct buf *out);

/* "handshake_failure", "protocol_version" …; "alert N" is for the caller to print when this is NULL. */
const char *tls_alert_name(uint8_t alert);
