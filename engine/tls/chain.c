#include "engine/tls/chain.h"

#include "engine/base/buf.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"

#include <arpa/inet.h>
#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/bytestring.h>
#include <openssl/ec.h>
#include <openssl/ec_key.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/mem.h>
#include <openssl/nid.h>
#include <openssl/obj.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#define CHAIN_MOST 20
#define NAMES_MOST 1000
#define NAME_MOST  4096

/* Escapes all but the backslashes: those are RFC 2253's own. */
static char *escape_name(const uint8_t *bytes, size_t length)
{
    struct buf out;
    size_t i, start = 0;

    buf_init(&out, 0);
    for (i = 0; i <= length; i++) {
        if (i < length && bytes[i] != '\\')
            continue;
        text_escape(&out, bytes + start, i - start);
        if (i < length)
            buf_u8(&out, '\\');
        start = i + 1;
    }
    return buf_take_string(&out);
}

static char *name_text(const X509_NAME *name)
{
    static const unsigned long flags = ASN1_STRFLGS_ESC_2253 | ASN1_STRFLGS_UTF8_CONVERT |
                                       XN_FLAG_SEP_COMMA_PLUS | XN_FLAG_DN_REV | XN_FLAG_FN_SN;
    BIO *bio = BIO_new(BIO_s_mem());
    const uint8_t *bytes;
    size_t length;
    char *text = NULL;

    if (bio && X509_NAME_print_ex(bio, name, 0, flags) >= 0 && BIO_mem_contents(bio, &bytes, &length))
        text = escape_name(bytes, length < NAME_MOST ? length : NAME_MOST);
    BIO_free(bio);
    return text ? text : mem_string("");
}

/* The last one is the most specific (RFC 6125 §6.4.4). */
static char *common_name(const X509_NAME *name)
{
    int at = -1, next = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
    unsigned char *utf8 = NULL;
    char *text;
    int length;

    for (; next >= 0; next = X509_NAME_get_index_by_NID(name, NID_commonName, at))
        at = next;
    if (at < 0)
        return NULL;
    length = ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
    if (length < 0)
        return NULL;
    text = text_escaped(utf8, (size_t)(length < 1024 ? length : 1024));
    OPENSSL_free(utf8);
    return text;
}

/* Seconds since 1970; 0 for a time that can't be read. */
static int64_t seconds_of(const ASN1_TIME *time)
{
    ASN1_TIME *epoch = ASN1_TIME_set(NULL, 0);
    int days = 0, seconds = 0;
    bool ok = epoch && ASN1_TIME_diff(&days, &seconds, epoch, time);

    ASN1_TIME_free(epoch);
    return ok ? (int64_t)days * 86400 + seconds : 0;
}

/* A dNSName that reads as an address is no iPAddress and stands for none: it gets a mark. */
static void add_dns_name(struct certificate *c, const uint8_t *bytes, size_t length)
{
    char *escaped = text_escaped(bytes, length < 512 ? length : 512);
    uint8_t address[16];

    if (inet_pton(AF_INET, escaped, address) == 1 || inet_pton(AF_INET6, escaped, address) == 1)
        strings_addf(&c->names, "DNS:%s", escaped);
    else
        strings_add(&c->names, escaped);
    free(escaped);
}

static void add_address(struct certificate *c, const uint8_t *bytes, size_t length)
{
    char text[INET6_ADDRSTRLEN];

    if ((length == 4 || length == 16) &&
        inet_ntop(length == 4 ? AF_INET : AF_INET6, bytes, text, sizeof text))
        strings_add(&c->names, text);
}

static void add_alternative_name(struct certificate *c, const GENERAL_NAME *name)
{
    const ASN1_STRING *value;

    if (name->type != GEN_DNS && name->type != GEN_IPADD)
        return;
    if (c->names.count == NAMES_MOST) {
        c->names_cut = true;
        return;
    }
    value = name->type == GEN_DNS ? name->d.dNSName : name->d.iPAddress;
    if (name->type == GEN_DNS)
        add_dns_name(c, ASN1_STRING_get0_data(value), (size_t)ASN1_STRING_length(value));
    else
        add_address(c, ASN1_STRING_get0_data(value), (size_t)ASN1_STRING_length(value));
}

