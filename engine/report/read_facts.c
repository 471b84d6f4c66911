#include "engine/report/read_facts.h"

#include "engine/base/mem.h"
#include "engine/report/read_certificate.h"
#include "engine/tls/suite.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define LINES_MOST 100000 /* as many as 64 KiB of a reply may hold */
#define LOG_MOST   64
#define CODE_MOST  999
#define ALERT_MOST 255
#define COUNT_MOST UINT32_MAX
#define TALLY_MOST UINT16_MAX /* they are added up */

/* "0x1301". */
static bool is_number(const char *text, uint16_t *number)
{
    if (strncmp(text, "0x", 2) != 0 || strlen(text) != 6 || strspn(text + 2, "0123456789ABCDEFabcdef") != 4)
        return false;
    *number = (uint16_t)strtoul(text + 2, NULL, 16);
    return true;
}

uint16_t read_suite_of(const struct take *value)
{
    const char *text = json_is_string(value->value) ? json_string_value(value->value) : "";
    const struct tls_suite *suite = tls_suite_by_name(text);
    uint16_t number = 0;

    if (!suite && !is_number(text, &number))
        take_fail(value, "IANA's name of a cipher suite, or its number such as \"0x1301\"");
    return suite ? suite->id : number;
}

uint16_t read_suite(const struct take *object, const char *key)
{
    struct take value = take_any(object, key);

    return take_is_null(object, key) ? 0 : read_suite_of(&value);
}

static uint16_t read_group(const struct take *object, const char *key)
{
    struct take value = take_any(object, key);
    const char *text = json_is_string(value.value) ? json_string_value(value.value) : "";
    uint16_t number = tls_group_by_name(text);

    if (take_is_null(object, key))
        return 0;
    if (!number && !is_number(text, &number))
        take_fail(&value, "IANA's name of a group, its number such as \"0x001D\", or null");
    return number;
}

static void read_dialogue(const struct take *endpoint, struct facts *facts)
{
    struct take smtp = take_object(endpoint, "smtp");

    facts->banner = take_text(&smtp, "banner");
    take_strings(&smtp, "ehlo", LINES_MOST, true, &facts->ehlo);
    facts->starttls = (enum starttls_state)take_word(&smtp, "starttls", TAKE_STARTTLS);
    facts->code = (int)take_count(&smtp, "code", 1, CODE_MOST, 0);
    facts->injection =
        (enum injection_state)take_word_or(&smtp, "injection", TAKE_INJECTION, INJECTION_NOT_TESTED);
    facts->injected = (size_t)take_number_or(&smtp, "injected_bytes", 0, INT64_MAX, 0);
    facts->helo = take_flag(&smtp, "helo", false);
    take_strings(&smtp, "ehlo_tls", LINES_MOST, true, &facts->ehlo_tls);
}

static void read_version(const struct take *states, const struct take *details, const struct take *ciphers,
                         enum tls_version which, struct version_facts *version)
{
    const char *name = tls_version_name(which);
    struct take detail = take_part(details, name);

    version->state = (enum version_state)take_word(states, name, TAKE_STATE);
    version->error = (enum probe_error)take_word_or(&detail, "error", TAKE_ERROR, PROBE_OK);
    version->alert = (int)take_count(&detail, "alert", 0, ALERT_MOST, -1);
    version->suite = read_suite(ciphers, name);
}

static void read_versions(const struct take *endpoint, struct facts *facts)
{
    struct take states = take_object(endpoint, "versions");
    struct take details = take_part(endpoint, "version_details");
    struct take ciphers = take_part(endpoint, "ciphers");

    for (int v = 0; v < TLS_VERSIONS && !take_failed(endpoint); v++)
        read_version(&states, &details, &ciphers, (enum tls_version)v, &facts->versions[v]);
}

