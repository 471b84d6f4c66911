#include "tui/detail_transcript.h"

#include "engine/base/text.h"
#include "tui/detail.h"
#include "tui/detail_endpoint.h"
#include "tui/page.h"

#include <stdlib.h>

#define ADDRESSES_MOST 50

static void add_title(struct page *page, const struct model *model, const struct rows *rows,
                      const struct row *row, int64_t now)
{
    char *title = detail_title(model, rows, row, page->ascii);
    char when[TEXT_TIME_SIZE];

    text_time(when, now);
    page_put(page, 0, STYLE_TITLE, title);
    page_end(page);
    page_put(page, 0, STYLE_DIM, when);
    page_end(page);
    page_end(page);
    free(title);
}

static size_t addresses_of(const struct target *target, const struct host *only)
{
    size_t count = 0;

    for (size_t i = 0; i < model_all_hosts(target); i++) {
        const struct host *host = model_any_host(target, i)->host;

        count += !only || only == host ? host->endpoint_count : 0;
    }
    return count;
}

static void add_host(struct page *page, const struct target *target, const struct host *host, size_t *room,
                     int64_t now)
{
    for (size_t i = 0; i < host->endpoint_count && *room; i++, (*room)--) {
        detail_endpoint(page, target, host, host->endpoints[i], now, true);
        detail_endpoint_record(page, host->endpoints[i]);
    }
}

/* A target's page has the facts of its only address already. */
static void add_rest(struct page *page, const struct target *target, const struct host *only, int64_t now)
{
    size_t room = ADDRESSES_MOST;

    if (!only && addresses_of(target, NULL) < 2)
        return;
    for (size_t i = 0; i < model_all_hosts(target) && room; i++) {
        const struct host *host = model_any_host(target, i)->host;

        if (!only || only == host)
            add_host(page, target, host, &room, now);
    }
    if (addresses_of(target, only) > ADDRESSES_MOST)
        page_putf(page, 0, STYLE_DIM, "and %zu more addresses", addresses_of(target, only) - ADDRESSES_MOST);
}

char *detail_transcript(const struct model *model, const struct rows *rows, const struct row *row, int width,
                        bool ascii, int64_t now)
{
    const struct target *target = model_target(model, row->target);
    struct page page;
    char *text;

    page_init(&page, width, ascii);
    add_title(&page, model, rows, row, now);
    detail_build(&page, model, rows, row, now);
    if (target && (row->kind == ROW_TARGET || row->kind == ROW_HOST))
        add_rest(&page, target, row->kind == ROW_HOST ? model_host(model, row->host) : NULL, now);
    text = page_text(&page);
    page_release(&page);
    return text;
}
