#include "engine/store/store_private.h"

#include "engine/base/mem.h"

#include <stdlib.h>

static int prepare(struct store *store, enum table table)
{
    char *sql;
    int code;

    if (store->put[table])
        return SQLITE_OK;
    sql = mem_format("INSERT INTO %s VALUES(?,?,?) ON CONFLICT(id) DO UPDATE SET name=excluded.name, "
                     "content=excluded.content",
                     store_table_name(table));
    code = sqlite3_prepare_v3(store->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &store->put[table], NULL);
    free(sql);
    return code;
}

static int put(struct store *store, const struct store_item *item)
{
    int code = prepare(store, item->table);
    sqlite3_stmt *row = store->put[item->table];

    if (code)
        return code;
    sqlite3_bind_int64(row, 1, item->row);
    sqlite3_bind_text(row, 2, item->name, -1, SQLITE_STATIC);
    sqlite3_bind_blob64(row, 3, item->content.bytes, item->content.length, SQLITE_STATIC);
    code = sqlite3_step(row);
    sqlite3_reset(row);
    sqlite3_clear_bindings(row);
    return code == SQLITE_DONE ? SQLITE_OK : code;
}

bool store_write(struct store *store, const struct store_items *items, char **error)
{
    const struct store_item *item;
    int code = sqlite3_exec(store->db, "BEGIN IMMEDIATE", NULL, NULL, NULL);

    STAILQ_FOREACH(item, items, link)
    {
        if (code)
            break;
        code = put(store, item);
    }
    if (!code)
        code = sqlite3_exec(store->db, "COMMIT", NULL, NULL, NULL);
    if (!code)
        return true;
    *error = store_sentence(store, code);
    sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
    return false;
}
