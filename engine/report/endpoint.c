#include "engine/report/endpoint.h"

#include "engine/model/name_match.h"
#include "engine/report/fields.h"
#include "engine/tls/hello.h"
#include "engine/tls/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *suite_text(uint16_t suite, char scratch[TLS_SUITE_NAME_SIZE])
{
    return suite ? tls_suite_name(suite, scratch) : NULL;
}

static void set_suite(json_t *object, const char *key, uint16_t suite)
{
    char scratch[TLS_SUITE_NAME_SIZE];

    set_text(object, key, suite_text(suite, scratch));
}

static void set_error(json_t *object, const char *key, enum probe_error error)
{
    set_text(object, key, error == PROBE_OK ? NULL : probe_error_name(error));
}

/* The lines of a greeting that never came are unknown; an empty list is one that came without any. */
static void set_lines(json_t *object, const char *key, const struct strings *lines, bool known)
{
    if (lines->count || known)
        set_strings(object, key, lines);
    else
        set_null(object, key);
}

static json_t *smtp_json(const struct facts *facts)
{
    bool greeted = facts->stage > STAGE_EHLO || facts->helo;
    bool direct = facts->starttls == STARTTLS_NOT_APPLICABLE;
    json_t *smtp = json_object();

    set_text(smtp, "banner", facts->banner);
    set_lines(smtp, "ehlo", &facts->ehlo, greeted && !direct);
    set_text(smtp, "starttls", starttls_state_name(facts->starttls));
    set_count(smtp, "code", facts->code ? facts->code : -1);
    set_text(smtp, "injection", injection_state_name(facts->injection));
    set_number(smtp, "injected_bytes", (int64_t)facts->injected);
    set_bool(smtp, "helo", facts->helo);
    set_lines(smtp, "ehlo_tls", &facts->ehlo_tls, false);
    return smtp;
}

static json_t *versions_json(const struct facts *facts)
{
    json_t *versions = json_object();
    int v;

    for (v = 0; v < TLS_VERSIONS; v++)
        set_text(versions, tls_version_name((enum tls_version)v),
                 version_state_name(facts->versions[v].state));
    return versions;
}

static json_t *version_details_json(const struct facts *facts)
{
    json_t *details = json_object();
    int v;

    for (v = 0; v < TLS_VERSIONS; v++) {
        const struct version_facts *version = &facts->versions[v];
        json_t *detail = json_object();

        set_error(detail, "error", version->error);
        set_count(detail, "alert", version->alert);
        json_object_set_new(details, tls_version_name((enum tls_version)v), detail);
    }
    return details;
}

/* One that has no name here by its number. */
static void set_group(json_t *object, const char *key, uint16_t group)
{
    const char *name = tls_group_name(group);
    char number[8];

    snprintf(number, sizeof number, "0x%04X", group);
    set_text(object, key, !group ? NULL : name ? name : number);
}

static json_t *tls_json(const struct facts *facts)
{
    json_t *tls;

    if (!facts->tls)
        return json_null();
    tls = json_object();
    set_text(tls, "version", tls_version_name(facts->tls_version));
    set_suite(tls, "cipher", facts->tls_suite);
    set_group(tls, "group", facts->tls_group);
    set_bool(tls, "client_certificate_requested", facts->client_certificate_requested);
    set_bool(tls, "completed", facts->handshake_completed);
    set_text(tls, "error", facts->handshake_error);
    set_error(tls, "cause", facts->handshake_cause);
    return tls;
}

static json_t *ciphers_json(const struct facts *facts)
{
    json_t *ciphers = json_object();
    int v;

    for (v = 0; v < TLS_VERSIONS; v++)
        if (facts->versions[v].state == VERSION_ACCEPTED && facts->versions[v].suite)
            set_suite(ciphers, tls_version_name((enum tls_version)v), facts->versions[v].suite);
    return ciphers;
}

static json_t *offer_json(const struct facts *facts)
{
    json_t *offer;

    if (!facts->offer_baseline)
        return json_null();
    offer = json_object();
    set_text(offer, "baseline", facts->offer_baseline);
    set_text(offer, "state", version_state_name(facts->offer));
    set_suite(offer, "cipher", facts->offer_suite);
    return offer;
}

static json_t *chain_json(const struct certificate *certificate)
{
    json_t *chain = json_array();
    size_t i;

    for (i = 0; i < certificate->chain_length; i++) {
        const struct chain_member *member = &certificate->chain[i];
        json_t *object = json_object();

        set_text(object, "subject", member->subject);
        set_text(object, "issuer", member->issuer);
        set_time(object, "not_after", member->not_after);
        json_array_append_new(chain, object);
    }
    return chain;
}