static void read_names(struct certificate *c, X509 *leaf)
{
    GENERAL_NAMES *names = X509_get_ext_d2i(leaf, NID_subject_alt_name, NULL, NULL);
    size_t i;

    if (!names)
        return;
    for (i = 0; i < sk_GENERAL_NAME_num(names); i++)
        add_alternative_name(c, sk_GENERAL_NAME_value(names, i));
    GENERAL_NAMES_free(names);
}

static const char *curve_name(const EC_KEY *key)
{
    switch (EC_GROUP_get_curve_name(EC_KEY_get0_group(key))) {
    case NID_X9_62_prime256v1:
        return "P-256";
    case NID_secp384r1:
        return "P-384";
    case NID_secp521r1:
        return "P-521";
    case NID_secp224r1:
        return "P-224";
    default:
        return "curve unknown";
    }
}

/* A key that BoringSSL can't read: the name or number of its algorithm. */
static char *key_algorithm(X509 *leaf)
{
    ASN1_OBJECT *algorithm = NULL;
    char text[80];

    if (!X509_PUBKEY_get0_param(&algorithm, NULL, NULL, NULL, X509_get_X509_PUBKEY(leaf)) ||
        OBJ_obj2txt(text, sizeof text, algorithm, 0) <= 0)
        return mem_string("unknown");
    return text_escaped(text, strlen(text));
}

static char *key_text(X509 *leaf)
{
    EVP_PKEY *key = X509_get_pubkey(leaf);
    char *text;

    switch (key ? EVP_PKEY_id(key) : EVP_PKEY_NONE) {
    case EVP_PKEY_RSA:
        text = mem_format("RSA %d", EVP_PKEY_bits(key));
        break;
    case EVP_PKEY_EC:
        text = mem_format("ECDSA %s", curve_name(EVP_PKEY_get0_EC_KEY(key)));
        break;
    case EVP_PKEY_ED25519:
        text = mem_string("Ed25519");
        break;
    case EVP_PKEY_DSA:
        text = mem_format("DSA %d", EVP_PKEY_bits(key));
        break;
    default:
        text = key_algorithm(leaf);
        break;
    }
    EVP_PKEY_free(key);
    return text;
}

/* "sha256WithRSAEncryption", or the number of an algorithm without a name. */
static char *signature_text(X509 *leaf)
{
    const X509_ALGOR *algorithm = NULL;
    const ASN1_OBJECT *oid = NULL;
    char text[80];

    X509_get0_signature(NULL, &algorithm, leaf);
    X509_ALGOR_get0(&oid, NULL, NULL, algorithm);
    if (!oid || OBJ_obj2txt(text, sizeof text, oid, 0) <= 0)
        return mem_string("unknown");
    return text_escaped(text, strlen(text));
}

static void fingerprint(struct certificate *c, const CRYPTO_BUFFER *der)
{
    uint8_t digest[SHA256_DIGEST_LENGTH];

    SHA256(CRYPTO_BUFFER_data(der), CRYPTO_BUFFER_len(der), digest);
    text_hex(c->sha256, digest, sizeof digest);
}

static void add_member(struct certificate *c, X509 *x)
{
    struct chain_member *member = &c->chain[c->chain_length++];

    member->subject = name_text(X509_get_subject_name(x));
    member->issuer = name_text(X509_get_issuer_name(x));
    member->not_after = seconds_of(X509_get0_notAfter(x));
}

static char *date_sentence(const char *which, const char *what, const ASN1_TIME *time)
{
    char when[TEXT_TIME_SIZE];

    text_time(when, seconds_of(time));
    return mem_format("%s %s %.10s", which, what, when);
}

static char *issuer_sentence(X509 *certificate)
{
    char *issuer = name_text(X509_get_issuer_name(certificate)), *text;

    text = mem_format("issuer not known: %s", *issuer ? issuer : "(no name)");
    free(issuer);
    return text;
}

