#include "engine/tls/session.h"

#include "engine/base/map.h"
#include "engine/base/mem.h"
#include "engine/base/reader.h"
#include "engine/base/text.h"
#include "engine/tls/chain.h"
#include "engine/tls/hello.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/sha.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CHAINS_MOST 4096
#define CHAIN_HOLDS 3600 /* seconds until a chain is checked again: certificates come of age and expire */

struct known_chain {
    struct certificate *certificate;
    int64_t checked; /* seconds since 1970 */
};

struct tls_context {
    SSL_CTX *ssl;
    X509_STORE *store;
    pthread_mutex_t lock;
    struct map chains; /* under the lock: SHA-256 of a whole chain, hex → struct known_chain */
    char *trust_note;  /* NULL */
};

struct tls_session {
    struct tls_context *context;
    SSL *ssl;
    BIO *in, *out;             /* owned by `ssl` */
    struct hello_reader first; /* reads the same bytes, for what BoringSSL does not tell when it fails */
    enum tls_progress progress;
    int alert; /* the fatal one, or the last warning during the handshake; -1 */
    bool alert_fatal;
    bool client_certificate_requested;
    bool spoken; /* something came inside TLS */
    const char *error;
};

static const char *const system_stores[] = {"/etc/ssl/certs/ca-certificates.crt",
                                            "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem", NULL};

static bool load_store(struct tls_context *c, const char *file, char **error)
{
    FILE *readable = fopen(file, "r");

    if (!readable) {
        *error =
            mem_format("%s: %s; expected a readable PEM bundle of CA certificates", file, strerror(errno));
        return false;
    }
    fclose(readable);
    if (X509_STORE_load_locations(c->store, file, NULL) != 1) {
        *error = mem_format("%s: holds no certificate; expected a PEM bundle of CA certificates", file);
        ERR_clear_error();
        return false;
    }
    return true;
}

static void load_system_store(struct tls_context *c)
{
    size_t i;

    for (i = 0; system_stores[i]; i++) {
        char *error = NULL;

        if (access(system_stores[i], R_OK) == 0 && load_store(c, system_stores[i], &error))
            return;
        free(error);
    }
    c->trust_note =
        mem_string("this system has no CA bundle, so no certificate can be trusted (see --trust-store)");
}

/* Verification is a separate axis: every chain passes here. */
static enum ssl_verify_result_t accept_chain(SSL *ssl, uint8_t *alert)
{
    (void)ssl;
    (void)alert;
    return ssl_verify_ok;
}

static int on_certificate_request(SSL *ssl, void *context)
{
    struct tls_session *session = SSL_get_app_data(ssl);

    (void)context;
    session->client_certificate_requested = true;
    return 1;
}

static void on_info(const SSL *ssl, int where, int value)
{
    struct tls_session *session = SSL_get_app_data(ssl);

    if (where != SSL_CB_READ_ALERT || session->alert_fatal)
        return;
    session->alert_fatal = value >> 8 == SSL3_AL_FATAL;
    if (session->alert_fatal || session->progress == TLS_HANDSHAKING)
        session->alert = value & 0xff;
}

static const uint16_t any_signatures[] = {
    SSL_SIGN_ECDSA_SECP256R1_SHA256,
    SSL_SIGN_RSA_PSS_RSAE_SHA256,
    SSL_SIGN_RSA_PKCS1_SHA256,
    SSL_SIGN_ECDSA_SECP384R1_SHA384,
    SSL_SIGN_RSA_PSS_RSAE_SHA384,
    SSL_SIGN_RSA_PKCS1_SHA384,
    SSL_SIGN_ECDSA_SECP521R1_SHA512,
    SSL_SIGN_RSA_PSS_RSAE_SHA512,
    SSL_SIGN_RSA_PKCS1_SHA512,
    SSL_SIGN_ED25519,
    SSL_SIGN_ECDSA_SHA1,
    SSL_SIGN_RSA_PKCS1_SHA1,
};

