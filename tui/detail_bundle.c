#include "tui/detail_bundle.h"

#include "engine/base/buf.h"
#include "tui/detail_advice.h"
#include "tui/detail_path.h"

#include <stdlib.h>
#include <string.h>

#define DOMAINS_MOST 500 /* that a page lists */

void detail_counts(struct page *page, const unsigned *counts)
{
    int v;

    for (v = verdict_count - 1; v >= 0; v--) {
        if (!counts[v])
            continue;
        page_putf(page, 0, STYLE_TEXT, "%7u", counts[v]);
        detail_verdict(page, 9, (enum verdict)v);
        page_end(page);
    }
}

static void add_number(struct buf *text, unsigned number, const char *word)
{
    if (number)
        buf_printf(text, "%s%u %s", text->length ? ", " : "", number, word);
}

char *detail_campaign_words(const struct rows_campaign *campaign)
{
    struct buf text;

    buf_init(&text, 0);
    add_number(&text, campaign->overdue, "overdue");
    for (int state = CONTACT_NONE + 1; state < contact_state_count; state++)
        add_number(&text, campaign->states[state], contact_state_title((enum contact_state)state));
    return buf_take_string(&text);
}

void detail_campaign(struct page *page, const struct rows_campaign *campaign)
{
    char *words = detail_campaign_words(campaign);

    if (*words)
        page_field(page, "Campaign", campaign->overdue ? STYLE_CAUTION : STYLE_TEXT, words);
    free(words);
}

static void add_route(struct page *page, const struct target_spec *spec)
{
    struct buf text;
    size_t i;

    buf_init(&text, 0);
    for (i = 0; i < spec->host_count; i++) {
        buf_printf(&text, "%s%s", i ? ", " : "smart host ", spec->hosts[i].host);
        if (spec->hosts[i].port)
            buf_printf(&text, " port %u", spec->hosts[i].port);
    }
    page_field(page, "Route", STYLE_TEXT, spec->host_count ? buf_string(&text) : "the domains' MX");
    buf_release(&text);
}

static void add_demand(struct page *page, const struct target_spec *spec)
{
    page_field(page, "Requirement", STYLE_TEXT,
               spec->never_tls ? "no TLS, whatever is offered" : requirement_title(spec->requirement));
    if (spec->requirement == REQUIREMENT_NAME && spec->name_rule == NAME_RULE_POSTFIX)
        page_field(page, "TLS name", STYLE_TEXT, "each domain's own, as Postfix matches");
    else if (spec->requirement == REQUIREMENT_NAME)
        page_fieldf(page, "TLS name", STYLE_TEXT, "%s, as %s matches",
                    spec->tls_domain ? spec->tls_domain : "the recipient's domain",
                    name_rule_title(spec->name_rule));
    if (spec->floor)
        page_field(page, "Own floor", STYLE_TEXT, tls_version_title(spec->floor));
    add_route(page, spec);
    page_field(page, "Source", STYLE_DIM, spec->source);
}

static void list_domain(struct page *page, const struct target *target)
{
    int column = page->width > 62 ? 40 : page->width / 2 + 2;
    const char *name = page->ascii ? target->spec.domain : target->spec.unicode;

    page_put(page, 0, STYLE_TEXT, name);
    if ((int)strlen(name) + 1 > column)
        page_end(page);
    detail_verdict(page, column, target->judgement.verdict);
    page_end(page);
    if (target->spec.pattern)
        page_putf(page, 2, STYLE_DIM, "%s %s", connector_match_title(target->spec.match),
                  target->spec.pattern);
    if (target->spec.pattern)
        page_end(page);
}

static void list_domains(struct page *page, const struct rows *rows, uint32_t connector)
{
    const struct target *target = NULL;
    size_t living = 0;

    page_heading(page, "Domains");
    while ((target = rows_next_target(rows, connector, target)) != NULL)
        if (!target->removed && living++ < DOMAINS_MOST)
            list_domain(page, target);
    if (living > DOMAINS_MOST)
        page_putf(page, 0, STYLE_DIM, "and %zu more", living - DOMAINS_MOST);
    if (living > DOMAINS_MOST)
        page_end(page);
}

void detail_bundle(struct page *page, const struct rows *rows, uint32_t connector)
{
    const struct target *target = rows_next_target(rows, connector, NULL);

    if (!target)
        return;
    detail_counts(page, rows_verdicts(rows, connector));
    detail_campaign(page, rows_campaign(rows, connector));
    detail_advice_counts(page, rows_verdicts(rows, connector));
    page_heading(page, "What it demands");
    add_demand(page, &target->spec);
    list_domains(page, rows, connector);
}
