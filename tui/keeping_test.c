/* A session that is moved to another file, or into the one that it was looked at in: whatever fails, the file
 * is as it was, and nothing is lost. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tui/keeping.h"

#include "engine/base/mem.h"
#include "engine/model/fixture.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define OLDER    "data/snapshots/schema-1.mxscope"
#define FINISHED 1794000000

/* Two files, and what `opened` held when it was looked at. */
struct desk {
    char *opened, *other, *bytes;
    size_t length;
    struct keeping keeping;
    struct model *model;
};

static char *read_file(const char *path, size_t *length)
{
    FILE *file = fopen(path, "rb");
    char *bytes = mem_alloc(1 << 20);

    assert_non_null(file);
    *length = fread(bytes, 1, 1 << 20, file);
    fclose(file);
    return bytes;
}

static void write_file(const char *path, const char *bytes, size_t length)
{
    FILE *file = fopen(path, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

static void add(struct model *model, const char *domain)
{
    fixture_target(model, domain, CLASS_PARTNER, REQUIREMENT_ENCRYPTION);
}

/* A finished session of one target whose server was probed. */
static void make(const char *path)
{
    const struct store_session about = {.finished_at = FINISHED, .complete = true};
    struct model *model = fixture_model("tls1.2");
    struct facts *facts = fixture_facts("rrraa");
    char *error = NULL;
    struct store_writer *writer;
    struct store *store = store_open(path, STORE_WRITE, &error);

    assert_non_null(store);
    facts->ended = true;
    fixture_simple(model, "first.example", CLASS_PARTNER, REQUIREMENT_ENCRYPTION, "192.0.2.1", facts);
    writer = store_writer_new(store, model, false, &about, &error);
    assert_non_null(writer);
    assert_true(store_writer_end(writer, model, &about, &error));
    model_free(model);
}

static void look(struct desk *desk)
{
    char *error = NULL;

    free(desk->bytes);
    desk->bytes = read_file(desk->opened, &desk->length);
    assert_true(keeping_look(&desk->keeping, desk->opened, &desk->model, &error));
    assert_true(keeping_load_all(&desk->keeping, &error));
}

static struct desk *new_desk(void)
{
    const char *folder = getenv("TEST_TMPDIR");
    struct desk *desk = mem_alloc(sizeof *desk);

    desk->opened = mem_format("%s/opened.mxscope", folder ? folder : "/tmp");
    desk->other = mem_format("%s/other.mxscope", folder ? folder : "/tmp");
    unlink(desk->opened);
    unlink(desk->other);
    return desk;
}

static struct desk *desk_with_session(void)
{
    struct desk *desk = new_desk();

    make(desk->opened);
    look(desk);
    return desk;
}

static void end(struct desk *desk)
{
    char *error = NULL;

    if (!keeping_end(&desk->keeping, desk->model, keeping_complete(desk->model), &error))
        fail_msg("%s", error);
    model_free(desk->model);
    desk->model = NULL;
}

static void put_away(struct desk *desk)
{
    if (desk->model)
        end(desk);
    unlink(desk->opened);
    unlink(desk->other);
    free(desk->opened);
    free(desk->other);
    free(desk->bytes);
    free(desk);
}

static void moves(struct desk *desk, const char *path)
{
    char *error = NULL;

    if (!keeping_move(&desk->keeping, path, desk->model, &error))
        fail_msg("%s", error);
    assert_true(keeping_is_here(&desk->keeping, path));
}

static void stays(struct desk *desk, const char *path, const char *words)
{
    char *error = NULL;

    assert_false(keeping_move(&desk->keeping, path, desk->model, &error));
    assert_non_null(error);
    if (!strstr(error, words))
        fail_msg("\"%s\" does not say \"%s\"", error, words);
    free(error);
}

static void is_as_it_was(const struct desk *desk)
{
    size_t length;
    char *bytes = read_file(desk->opened, &length);

    assert_int_equal(length, desk->length);
    assert_memory_equal(bytes, desk->bytes, length);
    free(bytes);
}

/* Looks into a file: its targets in their order, and what is said of the session. */
static void holds(const char *path, const char *domains, const struct store_session *said)
{
    struct keeping keeping = {0};
    char *error = NULL, *all = mem_string("");
    struct model *model;

    if (!keeping_look(&keeping, path, &model, &error) || !keeping_load_all(&keeping, &error))
        fail_msg("%s", error);
    for (size_t i = 0; i < model_target_count(model); i++) {
        const struct target_spec *spec = &model_target_at(model, i)->spec;
        char *more = mem_format("%s%s%s%s%s", all, *all ? " " : "", spec->domain, spec->note ? ":" : "",
                                spec->note ? spec->note : "");

        free(all);
        all = more;
    }
    assert_string_equal(all, domains);
    if (said) {
        assert_int_equal(keeping.about.complete, said->complete);
        assert_int_equal(keeping.about.finished_at, said->finished_at);
    }
    free(all);
    assert_true(keeping_end(&keeping, model, false, &error));
    model_free(model);
}

static void note(struct desk *desk, const char *text)
{
    struct target *target = model_target_at(desk->model, 0);
    struct target_notes notes = model_notes_of(target);

    notes.note = text;
    model_set_notes(desk->model, target, &notes);
}

/* Kept in `opened`, which is new. */
static struct desk *desk_that_keeps(void)
{
    struct desk *desk = new_desk();
    char *error = NULL;

    assert_true(keeping_open(&desk->keeping, desk->opened, STORE_WRITE, &desk->model, &error));
    assert_null(desk->model);
    desk->model = fixture_model("tls1.2");
    assert_true(keeping_begin(&desk->keeping, desk->model, &error));
    add(desk->model, "first.example");
    return desk;
}

static void test_moves(void **unused)
{
    struct desk *desk = desk_that_keeps();

    (void)unused;
    moves(desk, desk->other);
    add(desk->model, "second.example");
    stays(desk, desk->opened, "there is a session in it already");
    end(desk);
    holds(desk->opened, "first.example", NULL);
    holds(desk->other, "first.example second.example", NULL);
    put_away(desk);
}

/* No address space is as large as the stack that threads are to have; true for `large`. */
static void set_stack(bool large)
{
    pthread_attr_t attributes;

    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, large ? SIZE_MAX / 4 : (size_t)8 << 20);
    assert_int_equal(pthread_setattr_default_np(&attributes), 0);
    pthread_attr_destroy(&attributes);
}

/* There is no thread for the new file: the old one goes on. */
static void test_no_thread(void **unused)
{
    struct desk *desk = desk_that_keeps();

    (void)unused;
    set_stack(true);
    stays(desk, desk->other, "other.mxscope: can't be kept: ");
    set_stack(false);
    assert_int_equal(access(desk->other, F_OK), -1);
    assert_true(keeping_is_here(&desk->keeping, desk->opened));
    add(desk->model, "second.example");
    end(desk);
    holds(desk->opened, "first.example second.example", NULL);
    put_away(desk);
}

static void test_no_thread_to_take_over(void **unused)
{
    struct desk *desk = desk_with_session();

    (void)unused;
    note(desk, "called");
    set_stack(true);
    stays(desk, desk->opened, "opened.mxscope: can't be kept: ");
    set_stack(false);
    is_as_it_was(desk);
    moves(desk, desk->opened);
    end(desk);
    holds(desk->opened, "first.example:called", NULL);
    put_away(desk);
}

static void test_takes_over(void **unused)
{
    const struct store_session said = {.complete = true, .finished_at = FINISHED};
    struct desk *desk = desk_with_session();

    (void)unused;
    assert_non_null(strstr(desk->opened, "opened.mxscope"));
    assert_string_equal(keeping_looked_at(&desk->keeping) + strlen(keeping_looked_at(&desk->keeping)) - 14,
                        "opened.mxscope");
    note(desk, "called");
    assert_true(keeping_changed(&desk->keeping, desk->model));
    moves(desk, desk->opened);
    assert_null(keeping_looked_at(&desk->keeping));
    assert_false(keeping_changed(&desk->keeping, desk->model));
    end(desk);
    holds(desk->opened, "first.example:called", &said);
    put_away(desk);
}

/* A target that nothing is known of: the session is not complete any more. */
static void test_takes_over_what_was_not_asked(void **unused)
{
    const struct store_session said = {.complete = false, .finished_at = FINISHED};
    struct desk *desk = desk_with_session();

    (void)unused;
    moves(desk, desk->opened);
    add(desk->model, "second.example");
    end(desk);
    holds(desk->opened, "first.example second.example", &said);
    put_away(desk);
}

/* What was probed was kept elsewhere meanwhile; all of it comes. */
static void test_takes_over_what_was_probed(void **unused)
{
    struct desk *desk = desk_with_session();
    struct facts *facts = fixture_facts("rrrrr");
    char *error = NULL;

    (void)unused;
    keeping_probes(&desk->keeping, "probe.example");
    assert_null(keeping_looked_at(&desk->keeping));
    assert_true(keeping_begin_unnamed(&desk->keeping, desk->other, desk->model, &error));
    facts->ended = true;
    fixture_probed(desk->model, "mx.first.example", "192.0.2.1", facts);
    add(desk->model, "second.example");
    while (keeping_take(&desk->keeping, desk->model))
        continue;
    moves(desk, desk->opened);
    end(desk);
    assert_int_equal(access(desk->other, F_OK), -1);
    holds(desk->opened, "first.example second.example", NULL);
    look(desk);
    assert_int_equal(model_target_at(desk->model, 0)->judgement.verdict, VERDICT_NOT_READY);
    assert_int_equal(model_endpoint_count(desk->model), 1);
    assert_false(desk->keeping.about.complete);
    assert_string_equal(desk->keeping.about.vantage, "probe.example");
    put_away(desk);
}

/* Goes on in the file, probes, and is gone once that is said there. */
static void probe_and_vanish(const char *path)
{
    struct desk desk = {.opened = mem_string(path)};
    struct pollfd wait = {.events = POLLIN};
    char *text;

    look(&desk);
    moves(&desk, path);
    keeping_probes(&desk.keeping, "probe.example");
    keeping_take(&desk.keeping, desk.model);
    wait.fd = keeping_descriptor(&desk.keeping);
    while (store_writer_saved(desk.keeping.writer) < 2 && poll(&wait, 1, -1) >= 0)
        keeping_news(&desk.keeping, &text);
    _exit(0);
}

static void test_is_not_finished_once_it_probes(void **unused)
{
    const struct store_session said = {.complete = false, .finished_at = 0};
    struct desk *desk = desk_with_session();
    pid_t child = fork();
    int status;

    (void)unused;
    if (!child)
        probe_and_vanish(desk->opened);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    holds(desk->opened, "first.example", &said);
    put_away(desk);
}

static void test_changed_meanwhile(void **unused)
{
    struct desk *desk = desk_with_session(), *later = new_desk();
    char *error = NULL;

    (void)unused;
    write_file(later->opened, desk->bytes, desk->length);
    assert_true(keeping_open(&later->keeping, later->opened, STORE_WRITE, &later->model, &error));
    assert_true(keeping_load_all(&later->keeping, &error));
    assert_true(keeping_begin(&later->keeping, later->model, &error));
    note(later, "theirs");
    end(later);
    free(desk->bytes);
    desk->bytes = read_file(desk->opened, &desk->length);
    note(desk, "mine");
    stays(desk, desk->opened, "was changed since it was opened");
    is_as_it_was(desk);
    assert_true(keeping_changed(&desk->keeping, desk->model));
    moves(desk, desk->other);
    end(desk);
    holds(desk->opened, "first.example:theirs", NULL);
    holds(desk->other, "first.example:mine", NULL);
    put_away(later);
    put_away(desk);
}

static void test_in_use(void **unused)
{
    struct desk *desk = desk_with_session();
    char *error = NULL, *who = mem_format("keeps its session there (process %ld)", (long)getpid());
    struct store *store = store_open(desk->opened, STORE_WRITE, &error);

    (void)unused;
    assert_non_null(store);
    note(desk, "mine");
    stays(desk, desk->opened, who);
    store_close(store);
    is_as_it_was(desk);
    moves(desk, desk->opened);
    end(desk);
    holds(desk->opened, "first.example:mine", NULL);
    free(who);
    put_away(desk);
}

/* Another session stands in its place. */
static void test_replaced(void **unused)
{
    struct desk *desk = desk_with_session();

    (void)unused;
    make(desk->other);
    assert_int_equal(rename(desk->other, desk->opened), 0);
    free(desk->bytes);
    desk->bytes = read_file(desk->opened, &desk->length);
    note(desk, "mine");
    stays(desk, desk->opened, "was changed since it was opened");
    is_as_it_was(desk);
    assert_int_equal(unlink(desk->opened), 0);
    moves(desk, desk->opened);
    end(desk);
    holds(desk->opened, "first.example:mine", NULL);
    put_away(desk);
}

static void limit_files(rlim_t most)
{
    struct rlimit limit = {most, RLIM_INFINITY};

    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* One of an earlier schema is brought up to date when it is taken over, and not before; on a full disk it is
 * as it was. */
static void test_earlier_schema(void **unused)
{
    static const char domains[] = "fabrikam.example:noted adatum.example fabrikam-old.example "
                                  "northwindtraders.example absent.example";
    struct desk *desk = new_desk();
    size_t length;
    char *bytes = read_file(OLDER, &length);
    sqlite3_stmt *row = NULL;
    sqlite3 *db = NULL;

    (void)unused;
    write_file(desk->opened, bytes, length);
    for (rlim_t most = 3 * 4096; most; most -= 1024) {
        look(desk);
        note(desk, "noted");
        limit_files(most - 1024);
        stays(desk, desk->opened, "opened.mxscope: ");
        limit_files(RLIM_INFINITY);
        is_as_it_was(desk);
        if (most > 1024)
            end(desk);
    }
    moves(desk, desk->opened); /* behind a try without any room */
    end(desk);
    holds(desk->opened, domains, NULL);
    assert_int_equal(sqlite3_open(desk->opened, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, "SELECT count(*) FROM history", -1, &row, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(row), SQLITE_ROW);
    assert_int_equal(sqlite3_column_int(row, 0), 3);
    sqlite3_finalize(row);
    sqlite3_close(db);
    free(bytes);
    put_away(desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_moves),
        cmocka_unit_test(test_no_thread),
        cmocka_unit_test(test_no_thread_to_take_over),
        cmocka_unit_test(test_takes_over),
        cmocka_unit_test(test_takes_over_what_was_not_asked),
        cmocka_unit_test(test_takes_over_what_was_probed),
        cmocka_unit_test(test_is_not_finished_once_it_probes),
        cmocka_unit_test(test_changed_meanwhile),
        cmocka_unit_test(test_in_use),
        cmocka_unit_test(test_replaced),
        cmocka_unit_test(test_earlier_schema),
    };

    signal(SIGXFSZ, SIG_IGN);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
