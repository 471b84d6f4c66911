#include "engine/store/store_certificate.h"

#include "engine/base/mem.h"

#include <stdlib.h>
#include <string.h>

#define NAMES_MOST 1000
#define CHAIN_MOST 20
#define HASH       (sizeof((struct certificate *)0)->sha256 - 1)

/* Flags in the order of their bits, which are for ever. */
#define FLAGS(X)                                                                                             \
    X(trusted)                                                                                               \
    X(expired)                                                                                               \
    X(chain_trusted)                                                                                         \
    X(self_signed)                                                                                           \
    X(weak_digest)                                                                                           \
    X(server_auth)                                                                                           \
    X(purpose_unread)                                                                                        \
    X(names_cut)

#define GATHER(flag) bits |= (uint64_t)certificate->flag << bit++;
#define SPREAD(flag) certificate->flag = bits >> bit++ & 1;

static void pack_flags(struct buf *out, const struct certificate *certificate)
{
    uint64_t bits = 0;
    unsigned bit = 0;

    FLAGS(GATHER)
    pack_number(out, bits);
}

static void unpack_flags(struct reader *in, struct certificate *certificate)
{
    uint64_t bits = unpack_number(in);
    unsigned bit = 0;

    FLAGS(SPREAD)
    if (bits >> bit)
        reader_fail(in);
}

static void pack_chain(struct buf *out, const struct certificate *certificate)
{
    pack_number(out, certificate->chain_length);
    for (size_t i = 0; i < certificate->chain_length; i++) {
        pack_text(out, certificate->chain[i].subject);
        pack_text(out, certificate->chain[i].issuer);
        pack_signed(out, certificate->chain[i].not_after);
    }
}

static void unpack_chain(struct reader *in, struct certificate *certificate)
{
    size_t count = unpack_count(in, CHAIN_MOST);

    certificate->chain = count ? mem_array(count, sizeof *certificate->chain) : NULL;
    certificate->chain_length = count;
    for (size_t i = 0; i < count; i++) {
        certificate->chain[i].subject = unpack_some_text(in);
        certificate->chain[i].issuer = unpack_some_text(in);
        certificate->chain[i].not_after = unpack_time(in);
    }
}

void pack_certificate(struct buf *out, const struct certificate *certificate)
{
    buf_u8(out, certificate != NULL);
    if (!certificate)
        return;
    pack_flags(out, certificate);
    pack_text(out, certificate->subject);
    pack_text(out, certificate->issuer);
    pack_strings(out, &certificate->names);
    pack_text(out, certificate->common_name);
    pack_signed(out, certificate->not_before);
    pack_signed(out, certificate->not_after);
    pack_text(out, certificate->key);
    pack_text(out, certificate->signature);
    pack_text(out, certificate->sha256);
    pack_text(out, certificate->trust_error);
    pack_signed(out, certificate->key_bits);
    pack_chain(out, certificate);
}

static void unpack_hash(struct reader *in, struct certificate *certificate)
{
    char *text = unpack_some_text(in);
    size_t length = strlen(text);

    if (strspn(text, "0123456789abcdef") != length || (length && length != HASH))
        reader_fail(in);
    else
        memcpy(certificate->sha256, text, length);
    free(text);
}

static void unpack_all(struct reader *in, struct certificate *certificate)
{
    unpack_flags(in, certificate);
    certificate->subject = unpack_some_text(in);
    certificate->issuer = unpack_some_text(in);
    unpack_strings(in, NAMES_MOST, &certificate->names);
    certificate->common_name = unpack_text(in);
    certificate->not_before = unpack_time(in);
    certificate->not_after = unpack_time(in);
    certificate->key = unpack_some_text(in);
    certificate->signature = unpack_some_text(in);
    unpack_hash(in, certificate);
    certificate->trust_error = unpack_text(in);
    certificate->key_bits = unpack_int(in);
    unpack_chain(in, certificate);
}

struct certificate *unpack_certificate(struct reader *in)
{
    struct certificate *certificate;

    if (!unpack_bounded(in, 1))
        return NULL;
    certificate = mem_alloc(sizeof *certificate);
    unpack_all(in, certificate);
    if (!in->failed)
        return certificate;
    certificate_free(certificate);
    return NULL;
}
