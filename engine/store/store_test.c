/* Model → file → model, and files that are none. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/store/store.h"

#include "engine/base/mem.h"
#include "engine/model/fixture.h"
#include "engine/report/sample.h"
#include "engine/store/store_private.h"
#include "engine/store/writer.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct store_session said = {
    .generator = (char *)"mxscope 0.1.0",
    .vantage = (char *)"host.example",
    .options = (char *)"audit fabrikam.example",
    .started_at = FIXTURE_NOW - 100,
    .finished_at = FIXTURE_NOW,
    .complete = true,
};

static char *file_named(const char *name)
{
    const char *folder = getenv("TEST_TMPDIR");

    return mem_format("%s/%s", folder ? folder : ".", name);
}

static struct store *open_store(const char *path, enum store_mode mode)
{
    char *error = NULL;
    struct store *store = store_open(path, mode, &error);

    if (!store)
        fail_msg("%s", error);
    return store;
}

static void refused(const char *path, enum store_mode mode, const char *words)
{
    char *error = NULL;
    struct store *store = store_open(path, mode, &error);

    assert_null(store);
    assert_non_null(error);
    if (!strstr(error, words))
        fail_msg("\"%s\" does not say \"%s\"", error, words);
    free(error);
}

static void keep(const char *path, struct model *model)
{
    char *error = NULL;
    struct store_writer *writer =
        store_writer_new(open_store(path, STORE_WRITE), model, false, &said, &error);

    assert_non_null(writer);
    if (!store_writer_end(writer, model, &said, &error))
        fail_msg("%s", error);
}

static char *report(const struct model *model)
{
    struct report_options options = sample_options();

    return report_json(model, &options);
}

static void loads_as(const char *path, const char *expected)
{
    struct store *store = open_store(path, STORE_READ);
    struct store_session session;
    char *error = NULL, *text;
    struct model *model = store_load(store, &session, &error);

    if (!model)
        fail_msg("%s", error);
    model_set_now(model, FIXTURE_NOW);
    text = report(model);
    assert_string_equal(text, expected);
    assert_string_equal(session.vantage, said.vantage);
    assert_string_equal(session.generator, said.generator);
    assert_string_equal(session.options, said.options);
    assert_int_equal(session.started_at, said.started_at);
    assert_int_equal(session.finished_at, said.finished_at);
    assert_true(session.complete);
    free(text);
    store_session_release(&session);
    model_free(model);
    store_close(store);
}

static void test_round_trip(void **unused)
{
    char *path = file_named("sample.mxscope"), *expected;
    struct model *model = sample_model();
    struct strings notes = {0};

    (void)unused;
    strings_add(&notes, "left out: one");
    strings_add(&notes, "left out: two");
    model_add_notes(model, &notes);
    strings_release(&notes);
    expected = report(model);
    keep(path, model);
    loads_as(path, expected);
    free(expected);
    model_free(model);
    unlink(path);
    free(path);
}

/* Removed ones too, and two that became alike. */
static void test_targets_that_reports_leave_out(void **unused)
{
    char *path = file_named("targets.mxscope"), *error = NULL;
    struct model *model = fixture_model("tls1.3"), *loaded;
    struct target *a = fixture_target(model, "a.example", CLASS_PARTNER, REQUIREMENT_NAME);
    struct target *b = fixture_target(model, "a.example", CLASS_OPPORTUNISTIC, REQUIREMENT_NONE);
    struct store_session session;
    struct store *store;

    (void)unused;
    model_reclass(model, b, CLASS_PARTNER, REQUIREMENT_ENCRYPTION);
    model_remove(model, a);
    keep(path, model);
    store = open_store(path, STORE_READ);
    loaded = store_load(store, &session, &error);
    assert_non_null(loaded);
    assert_int_equal(model_target_count(loaded), 2);
    assert_true(model_target_at(loaded, 0)->removed);
    assert_false(model_target_at(loaded, 1)->removed);
    assert_int_equal(model_target_at(loaded, 1)->spec.requirement, REQUIREMENT_ENCRYPTION);
    assert_string_equal(model_baseline(loaded)->name, "tls1.3");
    store_session_release(&session);
    store_close(store);
    model_free(loaded);
    model_free(model);
    unlink(path);
    free(path);
}

/* A session that is loaded, changed and kept again is the one that its model says. */
static void test_resume(void **unused)
{
    char *path = file_named("resume.mxscope"), *error = NULL, *expected;
    struct model *model = sample_model();
    struct store_session session;
    struct store_writer *writer;
    struct store *store;

    (void)unused;
    keep(path, model);
    model_free(model);
    store = open_store(path, STORE_WRITE);
    assert_false(store_is_new(store));
    model = store_load(store, &session, &error);
    assert_non_null(model);
    store_session_release(&session);
    model_set_now(model, FIXTURE_NOW);
    writer = store_writer_new(store, model, true, &said, &error);
    assert_non_null(writer);
    fixture_probed(model, "gw.fabrikam.example", "192.0.2.14", fixture_facts("rrrra"));
    fixture_probed(model, "gw.fabrikam.example", "2001:db8::14", fixture_facts("rrrar"));
    fixture_simple(model, "new.example", CLASS_PARTNER, REQUIREMENT_NONE, "192.0.2.77",
                   fixture_facts("rrraa"));
    assert_true(store_writer_end(writer, model, &said, &error));
    expected = report(model);
    model_free(model);
    loads_as(path, expected);
    free(expected);
    unlink(path);
    free(path);
}

