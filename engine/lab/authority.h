/* The lab's certificate authority: makes its keys at start and certificates on demand. Not thread-safe. */
#pragma once

#include "engine/base/strings.h"

#include <openssl/ssl.h>
#include <stdbool.h>

struct authority;

/* Makes one RSA 2048 key, which the authority and all servers share, and two of P-256. NULL only when
 * BoringSSL fails. */
struct authority *authority_new(void);
void authority_free(struct authority *authority);

enum issuer {
    ISSUER_LAB,   /* the authority in the trust store */
    ISSUER_OTHER, /* an authority that nobody trusts */
    ISSUER_SELF,
};

struct certificate_order {
    const struct strings *names; /* dNSNames; the first is the common name too */
    enum issuer issuer;
    bool ecdsa; /* P-256 instead of RSA */
    int days;   /* until it ends; negative: it ended that long ago */
};

/* A new certificate, or NULL when BoringSSL fails; X509_free it. */
X509 *authority_issue(struct authority *authority, const struct certificate_order *order);

/* The key that such certificates stand for; owned by the authority. */
EVP_PKEY *authority_key(struct authority *authority, bool ecdsa);

/* Writes the authority's certificate as PEM to a new file in TMPDIR; its path, or NULL. The caller removes
 * and frees. */
char *authority_write_trust(struct authority *authority);
