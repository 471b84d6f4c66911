#include "tui/detail_since.h"

#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/report/compare.h"
#include "tui/changes_page.h"
#include "tui/snapshot_file.h"

#include <stdlib.h>
#include <string.h>

#define SERVERS_MOST 50 /* of one target */

static void add_heading(struct page *page, const struct against *against)
{
    char when[TEXT_TIME_SIZE], *text;

    text_time(when, against->when);
    text = mem_format("Since %.10s (%s)", when, snapshot_name(against->path));
    page_heading(page, text);
    free(text);
}

static void add_facts(struct page *page, int column, const struct difference *difference)
{
    for (size_t i = 0; i < difference->fact_count; i++) {
        page_put(page, column, STYLE_DIM, "-");
        page_wrap(page, column + 2, STYLE_TEXT, difference->facts[i].sentence);
    }
}

static void add_title(struct page *page, enum change change)
{
    page_put(page, 0, changes_style(change), change_title(change));
    page_end(page);
}

/* `told` was said of the whole already; NULL: nothing was. */
static void add_server(struct page *page, const struct difference *difference, const char *told)
{
    char *name = changes_name(difference);

    page_put(page, 0, changes_style(difference->change), change_title(difference->change));
    page_wrap(page, PAGE_LABEL, STYLE_TEXT, name);
    free(name);
    if (difference->change != CHANGE_FACTS && !(told && strcmp(told, difference->sentence) == 0))
        page_wrap(page, 2, STYLE_TEXT, difference->sentence);
    add_facts(page, 2, difference);
}

/* Returns how many differ. */
static size_t add_servers(struct page *page, const struct against *against, const struct target *target,
                          bool gone, const char *told)
{
    const struct model *then = against->earlier.model, *now = against->model;
    struct difference difference;
    size_t count = 0;

    for (size_t h = 0; h < target->host_count; h++) {
        const struct host *host = target->hosts[h].host;

        for (size_t e = 0; e < host->endpoint_count && count < SERVERS_MOST; e++) {
            const struct endpoint *endpoint = host->endpoints[e];

            if (gone ? !compare_gone_endpoint(then, now, endpoint, &difference)
                     : !compare_endpoint(then, now, endpoint, &difference))
                continue;
            add_server(page, &difference, told);
            difference_release(&difference);
            count++;
        }
    }
    return count;
}

/* Of one that is on one side only. */
static void add_moved(struct page *page, const struct against *against, const struct target *target,
                      bool gone)
{
    const struct model *then = against->earlier.model, *now = against->model;
    char *words = compare_moved_words(gone ? then : now, gone ? now : then, target, gone);

    if (words)
        page_wrap(page, 0, STYLE_TEXT, words);
    free(words);
}

static void add_target(struct page *page, const struct against *against, const struct target *target)
{
    const struct target *then = compare_like(against->earlier.model, target);
    struct difference difference;
    bool differs = compare_target(against->earlier.model, against->model, target, &difference);
    size_t servers;

    if (differs) {
        add_title(page, difference.change);
        page_wrap(page, 0, STYLE_TEXT, difference.sentence);
        add_facts(page, 0, &difference);
    }
    if (!then)
        add_moved(page, against, target, false);
    if (then) {
        servers = add_servers(page, against, target, false, differs ? difference.sentence : NULL);
        servers += add_servers(page, against, then, true, NULL);
        if (!differs && !servers)
            page_wrap(page, 0, STYLE_DIM, "Nothing changed.");
    }
    if (differs)
        difference_release(&difference);
}

static void add_endpoint(struct page *page, const struct against *against, const struct endpoint *endpoint)
{
    struct difference difference;

    if (!compare_endpoint(against->earlier.model, against->model, endpoint, &difference)) {
        page_wrap(page, 0, STYLE_DIM, "Nothing changed.");
        return;
    }
    add_title(page, difference.change);
    page_wrap(page, 0, STYLE_TEXT, difference.sentence);
    add_facts(page, 0, &difference);
    difference_release(&difference);
}

/* Where its mail went. */
static void add_former_route(struct page *page, const struct target *then)
{
    for (size_t h = 0; h < then->host_count; h++) {
        const struct host *host = then->hosts[h].host;

        page_field(page, h ? "" : "Went to", STYLE_TEXT, host->key.name);
        for (size_t e = 0; e < host->endpoint_count; e++)
            page_field(page, "", STYLE_DIM, host->endpoints[e]->key.address);
    }
}

static void add_gone_target(struct page *page, const struct against *against, const struct target *then)
{
    char *why = model_explain(against->earlier.model, then);

    add_title(page, CHANGE_GONE);
    page_wrap(page, 0, STYLE_TEXT, "It is not there any more, and only shown.");
    add_moved(page, against, then, true);
    page_field(page, "It was", STYLE_TEXT, verdict_title(then->judgement.verdict));
    page_field(page, "", STYLE_TEXT, why);
    page_field(page, "Class", STYLE_TEXT, target_class_name(then->spec.class));
    page_field(page, "Connector", STYLE_TEXT, then->spec.connector);
    page_field(page, "Owner", STYLE_TEXT, then->spec.owner);
    page_field(page, "Contact", STYLE_TEXT, then->spec.contact);
    page_field(page, "State", STYLE_TEXT, contact_state_title(then->spec.contact_state));
    page_field(page, "Note", STYLE_TEXT, then->spec.note);
    add_former_route(page, then);
    free(why);
}

static void add_gone_endpoint(struct page *page, const struct against *against, const struct endpoint *then)
{
    struct difference difference;

    if (!compare_gone_endpoint(against->earlier.model, against->model, then, &difference))
        return;
    add_server(page, &difference, NULL);
    difference_release(&difference);
    for (size_t h = 0; h < then->host_count; h++)
        for (size_t t = 0; t < then->hosts[h]->leading && t < SERVERS_MOST; t++)
            page_field(page, h + t ? "" : "Mail of", STYLE_TEXT, then->hosts[h]->targets[t]->spec.unicode);
}

void detail_since(struct page *page, const struct against *against, const struct row *row)
{
    const struct model *now = against->path ? against->model : NULL;
    const struct target *target = now ? model_target(now, row->target) : NULL;
    const struct endpoint *endpoint = now ? model_endpoint(now, row->endpoint) : NULL;
    const struct target *gone = against_target_of(against, row->target);
    const struct endpoint *server = against_endpoint_of(against, row->target);

    if (!gone && !server && !endpoint && !(target && row->kind == ROW_TARGET))
        return;
    add_heading(page, against);
    if (gone)
        add_gone_target(page, against, gone);
    else if (server)
        add_gone_endpoint(page, against, server);
    else if (row->kind == ROW_TARGET)
        add_target(page, against, target);
    else
        add_endpoint(page, against, endpoint);
    page_end(page);
}
