#include "engine/store/store_private.h"

#include "engine/base/mem.h"
#include "engine/store/store_facts.h"
#include "engine/store/store_head.h"
#include "engine/store/store_session.h"
#include "engine/store/store_target.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* Where a target stands in the file, and in the model. */
struct place {
    uint32_t row, id;
};

/* One transaction from begin to end, so that a session that is being kept meanwhile is read as it was at one
 * moment. */
struct store_loading {
    struct store *store;
    struct model *model; /* NULL until its baseline is known */
    struct store_session *session;
    size_t table;         /* of `readers` */
    sqlite3_stmt *rows;   /* of that table; NULL before the first */
    struct place *places; /* of the targets; owned */
    size_t place_count;
    int64_t rows_read, rows_expected;
};

/* One row; false when it is damaged. */
typedef bool read_row(struct store_loading *loading, uint32_t row, const char *name, struct reader *in);

static bool read_session(struct store_loading *loading, uint32_t row, const char *name, struct reader *in)
{
    struct baseline *baseline;
    struct event preflight;

    (void)name;
    if (row == ROW_SESSION) {
        unpack_session(in, loading->session);
    } else if (row == ROW_BASELINE) {
        baseline = unpack_baseline(in);
        loading->model = baseline ? model_new(baseline) : NULL;
        if (baseline)
            model_keep_past(loading->model, false);
    } else if (row == ROW_PREFLIGHT && loading->model) {
        unpack_preflight(in, &loading->store->words, &preflight);
        if (!in->failed)
            model_apply(loading->model, &preflight);
        event_release(&preflight);
    } else {
        reader_fail(in);
    }
    return reader_done(in);
}

static bool read_note(struct store_loading *loading, uint32_t row, const char *name, struct reader *in)
{
    char *items[] = {(char *)(uintptr_t)name};
    const struct strings note = {items, 1};

    model_add_notes(loading->model, &note);
    if (row > loading->store->rows.last[TABLE_NOTE])
        loading->store->rows.last[TABLE_NOTE] = row;
    return reader_done(in);
}

static void add_place(struct store_loading *loading, uint32_t row, uint32_t id)
{
    size_t count = loading->place_count;

    if (!(count & (count - 1)))
        loading->places = mem_resize(loading->places, count ? 2 * count : 1, sizeof *loading->places);
    loading->places[loading->place_count++] = (struct place){row, id};
}

static int by_row(const void *left, const void *right)
{
    uint32_t a = ((const struct place *)left)->row, b = ((const struct place *)right)->row;

    return a < b ? -1 : a > b;
}

static bool read_target(struct store_loading *loading, uint32_t row, const char *name, struct reader *in)
{
    struct kept_target kept;
    struct target *target;
    bool ok;

    unpack_target(in, &loading->store->words, name, &kept);
    ok = reader_done(in);
    if (ok) {
        target = model_restore(loading->model, &kept.spec, kept.removed);
        store_set_row(&loading->store->rows, TABLE_TARGET, target->id, row);
        add_place(loading, row, target->id);
        kept.route.target = kept.beside.target = kept.contacts.target = target->id;
        model_apply(loading->model, &kept.route);
        model_apply(loading->model, &kept.beside);
        model_apply(loading->model, &kept.contacts);
    }
    kept_target_release(&kept);
    return ok;
}