static bool configure(SSL_CTX *ssl)
{
    SSL_CTX_set_session_cache_mode(ssl, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_options(ssl, SSL_OP_NO_TICKET);
    SSL_CTX_set_custom_verify(ssl, SSL_VERIFY_PEER, accept_chain);
    SSL_CTX_set_cert_cb(ssl, on_certificate_request, NULL);
    SSL_CTX_set_info_callback(ssl, on_info);
    /* "ALL" leaves out the three named ones; Debian's BoringSSL has only the last, upstream's all. */
    return SSL_CTX_set_min_proto_version(ssl, TLS1_VERSION) &&
           SSL_CTX_set_max_proto_version(ssl, TLS1_3_VERSION) &&
           SSL_CTX_set_cipher_list(ssl, "ALL:ECDHE-RSA-AES128-SHA256:ECDHE-ECDSA-AES128-SHA256:3DES") &&
           SSL_CTX_set1_curves_list(ssl, "X25519:P-256:P-384:P-521") &&
           SSL_CTX_set_verify_algorithm_prefs(ssl, any_signatures,
                                              sizeof any_signatures / sizeof *any_signatures);
}

/* In TLS 1.3 the signature algorithms choose the certificate, before it the suites do. */
static bool restrict_to(SSL *ssl, enum tls_auth auth)
{
    static const uint16_t rsa[] = {
        SSL_SIGN_RSA_PSS_RSAE_SHA256, SSL_SIGN_RSA_PKCS1_SHA256,    SSL_SIGN_RSA_PSS_RSAE_SHA384,
        SSL_SIGN_RSA_PKCS1_SHA384,    SSL_SIGN_RSA_PSS_RSAE_SHA512, SSL_SIGN_RSA_PKCS1_SHA512,
        SSL_SIGN_RSA_PKCS1_SHA1,
    };
    static const uint16_t ecdsa[] = {
        SSL_SIGN_ECDSA_SECP256R1_SHA256,
        SSL_SIGN_ECDSA_SECP384R1_SHA384,
        SSL_SIGN_ECDSA_SECP521R1_SHA512,
        SSL_SIGN_ECDSA_SHA1,
    };

    switch (auth) {
    case AUTH_ANY:
        return true;
    case AUTH_RSA:
        return SSL_set_cipher_list(ssl, "aRSA:ECDHE-RSA-AES128-SHA256:3DES+aRSA") &&
               SSL_set_verify_algorithm_prefs(ssl, rsa, sizeof rsa / sizeof *rsa);
    case AUTH_ECDSA:
        return SSL_set_cipher_list(ssl, "aECDSA:ECDHE-ECDSA-AES128-SHA256") &&
               SSL_set_verify_algorithm_prefs(ssl, ecdsa, sizeof ecdsa / sizeof *ecdsa);
    }
    return false;
}

struct tls_context *tls_context_new(const char *trust_store, char **error)
{
    struct tls_context *c = mem_alloc(sizeof *c);

    pthread_mutex_init(&c->lock, NULL);
    map_init(&c->chains);
    c->ssl = SSL_CTX_new(TLS_with_buffers_method());
    c->store = X509_STORE_new();
    if (!c->ssl || !c->store || !configure(c->ssl)) {
        *error = mem_string("BoringSSL could not be set up");
        tls_context_free(c);
        return NULL;
    }
    if (!trust_store) {
        load_system_store(c);
    } else if (!load_store(c, trust_store, error)) {
        tls_context_free(c);
        return NULL;
    }
    return c;
}

static void free_chain(void *chain)
{
    struct known_chain *known = chain;

    if (known)
        certificate_free(known->certificate);
    free(known);
}

void tls_context_free(struct tls_context *c)
{
    if (!c)
        return;
    map_release(&c->chains, free_chain);
    pthread_mutex_destroy(&c->lock);
    X509_STORE_free(c->store);
    SSL_CTX_free(c->ssl);
    free(c->trust_note);
    free(c);
}

const char *tls_context_trust_note(const struct tls_context *c)
{
    return c->trust_note;
}

struct tls_session *tls_session_new(struct tls_context *context, const char *server_name, enum tls_auth auth)
{
    struct tls_session *s = mem_alloc(sizeof *s);

    s->context = context;
    s->alert = -1;
    hello_reader_init(&s->first);
    s->ssl = SSL_new(context->ssl);
    s->in = BIO_new(BIO_s_mem());
    s->out = BIO_new(BIO_s_mem());
    if (!s->ssl || !s->in || !s->out || !restrict_to(s->ssl, auth))
        abort();
    BIO_set_mem_eof_return(s->in, -1);
    SSL_set_bio(s->ssl, s->in, s->out);
    SSL_set_app_data(s->ssl, s);
    SSL_set_connect_state(s->ssl);
    SSL_set_renegotiate_mode(s->ssl, ssl_renegotiate_ignore);
    SSL_set_enforce_rsa_key_usage(s->ssl, 0);
    if (hello_may_name(server_name))
        SSL_set_tlsext_host_name(s->ssl, server_name);
    return s;
}

void tls_session_free(struct tls_session *s)
{
    if (!s)
        return;
    SSL_free(s->ssl);
    hello_reader_release(&s->first);
    free(s);
}

static void take_output(struct tls_session *s, struct buf *out)
{
    const uint8_t *bytes;
    size_t length;

    if (BIO_mem_contents(s->out, &bytes, &length) && length) {
        buf_add(out, bytes, length);
        BIO_reset(s->out);
    }
}

static void fail(struct tls_session *s)
{
    uint32_t code = ERR_peek_error(); /* the first is the cause, later ones say where it was met */
    const char *reason = ERR_reason_error_string(code);

    s->progress = TLS_FAILED;
    s->error = !code ? "CONNECTION_ENDED" : reason ? reason : "UNKNOWN_ERROR";
    ERR_clear_error();
}

static void read_plain(struct tls_session *s, struct buf *plain)
{
    uint8_t chunk[4096];
    int got;

    while ((got = SSL_read(s->ssl, chunk, sizeof chunk)) > 0) {
        s->spoken = true;
        if (plain)
            buf_add(plain, chunk, (size_t)got);
    }
    switch (SSL_get_error(s->ssl, got)) {
    case SSL_ERROR_WANT_READ:
        break;
    case SSL_ERROR_ZERO_RETURN:
        s->progress = TLS_CLOSED;
        break;
    default:
        fail(s);
        break;
    }
    ERR_clear_error();
}

static enum tls_progress step(struct tls_session *s, struct buf *out, struct buf *plain)
{
    if (s->progress == TLS_HANDSHAKING) {
        int result = SSL_do_handshake(s->ssl);

        if (result == 1)
            s->progress = TLS_ESTABLISHED;
        else if (SSL_get_error(s->ssl, result) != SSL_ERROR_WANT_READ)
            fail(s);
    }
    if (s->progress == TLS_ESTABLISHED)
        read_plain(s, plain);
    take_output(s, out);
    return s->progress;
}

enum tls_progress tls_session_start(struct tls_session *s, struct buf *out)
{
    return step(s, out, NULL);
}

enum tls_progress tls_session_feed(struct tls_session *s, const void *bytes, size_t length, struct buf *out,
                                   struct buf *plain)
{
    if (s->progress == TLS_FAILED || s->progress == TLS_CLOSED)
        return s->progress;
    hello_reader_feed(&s->first, bytes, length);
    if (BIO_write(s->in, bytes, (int)length) != (int)length)
        abort();
    return step(s, out, plain);
}

enum tls_progress tls_session_eof(struct tls_session *s)
{
    ERR_clear_error();
    if (s->progress == TLS_HANDSHAKING)
        fail(s);
    else if (s->progress == TLS_ESTABLISHED)
        s->progress = TLS_CLOSED;
    return s->progress;
}

void tls_session_write(struct tls_session *s, const void *bytes, size_t length, struct buf *out)
{
    if (s->progress == TLS_ESTABLISHED && length)
        SSL_write(s->ssl, bytes, (int)length);
    take_output(s, out);
    ERR_clear_error();
}

void tls_session_close(struct tls_session *s, struct buf *out)
{
    if (s->progress == TLS_ESTABLISHED)
        SSL_shutdown(s->ssl);
    take_output(s, out);
    ERR_clear_error();
}

/* In TLS 1.3 a client is through before the server has seen its part, which it may yet refuse (RFC 8446
 * §4.4.2.4).
 */
static bool established(const struct tls_session *s)
{
    bool refused = s->alert_fatal && !s->spoken && s->first.answer.version == TLS_1_3;

    return SSL_in_init(s->ssl) == 0 && !refused;
}

void tls_session_result(const struct tls_session *s, struct tls_session_result *result)
{
    const struct hello_answer *answer = &s->first.answer;
    int alert = answer->outcome == HELLO_ALERT ? answer->alert : -1;

    memset(result, 0, sizeof *result);
    result->server_hello = answer->outcome == HELLO_SERVER_HELLO;
    result->established = established(s);
    result->version = answer->version;
    result->suite = answer->suite;
    result->group = answer->group ? answer->group : SSL_get_curve_id(s->ssl);
    result->retry_request = answer->retry_request;
    result->sentinel = answer->sentinel;
    result->client_certificate_requested = s->client_certificate_requested;
    result->alert = s->alert >= 0 ? s->alert : alert;
    result->sslv2 = answer->outcome == HELLO_SSLV2;
    result->not_tls = answer->outcome == HELLO_NOT_TLS || result->sslv2;
    result->error = result->established ? NULL : s->error;
}

static void chain_key(const STACK_OF(CRYPTO_BUFFER) * buffers, char key[2 * SHA256_DIGEST_LENGTH + 1])
{
    uint8_t digest[SHA256_DIGEST_LENGTH];
    SHA256_CTX hash;
    size_t i;

    SHA256_Init(&hash);
    for (i = 0; i < sk_CRYPTO_BUFFER_num(buffers); i++) {
        const CRYPTO_BUFFER *der = sk_CRYPTO_BUFFER_value(buffers, i);

        SHA256_Update(&hash, CRYPTO_BUFFER_data(der), CRYPTO_BUFFER_len(der));
    }
    SHA256_Final(digest, &hash);
    text_hex(key, digest, sizeof digest);
}

static bool holds(const struct known_chain *known, int64_t now)
{
    return known && now >= known->checked && now - known->checked < CHAIN_HOLDS;
}

/* A copy of what is known of a chain; NULL when it is to be checked. */
static struct certificate *recall(struct tls_context *context, const char *key, int64_t now)
{
    struct certificate *certificate = NULL;
    const struct known_chain *known;

    pthread_mutex_lock(&context->lock);
    known = map_get(&context->chains, key);
    if (holds(known, now))
        certificate = certificate_copy(known->certificate);
    pthread_mutex_unlock(&context->lock);
    return certificate;
}

static void keep(struct tls_context *context, const char *key, const struct certificate *certificate,
                 int64_t now)
{
    struct known_chain *known = mem_alloc(sizeof *known);

    known->certificate = certificate_copy(certificate);
    known->checked = now;
    pthread_mutex_lock(&context->lock);
    if (context->chains.count >= CHAINS_MOST)
        map_release(&context->chains, free_chain);
    free_chain(map_put(&context->chains, key, known));
    pthread_mutex_unlock(&context->lock);
}

static struct certificate *certificate_of(struct tls_context *context,
                                          const STACK_OF(CRYPTO_BUFFER) * buffers, int64_t now)
{
    char key[2 * SHA256_DIGEST_LENGTH + 1];
    struct certificate *certificate;

    if (!buffers || !sk_CRYPTO_BUFFER_num(buffers))
        return NULL;
    chain_key(buffers, key);
    certificate = recall(context, key, now);
    if (certificate)
        return certificate;
    certificate = chain_read(buffers, context->store, now);
    if (certificate)
        keep(context, key, certificate, now);
    return certificate;
}

struct certificate *tls_session_certificate(const struct tls_session *s, int64_t now)
{
    return certificate_of(s->context, SSL_get0_peer_certificates(s->ssl), now);
}

struct certificate *tls_context_certificate(struct tls_context *context, const uint8_t *list, size_t length,
                                            int64_t now)
{
    STACK_OF(CRYPTO_BUFFER) *buffers = sk_CRYPTO_BUFFER_new_null();
    struct reader r = reader_of(list, length);
    struct certificate *certificate;

    while (reader_left(&r)) {
        struct reader der = reader_vector(&r, 3);

        if (!der.failed && reader_left(&der))
            sk_CRYPTO_BUFFER_push(buffers, CRYPTO_BUFFER_new(der.at, reader_left(&der), NULL));
    }
    certificate = certificate_of(context, buffers, now);
    sk_CRYPTO_BUFFER_pop_free(buffers, CRYPTO_BUFFER_free);
    return certificate;
}
