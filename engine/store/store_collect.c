#include "engine/store/store_private.h"

#include "engine/base/mem.h"
#include "engine/store/store_facts.h"
#include "engine/store/store_head.h"
#include "engine/store/store_session.h"
#include "engine/store/store_target.h"

#include <stdlib.h>
#include <string.h>

static struct store_item *new_item(enum table table, uint32_t row, const char *name)
{
    struct store_item *item = mem_alloc(sizeof *item);

    item->table = table;
    item->row = row;
    item->name = mem_string(name);
    buf_init(&item->content, 0);
    return item;
}

static size_t add(struct store_items *items, struct store_item *item)
{
    pack_seal(&item->content, item->name);
    STAILQ_INSERT_TAIL(items, item, link);
    return sizeof *item + strlen(item->name) + item->content.capacity;
}

/* What was added to a target's history since it was written; whose it is stands in the content. */
static size_t collect_past(struct store *store, const struct target *target, uint32_t row,
                           struct store_items *items)
{
    uint32_t *written = &store->rows.written[target->id];
    size_t bytes = 0;

    while (*written < target->past_count) {
        const struct past *past = &target->past[(*written)++];
        struct store_item *item = new_item(TABLE_HISTORY, ++store->rows.last[TABLE_HISTORY], "");

        pack_past(&item->content, &store->words, row, past);
        bytes += add(items, item);
    }
    return bytes;
}

size_t store_collect_history(struct store *store, const struct model *model, struct store_items *items)
{
    size_t bytes = 0;

    for (size_t i = 0; i < model_target_count(model); i++) {
        const struct target *target = model_target_at(model, i);
        uint32_t row = target->id < store->rows.count ? store->rows.row[target->id] : 0;

        if (row)
            bytes += collect_past(store, target, row, items);
    }
    return bytes;
}

static size_t collect_target(struct store *store, const struct target *target, struct store_items *items)
{
    uint32_t row = store_row_of(&store->rows, TABLE_TARGET, target->id);
    struct store_item *item = new_item(TABLE_TARGET, row, target->spec.domain);

    pack_target(&item->content, &store->words, target);
    return add(items, item) + collect_past(store, target, row, items);
}

static size_t collect_host(struct store *store, const struct host *host, struct store_items *items)
{
    struct store_item *item;

    if (!host->resolved)
        return 0;
    item = new_item(TABLE_HOST, store_row_of(&store->rows, TABLE_HOST, host->id), host->key.name);
    pack_host(&item->content, &store->words, host);
    return add(items, item);
}

/* Facts that are about to be gathered anew stay in the file until there are others. */
static size_t collect_endpoint(struct store *store, const struct endpoint *endpoint,
                               struct store_items *items)
{
    struct store_item *item;

    if (!endpoint->facts)
        return 0;
    item = new_item(TABLE_ENDPOINT, store_row_of(&store->rows, TABLE_ENDPOINT, endpoint->id),
                    endpoint->key.address);
    pack_endpoint_key(&item->content, &store->words, &endpoint->key);
    pack_facts(&item->content, &store->words, endpoint->facts);
    return add(items, item);
}

static size_t collect_notes(struct store *store, const struct strings *notes, struct store_items *items)
{
    uint32_t *last = &store->rows.last[TABLE_NOTE];
    size_t bytes = 0;

    while (*last < notes->count) {
        const char *note = notes->items[(*last)++];

        bytes += add(items, new_item(TABLE_NOTE, *last, note));
    }
    return bytes;
}

static size_t collect_head(struct store *store, const struct model *model, struct store_items *items)
{
    struct store_item *baseline = new_item(TABLE_SESSION, ROW_BASELINE, "baseline");
    struct store_item *preflight = new_item(TABLE_SESSION, ROW_PREFLIGHT, "preflight");

    pack_baseline(&baseline->content, model_baseline(model));
    pack_preflight(&preflight->content, &store->words, model_preflight(model));
    return add(items, baseline) + add(items, preflight) + collect_notes(store, model_notes(model), items);
}

size_t store_collect(struct store *store, const struct model *model, uint32_t id, struct store_items *items)
{
    const struct target *target = model_target(model, id);
    const struct host *host = model_host(model, id);
    const struct endpoint *endpoint = model_endpoint(model, id);

    if (target)
        return collect_target(store, target, items);
    if (host)
        return collect_host(store, host, items);
    if (endpoint)
        return collect_endpoint(store, endpoint, items);
    return collect_head(store, model, items);
}

size_t store_collect_session(const struct store_session *session, struct store_items *items)
{
    struct store_item *item = new_item(TABLE_SESSION, ROW_SESSION, "session");

    pack_session(&item->content, session);
    return add(items, item);
}

void store_items_release(struct store_items *items)
{
    struct store_item *item;

    while ((item = STAILQ_FIRST(items)) != NULL) {
        STAILQ_REMOVE_HEAD(items, link);
        free(item->name);
        buf_release(&item->content);
        free(item);
    }
}
