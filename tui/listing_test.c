#include "tui/listing.h"

#include "engine/base/mem.h"
#include "engine/model/fixture.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TEXT_LARGE 20000 /* bytes that a thread reads */

static char *path_of(const char *name)
{
    const char *folder = getenv("TEST_TMPDIR");

    return mem_format("%s/%s", folder ? folder : "/tmp", name);
}

static char *pipe_of(const char *name)
{
    char *path = path_of(name);

    remove(path);
    assert_int_equal(mkfifo(path, 0600), 0);
    return path;
}

/* The reader of the pipe gets this, and its end. */
static void write_pipe(const char *path, const char *text)
{
    FILE *pipe = fopen(path, "w");

    assert_non_null(pipe);
    fputs(text, pipe);
    fclose(pipe);
}

static void begin(struct listing *listing, const char *path, const struct strings *before)
{
    char *error = NULL;

    assert_true(listing_begin(listing, path, before, &error));
    assert_null(error);
}

static bool finish(struct listing *listing, const struct model *model, char **error)
{
    bool ok = true;

    while (ok && listing_coming(listing)) {
        struct pollfd wait = {listing_descriptor(listing), POLLIN, 0};

        if (!listing_busy(listing))
            poll(&wait, 1, -1);
        ok = listing_go_on(listing, model, 1, error);
    }
    return ok;
}

static void assert_progress(const struct listing *listing, const char *expected)
{
    char *text = listing_progress(listing);

    assert_string_equal(text, expected);
    free(text);
}

static void a_file_comes(void **state)
{
    struct model *model = fixture_model("tls1.2");
    struct listing listing = {.reading = NULL};
    struct pasted pasted = {.state = PASTED_NOTHING};
    char *path = pipe_of("come.txt"), *error;

    (void)state;
    begin(&listing, path, NULL);
    assert_false(listing_busy(&listing));
    assert_progress(&listing, "reading come.txt: 0 %");
    write_pipe(path, "a.example\nb.example\n");
    assert_true(finish(&listing, model, &error));
    assert_true(listing_ready(&listing));
    assert_null(listing_progress(&listing));
    assert_int_equal(listing_descriptor(&listing), -1);
    listing_take(&listing, &pasted);
    assert_false(listing_ready(&listing));
    assert_int_equal(pasted.state, PASTED_ASKED);
    assert_int_equal(pasted.fresh.count, 2);
    assert_string_equal(pasted.files.items[0], path);
    pasted_release(&pasted);
    listing_release(&listing);
    free(path);
    model_free(model);
}

/* Nobody waits for the thread; another one can begin at once. */
static void it_is_given_up(void **state)
{
    struct model *model = fixture_model("tls1.2");
    struct listing listing = {.reading = NULL};
    char *first = pipe_of("first.txt"), *second = pipe_of("second.txt"), *error;
    int held = open(first, O_RDWR); /* the reader waits for what is written, and not for who writes */

    (void)state;
    assert_true(held >= 0);
    begin(&listing, first, NULL);
    listing_cancel(&listing);
    assert_false(listing_coming(&listing));
    assert_false(listing_ready(&listing));
    begin(&listing, second, NULL);
    close(held);
    write_pipe(second, "b.example\nc.example\n");
    assert_true(finish(&listing, model, &error));
    assert_int_equal(listing.incoming.fresh.count, 2);
    listing_release(&listing);
    free(second);
    free(first);
    model_free(model);
}

static void a_failure_is_told(void **state)
{
    struct model *model = fixture_model("tls1.2");
    struct listing listing = {.reading = NULL};
    char *error = NULL;

    (void)state;
    begin(&listing, "/nowhere-at-all", NULL);
    assert_false(finish(&listing, model, &error));
    assert_non_null(strstr(error, "No such file"));
    assert_false(listing_coming(&listing) || listing_ready(&listing));
    free(error);
    listing_release(&listing);
    model_free(model);
}

/* A short text is there at once, a long one as a file is. */
static void texts_come(void **state)
{
    struct model *model = fixture_model("tls1.2");
    struct listing listing = {.reading = NULL};
    char *text = mem_alloc(TEXT_LARGE + 1), *error = NULL;

    (void)state;
    memset(text, '\n', TEXT_LARGE);
    memcpy(text, "a.example", 9);
    assert_true(listing_begin_text(&listing, (const uint8_t *)text, 12, &error));
    assert_null(listing.reading);
    assert_true(finish(&listing, model, &error));
    assert_int_equal(listing.incoming.fresh.count, 1);
    assert_true(listing_begin_text(&listing, (const uint8_t *)text, TEXT_LARGE, &error));
    assert_non_null(listing.reading);
    assert_true(finish(&listing, model, &error));
    assert_int_equal(listing.incoming.fresh.count, 1);
    listing_release(&listing);
    free(text);
    model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_comes),
        cmocka_unit_test(it_is_given_up),
        cmocka_unit_test(a_failure_is_told),
        cmocka_unit_test(texts_come),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
