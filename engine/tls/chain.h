/* A chain as BoringSSL holds it → certificate facts. Private to this room: OpenSSL's types stay inside it. */
#pragma once

#include "engine/tls/certificate.h"

#include <openssl/base.h>
#include <openssl/pool.h>

#ifndef OPENSSL_IS_BORINGSSL
#error "mxscope needs BoringSSL's headers (@boringssl), these are another library's"
#endif

/* Reads and verifies the chain, leaf first; `store` NULL trusts nothing. NULL when the leaf is no
 * certificate. */
struct certificate *chain_read(const STACK_OF(CRYPTO_BUFFER) * buffers, X509_STORE *store, int64_t now);
