#include "tui/detail_endpoint.h"

#include "engine/base/text.h"
#include "engine/tls/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void add_state(struct page *page, const struct endpoint *endpoint)
{
    const struct facts *facts = endpoint->facts;

    page_heading(page, "Endpoint");
    page_fieldf(page, "Address", STYLE_TEXT, "%s, port %u (%s)", endpoint->key.address, endpoint->key.port,
                protocol_name(endpoint->key.protocol));
    if (endpoint->key.server_name && *endpoint->key.server_name)
        page_field(page, "Server name", STYLE_TEXT, endpoint->key.server_name);
    if (endpoint->activity != STAGE_DONE)
        page_field(page, "Now", STYLE_STRONG, stage_title(endpoint->activity));
    if (endpoint->shared_by > 1)
        page_fieldf(page, "Shared by", STYLE_TEXT, "%u targets", endpoint->shared_by);
    if (!facts)
        return;
    if (facts->error != PROBE_OK)
        page_fieldf(page, "Ended", STYLE_CAUTION, "at %s: %s%s%s", stage_title(facts->stage),
                    probe_error_title(facts->error), facts->error_detail ? ": " : "",
                    facts->error_detail ? facts->error_detail : "");
    page_field(page, "STARTTLS", facts->starttls == STARTTLS_OFFERED ? STYLE_TEXT : STYLE_CAUTION,
               starttls_state_title(facts->starttls));
    if (facts_starttls_mixed(facts))
        page_fieldf(page, "", STYLE_CAUTION, "offered on %u of %u connections", facts->tally.offered,
                    facts->tally.offered + facts->tally.not_offered);
    if (facts->injection == INJECTION_YES)
        page_field(page, "Injection", STYLE_BAD,
                   "yes: commands in clear behind STARTTLS are run inside TLS (CVE-2011-0411)");
    if (facts->injection == INJECTION_NO)
        page_field(page, "Injection", STYLE_GOOD, "no: commands in clear behind STARTTLS take no effect");
    if (facts->injected)
        page_fieldf(page, "In clear", STYLE_CAUTION, "%zu bytes came behind the answer to STARTTLS",
                    facts->injected);
}

static void add_version(struct page *page, enum tls_version version, const struct version_facts *facts)
{
    char scratch[TLS_SUITE_NAME_SIZE];
    const char *alert = facts->alert >= 0 ? tls_alert_name((uint8_t)facts->alert) : NULL;
    enum style style = theme_version_style(facts->state);

    if (facts->state == VERSION_ACCEPTED && version < TLS_1_2)
        style = STYLE_CAUTION;
    page_put(page, 0, STYLE_TEXT, tls_version_title(version));
    page_put(page, 9, style, version_state_title(facts->state));
    if (facts->state == VERSION_ACCEPTED && facts->suite)
        page_wrap(page, 21, STYLE_TEXT, tls_suite_name(facts->suite, scratch));
    else if (facts->state == VERSION_REFUSED && alert)
        page_wrap(page, 21, STYLE_DIM, alert);
    else if (facts->state == VERSION_UNKNOWN && facts->error != PROBE_OK)
        page_wrap(page, 21, STYLE_DIM, probe_error_title(facts->error));
    else
        page_end(page);
}

static void add_offer(struct page *page, const struct facts *facts)
{
    char scratch[TLS_SUITE_NAME_SIZE];

    if (!facts->offer_baseline || facts->offer == VERSION_NOT_TESTED)
        return;
    page_fieldf(page, "Baseline", theme_version_style(facts->offer),
                "a hello with just the suites of %s is %s%s%s", facts->offer_baseline,
                version_state_title(facts->offer), facts->offer_suite ? ": " : "",
                facts->offer_suite ? tls_suite_name(facts->offer_suite, scratch) : "");
}

/* How often what came, where that differed. */
static void add_tally(struct page *page, const struct facts *facts)
{
    for (int v = TLS_VERSIONS - 1; v >= 0; v--)
        if (facts->tally.chose[v])
            page_fieldf(page, "Chosen", STYLE_CAUTION, "%s in %u of %u offers of all versions",
                        tls_version_title((enum tls_version)v), facts->tally.chose[v],
                        facts_full_offers(facts));
}

