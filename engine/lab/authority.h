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

enum lab_key {
    LAB_KEY_RSA,      /* 2048 bits */
    LAB_KEY_ECDSA,    /* P-256 */
    LAB_KEY_RSA_1024, /* the weak ones are made when first asked for */
    LAB_KEY_RSA_512,
};

#define LAB_KEYS 4

struct certificate_order {
    const struct strings *names; /* dNSNames; the first is the common name too */
    enum issuer issuer;
    enum lab_key key;
    bool sha1; /* signed with SHA-1 instead of SHA-256 */
    int days;  /* until it ends; negative: it ended that long ago */
};

/* A new certificate, or NULL when BoringSSL fails; X509_free it. */
X509 *authority_issue(struct authority *authority, const struct certificate_order *order);

/* The key that such certificates stand for; owned by the authority. NULL when BoringSSL fails. */
EVP_PKEY *authority_key(struct authority *authority, enum lab_key key);

/* Writes the authority's certificate as PEM to a new file in TMPDIR; its path, or NULL. The caller removes
 * and frees. */
char *authority_write_trust(struct authority *authority);