static void write_file(const char *path, const void *bytes, size_t length)
{
    FILE *file = fopen(path, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
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

static void test_foreign(void **unused)
{
    static const char text[] = "domain,class\ncontoso.com,partner\n";
    char *path = file_named("foreign");

    (void)unused;
    write_file(path, text, sizeof text);
    refused(path, STORE_WRITE, "is no mxscope snapshot");
    refused(path, STORE_READ, "is no mxscope snapshot");
    unchanged(path, text, sizeof text);
    unlink(path);
    refused(path, STORE_READ, "no such file");
    assert_int_equal(access(path, F_OK), -1);
    write_file(path, "", 0);
    refused(path, STORE_READ, "is empty");
    unlink(path);
    refused(getenv("TEST_TMPDIR") ? getenv("TEST_TMPDIR") : ".", STORE_READ, "is no file");
    free(path);
}

static void sql(const char *path, const char *text)
{
    sqlite3 *db = NULL;

    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    if (sqlite3_exec(db, text, NULL, NULL, NULL))
        fail_msg("%s", sqlite3_errmsg(db));
    sqlite3_close(db);
}

static void refused_as_it_is(const char *path, const char *words)
{
    size_t length;
    char *bytes = read_file(path, &length);

    refused(path, STORE_WRITE, words);
    refused(path, STORE_READ, words);
    unchanged(path, bytes, length);
    free(bytes);
}

static void test_other_databases(void **unused)
{
    char *path = file_named("other.db"), *newer;
    struct model *model = sample_model();

    (void)unused;
    sql(path, "CREATE TABLE mail(id INTEGER)");
    refused_as_it_is(path, "another program");
    unlink(path);
    keep(path, model);
    newer = mem_format("PRAGMA user_version=%d", STORE_SCHEMA + 1);
    sql(path, newer);
    refused_as_it_is(path, "newer mxscope");
    unlink(path);
    keep(path, model);
    sql(path, "CREATE TRIGGER more AFTER INSERT ON target BEGIN DELETE FROM endpoint; END");
    refused_as_it_is(path, "its tables are not those");
    unlink(path);
    keep(path, model);
    sql(path, "PRAGMA journal_mode=WAL");
    refused_as_it_is(path, "write-ahead log");
    unlink(path);
    keep(path, model);
    sql(path, "INSERT INTO word VALUES('stage', 100, 'done')");
    refused_as_it_is(path, "");
    model_free(model);
    unlink(path);
    free(newer);
    free(path);
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

static struct facts *ended_facts(const char *versions)
{
    struct facts *facts = fixture_facts(versions);

    facts->ended = true;
    return facts;
}

static void test_history(void **unused)
{
    char *path = file_named("history.mxscope"), *error = NULL;
    struct model *model = sample_model();
    struct store_writer *writer;
    struct store *store;
    struct target *target;

    (void)unused;
    keep(path, model);
    model_free(model);
    model = load_all(path, STORE_WRITE, &store);
    writer = store_writer_new(store, model, true, &said, &error);
    assert_non_null(writer);
    model_set_now(model, FIXTURE_NOW);
    target = fixture_simple(model, "new.example", CLASS_PARTNER, REQUIREMENT_ENCRYPTION, "192.0.2.77",
                            fixture_facts("rrrrr"));
    assert_int_equal(target->past_count, 0);
    fixture_probed(model, "mx.new.example", "192.0.2.77", ended_facts("rrrrr"));
    assert_int_equal(target->past_count, 1);
    fixture_probed(model, "mx.new.example", "192.0.2.77", ended_facts("rrrrr"));
    assert_int_equal(target->past_count, 1);
    model_set_now(model, FIXTURE_NOW + 1000);
    fixture_probed(model, "mx.new.example", "192.0.2.77", ended_facts("rrraa"));
    assert_int_equal(target->past_count, 2);
    assert_true(store_writer_end(writer, model, &said, &error));
    model_free(model);
    model = load_all(path, STORE_READ, &store);
    target = model_target_at(model, model_target_count(model) - 1);
    assert_int_equal(target->past_count, 2);
    assert_int_equal(target->past[0].judgement.verdict, VERDICT_NOT_READY);
    assert_int_equal(target->past[0].judgement.reason, REASON_VERSION_BELOW_FLOOR);
    assert_int_equal(target->past[0].when, FIXTURE_NOW);
    assert_int_equal(target->past[1].judgement.verdict, VERDICT_READY);
    assert_int_equal(target->past[1].when, FIXTURE_NOW + 1000);
    store_close(store);
    model_free(model);
    unlink(path);
    free(path);
}

/* Every page and every row: whatever is damaged, it is told or makes no difference, and nothing crashes. */
static void test_damage(void **unused)
{
    char *path = file_named("damaged.mxscope"), *bytes, *error, *expected, *text;
    struct model *model = sample_model(), *loaded;
    unsigned told = 0, same = 0;
    size_t length, at;

    (void)unused;
    keep(path, model);
    expected = report(model);
    bytes = read_file(path, &length);
    for (at = 0; at < length; at += 31) {
        struct store_session session = {0};
        struct store *store;

        bytes[at] ^= 0x41;
        write_file(path, bytes, length);
        bytes[at] ^= 0x41;
        error = NULL;
        loaded = NULL;
        store = store_open(path, STORE_READ, &error);
        if (store)
            loaded = store_load(store, &session, &error);
        if (loaded) {
            model_set_now(loaded, FIXTURE_NOW);
            text = report(loaded);
            assert_string_equal(text, expected);
            free(text);
            same++;
        } else {
            assert_non_null(error);
            told++;
        }
        free(error);
        store_session_release(&session);
        model_free(loaded);
        store_close(store);
    }
    assert_true(told > 50);
    assert_true(same > 0); /* free space */
    free(expected);
    free(bytes);
    model_free(model);
    unlink(path);
    free(path);
}

static void test_cut_short(void **unused)
{
    char *path = file_named("short.mxscope"), *bytes;
    struct model *model = sample_model();
    size_t length, at;

    (void)unused;
    keep(path, model);
    bytes = read_file(path, &length);
    for (at = 1; at < length; at = at * 2) {
        write_file(path, bytes, at);
        refused(path, STORE_READ, at < 16 ? "is no mxscope snapshot" : "is damaged");
    }
    free(bytes);
    model_free(model);
    unlink(path);
    free(path);
}

/* One keeps, others read. */
static void test_in_use(void **unused)
{
    char *path = file_named("used.mxscope"), *error = NULL, *expected;
    struct model *model = sample_model();
    struct store_writer *writer;

    (void)unused;
    keep(path, model);
    expected = report(model);
    writer = store_writer_new(open_store(path, STORE_WRITE), model, false, &said, &error);
    assert_non_null(writer);
    refused(path, STORE_WRITE, "another mxscope keeps its session there");
    store_close(open_store(path, STORE_READ));
    assert_true(store_writer_end(writer, model, &said, &error));
    loads_as(path, expected);
    free(expected);
    model_free(model);
    unlink(path);
    free(path);
}

static void test_permissions(void **unused)
{
    char *path = file_named("private.mxscope"), *inside = file_named("nowhere/x.mxscope");
    struct stat status;

    (void)unused;
    store_close(open_store(path, STORE_PRIVATE));
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    unlink(path);
    refused(inside, STORE_WRITE, "no such file or folder");
    refused("/proc/version", STORE_WRITE, "");
    free(inside);
    free(path);
}

/* No page more than there are: SQLITE_FULL, as on a disk without room. */
static int full_disk(sqlite3 *db)
{
    return sqlite3_exec(db, "PRAGMA max_page_count=1", NULL, NULL, NULL);
}

/* 0 too when no session is in it yet. */
static size_t targets_in(const char *path)
{
    struct store *store = open_store(path, STORE_READ);
    struct store_session session = {0};
    struct model *model = NULL;
    char *error = NULL;
    size_t count = 0;

    if (!store_is_new(store)) {
        model = store_load(store, &session, &error);
        assert_non_null(model);
        count = model_target_count(model);
    }
    store_session_release(&session);
    store_close(store);
    model_free(model);
    return count;
}

static void test_full(void **unused)
{
    char *path = file_named("full.mxscope"), *error = NULL;
    struct model *model = sample_model();
    struct store *store = open_store(path, STORE_WRITE);
    struct store_writer *writer;

    (void)unused;
    assert_int_equal(full_disk(store->db), SQLITE_OK);
    for (unsigned i = 0; i < 1000; i++) {
        char *domain = mem_format("domain%u.example", i);

        fixture_target(model, domain, CLASS_PARTNER, REQUIREMENT_NONE);
        free(domain);
    }
    writer = store_writer_new(store, model, false, &said, &error);
    assert_non_null(writer);
    while (store_writer_take(writer, model))
        continue;
    assert_false(store_writer_end(writer, model, &said, &error));
    assert_non_null(strstr(error, "no room left"));
    free(error);
    assert_int_equal(targets_in(path), 0);
    model_free(model);
    unlink(path);
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip), cmocka_unit_test(test_targets_that_reports_leave_out),
        cmocka_unit_test(test_history),    cmocka_unit_test(test_resume),
        cmocka_unit_test(test_foreign),    cmocka_unit_test(test_other_databases),
        cmocka_unit_test(test_damage),     cmocka_unit_test(test_cut_short),
        cmocka_unit_test(test_in_use),     cmocka_unit_test(test_permissions),
        cmocka_unit_test(test_full),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
