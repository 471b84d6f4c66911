#include "engine/store/store_facts.h"

#include "engine/base/mem.h"
#include "engine/store/store_certificate.h"

#include <stdlib.h>
#include <string.h>

#define FORM       1      /* of what follows it */
#define LINES_MOST 100000 /* as many as 64 KiB of a reply may hold */
#define LOG_MOST   64

/* Flags in the order of their bits, which are for ever. */
#define FLAGS(X)                                                                                             \
    X(full)                                                                                                  \
    X(ended)                                                                                                 \
    X(helo)                                                                                                  \
    X(retry_request)                                                                                         \
    X(name_refused)                                                                                          \
    X(sslv2)                                                                                                 \
    X(unconfirmed)                                                                                           \
    X(tls)                                                                                                   \
    X(handshake_completed)                                                                                   \
    X(client_certificate_requested)

#define GATHER(flag) bits |= (uint64_t)facts->flag << bit++;
#define SPREAD(flag) facts->flag = bits >> bit++ & 1;

static void pack_flags(struct buf *out, const struct facts *facts)
{
    uint64_t bits = 0;
    unsigned bit = 0;

    FLAGS(GATHER)
    pack_number(out, bits);
}

static void unpack_flags(struct reader *in, struct facts *facts)
{
    uint64_t bits = unpack_number(in);
    unsigned bit = 0;

    FLAGS(SPREAD)
    if (bits >> bit)
        reader_fail(in);
}

static void pack_dialogue(struct buf *out, const struct vocabulary *words, const struct facts *facts)
{
    pack_word(out, words, WORD_STAGE, facts->stage);
    pack_word(out, words, WORD_PROBE_ERROR, facts->error);
    pack_text(out, facts->error_detail);
    pack_number(out, facts->attempts);
    pack_number(out, facts->connections);
    pack_text(out, facts->banner);
    pack_strings(out, &facts->ehlo);
    pack_strings(out, &facts->ehlo_tls);
    pack_word(out, words, WORD_STARTTLS, facts->starttls);
    pack_signed(out, facts->code);
    pack_word(out, words, WORD_INJECTION, facts->injection);
    pack_number(out, facts->injected);
}

static void unpack_dialogue(struct reader *in, const struct vocabulary *words, struct facts *facts)
{
    facts->stage = (enum stage)unpack_word(in, words, WORD_STAGE);
    facts->error = (enum probe_error)unpack_word(in, words, WORD_PROBE_ERROR);
    facts->error_detail = unpack_text(in);
    facts->attempts = unpack_unsigned(in);
    facts->connections = unpack_unsigned(in);
    facts->banner = unpack_text(in);
    unpack_strings(in, LINES_MOST, &facts->ehlo);
    unpack_strings(in, LINES_MOST, &facts->ehlo_tls);
    facts->starttls = (enum starttls_state)unpack_word(in, words, WORD_STARTTLS);
    facts->code = unpack_int(in);
    facts->injection = (enum injection_state)unpack_word(in, words, WORD_INJECTION);
    facts->injected = (size_t)unpack_bounded(in, SIZE_MAX);
}

static void pack_versions(struct buf *out, const struct vocabulary *words, const struct facts *facts)
{
    pack_number(out, TLS_VERSIONS);
    for (int v = 0; v < TLS_VERSIONS; v++) {
        const struct version_facts *version = &facts->versions[v];

        pack_word(out, words, WORD_VERSION_STATE, version->state);
        pack_number(out, version->suite);
        pack_word(out, words, WORD_PROBE_ERROR, version->error);
        pack_signed(out, version->alert);
    }
}

static void unpack_versions(struct reader *in, const struct vocabulary *words, struct facts *facts)
{
    if (unpack_number(in) != TLS_VERSIONS)
        reader_fail(in);
    for (int v = 0; v < TLS_VERSIONS; v++) {
        struct version_facts *version = &facts->versions[v];

        version->state = (enum version_state)unpack_word(in, words, WORD_VERSION_STATE);
        version->suite = (uint16_t)unpack_bounded(in, UINT16_MAX);
        version->error = (enum probe_error)unpack_word(in, words, WORD_PROBE_ERROR);
        version->alert = unpack_int(in);
    }
}

static void pack_tally(struct buf *out, const struct tally *tally)
{
    pack_number(out, tally->offered);
    pack_number(out, tally->not_offered);
    for (int v = 0; v < TLS_VERSIONS; v++)
        pack_number(out, tally->chose[v]);
    pack_number(out, tally->chose_none);
}

/* They are added up: none is near the end of its range. */
static void unpack_tally(struct reader *in, struct tally *tally)
{
    tally->offered = (unsigned)unpack_bounded(in, UINT16_MAX);
    tally->not_offered = (unsigned)unpack_bounded(in, UINT16_MAX);
    for (int v = 0; v < TLS_VERSIONS; v++)
        tally->chose[v] = (unsigned)unpack_bounded(in, UINT16_MAX);
    tally->chose_none = (unsigned)unpack_bounded(in, UINT16_MAX);
}

static void pack_tls(struct buf *out, const struct vocabulary *words, const struct facts *facts)
{
    pack_number(out, facts->sentinel);
    pack_number(out, facts->dh_bits);
    pack_number(out, facts->tls_version);
    pack_number(out, facts->tls_suite);
    pack_number(out, facts->tls_group);
    pack_text(out, facts->handshake_error);
    pack_word(out, words, WORD_PROBE_ERROR, facts->handshake_cause);
    pack_text(out, facts->offer_baseline);
    pack_word(out, words, WORD_VERSION_STATE, facts->offer);
    pack_number(out, facts->offer_suite);
    pack_certificate(out, facts->certificate);
    pack_certificate(out, facts->other_certificate);
    pack_word(out, words, WORD_VERSION_STATE, facts->other);
}