static unsigned chosen(const struct tally *tally)
{
    unsigned count = 0;

    for (int v = 0; v < TLS_VERSIONS; v++)
        count += tally->chose[v] > 0;
    return count;
}

static void add_versions(struct page *page, const struct facts *facts)
{
    int version;

    page_heading(page, "TLS versions");
    for (version = TLS_VERSIONS - 1; version >= 0; version--)
        add_version(page, (enum tls_version)version, &facts->versions[version]);
    if (chosen(&facts->tally) > 1)
        add_tally(page, facts);
    add_offer(page, facts);
    if (facts->tls && facts->tls_group && tls_group_name(facts->tls_group))
        page_field(page, "Key exchange", STYLE_TEXT, tls_group_name(facts->tls_group));
    if (facts->client_certificate_requested)
        page_field(page, "Asks for", STYLE_TEXT, "a client certificate");
    if (facts->tls && !facts->handshake_completed)
        page_fieldf(page, "Handshake", STYLE_CAUTION, "did not complete%s%s",
                    facts->handshake_error ? ": " : "", facts->handshake_error ? facts->handshake_error : "");
    if (facts->sentinel != SENTINEL_NONE)
        page_field(page, "Sentinel", STYLE_DIM,
                   "the server marked its answer: it can do better than what it chose");
}

static void add_dates(struct page *page, const struct certificate *certificate, int64_t now)
{
    int left = certificate_days_left(certificate, now);
    char from[TEXT_TIME_SIZE], until[TEXT_TIME_SIZE];

    text_time(from, certificate->not_before);
    text_time(until, certificate->not_after);
    from[10] = until[10] = 0;
    page_fieldf(page, "Valid",
                left < 0    ? STYLE_BAD
                : left < 30 ? STYLE_CAUTION
                            : STYLE_TEXT,
                left < 0 ? "%s to %s, %d days over" : "%s to %s, %d days left", from, until, abs(left));
}

static void add_names(struct page *page, const struct certificate *certificate)
{
    struct buf names;
    size_t i;

    buf_init(&names, 0);
    for (i = 0; i < certificate->names.count && i < 20; i++)
        buf_printf(&names, "%s%s", i ? ", " : "", certificate->names.items[i]);
    if (certificate->names.count > 20)
        buf_printf(&names, ", and %zu more", certificate->names.count - 20);
    page_field(page, "Names", STYLE_TEXT, buf_string(&names));
    buf_release(&names);
}

static void add_certificate(struct page *page, const struct endpoint *endpoint, const char *heading,
                            const struct certificate *certificate, int64_t now)
{
    const char *name = endpoint->key.server_name && *endpoint->key.server_name ? endpoint->key.server_name
                                                                               : endpoint->key.address;
    bool matches = certificate && certificate_matches(certificate, name);

    if (!certificate)
        return;
    page_heading(page, heading);
    page_field(page, "Subject", STYLE_TEXT, certificate->subject);
    add_names(page, certificate);
    page_field(page, "Issuer", STYLE_TEXT, certificate->issuer);
    add_dates(page, certificate, now);
    page_fieldf(page, "Trusted", certificate->trusted ? STYLE_GOOD : STYLE_CAUTION, "%s%s",
                certificate->trusted ? "yes" : "no: ",
                certificate->trusted       ? ""
                : certificate->trust_error ? certificate->trust_error
                                           : "not known why");
    page_fieldf(page, "Of which", STYLE_TEXT, "chain %s, %s, %s, %s",
                certificate->chain_trusted ? "trusted" : "not trusted",
                certificate->expired ? "out of date" : "in date",
                certificate->self_signed ? "self-signed" : "not self-signed",
                certificate->purpose_unread ? "purpose not readable"
                : certificate->server_auth  ? "for servers"
                                            : "not for servers");
    page_fieldf(page, "Name match", matches ? STYLE_GOOD : STYLE_CAUTION,
                matches ? "yes: %s" : "no: not for %s", name);
    page_fieldf(page, "Key", STYLE_TEXT, "%s, %s%s", certificate->key ? certificate->key : "",
                certificate->signature ? certificate->signature : "",
                certificate->weak_digest ? "; SHA-1 or older in the chain" : "");
    page_field(page, "SHA-256", STYLE_DIM, certificate->sha256);
}

