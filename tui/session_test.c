/* What is changed on the screen before all of a session was read. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tui/session.h"

#include "engine/base/mem.h"
#include "engine/model/fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TARGETS  300
#define FINISHED 1794000000

static char *path_of(const char *name)
{
    const char *folder = getenv("TEST_TMPDIR");

    return mem_format("%s/%s", folder ? folder : "/tmp", name);
}

/* A session of many targets, of which nothing is known; it was complete, as far as the file says. */
static void make(const char *path)
{
    const struct store_session about = {.finished_at = FINISHED, .complete = true};
    struct model *model = fixture_model("exchange-online");
    struct store_writer *writer;
    struct store *store;
    char *error = NULL;

    remove(path);
    store = store_open(path, STORE_WRITE, &error);
    assert_non_null(store);
    writer = store_writer_new(store, model, false, &about, &error);
    assert_non_null(writer);
    for (unsigned i = 0; i < TARGETS; i++) {
        char *name = mem_format("d%u.example", i);

        fixture_target(model, name, CLASS_PARTNER, REQUIREMENT_ENCRYPTION);
        free(name);
    }
    assert_true(store_writer_end(writer, model, &about, &error));
    model_free(model);
}

/* Opened as by mxscope -s; some of it is read. */
static void begin(struct session *session, struct options *options, char *path)
{
    char name[] = "mxscope", option[] = "-s", *argv[] = {name, option, path, NULL}, *error = NULL;

    assert_true(cli_parse(3, argv, options, &error));
    assert_int_equal(session_open(options, session), 0);
    assert_true(keeping_load(&session->keeping, &error));
    assert_true(keeping_loading(&session->keeping));
    assert_in_range(model_target_count(session->model), 1, TARGETS - 1);
}

static void end(struct session *session, struct options *options)
{
    char *error = NULL;

    assert_true(session_keep_changes(session, &error));
    assert_true(keeping_end(&session->keeping, session->model, false, &error));
    session_release(session);
    cli_release(options);
}

static struct model *reread(const char *path, struct store_session *about)
{
    struct keeping keeping = {0};
    struct model *model;
    char *error = NULL;

    assert_true(keeping_look(&keeping, path, &model, &error));
    assert_true(keeping_load_all(&keeping, &error));
    *about = keeping.about;
    memset(&keeping.about, 0, sizeof keeping.about);
    assert_true(keeping_end(&keeping, model, false, &error));
    return model;
}

static void test_note_of_the_first_moment(void **unused)
{
    struct target_notes notes = {.note = "called them"};
    char *path = path_of("first.mxscope");
    struct store_session about;
    struct session session;
    struct options options;
    struct model *model;

    (void)unused;
    make(path);
    begin(&session, &options, path);
    model_set_notes(session.model, model_target_at(session.model, 0), &notes);
    end(&session, &options);
    model = reread(path, &about);
    assert_int_equal(model_target_count(model), TARGETS);
    assert_string_equal(model_target_at(model, 0)->spec.note, "called them");
    assert_null(model_target_at(model, 1)->spec.note);
    assert_int_equal(about.finished_at, FINISHED);
    store_session_release(&about);
    model_free(model);
    free(path);
}

/* One that was not asked yet, and so the session is not complete. */
static void test_target_of_the_first_moment(void **unused)
{
    char *path = path_of("added.mxscope");
    struct store_session about;
    struct session session;
    struct options options;
    struct model *model;

    (void)unused;
    make(path);
    begin(&session, &options, path);
    fixture_target(session.model, "new.example", CLASS_PARTNER, REQUIREMENT_ENCRYPTION);
    end(&session, &options);
    model = reread(path, &about);
    assert_int_equal(model_target_count(model), TARGETS + 1);
    assert_false(about.complete);
    store_session_release(&about);
    model_free(model);
    free(path);
}