static bool read_host(struct store_loading *loading, uint32_t row, const char *name, struct reader *in)
{
    const struct host *host;
    struct event event;
    bool ok;

    unpack_host(in, &loading->store->words, name, &event);
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
static void apply_endpoint(struct store_loading *loading, uint32_t row, struct event *event)
{
    const struct endpoint *endpoint = model_known_endpoint(loading->model, &event->endpoint);

    if (row > loading->store->rows.last[TABLE_ENDPOINT])
        loading->store->rows.last[TABLE_ENDPOINT] = row;
    if (!endpoint)
        return;
    store_set_row(&loading->store->rows, TABLE_ENDPOINT, endpoint->id, row);
    model_apply(loading->model, event);
    if (!endpoint->facts->ended)
        return;
    event->type = EVENT_ACTIVITY;
    event->stage = STAGE_DONE;
    model_apply(loading->model, event);
}

static bool read_endpoint(struct store_loading *loading, uint32_t row, const char *name, struct reader *in)
{
    struct event event = {.type = EVENT_FACTS};
    bool ok;

    unpack_endpoint_key(in, &loading->store->words, name, &event.endpoint);
    event.facts = unpack_facts(in, &loading->store->words);
    ok = reader_done(in);
    if (ok)
        apply_endpoint(loading, row, &event);
    event_release(&event);
    return ok;
}

static bool read_past(struct store_loading *loading, uint32_t row, const char *name, struct reader *in)
{
    struct store_rows *rows = &loading->store->rows;
    struct place wanted = {0}, *place = NULL;
    struct past past;

    (void)name;
    wanted.row = unpack_past(in, &loading->store->words, &past);
    if (loading->place_count)
        place = bsearch(&wanted, loading->places, loading->place_count, sizeof wanted, by_row);
    if (!reader_done(in) || !place)
        return false;
    model_restore_past(model_target(loading->model, place->id), &past);
    rows->written[place->id]++;
    if (row > rows->last[TABLE_HISTORY])
        rows->last[TABLE_HISTORY] = row;
    return true;
}

/* In this order: each needs what those before it brought. */
static const struct {
    enum table table;
    read_row *read;
} readers[] = {
    {TABLE_SESSION, read_session}, {TABLE_NOTE, read_note},         {TABLE_TARGET, read_target},
    {TABLE_HOST, read_host},       {TABLE_ENDPOINT, read_endpoint}, {TABLE_HISTORY, read_past},
};

#define READERS (sizeof readers / sizeof *readers)

/* Tables that came with a later schema than the file's are not there. */
static bool is_missing(const struct store_loading *loading)
{
    return readers[loading->table].table == TABLE_HISTORY && loading->store->schema < 2;
}

static bool take_row(struct store_loading *loading, char **error)
{
    int64_t row = sqlite3_column_int64(loading->rows, 0);
    const char *name = (const char *)sqlite3_column_text(loading->rows, 1);
    const void *bytes = sqlite3_column_blob(loading->rows, 2);
    struct reader in = unpack_sealed(bytes, (size_t)sqlite3_column_bytes(loading->rows, 2), name ? name : "");

    if (row > 0 && row < UINT32_MAX && name && !in.failed &&
        readers[loading->table].read(loading, (uint32_t)row, name, &in))
        return true;
    *error = mem_format("%s: is damaged: %s %lld can't be read", loading->store->path,
                        store_table_name(readers[loading->table].table), (long long)row);
    return false;
}

static int begin_table(struct store_loading *loading)
{
    char *sql = mem_format("SELECT id, name, content FROM %s ORDER BY id",
                           store_table_name(readers[loading->table].table));
    int code = sqlite3_prepare_v2(loading->store->db, sql, -1, &loading->rows, NULL);

    free(sql);
    return code;
}

static void end_table(struct store_loading *loading)
{
    sqlite3_finalize(loading->rows);
    loading->rows = NULL;
    loading->table++;
}

/* One row, or the change to the next table. */
static bool step(struct store_loading *loading, char **error)
{
    int code;

    if (is_missing(loading)) {
        loading->table++;
        return true;
    }
    code = loading->rows ? SQLITE_OK : begin_table(loading);
    if (!code)
        code = sqlite3_step(loading->rows);
    loading->rows_read++;
    if (code == SQLITE_ROW)
        return take_row(loading, error);
    if (code == SQLITE_DONE) {
        end_table(loading);
        return true;
    }
    *error = store_sentence(loading->store, code);
    return false;
}

/* Rows are numbered one after the other, and few are ever taken out. */
static int64_t last_row(const struct store_loading *loading, enum table table)
{
    char *sql = mem_format("SELECT max(id) FROM %s", store_table_name(table));
    sqlite3_stmt *query;
    int64_t last = 0;

    if (sqlite3_prepare_v2(loading->store->db, sql, -1, &query, NULL) == SQLITE_OK &&
        sqlite3_step(query) == SQLITE_ROW)
        last = sqlite3_column_int64(query, 0);
    sqlite3_finalize(query);
    free(sql);
    return last > 0 && last < UINT32_MAX ? last : 0;
}

static void expect_rows(struct store_loading *loading)
{
    for (loading->rows_expected = 0; loading->table < READERS && !is_missing(loading); loading->table++)
        loading->rows_expected += last_row(loading, readers[loading->table].table);
    loading->table = 0;
}

static bool read_head(struct store_loading *loading, char **error)
{
    int code = sqlite3_exec(loading->store->db, "BEGIN", NULL, NULL, NULL);

    if (code) {
        *error = store_sentence(loading->store, code);
        return false;
    }
    expect_rows(loading);
    store_mark_take(loading->store);
    while (readers[loading->table].table == TABLE_SESSION)
        if (!step(loading, error))
            return false;
    if (!loading->model)
        *error = mem_format("%s: is damaged: it has no baseline", loading->store->path);
    return loading->model;
}

struct store_loading *store_load_begin(struct store *store, struct store_session *session,
                                       struct model **model, char **error)
{
    struct store_loading *loading = mem_alloc(sizeof *loading);

    memset(session, 0, sizeof *session);
    loading->store = store;
    loading->session = session;
    if (read_head(loading, error)) {
        *model = loading->model;
        return loading;
    }
    model_free(loading->model);
    loading->model = NULL;
    store_load_end(loading);
    return NULL;
}

/* All could be read: who will write brings the file up to date. */
static bool finish(struct store_loading *loading, char **error)
{
    sqlite3_exec(loading->store->db, "ROLLBACK", NULL, NULL, NULL);
    return !loading->store->writes || store_update(loading->store, error);
}

bool store_load_more(struct store_loading *loading, unsigned rows, bool *over, char **error)
{
    bool ok = true;

    model_watch(loading->model, false); /* what is read is no change */
    while (ok && rows-- && loading->table < READERS)
        ok = step(loading, error);
    *over = loading->table == READERS;
    model_watch(loading->model, loading->store->writes); /* a history that begins here is to be written */
    if (*over)
        model_keep_past(loading->model, true);
    model_watch(loading->model, true);
    return ok && (!*over || finish(loading, error));
}

unsigned store_load_share(const struct store_loading *loading)
{
    if (loading->rows_read >= loading->rows_expected)
        return 100;
    return (unsigned)(loading->rows_read * 100 / loading->rows_expected);
}

void store_load_end(struct store_loading *loading)
{
    free(loading->places);
    sqlite3_finalize(loading->rows);
    sqlite3_exec(loading->store->db, "ROLLBACK", NULL, NULL, NULL);
    free(loading);
}

struct model *store_load(struct store *store, struct store_session *session, char **error)
{
    struct model *model = NULL;
    struct store_loading *loading = store_load_begin(store, session, &model, error);
    bool over = false, ok = loading;

    while (ok && !over)
        ok = store_load_more(loading, UINT_MAX, &over, error);
    if (loading)
        store_load_end(loading);
    if (ok)
        return model;
    if (loading)
        model_free(model);
    return NULL;
}