void detail_endpoint(struct page *page, const struct model *model, const struct endpoint *endpoint,
                     int64_t now, bool warnings)
{
    size_t i;

    (void)model;
    add_state(page, endpoint);
    if (!endpoint->facts)
        return;
    if (warnings && endpoint->facts->warnings.count) {
        page_heading(page, "Warnings");
        for (i = 0; i < endpoint->facts->warnings.count; i++) {
            page_put(page, 0, STYLE_CAUTION, "!");
            page_wrap(page, 2, STYLE_TEXT, endpoint->facts->warnings.items[i]);
        }
    }
    add_versions(page, endpoint->facts);
    add_certificate(page, endpoint, "Certificate", endpoint->facts->certificate, now);
    add_certificate(page, endpoint, "Other certificate", endpoint->facts->other_certificate, now);
}

static void add_dialogue(struct page *page, const struct transcript *transcript)
{
    static const struct {
        const char *mark;
        enum style style;
    } sides[] = {
        [SAID_BY_SERVER] = {"S", STYLE_TEXT},
        [SAID_BY_CLIENT] = {"C", STYLE_STRONG},
        [NOTED] = {" ", STYLE_DIM},
    };
    size_t i;

    if (!transcript->count)
        return;
    page_heading(page, "Dialogue");
    for (i = 0; i < transcript->count; i++) {
        const struct transcript_line *line = &transcript->lines[i];

        page_put(page, 0, STYLE_DIM, sides[line->side].mark);
        page_wrap(page, 2, sides[line->side].style, line->text);
    }
}

static void add_timings(struct page *page, const struct facts *facts)
{
    const struct {
        const char *label;
        int milliseconds;
    } timings[] = {{"connect", facts->connect_ms},
                   {"banner", facts->banner_ms},
                   {"STARTTLS", facts->starttls_ms},
                   {"handshake", facts->handshake_ms}};
    struct buf text;
    size_t i;

    buf_init(&text, 0);
    for (i = 0; i < sizeof timings / sizeof timings[0]; i++)
        if (timings[i].milliseconds >= 0)
            buf_printf(&text, "%s%s %d ms", text.length ? ", " : "", timings[i].label,
                       timings[i].milliseconds);
    page_field(page, "Timings", STYLE_TEXT, buf_string(&text));
    buf_release(&text);
}

static void add_attempt(struct page *page, const struct attempt *attempt)
{
    char when[TEXT_TIME_SIZE], line[160];

    text_time(when, attempt->at);
    page_put(page, 0, STYLE_DIM, when + 11);
    snprintf(line, sizeof line, "%s, %u ms", attempt->purpose ? attempt->purpose : "", attempt->milliseconds);
    page_wrap(page, 11, STYLE_TEXT, line);
    if (attempt->error == PROBE_OK && !attempt->detail)
        return;
    page_wrap(page, 13, STYLE_DIM, attempt->detail ? attempt->detail : probe_error_title(attempt->error));
}

void detail_endpoint_record(struct page *page, const struct endpoint *endpoint)
{
    const struct facts *facts = endpoint->facts;
    char when[TEXT_TIME_SIZE];
    size_t i;

    if (!facts)
        return;
    add_dialogue(page, &facts->transcript);
    page_heading(page, "Record");
    add_timings(page, facts);
    page_fieldf(page, "Connections", STYLE_TEXT, "%u, first step tried %u time%s", facts->connections,
                facts->attempts, facts->attempts == 1 ? "" : "s");
    if (facts->probed_at) {
        text_time(when, facts->probed_at);
        page_field(page, "Probed at", STYLE_DIM, when);
    }
    for (i = 0; i < facts->log_count; i++)
        add_attempt(page, &facts->log[i]);
}