static void test_nothing_changed(void **unused)
{
    char *path = path_of("same.mxscope"), *error = NULL;
    struct store_session about;
    struct session session;
    struct options options;
    struct model *model;

    (void)unused;
    make(path);
    begin(&session, &options, path);
    assert_true(session_keep_changes(&session, &error));
    assert_true(keeping_loading(&session.keeping)); /* nobody waits for the rest */
    end(&session, &options);
    model = reread(path, &about);
    assert_int_equal(model_target_count(model), TARGETS);
    assert_true(about.complete);
    store_session_release(&about);
    model_free(model);
    free(path);
}

/* Two lines for one target, as lists have them that were put together. */
static void test_first_of_two(void **unused)
{
    char command[] = "mxscope", audit[] = "audit", dns[] = "--dns-server", nobody[] = "127.0.0.1:9",
         input[] = "-i", *path = path_of("two.csv"), *error = NULL;
    char *argv[] = {command, audit, dns, nobody, input, path, NULL};
    FILE *file = fopen(path, "w");
    struct session session;
    struct options options;

    (void)unused;
    assert_non_null(file);
    fputs("domain,class,requirement,smart_host\na.example,partner,chain,\n"
          "a.example,partner,encryption,gw.a.example\n",
          file);
    assert_int_equal(fclose(file), 0);
    assert_true(cli_parse(6, argv, &options, &error));
    assert_int_equal(session_start(&options, &session), 0);
    assert_int_equal(model_target_count(session.model), 1);
    assert_int_equal(model_target_at(session.model, 0)->spec.requirement, REQUIREMENT_CHAIN);
    assert_int_equal(model_target_at(session.model, 0)->spec.host_count, 0);
    session_release(&session);
    cli_release(&options);
    free(path);
}

static void put_list(const char *path)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    fputs("domain,class,owner,note\na.example,partner,Ann,first\nb.example,partner,Ben,second\n", file);
    assert_int_equal(fclose(file), 0);
}

/* mxscope audit -s SNAPSHOT -i LIST, to where probing would begin. */
static void go_on(struct session *session, struct options *options, char *snapshot, char *list)
{
    static char command[] = "mxscope", audit[] = "audit", dns[] = "--dns-server", nobody[] = "127.0.0.1:9",
                keep[] = "-s", input[] = "-i";
    char *argv[] = {command, audit, dns, nobody, keep, snapshot, input, list, NULL}, *error = NULL;

    assert_true(cli_parse(8, argv, options, &error));
    assert_int_equal(session_start(options, session), 0);
}

/* What people set stands in the snapshot, and the list that is read again leaves it. */
static void test_what_people_set(void **unused)
{
    char *path = path_of("set.mxscope"), *list = path_of("set.csv");
    struct session session;
    struct options options;
    struct target *a;

    (void)unused;
    remove(path);
    put_list(list);
    go_on(&session, &options, path, list);
    a = model_target_at(session.model, 0);
    assert_string_equal(a->spec.owner, "Ann");
    model_reclass(session.model, a, CLASS_OPPORTUNISTIC, REQUIREMENT_NONE);
    model_set_notes(session.model, a, &(struct target_notes){.note = "first"});
    model_set_by_hand(session.model, a, BY_HAND(HAND_CLASS) | BY_HAND(HAND_OWNER));
    end(&session, &options);
    go_on(&session, &options, path, list);
    assert_int_equal(model_target_count(session.model), 2);
    a = model_target_at(session.model, 0);
    assert_int_equal(a->spec.class, CLASS_OPPORTUNISTIC);
    assert_int_equal(a->spec.requirement, REQUIREMENT_NONE);
    assert_null(a->spec.owner);
    assert_string_equal(a->spec.note, "first");
    assert_string_equal(model_target_at(session.model, 1)->spec.owner, "Ben");
    end(&session, &options);
    free(list);
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_note_of_the_first_moment), cmocka_unit_test(test_target_of_the_first_moment),
        cmocka_unit_test(test_nothing_changed),          cmocka_unit_test(test_first_of_two),
        cmocka_unit_test(test_what_people_set),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
