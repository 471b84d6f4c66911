#include "tui/detail.h"

#include "engine/base/mem.h"
#include "tui/detail_bundle.h"
#include "tui/detail_connector.h"
#include "tui/detail_endpoint.h"
#include "tui/summary.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static const char not_the_way[] = "Information: mail does not take this way.";

static const char *target_label(const struct target *target, bool ascii)
{
    return ascii || !target->spec.unicode ? target->spec.domain : target->spec.unicode;
}

/* The port is named where it is not the usual one. */
static char *endpoint_label(const struct endpoint *endpoint)
{
    const struct endpoint_key *key = &endpoint->key;
    bool v6 = strchr(key->address, ':');

    if (key->port == protocol_port(key->protocol))
        return mem_string(key->address);
    return mem_format(v6 ? "[%s]:%u" : "%s:%u", key->address, key->port);
}

char *detail_title(const struct model *model, const struct rows *rows, const struct row *row, bool ascii)
{
    const struct target *target = model_target(model, row->target);
    const struct host *host = model_host(model, row->host);
    const struct endpoint *endpoint = model_endpoint(model, row->endpoint);

    if (row->kind == ROW_GROUP || row->kind == ROW_CONNECTOR)
        return mem_string(rows_name(rows, row->group + row->connector));
    if (row->kind == ROW_TARGET && target)
        return mem_string(target_label(target, ascii));
    if (row->kind == ROW_HOST && host)
        return mem_string(host->key.name);
    if (row->kind == ROW_ENDPOINT && endpoint)
        return endpoint_label(endpoint);
    if (row->kind == ROW_VERSION)
        return mem_string(tls_version_title(row->version));
    return mem_string("");
}

static void put_verdict(struct page *page, int column, struct judgement judgement)
{
    page_putf(page, column, theme_verdict_style(judgement.verdict), "%s %s",
              theme_verdict_glyph(judgement.verdict, page->ascii), verdict_title(judgement.verdict));
}

static void list_warnings(struct page *page, const struct strings *warnings)
{
    size_t i;

    for (i = 0; i < warnings->count; i++) {
        page_put(page, 0, STYLE_CAUTION, "!");
        page_wrap(page, 2, STYLE_TEXT, warnings->items[i]);
    }
}

static void add_warnings(struct page *page, const struct strings *warnings)
{
    if (!warnings->count)
        return;
    page_heading(page, "Warnings");
    list_warnings(page, warnings);
}

static void add_dns(struct page *page, const struct dns_facts *dns)
{
    if (dns->status == DNS_NOT_QUERIED && !dns->detail)
        return;
    page_fieldf(page, "DNS", STYLE_TEXT, "%s%s%s%s", dns_status_title(dns->status),
                dns->authenticated ? ", DNSSEC-authenticated" : "", dns->detail ? ": " : "",
                dns->detail ? dns->detail : "");
}

static void add_endpoint_line(struct page *page, const struct model *model, const struct target *target,
                              const struct host *host, const struct endpoint *endpoint)
{
    struct summary_versions versions = summary_of_endpoint(endpoint);
    struct judgement judgement = model_judge_endpoint(model, target, host, endpoint);
    char text[SUMMARY_SIZE];
    int verdict_column = page->width > 62 ? 40 : page->width / 2 + 2;

    summary_text(&versions, page->ascii, text);
    page_put(page, 6, STYLE_TEXT, endpoint->key.address);
    if ((int)strlen(endpoint->key.address) + 7 > verdict_column)
        page_end(page);
    put_verdict(page, verdict_column, judgement);
    if (verdict_column + 22 < page->width)
        page_put(page, verdict_column + 15, STYLE_DIM, text);
    page_end(page);
}

static void add_host_lines(struct page *page, const struct model *model, const struct target *target,
                           const struct target_host *at)
{
    const struct host *host = at->host;
    size_t i;

    if (at->preference >= 0)
        page_putf(page, 0, STYLE_DIM, "%3d", at->preference);
    page_wrap(page, 4, STYLE_TEXT, host->key.name);
    if (host->resolved && (host->dns.status != DNS_OK || host->dns.detail))
        page_wrap(page, 6, STYLE_CAUTION,
                  host->dns.detail ? host->dns.detail : dns_status_title(host->dns.status));
    for (i = 0; i < host->endpoint_count; i++)
        add_endpoint_line(page, model, target, host, host->endpoints[i]);
}

static void add_path(struct page *page, const struct model *model, const struct target *target)
{
    size_t i;

    page_heading(page, "Way of the mail");
    page_field(page, "Route", STYLE_TEXT, route_title(target->route));
    add_dns(page, &target->dns);
    for (i = 0; i < target->host_count; i++)
        add_host_lines(page, model, target, &target->hosts[i]);
}

static void add_beside(struct page *page, const struct model *model, const struct target *target)
{
    const struct beside *beside = &target->beside;
    size_t i;

    if (beside->route == ROUTE_UNRESOLVED)
        return;
    page_heading(page, "MX of the domain");
    page_wrap(page, 0, STYLE_DIM, not_the_way);
    page_field(page, "Route", STYLE_TEXT, route_title(beside->route));
    add_dns(page, &beside->dns);
    if (beside->route == ROUTE_MX && !beside->host_count)
        page_wrap(page, 0, STYLE_DIM, "every one of them is on the way of the mail");
    for (i = 0; i < beside->host_count; i++)
        add_host_lines(page, model, target, &beside->hosts[i]);
    list_warnings(page, &beside->warnings);
}

