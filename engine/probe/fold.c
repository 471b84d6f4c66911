#include "engine/probe/fold.h"

#include "engine/base/mem.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static void set_text(char **to, const char *text)
{
    free(*to);
    *to = mem_string(text);
}

static void fold_dialogue(struct facts *facts, const struct dialogue_result *said)
{
    set_text(&facts->banner, said->banner);
    strings_release(&facts->ehlo);
    strings_copy(&facts->ehlo, &said->ehlo);
    strings_release(&facts->ehlo_tls);
    strings_copy(&facts->ehlo_tls, &said->ehlo_tls);
    facts->starttls = said->starttls;
    facts->code = said->code;
    facts->helo = said->helo;
    facts->injected = said->injected;
    transcript_release(&facts->transcript);
    transcript_copy(&facts->transcript, &said->transcript);
}

static void take_certificate(struct facts *facts, struct probe_result *result)
{
    if (!result->certificate)
        return;
    certificate_free(facts->certificate);
    facts->certificate = result->certificate;
    result->certificate = NULL;
}

/* BoringSSL's own words, "UNEXPECTED_MESSAGE", as people write them. */
static char *plain_words(const char *reason)
{
    char *words = mem_string(reason);

    for (char *at = words; at && *at; at++)
        *at = *at == '_' ? ' ' : (char)tolower((unsigned char)*at);
    return words;
}

static void take_handshake_error(struct facts *facts, const struct probe_result *result)
{
    const struct tls_session_result *tls = &result->tls;

    free(facts->handshake_error);
    if (tls->established)
        facts->handshake_error = NULL;
    else if (result->error == PROBE_TLS_ALERT || result->error == PROBE_NOT_TLS)
        facts->handshake_error = result->detail && result->detail != tls->error ? mem_string(result->detail)
                                                                                : plain_words(tls->error);
    else
        facts->handshake_error = mem_string(result->error ? probe_error_title(result->error) : NULL);
}

static void fold_tls(struct facts *facts, struct probe_result *result)
{
    const struct tls_session_result *tls = &result->tls;

    if (tls->server_hello) {
        facts->tls = true;
        facts->handshake_completed = tls->established;
        facts->tls_version = tls->version;
        facts->tls_suite = tls->suite;
        facts->tls_group = tls->group;
        facts->client_certificate_requested = tls->client_certificate_requested;
    }
    if (result->answer.kind >= ANSWER_CHOSE) {
        facts->handshake_cause = tls->established ? PROBE_OK : result->error;
        take_handshake_error(facts, result);
    }
    take_certificate(facts, result);
}

/* Facts of any connection, not only of the one that came furthest. */
static void fold_signs(struct facts *facts, const struct probe_result *result)
{
    facts->sslv2 |= result->sslv2;
    if (result->dh_bits && (!facts->dh_bits || result->dh_bits < facts->dh_bits))
        facts->dh_bits = result->dh_bits;
}

static void fold_times(struct facts *facts, const struct probe_result *result)
{
    facts->connect_ms = result->connect_ms;
    facts->banner_ms = result->banner_ms;
    facts->starttls_ms = result->starttls_ms;
    facts->handshake_ms = result->handshake_ms;
}

/* Once TLS is up, trouble in the dialogue says nothing about TLS any more. */
static void warn_inside(struct facts *facts, const struct probe_result *result)
{
    if (result->tls.established && result->dialogue->error)
        strings_addf(&facts->warnings, "The dialogue inside TLS ended early: %s.",
                     probe_error_title(result->dialogue->error));
}

static void add_attempt(struct facts *facts, const struct baseline *baseline, const struct step *step,
                        const struct probe_result *result)
{
    char *purpose = plan_purpose(step, baseline);
    char *detail = mem_string(result->detail);
    struct attempt attempt = {.at = result->at,
                              .purpose = purpose,
                              .stage = result->stage,
                              .error = result->error,
                              .detail = detail,
                              .milliseconds = result->milliseconds};

    facts_add_attempt(facts, &attempt);
    free(purpose);
    free(detail);
}

static void count_starttls(struct facts *facts, enum starttls_state state)
{
    facts->tally.offered += state == STARTTLS_OFFERED || state == STARTTLS_REJECTED;
    facts->tally.not_offered += state == STARTTLS_NOT_OFFERED;
}

/* A certificate counts as another one when its key is of another kind. */
static void take_other(struct facts *facts, struct probe_result *result)
{
    const struct certificate *first = facts->certificate, *other = result->certificate;

    if (!first || !other || strncmp(first->key, other->key, 3) == 0)
        return;
    certificate_free(facts->other_certificate);
    facts->other_certificate = result->certificate;
    result->certificate = NULL;
}

/* It came less far than an earlier one, or as far but without the words that the server had then. */
static bool tells_less(const struct facts *facts, const struct probe_result *result)
{
    if (result->stage != facts->stage)
        return result->stage < facts->stage;
    return result->error && facts->code && !result->dialogue->code;
}

void fold_result(struct facts *facts, const struct baseline *baseline, const struct step *step,
                 struct probe_result *result)
{
    bool answered =
        result->answer.kind == ANSWER_CHOSE; /* then `handshake_error` tells what went wrong after it */

    bool less = tells_less(facts, result);

    add_attempt(facts, baseline, step, result);
    fold_signs(facts, result);
    facts->connections++;
    count_starttls(facts, result->dialogue->starttls);
    if (step->auth != AUTH_ANY) {
        take_other(facts, result);
        return;
    }
    if (!facts->probed_at)
        facts->probed_at = result->at;
    if (step->kind == STEP_INJECTION)
        return; /* that dialogue was not lock-step: what it met says nothing else */
    if (step->kind == STEP_HANDSHAKE) {
        facts->attempts++;
        if (!less) {
            fold_dialogue(facts, result->dialogue);
            fold_times(facts, result);
            fold_tls(facts, result);
            warn_inside(facts, result);
        }
    } else if (!facts->certificate) {
        take_certificate(facts, result);
    }
    if (less || (step->kind == STEP_HELLO && facts_highest(facts) >= 0))
        return;
    facts->stage = result->stage;
    facts->error = answered ? PROBE_OK : result->error;
    set_text(&facts->error_detail, answered || !result->error ? NULL : result->detail);
}

void fold_cut(struct facts *facts)
{
    for (int v = facts_highest(facts) + 1; facts->unconfirmed && v < TLS_VERSIONS; v++)
        if (facts->versions[v].state == VERSION_REFUSED)
            facts->versions[v] = (struct version_facts){.alert = -1};
}

void fold_end(struct facts *facts, bool full)
{
    if (facts_highest(facts) >= 0) {
        facts->error = PROBE_OK;
        set_text(&facts->error_detail, NULL);
    }
    if (!facts->error)
        facts->stage = STAGE_DONE;
    facts->full = full;
    facts->ended = true;
}
