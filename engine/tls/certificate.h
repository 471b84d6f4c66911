/* Facts of a server's certificate chain. Verification is a separate axis: nothing here ends a handshake. */
#pragma once

#include "engine/base/strings.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One certificate of the chain as sent, leaf first. Text is escaped (engine/base/text.h). */
struct chain_member {
    char *subject; /* RFC 2253 style */
    char *issuer;
    int64_t not_after; /* seconds since 1970, UTC */
};

struct certificate {
    char *subject;        /* RFC 2253 style, escaped */
    char *issuer;         /* likewise */
    struct strings names; /* dNSName and iPAddress SANs, escaped, at most 1,000; no common name */
    char *common_name;    /* of the subject, escaped; NULL when there is none */
    int64_t not_before;   /* seconds since 1970, UTC */
    int64_t not_after;
    char *key;         /* "RSA 2048", "ECDSA P-256", "Ed25519" */
    char *signature;   /* "sha256WithRSAEncryption" and so on */
    char sha256[65];   /* fingerprint of the DER, lower-case hex */
    bool trusted;      /* chain leads to the trust store, dates hold, purpose is server authentication */
    char *trust_error; /* NULL when trusted; else one short sentence, e.g. "self-signed certificate" */
    bool expired;      /* not_before/not_after do not hold now (of the leaf) */
    /* What `trusted` is made of, and what else counts against a certificate, each by itself. */
    bool chain_trusted;  /* the chain leads to the trust store, whatever dates and purpose say */
    bool self_signed;    /* the leaf, with its own key */
    bool weak_digest;    /* one that was sent is signed with SHA-1, MD5 or older; roots not counted */
    bool server_auth;    /* its extended key usage allows servers, or it has none (RFC 5280 §4.2.1.12) */
    bool purpose_unread; /* its extensions can't be read: `server_auth` says nothing */
    int key_bits;        /* of the leaf; 0 when the key can't be read */
    struct chain_member *chain; /* all that were sent, leaf first, at most 20 */
    size_t chain_length;
    bool names_cut; /* more than 1,000 names: the rest are not in `names` */
};

/* Frees the certificate and its members; NULL is allowed. */
void certificate_free(struct certificate *certificate);

/* True when the certificate stands for `name` by RFC 6125 §6.4 / RFC 9525 §6.3: any dNSName SAN,
 * case-insensitive,
 * `*` only as the whole left-most label and for exactly one label; the common name only when there is no
 * dNSName SAN. `name` is an A-label host name or an IP literal (matched against iPAddress SANs). */
bool certificate_matches(const struct certificate *certificate, const char *name);

/* The rule alone: does `pattern` (a SAN) stand for host `name`? */
bool certificate_name_matches(const char *pattern, const char *name);

/* Whole days from `now` to the end of validity, negative when past. */
int certificate_days_left(const struct certificate *certificate, int64_t now);

/* A deep copy; NULL in, NULL out. */
struct certificate *certificate_copy(const struct certificate *certificate);

/* Reads one DER certificate as the only one of a chain, with no trust store: `trusted` is false. NULL when it
 * is no certificate. For tests and fuzzing. */
struct certificate *certificate_parse(const uint8_t *der, size_t length);