/* Two answers where there are two: Exchange's, and RFC 6125's. */
static void set_answers(json_t *object, const struct certificate *certificate, const char *exchange,
                        const char *strict)
{
    enum name_answer answer = strict ? name_match_strict(certificate, strict) : NAME_NOT_APPLICABLE;
    json_t *answers = json_object();

    if (exchange)
        set_bool(answers, "exchange", name_match_exchange(certificate, exchange, false));
    else
        set_null(answers, "exchange");
    if (answer != NAME_NOT_APPLICABLE)
        set_bool(answers, "strict", answer == NAME_YES);
    else
        set_null(answers, "strict");
    json_object_set_new(object, "name_match", answers);
}

static void set_matches(json_t *object, const struct target *target, const struct host *host,
                        const struct endpoint *endpoint, const struct certificate *certificate)
{
    const char *name = *endpoint->key.server_name ? host->key.name : endpoint->key.address;
    const char *wanted = target->spec.tls_domain;
    struct demand demand = {.requirement = REQUIREMENT_NAME,
                            .tls_domain = wanted,
                            .host = host->key.name,
                            .name_rule = target->spec.name_rule};

    set_bool(object, "matches_host", certificate_matches(certificate, name));
    if (demand.tls_domain)
        set_bool(object, "matches_tls_domain", demand_name_matches(&demand, certificate));
    else
        set_null(object, "matches_tls_domain");
    set_answers(object, certificate, demand.name_rule == NAME_RULE_POSTFIX ? NULL : wanted, wanted);
}

static json_t *certificate_json(const struct target *target, const struct host *host,
                                const struct endpoint *endpoint, const struct certificate *certificate,
                                int64_t now)
{
    json_t *object;

    if (!certificate)
        return json_null();
    object = json_object();
    json_object_set_new(object, "subject", field_text(certificate->subject));
    set_strings(object, "names", &certificate->names);
    set_text(object, "common_name", certificate->common_name);
    json_object_set_new(object, "issuer", field_text(certificate->issuer));
    set_time(object, "not_before", certificate->not_before);
    set_time(object, "not_after", certificate->not_after);
    set_text(object, "key", certificate->key);
    set_text(object, "signature", certificate->signature);
    set_text(object, "sha256", certificate->sha256);
    set_bool(object, "trusted", certificate->trusted);
    set_text(object, "trust_error", certificate->trust_error);
    set_matches(object, target, host, endpoint, certificate);
    set_number(object, "days_left", certificate_days_left(certificate, now));
    set_bool(object, "expired", certificate->expired);
    set_bool(object, "chain_trusted", certificate->chain_trusted);
    set_bool(object, "self_signed", certificate->self_signed);
    set_bool(object, "weak_digest", certificate->weak_digest);
    if (certificate->purpose_unread)
        set_null(object, "server_auth");
    else
        set_bool(object, "server_auth", certificate->server_auth);
    set_count(object, "key_bits", certificate->key_bits ? certificate->key_bits : -1);
    set_bool(object, "names_cut", certificate->names_cut);
    json_object_set_new(object, "chain", chain_json(certificate));
    return object;
}

/* What the server chose for want of better, as it marked it (RFC 8446, section 4.1.3). */
static const char *sentinel_text(enum hello_sentinel sentinel)
{
    static const char *const names[] = {
        [SENTINEL_NONE] = NULL, [SENTINEL_TLS_1_2] = "TLSv1.2", [SENTINEL_TLS_1_1_OR_BELOW] = "TLSv1.1"};

    return names[sentinel];
}

/* Connections by what they were answered: one address may be many machines. */
static json_t *tally_json(const struct tally *tally)
{
    json_t *object = json_object(), *chose = json_object();

    set_number(object, "starttls_offered", tally->offered);
    set_number(object, "starttls_not_offered", tally->not_offered);
    for (int v = 0; v < TLS_VERSIONS; v++)
        set_number(chose, tls_version_name((enum tls_version)v), tally->chose[v]);
    set_number(chose, "none", tally->chose_none);
    json_object_set_new(object, "full_offers", chose);
    return object;
}

static json_t *timings_json(const struct facts *facts)
{
    json_t *timings = json_object();

    set_count(timings, "connect", facts->connect_ms);
    set_count(timings, "banner", facts->banner_ms);
    set_count(timings, "starttls", facts->starttls_ms);
    set_count(timings, "handshake", facts->handshake_ms);
    return timings;
}