/* The target's only endpoint, or NULL. */
static const struct endpoint *only_endpoint(const struct target *target, const struct host **host)
{
    const struct endpoint *only = NULL;
    size_t i;

    for (i = 0; i < target->host_count; i++) {
        const struct host *each = target->hosts[i].host;

        if (each->endpoint_count > 1 || (each->endpoint_count && only))
            return NULL;
        if (each->endpoint_count) {
            only = each->endpoints[0];
            *host = each;
        }
    }
    return only;
}

/* A capital letter begins a sentence, unless the name of a host or an address does. */
static void add_sentence(struct page *page, const char *text)
{
    size_t first = strcspn(text, " ");
    char *sentence = mem_string(text);

    if (strcspn(text, ".:") >= first)
        sentence[0] = (char)toupper((unsigned char)sentence[0]);
    page_wrap(page, 0, STYLE_TEXT, sentence);
    free(sentence);
}

static void add_explanation(struct page *page, struct judgement judgement, char *sentence)
{
    put_verdict(page, 0, judgement);
    page_end(page);
    if (sentence && *sentence)
        add_sentence(page, sentence);
    free(sentence);
}

static void build_target(struct page *page, const struct model *model, const struct target *target,
                         int64_t now)
{
    const struct target_spec *spec = &target->spec;
    const struct host *host = NULL;
    const struct endpoint *only = only_endpoint(target, &host);
    struct strings warnings = {0};

    add_explanation(page, target->judgement, model_explain(model, target));
    page_end(page);
    page_field(page, "Mail", target->consequence == CONSEQUENCE_ENCRYPTED ? STYLE_GOOD : STYLE_TEXT,
               consequence_title(target->consequence));
    detail_connector(page, spec);
    page_field(page, "Owner", STYLE_TEXT, spec->owner);
    if (spec->contact || spec->contact_state)
        page_fieldf(page, "Contact", STYLE_TEXT, "%s%s%s", spec->contact ? spec->contact : "",
                    spec->contact && spec->contact_state ? ", " : "",
                    contact_state_title(spec->contact_state));
    page_field(page, "Note", STYLE_TEXT, spec->note);
    if (spec->unicode && strcmp(spec->unicode, spec->domain) != 0)
        page_field(page, "In DNS", STYLE_TEXT, spec->domain);
    detail_message(page, model, target);
    model_warnings(model, target, &warnings);
    add_warnings(page, &warnings);
    strings_release(&warnings);
    if (only)
        detail_endpoint(page, model, only, now, false);
    add_path(page, model, target);
    add_beside(page, model, target);
    detail_other_connectors(page, spec);
    detail_inbound(page, spec);
    if (only)
        detail_endpoint_record(page, only);
}

static void build_host(struct page *page, const struct model *model, const struct target *target,
                       const struct host *host)
{
    struct judgement judgement = model_judge_host(model, target, host);
    const char *reason = judgement_reason(&judgement);
    size_t i;

    put_verdict(page, 0, judgement);
    page_end(page);
    if (judgement.reason == REASON_PROBE_ERROR)
        add_sentence(page, probe_error_title(judgement.error));
    else if (reason)
        add_sentence(page, reason_title(judgement.reason));
    if (model_is_beside(target, host))
        page_wrap(page, 0, STYLE_DIM, not_the_way);
    page_end(page);
    page_fieldf(page, "Asked for", STYLE_TEXT, "%s, port %u", protocol_name(host->key.protocol),
                host->key.port);
    if (host->resolved)
        add_dns(page, &host->dns);
    if (host->target_count > 1)
        page_fieldf(page, "Shared by", STYLE_TEXT, "%zu targets", host->target_count);
    add_warnings(page, &host->warnings);
    page_heading(page, "Addresses");
    if (!host->endpoint_count)
        page_wrap(page, 0, STYLE_DIM, host->resolved ? "none" : "not resolved yet");
    for (i = 0; i < host->endpoint_count; i++)
        add_endpoint_line(page, model, target, host, host->endpoints[i]);
}

static const char *class_meaning(enum target_class class)
{
    static const char *const meanings[target_class_count] = {
        [CLASS_PARTNER] =
            "Connectors force TLS here: below the floor, mail waits in the queue and then bounces.",
        [CLASS_OPPORTUNISTIC] = "TLS is used when offered: below the floor, mail may go out in clear.",
        [CLASS_RELAY] = "Submission and smart hosts that applications and devices send through.",
        [CLASS_SERVICE] = "Web, IMAP and POP services beside the mail.",
    };

    return meanings[class];
}

static void build_group(struct page *page, const struct rows *rows, uint32_t group)
{
    const struct target *first = rows_next_target(rows, group, NULL);

    if (rows_grouping(rows) == GROUP_BY_CLASS && first) {
        page_wrap(page, 0, STYLE_TEXT, class_meaning(first->spec.class));
        page_end(page);
    }
    detail_counts(page, rows_verdicts(rows, group));
}

void detail_build(struct page *page, const struct model *model, const struct rows *rows,
                  const struct row *row, int64_t now)
{
    const struct target *target = model_target(model, row->target);
    const struct host *host = model_host(model, row->host);
    const struct endpoint *endpoint = model_endpoint(model, row->endpoint);

    if (row->kind == ROW_GROUP) {
        build_group(page, rows, row->group);
    } else if (row->kind == ROW_CONNECTOR) {
        detail_bundle(page, rows, row->connector);
    } else if (row->kind == ROW_TARGET && target) {
        build_target(page, model, target, now);
    } else if (row->kind == ROW_HOST && target && host) {
        build_host(page, model, target, host);
    } else if (row->kind >= ROW_ENDPOINT && target && host && endpoint) {
        add_explanation(page, model_judge_endpoint(model, target, host, endpoint),
                        model_explain_endpoint(model, target, host, endpoint));
        detail_endpoint(page, model, endpoint, now, true);
        detail_endpoint_record(page, endpoint);
    }
}
