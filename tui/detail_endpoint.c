#include "tui/detail_endpoint.h"

#include "engine/base/buf.h"
#include "engine/base/text.h"
#include "tui/detail_path.h"
#include "tui/detail_tls.h"

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

void detail_endpoint(struct page *page, const struct target *target, const struct host *host,
                     const struct endpoint *endpoint, int64_t now, bool warnings)
{
    const struct facts *facts = endpoint->facts;

    add_state(page, endpoint);
    if (!facts)
        return;
    if (warnings && facts->warnings.count) {
        page_heading(page, "Warnings");
        detail_list_warnings(page, &facts->warnings);
    }
    detail_versions(page, facts);
    detail_certificate(page, target, host, endpoint, "Certificate", facts->certificate, now);
    detail_certificate(page, target, host, endpoint, "Other certificate", facts->other_certificate, now);
}

enum { SIDE_COLUMN = 10, TEXT_COLUMN = 12 };

/* "+12 ms", "+61.0 s"; nothing when it is not known. */
static void put_moment(struct page *page, int at_ms)
{
    char text[SIDE_COLUMN];

    if (at_ms < 0)
        return;
    if (at_ms < 10000)
        snprintf(text, sizeof text, "+%d ms", at_ms);
    else
        snprintf(text, sizeof text, "+%.1f s", at_ms / 1000.0);
    page_putf(page, 0, STYLE_DIM, "%8s", text);
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
    page_heading(page, "Dialogue as sent and received");
    for (i = 0; i < transcript->count; i++) {
        const struct transcript_line *line = &transcript->lines[i];

        put_moment(page, line->at_ms);
        page_put(page, SIDE_COLUMN, STYLE_DIM, sides[line->side].mark);
        page_wrap(page, TEXT_COLUMN, sides[line->side].style, line->text);
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
    page_heading(page, "Attempts");
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
