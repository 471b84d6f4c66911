/* Snapshots of every earlier schema: read as they are, and brought up to date whole or not at all. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/store/store.h"

#include "engine/base/day.h"
#include "engine/base/mem.h"
#include "engine/model/fixture.h"
#include "engine/report/sample.h"
#include "engine/store/store_private.h"
#include "engine/store/writer.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096
#define DUE  20800

/* Number i is of schema i + 1. */
static const char *const earlier[] = {"data/snapshots/schema-1.mxscope", "data/snapshots/schema-2.mxscope"};
_Static_assert(sizeof earlier / sizeof *earlier == STORE_SCHEMA - 1, "a file of each earlier schema");

static const struct store_session said = {.started_at = FIXTURE_NOW - 100, .finished_at = FIXTURE_NOW};

static char *file_named(const char *name)
{
    const char *folder = getenv("TEST_TMPDIR");

    return mem_format("%s/%s", folder ? folder : ".", name);
}

static char *read_file(const char *path, size_t *length)
{
    FILE *file = fopen(path, "rb");
    char *bytes = mem_alloc(1 << 20);

    assert_non_null(file);
    *length = fread(bytes, 1, 1 << 20, file);
    fclose(file);
    return bytes;
}

static void unchanged(const char *path, const char *bytes, size_t length)
{
    size_t now_length;
    char *now = read_file(path, &now_length);

    assert_int_equal(now_length, length);
    assert_memory_equal(now, bytes, length);
    free(now);
}

