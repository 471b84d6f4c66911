/* The writer when the disk does not take what it gives: told, tried again, and nothing lost. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/store/writer.h"

#include "engine/base/mem.h"
#include "engine/model/fixture.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define TOO_LATE_MS 60000
#define MANY        2000

static const struct store_session about = {.started_at = FIXTURE_NOW};

static char *file_named(const char *name)
{
    const char *folder = getenv("TEST_TMPDIR");

    return mem_format("%s/%s", folder ? folder : ".", name);
}

static void fail_if(const char *error)
{
    if (error)
        fail_msg("%s", error);
}

static struct store_writer *start(const char *path, struct model *model)
{
    char *error = NULL;
    struct store *store = store_open(path, STORE_WRITE, &error);
    struct store_writer *writer;

    fail_if(error);
    writer = store_writer_new(store, model, false, &about, &error);
    fail_if(error);
    return writer;
}

static void add_targets(struct model *model, unsigned first, unsigned count)
{
    for (unsigned i = first; i < first + count; i++) {
        char *domain = mem_format("domain%u.example", i);

        fixture_target(model, domain, CLASS_PARTNER, REQUIREMENT_ENCRYPTION);
        free(domain);
    }
}

static size_t targets_in(const char *path)
{
    char *error = NULL;
    struct store *store = store_open(path, STORE_READ, &error);
    struct store_session session;
    struct model *model;
    size_t count;

    fail_if(error);
    model = store_load(store, &session, &error);
    fail_if(error);
    count = model_target_count(model);
    store_session_release(&session);
    store_close(store);
    model_free(model);
    return count;
}

/* Waits until there is something to say; the caller frees. */
static char *wait_for_news(struct store_writer *writer)
{
    struct pollfd wait = {store_writer_descriptor(writer), POLLIN, 0};
    char *text;

    do {
        if (poll(&wait, 1, TOO_LATE_MS) <= 0)
            fail_msg("nothing came in %d ms", TOO_LATE_MS);
    } while (!store_writer_trouble(writer, &text));
    return text;
}

/* No file of this process may grow beyond it, as on a disk that is full. */
static void limit_files(rlim_t most)
{
    struct rlimit limit;

    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = most;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void test_trouble_and_its_end(void **unused)
{
    char *path = file_named("trouble.mxscope"), *text, *error = NULL;
    struct model *model = fixture_model("tls1.2");
    struct store_writer *writer = start(path, model);
    int64_t saved_at;
    bool trouble;

    (void)unused;
    limit_files(65536);
    add_targets(model, 0, MANY);
    while (store_writer_take(writer, model))
        continue;
    text = wait_for_news(writer);
    assert_non_null(text);
    assert_non_null(strstr(text, path));
    free(text);
    saved_at = store_writer_saved_at(writer, &trouble);
    assert_true(trouble);
    add_targets(model, MANY, 1);
    store_writer_take(writer, model);
    assert_int_equal(store_writer_saved_at(writer, &trouble), saved_at);
    limit_files(RLIM_INFINITY);
    assert_null(wait_for_news(writer));
    assert_true(store_writer_saved_at(writer, &trouble) > 0);
    assert_false(trouble);
    assert_true(store_writer_saved(writer) > MANY);
    assert_true(store_writer_end(writer, model, &about, &error));
    assert_int_equal(targets_in(path), MANY + 1);
    model_free(model);
    unlink(path);
    free(path);
}

static void test_trouble_until_the_end(void **unused)
{
    char *path = file_named("end.mxscope"), *error = NULL;
    struct model *model = fixture_model("tls1.2");
    struct store_writer *writer;

    (void)unused;
    add_targets(model, 0, 10);
    writer = start(path, model);
    assert_true(store_writer_end(writer, model, &about, &error));
    unlink(path);
    writer = start(path, model);
    limit_files(65536);
    add_targets(model, 10, MANY);
    assert_false(store_writer_end(writer, model, &about, &error));
    assert_non_null(strstr(error, path));
    limit_files(RLIM_INFINITY);
    free(error);
    model_free(model);
    unlink(path);
    free(path);
}

/* Only what changed is written. */
static void test_changes_alone(void **unused)
{
    char *path = file_named("changes.mxscope"), *error = NULL;
    struct model *model = fixture_model("tls1.2");
    struct store_writer *writer = start(path, model);
    uint64_t before;

    (void)unused;
    add_targets(model, 0, MANY);
    assert_true(store_writer_end(writer, model, &about, &error));
    writer = store_writer_new(store_open(path, STORE_WRITE, &error), model, true, &about, &error);
    fail_if(error);
    before = store_writer_saved(writer);
    assert_true(before <= 1);
    assert_false(store_writer_take(writer, model));
    assert_true(store_writer_end(writer, model, &about, &error));
    assert_int_equal(targets_in(path), MANY);
    model_free(model);
    unlink(path);
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_trouble_and_its_end),
        cmocka_unit_test(test_trouble_until_the_end),
        cmocka_unit_test(test_changes_alone),
    };

    signal(SIGXFSZ, SIG_IGN);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