static void read_tls(const struct take *endpoint, struct facts *facts)
{
    struct take tls = take_object_or_null(endpoint, "tls");

    facts->handshake_error = take_text(endpoint, "handshake_error");
    facts->handshake_cause =
        (enum probe_error)take_word_or(endpoint, "handshake_cause", TAKE_ERROR, PROBE_OK);
    if (!tls.value)
        return;
    facts->tls = true;
    facts->tls_version = (enum tls_version)take_word(&tls, "version", TAKE_VERSION);
    facts->tls_suite = read_suite(&tls, "cipher");
    facts->tls_group = read_group(&tls, "group");
    facts->client_certificate_requested = take_flag(&tls, "client_certificate_requested", false);
    facts->handshake_completed = take_flag(&tls, "completed", !facts->handshake_error);
}

static void read_offer(const struct take *endpoint, struct facts *facts)
{
    struct take offer = take_object_or_null(endpoint, "offer");

    if (!offer.value)
        return;
    facts->offer_baseline = take_some_text(&offer, "baseline");
    facts->offer = (enum version_state)take_word(&offer, "state", TAKE_STATE);
    facts->offer_suite = read_suite(&offer, "cipher");
}

static void read_tally(const struct take *endpoint, struct tally *tally)
{
    struct take from = take_part(endpoint, "tally"), chose = take_part(&from, "full_offers");

    tally->offered = (unsigned)take_number_or(&from, "starttls_offered", 0, TALLY_MOST, 0);
    tally->not_offered = (unsigned)take_number_or(&from, "starttls_not_offered", 0, TALLY_MOST, 0);
    for (int v = 0; v < TLS_VERSIONS; v++)
        tally->chose[v] =
            (unsigned)take_number_or(&chose, tls_version_name((enum tls_version)v), 0, TALLY_MOST, 0);
    tally->chose_none = (unsigned)take_number_or(&chose, "none", 0, TALLY_MOST, 0);
}

static void read_sentinel(const struct take *endpoint, struct facts *facts)
{
    char *text = take_text(endpoint, "sentinel");
    struct take at = take_any(endpoint, "sentinel");

    if (text && strcmp(text, "TLSv1.2") == 0)
        facts->sentinel = SENTINEL_TLS_1_2;
    else if (text && strcmp(text, "TLSv1.1") == 0)
        facts->sentinel = SENTINEL_TLS_1_1_OR_BELOW;
    else if (text)
        take_fail(&at, "\"TLSv1.2\", \"TLSv1.1\" or null");
    free(text);
}

static int read_milliseconds(const struct take *timings, const char *key)
{
    return (int)take_count(timings, key, 0, INT_MAX, -1);
}

static void read_timings(const struct take *endpoint, struct facts *facts)
{
    struct take timings = take_part(endpoint, "timings_ms");

    facts->connect_ms = read_milliseconds(&timings, "connect");
    facts->banner_ms = read_milliseconds(&timings, "banner");
    facts->starttls_ms = read_milliseconds(&timings, "starttls");
    facts->handshake_ms = read_milliseconds(&timings, "handshake");
    facts->probed_at = take_time(endpoint, "probed_at");
}

static void read_log(const struct take *endpoint, struct facts *facts)
{
    size_t count;
    struct take log = take_list(endpoint, "log", LOG_MOST, &count);

    facts->log = count ? mem_array(count, sizeof *facts->log) : NULL;
    facts->log_count = count;
    for (size_t i = 0; i < count; i++) {
        struct attempt *attempt = &facts->log[i];
        struct take from = take_item(&log, i);

        attempt->at = take_time(&from, "at");
        attempt->purpose = take_text(&from, "purpose");
        if (!attempt->purpose)
            attempt->purpose = mem_string("");
        attempt->stage = (enum stage)take_word(&from, "stage", TAKE_STAGE);
        attempt->error = (enum probe_error)take_word(&from, "error", TAKE_ERROR);
        attempt->detail = take_text(&from, "detail");
        attempt->milliseconds = (unsigned)take_number_or(&from, "milliseconds", 0, COUNT_MOST, 0);
    }
}