/* One short sentence for what ended the verification. */
static char *trust_sentence(X509_STORE_CTX *context)
{
    int error = X509_STORE_CTX_get_error(context);
    const char *which =
        X509_STORE_CTX_get_error_depth(context) ? "an issuing certificate" : "the certificate";
    X509 *at = X509_STORE_CTX_get_current_cert(context);

    switch (at ? error : X509_V_ERR_UNSPECIFIED) {
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
        return mem_string("self-signed certificate");
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
        return issuer_sentence(at);
    case X509_V_ERR_CERT_HAS_EXPIRED:
        return date_sentence(which, "expired on", X509_get0_notAfter(at));
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return date_sentence(which, "is not valid before", X509_get0_notBefore(at));
    case X509_V_ERR_INVALID_PURPOSE:
        return mem_format("%s is not meant for server authentication", which);
    case X509_V_ERR_INVALID_CA:
        return mem_format("%s is not one of an authority", which);
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
        return mem_format("the signature on %s is wrong", which);
    default:
        return mem_string(X509_verify_cert_error_string(error));
    }
}

/* Dates and purpose are facts of their own: the chain is looked at without them. */
static int pass_over(int ok, X509_STORE_CTX *context)
{
    int error = X509_STORE_CTX_get_error(context);

    return ok || error == X509_V_ERR_CERT_HAS_EXPIRED || error == X509_V_ERR_CERT_NOT_YET_VALID ||
           error == X509_V_ERR_INVALID_PURPOSE;
}

/* One verification; the sentence for what ended it, NULL when nothing did. The caller frees. */
static char *verify_by(X509 *leaf, STACK_OF(X509) * others, X509_STORE *store, int64_t now, bool whole,
                       bool *held)
{
    X509_STORE_CTX *context = X509_STORE_CTX_new();
    X509_VERIFY_PARAM *param;
    char *sentence = NULL;

    *held = false;
    if (!store || !context || !X509_STORE_CTX_init(context, store, leaf, others) ||
        !X509_STORE_CTX_set_default(context, "ssl_server")) {
        sentence = mem_string("there is no trust store to check it against");
    } else {
        param = X509_STORE_CTX_get0_param(context);
        X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_TRUSTED_FIRST);
        X509_VERIFY_PARAM_set_time(param, (time_t)now);
        if (!whole)
            X509_STORE_CTX_set_verify_cb(context, pass_over);
        *held = X509_verify_cert(context) == 1;
        if (!*held)
            sentence = trust_sentence(context);
    }
    X509_STORE_CTX_free(context);
    ERR_clear_error();
    return sentence;
}

static void verify(struct certificate *c, X509 *leaf, STACK_OF(X509) * others, X509_STORE *store, int64_t now)
{
    c->trust_error = verify_by(leaf, others, store, now, true, &c->trusted);
    c->chain_trusted = c->trusted;
    if (!c->trusted && store)
        free(verify_by(leaf, others, store, now, false, &c->chain_trusted));
}

static bool is_self_signed(X509 *x)
{
    EVP_PKEY *key = X509_check_issued(x, x) == X509_V_OK ? X509_get_pubkey(x) : NULL;
    bool is = key && X509_verify(x, key) == 1;

    EVP_PKEY_free(key);
    ERR_clear_error();
    return is;
}

/* RSASSA-PSS names its digest in the parameters, and none stands for SHA-1 (RFC 4055 §3.1). What can't be
 * read is not called weak. */
static bool has_weak_pss(X509 *x)
{
    static const uint8_t sha2[] = {0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02};
    const X509_ALGOR *algorithm = NULL;
    const ASN1_OBJECT *oid = NULL;
    const void *value = NULL;
    CBS parameters, sequence, digest;
    int type = V_ASN1_UNDEF, has = 0;

    X509_get0_signature(NULL, &algorithm, x);
    X509_ALGOR_get0(&oid, &type, &value, algorithm);
    if (OBJ_obj2nid(oid) != NID_rsassaPss || type != V_ASN1_SEQUENCE)
        return false;
    CBS_init(&parameters, ASN1_STRING_get0_data(value), (size_t)ASN1_STRING_length(value));
    if (!CBS_get_asn1(&parameters, &sequence, CBS_ASN1_SEQUENCE) ||
        !CBS_get_optional_asn1(&sequence, &digest, &has,
                               CBS_ASN1_CONTEXT_SPECIFIC | CBS_ASN1_CONSTRUCTED | 0))
        return false;
    return !has || !memmem(CBS_data(&digest), CBS_len(&digest), sha2, sizeof sha2);
}

