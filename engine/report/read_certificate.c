#include "engine/report/read_certificate.h"

#include "engine/base/mem.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define NAMES_MOST 1000
#define CHAIN_MOST 20
#define HASH       (sizeof((struct certificate *)0)->sha256 - 1)

/* Where certificates always have a text, an empty one is null in reports. */
static char *text_or_empty(const struct take *object, const char *key)
{
    char *text = take_text(object, key);

    return text ? text : mem_string("");
}

static void read_hash(const struct take *from, struct certificate *certificate)
{
    char *text = text_or_empty(from, "sha256");
    struct take at = take_any(from, "sha256");
    size_t length = strlen(text);

    if (strspn(text, "0123456789abcdef") != length || (length && length != HASH))
        take_fail(&at, "%zu hexadecimal digits", HASH);
    else
        memcpy(certificate->sha256, text, length);
    free(text);
}

static void read_chain(const struct take *from, struct certificate *certificate)
{
    size_t count;
    struct take chain = take_list(from, "chain", CHAIN_MOST, &count);

    certificate->chain = count ? mem_array(count, sizeof *certificate->chain) : NULL;
    certificate->chain_length = count;
    for (size_t i = 0; i < count; i++) {
        struct take member = take_item(&chain, i);

        certificate->chain[i].subject = text_or_empty(&member, "subject");
        certificate->chain[i].issuer = text_or_empty(&member, "issuer");
        certificate->chain[i].not_after = take_time(&member, "not_after");
    }
}

/* Null: its extensions can't be read; missing: nobody looked. */
static void read_purpose(const struct take *from, struct certificate *certificate)
{
    certificate->purpose_unread = take_is_null(from, "server_auth") && !take_failed(from);
    if (!certificate->purpose_unread)
        certificate->server_auth = take_bool(from, "server_auth");
}

static void read_flags(const struct take *from, struct certificate *certificate)
{
    certificate->trusted = take_bool(from, "trusted");
    certificate->expired = take_flag(from, "expired", false);
    certificate->chain_trusted = take_flag(from, "chain_trusted", certificate->trusted);
    certificate->self_signed = take_flag(from, "self_signed", false);
    certificate->weak_digest = take_flag(from, "weak_digest", false);
    certificate->names_cut = take_flag(from, "names_cut", false);
    read_purpose(from, certificate);
}

/* Without these nothing could be said of it. */
static const char *const needed[] = {"names", "not_before", "not_after", "trusted", NULL};

static void read_all(const struct take *from, struct certificate *certificate)
{
    take_need(from, needed);
    certificate->subject = text_or_empty(from, "subject");
    certificate->issuer = text_or_empty(from, "issuer");
    take_strings(from, "names", NAMES_MOST, false, &certificate->names);
    certificate->common_name = take_text(from, "common_name");
    certificate->not_before = take_time(from, "not_before");
    certificate->not_after = take_time(from, "not_after");
    certificate->key = text_or_empty(from, "key");
    certificate->signature = text_or_empty(from, "signature");
    certificate->trust_error = take_text(from, "trust_error");
    certificate->key_bits = (int)take_count(from, "key_bits", 1, INT_MAX, 0);
    read_hash(from, certificate);
    read_flags(from, certificate);
    read_chain(from, certificate);
}

struct certificate *read_certificate(const struct take *endpoint, const char *key)
{
    struct take from = take_object_or_null(endpoint, key);
    struct certificate *certificate;

    if (!from.value)
        return NULL;
    certificate = mem_alloc(sizeof *certificate);
    read_all(&from, certificate);
    if (!take_failed(endpoint))
        return certificate;
    certificate_free(certificate);
    return NULL;
}
