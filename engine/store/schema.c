#include "engine/store/schema.h"

#include "engine/store/store.h"

#include <stdio.h>
#include <string.h>

#define TABLE(name)                                                                                          \
    "CREATE TABLE " name "(id INTEGER PRIMARY KEY, name TEXT NOT NULL, content BLOB NOT NULL);"

/* Number i leads from schema i to schema i + 1. What stands here stays: files out there were made by it. */
static const char *const migrations[] = {
    TABLE("session") TABLE("note") TABLE("target") TABLE("host")
        TABLE("endpoint") "CREATE TABLE word(kind TEXT NOT NULL, code INTEGER NOT NULL, name TEXT NOT NULL,"
                          " PRIMARY KEY(kind, code)) WITHOUT ROWID;",
    TABLE("history"),
    "", /* no other tables: from here on a row's name is sealed, and may be all that says it */
};
_Static_assert(sizeof migrations / sizeof *migrations == STORE_SCHEMA, "a migration for each schema");

int schema_migrate(sqlite3 *db, int from, int to)
{
    char mark[80];
    int code = SQLITE_OK;

    for (int i = from; i < to && !code; i++)
        code = sqlite3_exec(db, migrations[i], NULL, NULL, NULL);
    snprintf(mark, sizeof mark, "PRAGMA application_id=%d; PRAGMA user_version=%d;", STORE_APPLICATION, to);
    return code ? code : sqlite3_exec(db, mark, NULL, NULL, NULL);
}

static int prepare(sqlite3 *db, sqlite3_stmt **rows)
{
    return sqlite3_prepare_v2(db, "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name",
                              -1, rows, NULL);
}

static bool same_text(const unsigned char *left, const unsigned char *right)
{
    return left == right || (left && right && strcmp((const char *)left, (const char *)right) == 0);
}

static bool same_row(sqlite3_stmt *left, sqlite3_stmt *right)
{
    for (int i = 0; i < 4; i++)
        if (!same_text(sqlite3_column_text(left, i), sqlite3_column_text(right, i)))
            return false;
    return true;
}

static int compare(sqlite3_stmt *left, sqlite3_stmt *right, bool *same)
{
    int code, expected;

    do {
        code = sqlite3_step(left);
        expected = sqlite3_step(right);
    } while (code == SQLITE_ROW && expected == SQLITE_ROW && same_row(left, right));
    *same = code == SQLITE_DONE && expected == SQLITE_DONE;
    return code == SQLITE_ROW || code == SQLITE_DONE ? SQLITE_OK : code;
}

int schema_check(sqlite3 *db, int version, bool *same)
{
    sqlite3 *model = NULL;
    sqlite3_stmt *left = NULL, *right = NULL;
    int code = sqlite3_open(":memory:", &model);

    if (!code)
        code = schema_migrate(model, 0, version);
    if (!code)
        code = prepare(model, &right);
    if (!code)
        code = prepare(db, &left);
    if (!code)
        code = compare(left, right, same);
    sqlite3_finalize(left);
    sqlite3_finalize(right);
    sqlite3_close(model);
    return code;
}