static enum transcript_side read_side(const struct take *line)
{
    static const char *const sides[] = {
        [SAID_BY_SERVER] = "server",
        [SAID_BY_CLIENT] = "client",
        [NOTED] = "note",
    };
    struct take side = take_member(line, "side");
    const char *text = json_is_string(side.value) ? json_string_value(side.value) : "";

    for (size_t i = 0; i < sizeof sides / sizeof *sides; i++)
        if (strcmp(sides[i], text) == 0)
            return (enum transcript_side)i;
    take_fail(&side, "\"server\", \"client\" or \"note\"");
    return NOTED;
}

static void read_transcript(const struct take *endpoint, struct transcript *transcript)
{
    size_t count;
    struct take lines = take_list(endpoint, "transcript", TRANSCRIPT_MOST, &count);

    for (size_t i = 0; i < count && !take_failed(endpoint); i++) {
        struct take line = take_item(&lines, i);
        enum transcript_side side = read_side(&line);

        transcript->now_ms = read_milliseconds(&line, "at_ms");
        transcript_give(transcript, side, take_some_text(&line, "text"));
    }
}

static void read_progress(const struct take *endpoint, struct facts *facts)
{
    facts->stage = (enum stage)take_word(endpoint, "stage", TAKE_STAGE);
    facts->error = (enum probe_error)take_word(endpoint, "error", TAKE_ERROR);
    facts->error_detail = take_text(endpoint, "error_detail");
    facts->attempts = (unsigned)take_number_or(endpoint, "attempts", 0, COUNT_MOST, 0);
    facts->connections = (unsigned)take_number_or(endpoint, "connections", 0, COUNT_MOST, facts->attempts);
    facts->full = take_flag(endpoint, "full", false);
    facts->ended = take_flag(endpoint, "ended", facts->stage == STAGE_DONE || facts->error != PROBE_OK);
}

static void read_oddities(const struct take *endpoint, struct facts *facts)
{
    facts->retry_request = take_flag(endpoint, "retry_request", false);
    facts->name_refused = take_flag(endpoint, "name_refused", false);
    facts->sslv2 = take_flag(endpoint, "sslv2", false);
    facts->unconfirmed = take_flag(endpoint, "unconfirmed", false);
    facts->dh_bits = (unsigned)take_count(endpoint, "dh_bits", 1, INT32_MAX, 0);
    read_sentinel(endpoint, facts);
    take_strings(endpoint, "warnings", LINES_MOST, false, &facts->warnings);
}

/* What an endpoint looks like that was not asked anything yet. */
static bool is_nothing(const struct facts *facts)
{
    return facts->stage == STAGE_QUEUED && facts->error == PROBE_OK && !facts->connections &&
           !facts->attempts && !facts->log_count && !facts->probed_at && !facts->ended;
}

/* Null where there is none, and not known where it were missing. */
static const char *const needed[] = {"tls", "certificate", "probed_at", NULL};

struct facts *read_facts(const struct take *endpoint)
{
    struct facts *facts = facts_new();

    take_need(endpoint, needed);
    read_progress(endpoint, facts);
    read_dialogue(endpoint, facts);
    read_versions(endpoint, facts);
    read_tls(endpoint, facts);
    read_offer(endpoint, facts);
    read_tally(endpoint, &facts->tally);
    read_oddities(endpoint, facts);
    read_timings(endpoint, facts);
    read_log(endpoint, facts);
    read_transcript(endpoint, &facts->transcript);
    facts->certificate = read_certificate(endpoint, "certificate");
    facts->other_certificate = read_certificate(endpoint, "other_certificate");
    facts->other =
        (enum version_state)take_word_or(endpoint, "other_certificate_state", TAKE_STATE, VERSION_NOT_TESTED);
    if (!take_failed(endpoint) && !is_nothing(facts))
        return facts;
    facts_free(facts);
    return NULL;
}