static bool has_weak_digest(X509 *x)
{
    static const char *const weak[] = {"sha1", "md5", "md4", "md2"};
    char *signature = signature_text(x);
    bool has = has_weak_pss(x);
    size_t i;

    for (i = 0; i < sizeof weak / sizeof weak[0]; i++)
        has |= strcasestr(signature, weak[i]) != NULL;
    free(signature);
    return has;
}

/* Nobody looks at a root's own signature. */
static bool any_weak_digest(STACK_OF(X509) * all)
{
    size_t i;

    for (i = 0; i < sk_X509_num(all); i++) {
        X509 *x = sk_X509_value(all, i);

        if ((!i || X509_check_issued(x, x) != X509_V_OK) && has_weak_digest(x))
            return true;
    }
    return false;
}

static int key_size(X509 *leaf)
{
    EVP_PKEY *key = X509_get_pubkey(leaf);
    int bits = key ? EVP_PKEY_bits(key) : 0;

    EVP_PKEY_free(key);
    ERR_clear_error();
    return bits;
}

static bool allows_servers(X509 *leaf)
{
    return !(X509_get_extension_flags(leaf) & EXFLAG_XKUSAGE) ||
           X509_get_extended_key_usage(leaf) & (XKU_SSL_SERVER | XKU_ANYEKU);
}

static void describe(struct certificate *c, X509 *leaf, int64_t now)
{
    c->subject = mem_string(c->chain[0].subject);
    c->issuer = mem_string(c->chain[0].issuer);
    c->common_name = common_name(X509_get_subject_name(leaf));
    c->not_before = seconds_of(X509_get0_notBefore(leaf));
    c->not_after = seconds_of(X509_get0_notAfter(leaf));
    c->expired = now < c->not_before || now > c->not_after;
    c->key = key_text(leaf);
    c->signature = signature_text(leaf);
    read_names(c, leaf);
}

struct certificate *chain_read(const STACK_OF(CRYPTO_BUFFER) * buffers, X509_STORE *store, int64_t now)
{
    size_t count = sk_CRYPTO_BUFFER_num(buffers), i;
    STACK_OF(X509) *all = sk_X509_new_null();
    struct certificate *c = NULL;

    for (i = 0; i < count && i < CHAIN_MOST; i++) {
        X509 *x = X509_parse_from_buffer(sk_CRYPTO_BUFFER_value(buffers, i));

        if (x)
            sk_X509_push(all, x);
        else if (!i)
            break;
    }
    if (sk_X509_num(all)) {
        c = mem_alloc(sizeof *c);
        c->chain = mem_array(sk_X509_num(all), sizeof *c->chain);
        for (i = 0; i < sk_X509_num(all); i++)
            add_member(c, sk_X509_value(all, i));
        describe(c, sk_X509_value(all, 0), now);
        fingerprint(c, sk_CRYPTO_BUFFER_value(buffers, 0));
        verify(c, sk_X509_value(all, 0), all, store, now);
        c->self_signed = is_self_signed(sk_X509_value(all, 0));
        c->weak_digest = any_weak_digest(all);
        c->server_auth = allows_servers(sk_X509_value(all, 0));
        c->purpose_unread = X509_get_extension_flags(sk_X509_value(all, 0)) & EXFLAG_INVALID;
        c->key_bits = key_size(sk_X509_value(all, 0));
    }
    sk_X509_pop_free(all, X509_free);
    ERR_clear_error();
    return c;
}

struct certificate *certificate_parse(const uint8_t *der, size_t length)
{
    STACK_OF(CRYPTO_BUFFER) *buffers = sk_CRYPTO_BUFFER_new_null();
    struct certificate *c;

    sk_CRYPTO_BUFFER_push(buffers, CRYPTO_BUFFER_new(der, length, NULL));
    c = chain_read(buffers, NULL, 0);
    sk_CRYPTO_BUFFER_pop_free(buffers, CRYPTO_BUFFER_free);
    return c;
}
