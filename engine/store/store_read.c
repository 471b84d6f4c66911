#include "engine/store/store_private.h"

#include "engine/base/mem.h"
#include "engine/store/store_facts.h"
#include "engine/store/store_session.h"
#include "engine/store/store_target.h"

#include <stdlib.h>
#include <string.h>

/* What the reading of rows needs at hand. */
struct loading {
    struct store *store;
    struct model *model; /* NULL until its baseline is known */
    struct store_session *session;
    struct event preflight;
};

/* One row; false when it is damaged. */
typedef bool read_row(struct loading *loading, uint32_t row, const char *name, struct reader *in);

static bool read_session(struct loading *loading, uint32_t row, const char *name, struct reader *in)
{
    struct baseline *baseline;

    (void)name;
    if (row == ROW_SESSION) {
        unpack_session(in, loading->session);
    } else if (row == ROW_BASELINE) {
        baseline = unpack_baseline(in);
        loading->model = baseline ? model_new(baseline) : NULL;
    } else if (row == ROW_PREFLIGHT && loading->model) {
        unpack_preflight(in, &loading->store->words, &loading->preflight);
        if (!in->failed)
            model_apply(loading->model, &loading->preflight);
        event_release(&loading->preflight);
    } else {
        reader_fail(in);
    }
    return reader_done(in);
}

static bool read_note(struct loading *loading, uint32_t row, const char *name, struct reader *in)
{
    char *items[] = {(char *)(uintptr_t)name};
    const struct strings note = {items, 1};

    model_add_notes(loading->model, &note);
    if (row > loading->store->rows.last[TABLE_NOTE])
        loading->store->rows.last[TABLE_NOTE] = row;
    return reader_done(in);
}

static bool read_target(struct loading *loading, uint32_t row, const char *name, struct reader *in)
{
    struct kept_target kept;
    struct target *target;
    bool ok;

    (void)name;
    unpack_target(in, &loading->store->words, &kept);
    ok = reader_done(in);
    if (ok) {
        target = model_restore(loading->model, &kept.spec, kept.removed);
        store_set_row(&loading->store->rows, TABLE_TARGET, target->id, row);
        kept.route.target = kept.beside.target = target->id;
        model_apply(loading->model, &kept.route);
        model_apply(loading->model, &kept.beside);
    }
    kept_target_release(&kept);
    return ok;
}

static bool read_host(struct loading *loading, uint32_t row, const char *name, struct reader *in)
{
    const struct host *host;
    struct event event;
    bool ok;

    (void)name;
    unpack_host(in, &loading->store->words, &event);
    ok = reader_done(in);
    if (ok) {
        model_apply(loading->model, &event);
        host = model_known_host(loading->model, &event.host);
        store_set_row(&loading->store->rows, TABLE_HOST, host->id, row);
    }
    event_release(&event);
    return ok;
}

/* One that no host leads to any more stays where it is, and is not shown. */
static void apply_endpoint(struct loading *loading, uint32_t row, struct event *event)
{
    const struct endpoint *endpoint = model_known_endpoint(loading->model, &event->endpoint);

    if (row > loading->store->rows.last[TABLE_ENDPOINT])
        loading->store->rows.last[TABLE_ENDPOINT] = row;
    if (!endpoint)
        return;
    store_set_row(&loading->store->rows, TABLE_ENDPOINT, endpoint->id, row);
    model_apply(loading->model, event);
    event->type = EVENT_ACTIVITY;
    event->stage = STAGE_DONE;
    model_apply(loading->model, event);
}

static bool read_endpoint(struct loading *loading, uint32_t row, const char *name, struct reader *in)
{
    struct event event = {.type = EVENT_FACTS};
    bool ok;

    (void)name;
    unpack_endpoint_key(in, &loading->store->words, &event.endpoint);
    event.facts = unpack_facts(in, &loading->store->words);
    ok = reader_done(in);
    if (ok)
        apply_endpoint(loading, row, &event);
    event_release(&event);
    return ok;
}

static bool fail_row(const struct loading *loading, enum table table, int64_t row, char **error)
{
    *error = mem_format("%s: is damaged: %s %lld can't be read", loading->store->path,
                        store_table_name(table), (long long)row);
    return false;
}

static bool take_row(struct loading *loading, enum table table, sqlite3_stmt *rows, read_row *read,
                     char **error)
{
    int64_t row = sqlite3_column_int64(rows, 0);
    const char *name = (const char *)sqlite3_column_text(rows, 1);
    const void *bytes = sqlite3_column_blob(rows, 2);
    struct reader in = unpack_sealed(bytes, (size_t)sqlite3_column_bytes(rows, 2));

    if (row > 0 && row < UINT32_MAX && name && !in.failed && read(loading, (uint32_t)row, name, &in))
        return true;
    return fail_row(loading, table, row, error);
}

static bool read_table(struct loading *loading, enum table table, read_row *read, char **error)
{
    char *sql = mem_format("SELECT id, name, content FROM %s ORDER BY id", store_table_name(table));
    sqlite3_stmt *rows = NULL;
    int code = sqlite3_prepare_v2(loading->store->db, sql, -1, &rows, NULL);
    bool ok = !code;

    while (ok && (code = sqlite3_step(rows)) == SQLITE_ROW)
        ok = take_row(loading, table, rows, read, error);
    free(sql);
    sqlite3_finalize(rows);
    if (ok && code == SQLITE_DONE)
        return true;
    if (!*error)
        *error = store_sentence(loading->store, code);
    return false;
}

static bool read_all(struct loading *loading, char **error)
{
    static const struct {
        enum table table;
        read_row *read;
    } tables[] = {
        {TABLE_SESSION, read_session}, {TABLE_NOTE, read_note},         {TABLE_TARGET, read_target},
        {TABLE_HOST, read_host},       {TABLE_ENDPOINT, read_endpoint},
    };

    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        if (i && !loading->model) {
            *error = mem_format("%s: is damaged: it has no baseline", loading->store->path);
            return false;
        }
        if (!read_table(loading, tables[i].table, tables[i].read, error))
            return false;
    }
    return true;
}

/* One transaction, so that a session that is being kept meanwhile is read as it was at one moment. */
struct model *store_load(struct store *store, struct store_session *session, char **error)
{
    struct loading loading = {.store = store, .session = session};
    int code = sqlite3_exec(store->db, "BEGIN", NULL, NULL, NULL);
    bool ok;

    *error = NULL;
    memset(session, 0, sizeof *session);
    if (code) {
        *error = store_sentence(store, code);
        return NULL;
    }
    ok = read_all(&loading, error);
    sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
    if (ok)
        return loading.model;
    model_free(loading.model);
    return NULL;
}
