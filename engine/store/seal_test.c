/* Whatever of a row is another than what was written is told, its name too. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/store/store.h"

#include "engine/base/mem.h"
#include "engine/base/strings.h"
#include "engine/report/sample.h"
#include "engine/store/writer.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const tables[] = {"session", "note", "target", "host", "endpoint"};

static void fail_if(const char *error)
{
    if (error)
        fail_msg("%s", error);
}

static void keep(const char *path)
{
    const struct store_session said = {.started_at = 1};
    struct model *model = sample_model();
    struct strings notes = {0};
    struct store_writer *writer;
    char *error = NULL;
    struct store *store = store_open(path, STORE_WRITE, &error);

    fail_if(error);
    strings_add(&notes, "left out: one");
    model_add_notes(model, &notes);
    strings_release(&notes);
    writer = store_writer_new(store, model, false, &said, &error);
    fail_if(error);
    store_writer_end(writer, model, &said, &error);
    fail_if(error);
    model_free(model);
}

static void sql(const char *path, const char *text)
{
    sqlite3 *db = NULL;

    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    if (sqlite3_exec(db, text, NULL, NULL, NULL))
        fail_msg("%s", sqlite3_errmsg(db));
    assert_int_equal(sqlite3_changes(db), 1);
    sqlite3_close(db);
}

static char *why_not(const char *path)
{
    char *error = NULL;
    struct store *store = store_open(path, STORE_READ, &error);
    struct store_session session;

    fail_if(error);
    model_free(store_load(store, &session, &error));
    store_session_release(&session);
    store_close(store);
    return error;
}

static void is_told(const char *path, const char *table, const char *change)
{
    char *text = mem_format("UPDATE %s SET %s WHERE id = 1", table, change);
    char *words = mem_format("is damaged: %s 1 can't be read", table), *error;

    keep(path);
    assert_null(why_not(path));
    sql(path, text);
    error = why_not(path);
    assert_non_null(error);
    if (!strstr(error, words))
        fail_msg("\"%s\" does not say \"%s\"", error, words);
    unlink(path);
    free(error);
    free(words);
    free(text);
}

static void test_each_table(void **unused)
{
    const char *folder = getenv("TEST_TMPDIR");
    char *path = mem_format("%s/sealed.mxscope", folder ? folder : ".");

    (void)unused;
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        is_told(path, tables[i], "name = name || 'x'");
        is_told(path, tables[i], "name = ''");
        is_told(path, tables[i], "name = CAST(x'ff' AS TEXT)");
        is_told(path, tables[i], "content = x''");
        is_told(path, tables[i], "content = content || x'00'");
    }
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_table),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
