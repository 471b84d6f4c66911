#include "tui/detail_path.h"

#include "engine/base/mem.h"
#include "tui/painter.h"
#include "tui/summary.h"

#include <stdlib.h>
#include <string.h>

#define RECORDS_MOST 300 /* that a page lists */

void detail_verdict(struct page *page, int column, enum verdict verdict)
{
    page_putf(page, column, theme_verdict_style(verdict), "%s %s", theme_verdict_glyph(verdict, page->ascii),
              verdict_title(verdict));
}

void detail_list_warnings(struct page *page, const struct strings *warnings)
{
    size_t i;

    for (i = 0; i < warnings->count; i++) {
        page_put(page, 0, STYLE_CAUTION, "!");
        page_wrap(page, 2, STYLE_TEXT, warnings->items[i]);
    }
}

void detail_dns(struct page *page, const struct dns_facts *dns)
{
    if (dns->status == DNS_NOT_QUERIED && !dns->detail)
        return;
    page_fieldf(page, "DNS", STYLE_TEXT, "%s%s%s%s", dns_status_title(dns->status),
                dns_failed(dns->status) || dns->status == DNS_NOT_QUERIED ? ""
                : dns->authenticated                                      ? ", DNSSEC-authenticated"
                                                                          : ", without DNSSEC",
                dns->detail ? ": " : "", dns->detail ? dns->detail : "");
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
    detail_verdict(page, verdict_column, judgement.verdict);
    if (verdict_column + 22 < page->width)
        page_put(page, verdict_column + 15, STYLE_DIM, text);
    page_end(page);
}

void detail_addresses(struct page *page, const struct model *model, const struct target *target,
                      const struct host *host)
{
    for (size_t i = 0; i < host->endpoint_count; i++)
        add_endpoint_line(page, model, target, host, host->endpoints[i]);
}

static void add_host_lines(struct page *page, const struct model *model, const struct target *target,
                           const struct target_host *at)
{
    const struct host *host = at->host;

    if (at->preference >= 0)
        page_putf(page, 0, STYLE_DIM, "%3d", at->preference);
    page_wrap(page, 4, STYLE_TEXT, host->key.name);
    if (host->resolved && (host->dns.status != DNS_OK || host->dns.detail))
        page_wrap(page, 6, STYLE_CAUTION,
                  host->dns.detail ? host->dns.detail : dns_status_title(host->dns.status));
    if (host->resolved && host->dns.authenticated)
        page_wrap(page, 6, STYLE_DIM, "addresses DNSSEC-authenticated");
    detail_addresses(page, model, target, host);
}

void detail_path(struct page *page, const struct model *model, const struct target *target)
{
    size_t i;

    page_heading(page, "Way of the mail");
    page_field(page, "Route", STYLE_TEXT, route_title(target->route));
    detail_dns(page, &target->dns);
    for (i = 0; i < target->host_count; i++)
        add_host_lines(page, model, target, &target->hosts[i]);
}

void detail_beside(struct page *page, const struct model *model, const struct target *target)
{
    const struct beside *beside = &target->beside;
    size_t i;

    if (beside->route == ROUTE_UNRESOLVED)
        return;
    page_heading(page, "MX of the domain");
    page_wrap(page, 0, STYLE_DIM, "Information: mail does not take this way.");
    page_field(page, "Route", STYLE_TEXT, route_title(beside->route));
    detail_dns(page, &beside->dns);
    if (beside->route == ROUTE_MX && !beside->host_count)
        page_wrap(page, 0, STYLE_DIM, "every one of them is on the way of the mail");
    for (i = 0; i < beside->host_count; i++)
        add_host_lines(page, model, target, &beside->hosts[i]);
    detail_list_warnings(page, &beside->warnings);
}

enum { DATA_LEAST = 20, DATA_MOST = 54, TTL_BEFORE = 18, TYPE_BEFORE = 6 };

/* Where there is no room for columns. */
static void add_narrow_record(struct page *page, const struct trail_record *record)
{
    char *text = mem_format("%u s %s %s", record->ttl, record_type_title(record->type), record->data);

    page_wrap(page, 0, STYLE_TEXT, record->name);
    page_wrap(page, 2, STYLE_TEXT, text);
    free(text);
}

/* Name, time to live, type and data side by side, or the name above the others where it is too long. */
static void add_record(struct page *page, const struct trail_record *record)
{
    int data = page->width / 2 < DATA_MOST ? page->width / 2 : DATA_MOST;

    if (data < DATA_LEAST) {
        add_narrow_record(page, record);
        return;
    }
    page_put(page, 0, STYLE_TEXT, record->name);
    if (painter_width(record->name, page->ascii) >= data - TTL_BEFORE + 2)
        page_end(page);
    page_putf(page, data - TTL_BEFORE, STYLE_DIM, "%9u s", record->ttl);
    page_put(page, data - TYPE_BEFORE, STYLE_STRONG, record_type_title(record->type));
    page_wrap(page, data, STYLE_TEXT, record->data);
}

/* Records of one lookup, as long as there is room. */
static void add_trail(struct page *page, const struct trail *trail, size_t *room)
{
    for (size_t i = 0; i < trail->count && *room; i++, (*room)--)
        add_record(page, &trail->records[i]);
    if (trail->cut || !*room)
        page_wrap(page, 0, STYLE_DIM, "more records are not shown");
}

static void begin_records(struct page *page, bool *begun, const struct trail *trail)
{
    if (trail->count && !*begun)
        page_heading(page, "DNS records used");
    *begun |= trail->count > 0;
}

void detail_host_records(struct page *page, const struct host *host)
{
    size_t room = RECORDS_MOST;
    bool begun = false;

    begin_records(page, &begun, &host->dns.trail);
    add_trail(page, &host->dns.trail, &room);
}

void detail_records(struct page *page, const struct target *target)
{
    size_t room = RECORDS_MOST, i;
    bool begun = false;

    begin_records(page, &begun, &target->dns.trail);
    add_trail(page, &target->dns.trail, &room);
    begin_records(page, &begun, &target->beside.dns.trail);
    if (room)
        add_trail(page, &target->beside.dns.trail, &room);
    for (i = 0; i < model_all_hosts(target) && room; i++) {
        const struct trail *trail = &model_any_host(target, i)->host->dns.trail;

        begin_records(page, &begun, trail);
        add_trail(page, trail, &room);
    }
}
