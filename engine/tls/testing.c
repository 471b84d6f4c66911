#include "engine/tls/testing.h"

#include "engine/base/mem.h"
#include "engine/tls/suite.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ec_key.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/mem.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct testing_server {
    struct testing_server_order order;
    SSL_CTX *context;
    SSL *ssl;
    BIO *in, *out; /* owned by `ssl` */
    struct buf text;
    bool closed;
};

static void must(bool done, const char *what)
{
    if (done)
        return;
    fprintf(stderr, "testing: %s failed\n", what);
    ERR_print_errors_fp(stderr);
    abort();
}

EVP_PKEY *testing_ec_key(int curve)
{
    EC_KEY *ec = EC_KEY_new_by_curve_name(curve);
    EVP_PKEY *key = EVP_PKEY_new();

    must(ec && EC_KEY_generate_key(ec) && EVP_PKEY_assign_EC_KEY(key, ec), "an EC key");
    return key;
}

EVP_PKEY *testing_rsa_key(int bits)
{
    BIGNUM *exponent = BN_new();
    EVP_PKEY *key = EVP_PKEY_new();
    RSA *rsa = RSA_new();

    must(BN_set_word(exponent, RSA_F4) && RSA_generate_key_ex(rsa, bits, exponent, NULL) &&
             EVP_PKEY_assign_RSA(key, rsa),
         "an RSA key");
    BN_free(exponent);
    return key;
}

static void extend(X509 *certificate, int nid, const char *value)
{
    X509_EXTENSION *extension;
    X509V3_CTX context;

    if (!value)
        return;
    X509V3_set_ctx(&context, certificate, certificate, NULL, NULL, 0);
    extension = X509V3_EXT_nconf_nid(NULL, &context, nid, (char *)value);
    must(extension && X509_add_ext(certificate, extension, -1), value);
    X509_EXTENSION_free(extension);
}

static void name_and_date(X509 *certificate, const struct testing_order *order)
{
    bool usual = !order->first_day && !order->last_day;
    int first = usual ? -100 : order->first_day, last = usual ? 100 : order->last_day;
    X509_NAME *subject = X509_get_subject_name(certificate);

    if (order->common_name)
        must(X509_NAME_add_entry_by_NID(subject, NID_commonName, MBSTRING_UTF8,
                                        (const uint8_t *)order->common_name, -1, -1, 0),
             order->common_name);
    must(X509_set_issuer_name(certificate, order->issuer ? X509_get_subject_name(order->issuer) : subject),
         "an issuer's name");
    ASN1_TIME_set(X509_getm_notBefore(certificate), TESTING_NOW + (time_t)first * TESTING_DAY);
    ASN1_TIME_set(X509_getm_notAfter(certificate), TESTING_NOW + (time_t)last * TESTING_DAY);
}