static void unpack_tls(struct reader *in, const struct vocabulary *words, struct facts *facts)
{
    facts->sentinel = (enum hello_sentinel)unpack_bounded(in, SENTINEL_TLS_1_1_OR_BELOW);
    facts->dh_bits = (unsigned)unpack_bounded(in, INT32_MAX);
    facts->tls_version = (enum tls_version)unpack_bounded(in, TLS_VERSIONS - 1);
    facts->tls_suite = (uint16_t)unpack_bounded(in, UINT16_MAX);
    facts->tls_group = (uint16_t)unpack_bounded(in, UINT16_MAX);
    facts->handshake_error = unpack_text(in);
    facts->handshake_cause = (enum probe_error)unpack_word(in, words, WORD_PROBE_ERROR);
    facts->offer_baseline = unpack_text(in);
    facts->offer = (enum version_state)unpack_word(in, words, WORD_VERSION_STATE);
    facts->offer_suite = (uint16_t)unpack_bounded(in, UINT16_MAX);
    facts->certificate = unpack_certificate(in);
    facts->other_certificate = unpack_certificate(in);
    facts->other = (enum version_state)unpack_word(in, words, WORD_VERSION_STATE);
}

static void pack_times(struct buf *out, const struct facts *facts)
{
    pack_signed(out, facts->connect_ms);
    pack_signed(out, facts->banner_ms);
    pack_signed(out, facts->starttls_ms);
    pack_signed(out, facts->handshake_ms);
    pack_signed(out, facts->probed_at);
}

static void unpack_times(struct reader *in, struct facts *facts)
{
    facts->connect_ms = unpack_int(in);
    facts->banner_ms = unpack_int(in);
    facts->starttls_ms = unpack_int(in);
    facts->handshake_ms = unpack_int(in);
    facts->probed_at = unpack_time(in);
}

static void pack_transcript(struct buf *out, const struct transcript *transcript)
{
    pack_number(out, transcript->count);
    for (size_t i = 0; i < transcript->count; i++) {
        pack_number(out, transcript->lines[i].side);
        pack_signed(out, transcript->lines[i].at_ms);
        pack_text(out, transcript->lines[i].text);
    }
}

static void unpack_transcript(struct reader *in, struct transcript *transcript)
{
    size_t count = unpack_count(in, TRANSCRIPT_MOST);

    for (size_t i = 0; i < count && !in->failed; i++) {
        enum transcript_side side = (enum transcript_side)unpack_bounded(in, NOTED);

        transcript->now_ms = unpack_int(in);
        transcript_give(transcript, side, unpack_some_text(in));
    }
}

static void pack_log(struct buf *out, const struct vocabulary *words, const struct facts *facts)
{
    pack_number(out, facts->log_count);
    for (size_t i = 0; i < facts->log_count; i++) {
        const struct attempt *attempt = &facts->log[i];

        pack_signed(out, attempt->at);
        pack_text(out, attempt->purpose);
        pack_word(out, words, WORD_STAGE, attempt->stage);
        pack_word(out, words, WORD_PROBE_ERROR, attempt->error);
        pack_text(out, attempt->detail);
        pack_number(out, attempt->milliseconds);
    }
}

static void unpack_log(struct reader *in, const struct vocabulary *words, struct facts *facts)
{
    size_t count = unpack_count(in, LOG_MOST);

    facts->log = count ? mem_array(count, sizeof *facts->log) : NULL;
    facts->log_count = count;
    for (size_t i = 0; i < count; i++) {
        struct attempt *attempt = &facts->log[i];

        attempt->at = unpack_time(in);
        attempt->purpose = unpack_some_text(in);
        attempt->stage = (enum stage)unpack_word(in, words, WORD_STAGE);
        attempt->error = (enum probe_error)unpack_word(in, words, WORD_PROBE_ERROR);
        attempt->detail = unpack_text(in);
        attempt->milliseconds = unpack_unsigned(in);
    }
}

void pack_facts(struct buf *out, const struct vocabulary *words, const struct facts *facts)
{
    buf_u8(out, FORM);
    pack_flags(out, facts);
    pack_dialogue(out, words, facts);
    pack_versions(out, words, facts);
    pack_tally(out, &facts->tally);
    pack_tls(out, words, facts);
    pack_times(out, facts);
    pack_transcript(out, &facts->transcript);
    pack_log(out, words, facts);
    pack_strings(out, &facts->warnings);
}

struct facts *unpack_facts(struct reader *in, const struct vocabulary *words)
{
    struct facts *facts = facts_new();

    if (reader_u8(in) != FORM)
        reader_fail(in);
    unpack_flags(in, facts);
    unpack_dialogue(in, words, facts);
    unpack_versions(in, words, facts);
    unpack_tally(in, &facts->tally);
    unpack_tls(in, words, facts);
    unpack_times(in, facts);
    unpack_transcript(in, &facts->transcript);
    unpack_log(in, words, facts);
    unpack_strings(in, LINES_MOST, &facts->warnings);
    if (!in->failed)
        return facts;
    facts_free(facts);
    return NULL;
}
