#include "engine/lab/authority.h"

#include "engine/base/buf.h"
#include "engine/base/mem.h"

#include <openssl/bn.h>
#include <openssl/ec_key.h>
#include <openssl/nid.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#ifndef OPENSSL_IS_BORINGSSL
#error "the lab needs BoringSSL"
#endif

#define DAY            86400
#define AUTHORITY_DAYS 3650
#define AGE_DAYS       60 /* how long certificates have been valid when they are issued */
#define NAMES_MOST     200

struct authority {
    EVP_PKEY *keys[LAB_KEYS]; /* by enum lab_key; the RSA one is the authority's and all RSA servers': making
                                 one takes its time */
    EVP_PKEY *other;
    X509 *certificate;
};

static EVP_PKEY *make_rsa(int bits)
{
    EVP_PKEY *key = EVP_PKEY_new();
    BIGNUM *exponent = BN_new();
    RSA *rsa = RSA_new();

    if (BN_set_word(exponent, RSA_F4) && RSA_generate_key_ex(rsa, bits, exponent, NULL)) {
        EVP_PKEY_assign_RSA(key, rsa);
    } else {
        RSA_free(rsa);
        EVP_PKEY_free(key);
        key = NULL;
    }
    BN_free(exponent);
    return key;
}

static EVP_PKEY *make_ec(void)
{
    EC_KEY *ec = EC_KEY_new_by_curve_name(NID_X9_62_prime256v1);
    EVP_PKEY *key = EVP_PKEY_new();

    if (ec && EC_KEY_generate_key(ec)) {
        EVP_PKEY_assign_EC_KEY(key, ec);
        return key;
    }
    EC_KEY_free(ec);
    EVP_PKEY_free(key);
    return NULL;
}

static void set_name(X509_NAME *name, const char *organization, const char *common)
{
    if (organization)
        X509_NAME_add_entry_by_txt(name, "O", MBSTRING_UTF8, (const uint8_t *)organization, -1, -1, 0);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const uint8_t *)common, -1, -1, 0);
}

static void set_times(X509 *certificate, int days)
{
    int64_t end = (int64_t)days * DAY, begin = (end < 0 ? end : 0) - (int64_t)AGE_DAYS * DAY;

    X509_gmtime_adj(X509_get_notBefore(certificate), (long)begin);
    X509_gmtime_adj(X509_get_notAfter(certificate), (long)end);
}

static bool add_extension(X509 *certificate, X509 *issuer, int nid, const char *value)
{
    X509_EXTENSION *extension;
    X509V3_CTX context;
    bool added;

    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    extension = X509V3_EXT_nconf_nid(NULL, &context, nid, (char *)value);
    added = extension && X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
    return added;
}

static bool set_serial(X509 *certificate)
{
    BIGNUM *serial = BN_new();
    bool set = BN_rand(serial, 120, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) &&
               BN_to_ASN1_INTEGER(serial, X509_get_serialNumber(certificate));

    BN_free(serial);
    return set;
}

static X509 *new_certificate(EVP_PKEY *key, int days)
{
    X509 *certificate = X509_new();

    X509_set_version(certificate, 2);
    set_times(certificate, days);
    if (set_serial(certificate) && X509_set_pubkey(certificate, key))
        return certificate;
    X509_free(certificate);
    return NULL;
}

static X509 *make_root(EVP_PKEY *key)
{
    X509 *root = new_certificate(key, AUTHORITY_DAYS);

    if (!root)
        return NULL;
    set_name(X509_get_subject_name(root), "mxscope lab", "mxscope lab authority");
    X509_set_issuer_name(root, X509_get_subject_name(root));
    if (add_extension(root, root, NID_basic_constraints, "critical,CA:TRUE") &&
        add_extension(root, root, NID_key_usage, "critical,keyCertSign,cRLSign") &&
        add_extension(root, root, NID_subject_key_identifier, "hash") && X509_sign(root, key, EVP_sha256()))
        return root;
    X509_free(root);
    return NULL;
}

struct authority *authority_new(void)
{
    struct authority *authority = mem_alloc(sizeof *authority);

    authority->keys[LAB_KEY_RSA] = make_rsa(2048);
    authority->keys[LAB_KEY_ECDSA] = make_ec();
    authority->other = make_ec();
    if (authority->keys[LAB_KEY_RSA] && authority->keys[LAB_KEY_ECDSA] && authority->other)
        authority->certificate = make_root(authority->keys[LAB_KEY_RSA]);
    if (authority->certificate)
        return authority;
    authority_free(authority);
    return NULL;
}

void authority_free(struct authority *authority)
{
    if (!authority)
        return;
    for (int key = 0; key < LAB_KEYS; key++)
        EVP_PKEY_free(authority->keys[key]);
    EVP_PKEY_free(authority->other);
    X509_free(authority->certificate);
    free(authority);
}

EVP_PKEY *authority_key(struct authority *authority, enum lab_key key)
{
    if (!authority->keys[key])
        authority->keys[key] = make_rsa(key == LAB_KEY_RSA_512 ? 512 : 1024);
    return authority->keys[key];
}

static bool add_names(X509 *certificate, const struct strings *names)
{
    struct buf value;
    bool added;
    size_t i;

    buf_init(&value, 0);
    for (i = 0; i < names->count && i < NAMES_MOST; i++)
        buf_printf(&value, "%sDNS:%s", i ? "," : "", names->items[i]);
    added = add_extension(certificate, certificate, NID_subject_alt_name, buf_string(&value));
    buf_release(&value);
    return added;
}

static EVP_PKEY *set_issuer(struct authority *authority, const struct certificate_order *order,
                            X509 *certificate)
{
    if (order->issuer == ISSUER_SELF) {
        X509_set_issuer_name(certificate, X509_get_subject_name(certificate));
        return authority_key(authority, order->key);
    }
    if (order->issuer == ISSUER_OTHER) {
        set_name(X509_get_issuer_name(certificate), "Nobody's Trust Services", "Nobody's Issuing CA 1");
        return authority->other;
    }
    X509_set_issuer_name(certificate, X509_get_subject_name(authority->certificate));
    return authority->keys[LAB_KEY_RSA];
}

X509 *authority_issue(struct authority *authority, const struct certificate_order *order)
{
    EVP_PKEY *key = authority_key(authority, order->key), *signer;
    X509 *certificate = key ? new_certificate(key, order->days) : NULL;

    if (!certificate)
        return NULL;
    set_name(X509_get_subject_name(certificate), NULL, order->names->items[0]);
    signer = set_issuer(authority, order, certificate);
    if (add_extension(certificate, certificate, NID_basic_constraints, "critical,CA:FALSE") &&
        add_extension(certificate, certificate, NID_ext_key_usage, "serverAuth,clientAuth") &&
        add_names(certificate, order->names) &&
        X509_sign(certificate, signer, order->sha1 ? EVP_sha1() : EVP_sha256()))
        return certificate;
    X509_free(certificate);
    return NULL;
}

char *authority_write_trust(struct authority *authority)
{
    const char *folder = getenv("TMPDIR");
    char *path = mem_format("%s/mxscope-lab-XXXXXX", folder && *folder ? folder : "/tmp");
    int descriptor = mkstemp(path);
    FILE *file = descriptor < 0 ? NULL : fdopen(descriptor, "w");
    bool written;

    if (!file) {
        if (descriptor >= 0)
            close(descriptor);
        free(path);
        return NULL;
    }
    written = PEM_write_X509(file, authority->certificate) == 1;
    written = fclose(file) == 0 && written;
    if (written)
        return path;
    unlink(path);
    free(path);
    return NULL;
}