X509 *testing_certificate(const struct testing_order *order)
{
    X509 *certificate = X509_new();

    X509_set_version(certificate, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 4711);
    name_and_date(certificate, order);
    must(X509_set_pubkey(certificate, order->key), "a public key");
    extend(certificate, NID_basic_constraints, order->authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
    extend(certificate, NID_subject_alt_name, order->names);
    extend(certificate, NID_key_usage, order->key_usage);
    extend(certificate, NID_ext_key_usage, order->purpose);
    must(X509_sign(certificate, order->issuer ? order->issuer_key : order->key, EVP_sha256()), "a signature");
    return certificate;
}

void testing_der(X509 *certificate, struct buf *out)
{
    uint8_t *der = NULL;
    int length = i2d_X509(certificate, &der);

    must(length > 0, "DER");
    buf_add(out, der, (size_t)length);
    OPENSSL_free(der);
}

char *testing_file(const char *name, const char *text)
{
    const char *folder = getenv("TEST_TMPDIR");
    char *path = mem_format("%s/%s", folder ? folder : "/tmp", name);
    FILE *file = fopen(path, "w");

    must(file && fputs(text, file) >= 0 && fclose(file) == 0, path);
    return path;
}

char *testing_bundle(const char *name, X509 *certificate)
{
    BIO *bio = BIO_new(BIO_s_mem());
    const uint8_t *bytes;
    size_t length;
    char *text, *path;

    must(PEM_write_bio_X509(bio, certificate) && BIO_mem_contents(bio, &bytes, &length), "PEM");
    text = mem_string_n((const char *)bytes, length);
    path = testing_file(name, text);
    free(text);
    BIO_free(bio);
    return path;
}

static int accept_any(X509_STORE_CTX *context, void *unused)
{
    (void)context;
    (void)unused;
    return 1;
}

static void install_chain(SSL_CTX *context, const struct testing_server_order *order)
{
    size_t i;

    must(SSL_CTX_use_certificate(context, order->chain[0]) && SSL_CTX_use_PrivateKey(context, order->key),
         "a certificate");
    for (i = 1; i < TESTING_CHAIN_MOST && order->chain[i]; i++)
        must(SSL_CTX_add1_chain_cert(context, order->chain[i]), "a chain");
}

/* True when the list (pairs of bytes behind their length) holds a signature algorithm of ECDSA. */
static bool holds_ecdsa(const uint8_t *list, size_t length)
{
    for (size_t i = 2; i + 1 < length; i += 2)
        if (list[i + 1] == 3)
            return true;
    return false;
}

/* TLS 1.0 and 1.1 know no such list: the suites alone decide there. */
static bool does_ecdsa(const SSL_CLIENT_HELLO *hello)
{
    const uint8_t *list;
    size_t length;
    bool suites = false;

    for (size_t i = 0; i + 1 < hello->cipher_suites_len; i += 2) {
        uint16_t id = (uint16_t)(hello->cipher_suites[i] << 8 | hello->cipher_suites[i + 1]);
        const struct tls_suite *suite = tls_suite_find(id);

        suites |= suite && suite->ecdsa;
    }
    if (!SSL_early_callback_ctx_extension_get(hello, TLSEXT_TYPE_signature_algorithms, &list, &length))
        return suites;
    return suites && holds_ecdsa(list, length);
}

static enum ssl_select_cert_result_t choose_certificate(const SSL_CLIENT_HELLO *hello)
{
    const struct testing_server *server = SSL_get_app_data(hello->ssl);

    if (server->order.ecdsa && does_ecdsa(hello))
        must(SSL_use_certificate(hello->ssl, server->order.ecdsa) &&
                 SSL_use_PrivateKey(hello->ssl, server->order.ecdsa_key),
             "a second certificate");
    return ssl_select_cert_success;
}

static SSL_CTX *server_context(const struct testing_server_order *order)
{
    SSL_CTX *context = SSL_CTX_new(TLS_method());
    int mode = SSL_VERIFY_PEER | (order->client_certificate_required ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0);

    must(SSL_CTX_set_min_proto_version(context, tls_version_wire(order->lowest)) &&
             SSL_CTX_set_max_proto_version(context, tls_version_wire(order->highest)),
         "versions");
    if (order->suites)
        must(SSL_CTX_set_cipher_list(context, order->suites), order->suites);
    if (order->groups)
        must(SSL_CTX_set1_curves_list(context, order->groups), order->groups);
    if (order->client_certificate_wanted || order->client_certificate_required)
        SSL_CTX_set_verify(context, mode, NULL);
    SSL_CTX_set_cert_verify_callback(context, accept_any, NULL);
    SSL_CTX_set_select_certificate_cb(context, choose_certificate);
    install_chain(context, order);
    return context;
}

struct testing_server *testing_server_new(const struct testing_server_order *order)
{
    struct testing_server *server = mem_alloc(sizeof *server);

    server->context = server_context(order);
    server->order = *order;
    server->ssl = SSL_new(server->context);
    SSL_set_app_data(server->ssl, server);
    server->in = BIO_new(BIO_s_mem());
    server->out = BIO_new(BIO_s_mem());
    BIO_set_mem_eof_return(server->in, -1);
    SSL_set_bio(server->ssl, server->in, server->out);
    SSL_set_accept_state(server->ssl);
    return server;
}

void testing_server_free(struct testing_server *server)
{
    SSL_free(server->ssl);
    SSL_CTX_free(server->context);
    buf_release(&server->text);
    free(server);
}

static void take_output(struct testing_server *server, struct buf *out)
{
    const uint8_t *bytes;
    size_t length;

    if (BIO_mem_contents(server->out, &bytes, &length) && length)
        buf_add(out, bytes, length);
    BIO_reset(server->out);
}

void testing_server_feed(struct testing_server *server, const struct buf *bytes, struct buf *out)
{
    uint8_t chunk[512];
    int got = 0;

    must(BIO_write(server->in, bytes->bytes, (int)bytes->length) == (int)bytes->length, "a write");
    if (SSL_do_handshake(server->ssl) == 1)
        while ((got = SSL_read(server->ssl, chunk, sizeof chunk)) > 0)
            buf_add(&server->text, chunk, (size_t)got);
    server->closed = (SSL_get_shutdown(server->ssl) & SSL_RECEIVED_SHUTDOWN) != 0;
    ERR_clear_error();
    take_output(server, out);
}

const char *testing_server_text(struct testing_server *server)
{
    return buf_string(&server->text);
}

const char *testing_server_name(struct testing_server *server)
{
    return SSL_get_servername(server->ssl, TLSEXT_NAMETYPE_host_name);
}

bool testing_server_established(const struct testing_server *server)
{
    return !SSL_in_init(server->ssl);
}

bool testing_server_closed(const struct testing_server *server)
{
    return server->closed;
}

void testing_server_write(struct testing_server *server, const char *text, struct buf *out)
{
    must(SSL_write(server->ssl, text, (int)strlen(text)) > 0, "SSL_write");
    take_output(server, out);
}

void testing_server_close(struct testing_server *server, struct buf *out)
{
    SSL_shutdown(server->ssl);
    take_output(server, out);
}

enum tls_progress testing_feed(struct tls_session *session, const struct buf *bytes, size_t piece,
                               struct buf *out, struct buf *plain)
{
    enum tls_progress progress = TLS_HANDSHAKING;
    size_t at, length;

    for (at = 0; at < bytes->length; at += length) {
        length = piece && piece < bytes->length - at ? piece : bytes->length - at;
        progress = tls_session_feed(session, bytes->bytes + at, length, out, plain);
    }
    return progress;
}

enum tls_progress testing_handshake(struct tls_session *session, struct testing_server *server, size_t piece)
{
    struct buf to_server = {0}, to_client = {0}, plain = {0};
    enum tls_progress progress = tls_session_start(session, &to_server);

    while (to_server.length) {
        buf_reset(&to_client);
        testing_server_feed(server, &to_server, &to_client);
        buf_reset(&to_server);
        if (to_client.length)
            progress = testing_feed(session, &to_client, piece, &to_server, &plain);
    }
    buf_release(&to_server);
    buf_release(&to_client);
    buf_release(&plain);
    return progress;
}
