/* The server's side of TLS through BoringSSL, sans-IO: TLS bytes in, TLS bytes and plaintext out. */
#pragma once

#include "engine/base/buf.h"
#include "engine/lab/authority.h"
#include "engine/lab/persona.h"
#include "engine/lab/records.h"

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>

/* Versions, suites, groups and a new certificate with that key as the persona says. `names`: the host names
 * that it stands for, at least one. NULL and *error (the caller frees) when BoringSSL won't have it. */
SSL_CTX *tls_server_context(struct authority *authority, const struct persona *persona,
                            const struct strings *names, enum lab_key key, char **error);

/* False and *error when BoringSSL won't have the persona's suites or groups. */
bool tls_server_check(const struct persona *persona, char **error);

struct tls_server;

/* Records in clear hold `fragment` bytes at most; 0 = as many as they like. */
struct tls_server *tls_server_new(SSL_CTX *context, size_t fragment);
void tls_server_free(struct tls_server *server); /* NULL is allowed */

/* Takes bytes from the client; appends TLS bytes to send to `out` and decrypted ones to `plain`. False when
 * TLS is over, by a failure or by the client's close_notify; `out` may then still hold an alert. */
bool tls_server_feed(struct tls_server *server, const void *bytes, size_t length, struct buf *out,
                     struct buf *plain);

bool tls_server_established(const struct tls_server *server);

/* Encrypts plaintext; tls_server_close adds close_notify. */
void tls_server_write(struct tls_server *server, const void *bytes, size_t length, struct buf *out);
void tls_server_close(struct tls_server *server, struct buf *out);
