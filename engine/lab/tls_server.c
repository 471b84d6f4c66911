#include "engine/lab/tls_server.h"

#include "engine/base/mem.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>

#define FILLER_NAMES 60 /* of a certificate that only makes the chain longer: some 3 KB */

struct tls_server {
    SSL *ssl;
    struct records records;
    BIO *in, *out; /* owned by `ssl` */
};

static void wildcards_of(const struct strings *names, struct strings *out)
{
    for (size_t i = 0; i < names->count; i++) {
        const char *dot = strchr(names->items[i], '.');
        char *wildcard = mem_format("*%s", dot ? dot : ".example");

        strings_add_once(out, wildcard);
        free(wildcard);
    }
}

static X509 *issue(struct authority *authority, const struct persona *persona, const struct strings *names,
                   enum lab_key key)
{
    struct strings own = {0};
    struct certificate_order order = {.names = names,
                                      .issuer = persona->issuer,
                                      .key = key,
                                      .sha1 = persona->sha1 != 0,
                                      .days = persona->days};
    X509 *certificate;

    if (persona->certificate_name) {
        order.names = &own;
        if (strcmp(persona->certificate_name, "*") == 0)
            wildcards_of(names, &own);
        else
            strings_add(&own, persona->certificate_name);
    }
    certificate = authority_issue(authority, &order);
    strings_release(&own);
    return certificate;
}

static bool lengthen(SSL_CTX *context, struct authority *authority, const struct persona *persona)
{
    struct strings names = {0};
    struct certificate_order order = {.names = &names, .key = LAB_KEY_ECDSA, .days = persona->days};
    X509 *filler;
    bool good;

    for (unsigned i = 0; i < FILLER_NAMES; i++)
        strings_addf(&names, "a-name-that-only-takes-up-room-%u.filler.example", i);
    filler = authority_issue(authority, &order);
    good = filler != NULL;
    for (unsigned i = 0; good && i < persona->chain; i++)
        good = SSL_CTX_add1_chain_cert(context, filler);
    X509_free(filler);
    strings_release(&names);
    return good;
}

static int verify_nothing(int good, X509_STORE_CTX *store)
{
    (void)good, (void)store;
    return 1;
}

static bool set_up(SSL_CTX *context, const struct persona *persona)
{
    bool demands = persona->client_certificate == CLIENT_CERTIFICATE_DEMAND;

    SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    if (persona->client_certificate)
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER | (demands ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0),
                           verify_nothing);
    return SSL_CTX_set_min_proto_version(context, tls_version_wire((enum tls_version)persona->min)) &&
           SSL_CTX_set_max_proto_version(context, tls_version_wire((enum tls_version)persona->max)) &&
           (!persona->ciphers || SSL_CTX_set_strict_cipher_list(context, persona->ciphers)) &&
           (!persona->groups || SSL_CTX_set1_curves_list(context, persona->groups));
}

static bool fail(const struct persona *persona, char **error)
{
    *error = mem_format("persona %s: TLS can't be set up so: %s", persona->name,
                        ERR_reason_error_string(ERR_peek_last_error()));
    ERR_clear_error();
    return false;
}

bool tls_server_check(const struct persona *persona, char **error)
{
    SSL_CTX *context = SSL_CTX_new(TLS_method());
    bool good = set_up(context, persona) || fail(persona, error);

    SSL_CTX_free(context);
    return good;
}

SSL_CTX *tls_server_context(struct authority *authority, const struct persona *persona,
                            const struct strings *names, enum lab_key key, char **error)
{
    SSL_CTX *context = SSL_CTX_new(TLS_method());
    X509 *certificate = issue(authority, persona, names, key);
    bool good = set_up(context, persona) && certificate && SSL_CTX_use_certificate(context, certificate) &&
                SSL_CTX_use_PrivateKey(context, authority_key(authority, key)) &&
                (!persona->chain || lengthen(context, authority, persona));

    X509_free(certificate);
    if (good)
        return context;
    fail(persona, error);
    SSL_CTX_free(context);
    return NULL;
}

struct tls_server *tls_server_new(SSL_CTX *context, size_t fragment)
{
    struct tls_server *server = mem_alloc(sizeof *server);

    server->records.most = fragment;
    server->ssl = SSL_new(context);
    server->in = BIO_new(BIO_s_mem());
    server->out = BIO_new(BIO_s_mem());
    BIO_set_mem_eof_return(server->in, -1);
    SSL_set_bio(server->ssl, server->in, server->out);
    SSL_set_accept_state(server->ssl);
    return server;
}

void tls_server_free(struct tls_server *server)
{
    if (!server)
        return;
    SSL_free(server->ssl);
    free(server);
}

static void take_output(struct tls_server *server, struct buf *out)
{
    const uint8_t *bytes;
    size_t length;

    if (!BIO_mem_contents(server->out, &bytes, &length) || !length)
        return;
    records_cut(&server->records, bytes, length, out);
    BIO_reset(server->out);
}

bool tls_server_feed(struct tls_server *server, const void *bytes, size_t length, struct buf *out,
                     struct buf *plain)
{
    uint8_t piece[4096];
    int got, why;

    BIO_write(server->in, bytes, (int)length);
    while ((got = SSL_read(server->ssl, piece, sizeof piece)) > 0)
        buf_add(plain, piece, (size_t)got);
    why = SSL_get_error(server->ssl, got);
    ERR_clear_error();
    take_output(server, out);
    return why == SSL_ERROR_WANT_READ;
}

bool tls_server_established(const struct tls_server *server)
{
    return SSL_is_init_finished(server->ssl);
}

void tls_server_write(struct tls_server *server, const void *bytes, size_t length, struct buf *out)
{
    SSL_write(server->ssl, bytes, (int)length);
    ERR_clear_error();
    take_output(server, out);
}

void tls_server_close(struct tls_server *server, struct buf *out)
{
    SSL_shutdown(server->ssl);
    ERR_clear_error();
    take_output(server, out);
}