static json_t *log_json(const struct facts *facts)
{
    json_t *log = json_array();
    size_t i;

    for (i = 0; i < facts->log_count; i++) {
        const struct attempt *attempt = &facts->log[i];
        json_t *object = json_object();

        set_time(object, "at", attempt->at);
        set_text(object, "purpose", attempt->purpose);
        set_text(object, "stage", stage_name(attempt->stage));
        set_error(object, "error", attempt->error);
        set_text(object, "detail", attempt->detail);
        set_number(object, "milliseconds", attempt->milliseconds);
        json_array_append_new(log, object);
    }
    return log;
}

static json_t *transcript_json(const struct transcript *transcript)
{
    static const char *const sides[] = {
        [SAID_BY_SERVER] = "server",
        [SAID_BY_CLIENT] = "client",
        [NOTED] = "note",
    };
    json_t *lines = json_array();
    size_t i;

    for (i = 0; i < transcript->count; i++) {
        json_t *line = json_object();

        set_text(line, "side", sides[transcript->lines[i].side]);
        set_count(line, "at_ms", transcript->lines[i].at_ms);
        json_object_set_new(line, "text", field_text(transcript->lines[i].text));
        json_array_append_new(lines, line);
    }
    return lines;
}

static void set_probe(json_t *object, const struct facts *facts, unsigned shared_by)
{
    set_text(object, "stage", stage_name(facts->stage));
    set_error(object, "error", facts->error);
    set_number(object, "attempts", facts->attempts);
    set_number(object, "shared_by", shared_by);
    json_object_set_new(object, "smtp", smtp_json(facts));
    json_object_set_new(object, "versions", versions_json(facts));
    json_object_set_new(object, "tls", tls_json(facts));
    json_object_set_new(object, "ciphers", ciphers_json(facts));
}

static void set_additions(json_t *object, const struct facts *facts)
{
    set_text(object, "error_detail", facts->error_detail);
    set_number(object, "connections", facts->connections);
    set_bool(object, "full", facts->full);
    set_bool(object, "ended", facts->ended);
    json_object_set_new(object, "version_details", version_details_json(facts));
    set_text(object, "handshake_error", facts->handshake_error);
    set_error(object, "handshake_cause", facts->handshake_cause);
    set_bool(object, "retry_request", facts->retry_request);
    set_bool(object, "name_refused", facts->name_refused);
    set_bool(object, "sslv2", facts->sslv2);
    set_count(object, "dh_bits", facts->dh_bits ? (int)facts->dh_bits : -1);
    json_object_set_new(object, "tally", tally_json(&facts->tally));
    set_bool(object, "unconfirmed", facts->unconfirmed);
    set_text(object, "sentinel", sentinel_text(facts->sentinel));
    json_object_set_new(object, "offer", offer_json(facts));
    set_strings(object, "warnings", &facts->warnings);
    json_object_set_new(object, "log", log_json(facts));
    json_object_set_new(object, "transcript", transcript_json(&facts->transcript));
}

json_t *endpoint_json(const struct model *model, const struct target *target, const struct host *host,
                      const struct endpoint *endpoint, int64_t now)
{
    struct judgement judgement = model_judge_endpoint(model, target, host, endpoint);
    struct facts *none = endpoint->facts ? NULL : facts_new();
    const struct facts *facts = none ? none : endpoint->facts;
    char *explanation = model_explain_endpoint(model, target, host, endpoint);
    json_t *object = json_object();

    set_text(object, "address", endpoint->key.address);
    set_number(object, "port", endpoint->key.port);
    set_text(object, "protocol", protocol_name(endpoint->key.protocol));
    set_text(object, "verdict", verdict_name(judgement.verdict));
    set_text(object, "reason", judgement_reason(&judgement));
    set_probe(object, facts, endpoint->shared_by);
    json_object_set_new(object, "certificate",
                        certificate_json(target, host, endpoint, facts->certificate, now));
    json_object_set_new(object, "other_certificate",
                        certificate_json(target, host, endpoint, facts->other_certificate, now));
    set_text(object, "other_certificate_state", version_state_name(facts->other));
    json_object_set_new(object, "timings_ms", timings_json(facts));
    set_time(object, "probed_at", facts->probed_at);
    set_text(object, "explanation", explanation);
    set_additions(object, facts);
    free(explanation);
    facts_free(none);
    return object;
}