static void copy_file(const char *from, const char *to)
{
    size_t length;
    char *bytes = read_file(from, &length);
    FILE *file = fopen(to, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
    free(bytes);
}

static struct store *open_store(const char *path, enum store_mode mode)
{
    char *error = NULL;
    struct store *store = store_open(path, mode, &error);

    if (!store)
        fail_msg("%s: %s", path, error);
    return store;
}

static struct model *load_all(const char *path, enum store_mode mode, struct store **store)
{
    struct store_session session;
    char *error = NULL;
    struct model *model;

    *store = open_store(path, mode);
    model = store_load(*store, &session, &error);
    if (!model)
        fail_msg("%s", error);
    store_session_release(&session);
    return model;
}

static char *report_of(const char *path)
{
    struct report_options options = sample_options();
    struct store *store;
    struct model *model = load_all(path, STORE_READ, &store);
    char *text;

    model_set_now(model, FIXTURE_NOW);
    text = report_json(model, &options);
    model_free(model);
    store_close(store);
    return text;
}

/* Every row of every table but that of words, which grows, as text. */
static char *rows_of(const char *path, int schema)
{
    struct store *store = open_store(path, STORE_READ);
    char *all = mem_string("");

    for (int t = 0; t < (schema == 1 ? TABLE_HISTORY : TABLES); t++) {
        char *sql = mem_format("SELECT id || name || hex(content) FROM %s ORDER BY id",
                               store_table_name((enum table)t));
        sqlite3_stmt *row = NULL;

        assert_int_equal(sqlite3_prepare_v2(store->db, sql, -1, &row, NULL), SQLITE_OK);
        while (sqlite3_step(row) == SQLITE_ROW) {
            char *more = mem_format("%s%s\n", all, (const char *)sqlite3_column_text(row, 0));

            free(all);
            all = more;
        }
        sqlite3_finalize(row);
        free(sql);
    }
    store_close(store);
    return all;
}

/* What the mxscope of its time reported of them. */
#define TARGETS 5
static const struct was {
    const char *domain, *unicode, *owner, *note;
    enum verdict verdict;
    size_t past;
    const char *due, *mailbox;
} was[][TARGETS] = {
    {
        {"fabrikam.example", NULL, "Ann", "wrote to them in May", VERDICT_READY, 1, NULL, NULL},
        {"adatum.example", NULL, "Bob", NULL, VERDICT_READY, 1, NULL, NULL},
        {"fabrikam-old.example", NULL, NULL, NULL, VERDICT_NO_MAIL, 0, NULL, NULL},
        {"northwindtraders.example", NULL, NULL, NULL, VERDICT_READY, 1, NULL, NULL},
        {"absent.example", NULL, NULL, NULL, VERDICT_NO_MAIL, 0, NULL, NULL},
    },
    {
        {"fabrikam.example", NULL, "Ann", "wrote to them in May", VERDICT_NOT_READY, 1, "2026-12-01",
         "j.bailey@it.fabrikam.example"},
        {"adatum.example", NULL, "Bob", NULL, VERDICT_READY, 1, NULL, NULL},
        {"xn--bcher-kva.example", "b\u00fccher.example", NULL, NULL, VERDICT_NO_MAIL, 1, NULL, NULL},
        {"litware.example", NULL, NULL, NULL, VERDICT_READY, 1, NULL, NULL},
        {"absent.example", NULL, NULL, NULL, VERDICT_NO_MAIL, 1, NULL, NULL},
    },
};
_Static_assert(sizeof was / sizeof *was == STORE_SCHEMA - 1, "what each holds");

static void is_text(const char *text, const char *expected)
{
    if (expected)
        assert_string_equal(text, expected);
    else
        assert_null(text);
}

static void target_was(const struct target *target, const struct was *then)
{
    char due[DAY_TEXT_SIZE] = "";

    assert_string_equal(target->spec.domain, then->domain);
    assert_string_equal(target->spec.unicode, then->unicode ? then->unicode : then->domain);
    is_text(target->spec.owner, then->owner);
    is_text(target->spec.note, then->note);
    assert_int_equal(target->judgement.verdict, then->verdict);
    assert_int_equal(target->past_count, then->past);
    if (target->spec.due)
        day_text(due, target->spec.due);
    assert_string_equal(due, then->due ? then->due : "");
    is_text(target->directory ? target->directory->mailbox : NULL, then->mailbox);
}

static void is_as_it_was(const struct model *model, int schema)
{
    assert_int_equal(model_target_count(model), TARGETS);
    for (size_t i = 0; i < TARGETS; i++)
        target_was(model_target_at(model, i), &was[schema - 1][i]);
}

/* A history begins with what was found then. */
static void history_begins_with_the_facts(const struct model *model)
{
    for (size_t i = 0; i < model_target_count(model); i++) {
        const struct target *target = model_target_at(model, i);

        if (target->past_count)
            assert_int_equal(target->past[0].when, target->hosts[0].host->endpoints[0]->facts->probed_at);
    }
}

static void test_is_read_as_it_is(void **unused)
{
    (void)unused;
    for (int i = 0; i < STORE_SCHEMA - 1; i++) {
        size_t length;
        char *bytes = read_file(earlier[i], &length);
        struct store *store;
        struct model *model = load_all(earlier[i], STORE_READ, &store);

        assert_int_equal(store->schema, i + 1);
        is_as_it_was(model, i + 1);
        if (i + 1 == 1)
            history_begins_with_the_facts(model);
        assert_false(model_any_unsaved(model));
        store_close(store);
        model_free(model);
        unchanged(earlier[i], bytes, length);
        free(bytes);
    }
}

/* Nothing but the schema is another. */
static void test_has_the_same_content_behind_it(void **unused)
{
    char *path = file_named("same.mxscope");

    (void)unused;
    for (int i = 0; i < STORE_SCHEMA - 1; i++) {
        char *rows = rows_of(earlier[i], i + 1), *report = report_of(earlier[i]), *now;
        struct store *store;

        copy_file(earlier[i], path);
        model_free(load_all(path, STORE_WRITE, &store));
        store_close(store);
        store = open_store(path, STORE_READ);
        assert_int_equal(store->schema, STORE_SCHEMA);
        store_close(store);
        now = rows_of(path, i + 1);
        assert_string_equal(now, rows);
        free(now);
        now = report_of(path);
        assert_string_equal(now, report);
        free(now);
        free(rows);
        free(report);
    }
    unlink(path);
    free(path);
}

static void set_due(struct model *model, int32_t due)
{
    struct target *target = model_target_at(model, 1);
    struct target_notes notes = model_notes_of(target);

    notes.due = due;
    model_set_notes(model, target, &notes);
}

/* A target that is written anew stands among those that are as they were written. */
static void test_comes_up_to_date(void **unused)
{
    char *path = file_named("older.mxscope"), *error = NULL;
    struct store_writer *writer;
    struct store *store;
    struct model *model;

    (void)unused;
    for (int i = 0; i < STORE_SCHEMA - 1; i++) {
        copy_file(earlier[i], path);
        model = load_all(path, STORE_WRITE, &store);
        is_as_it_was(model, i + 1);
        writer = store_writer_new(store, model, true, &said, &error);
        assert_non_null(writer);
        set_due(model, DUE);
        assert_true(store_writer_end(writer, model, &said, &error));
        model_free(model);
        model = load_all(path, STORE_READ, &store);
        assert_int_equal(store->schema, STORE_SCHEMA);
        assert_int_equal(model_target_at(model, 1)->spec.due, DUE);
        set_due(model, 0);
        is_as_it_was(model, i + 1);
        store_close(store);
        model_free(model);
    }
    unlink(path);
    free(path);
}

/* In a process of its own, in which no file may grow beyond `limit`. True when it came up to date. */
static bool migrates_within(const char *path, rlim_t limit)
{
    pid_t child = fork();
    int status;

    if (!child) {
        struct rlimit most = {limit, RLIM_INFINITY};
        struct store_session session;
        char *error = NULL;
        struct store *store;
        bool ok;

        signal(SIGXFSZ, SIG_IGN);
        setrlimit(RLIMIT_FSIZE, &most);
        store = store_open(path, STORE_WRITE, &error);
        ok = store && store_load(store, &session, &error);
        store_close(store);
        _exit(ok ? 1 : error ? 0 : 2);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_in_range(WEXITSTATUS(status), 0, 1);
    return WEXITSTATUS(status);
}

/* Wherever the room ends, the old file is as it was, and can be read: a journal that could not be played back
 * is then. */
static void test_without_room(void **unused)
{
    char *path = file_named("tight.mxscope"), *journal = mem_format("%s-journal", path);

    (void)unused;
    for (int i = 0; i < STORE_SCHEMA - 1; i++) {
        size_t length, refused = 0;
        char *bytes = read_file(earlier[i], &length), *report = report_of(earlier[i]);
        rlim_t limit = 0;

        copy_file(earlier[i], path);
        for (; !migrates_within(path, limit); limit += PAGE / 4) {
            char *now;

            unchanged(path, bytes, length);
            now = report_of(path);
            assert_string_equal(now, report);
            free(now);
            unchanged(path, bytes, length);
            assert_int_equal(access(journal, F_OK), -1);
            refused++;
        }
        assert_true(refused > 4);
        free(report);
        free(bytes);
    }
    unlink(path);
    free(journal);
    free(path);
}

/* What can't be read whole is not written to. */
static void test_damaged(void **unused)
{
    char *path = file_named("damaged.mxscope"), *error = NULL, *bytes;
    struct store_session session;
    struct store *store;
    sqlite3 *db = NULL;
    size_t length;

    (void)unused;
    copy_file(earlier[0], path);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db,
                                  "UPDATE endpoint SET content = substr(content, 2) WHERE id = 5;"
                                  "DELETE FROM word WHERE kind = 'stage'",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    sqlite3_close(db);
    bytes = read_file(path, &length);
    store = open_store(path, STORE_WRITE);
    assert_null(store_load(store, &session, &error));
    assert_non_null(strstr(error, "is damaged"));
    free(error);
    store_session_release(&session);
    store_close(store);
    unchanged(path, bytes, length);
    unlink(path);
    free(bytes);
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_is_read_as_it_is), cmocka_unit_test(test_has_the_same_content_behind_it),
        cmocka_unit_test(test_comes_up_to_date), cmocka_unit_test(test_without_room),
        cmocka_unit_test(test_damaged),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
