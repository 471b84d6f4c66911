#include "tui/list_reading.h"

#include "engine/base/mem.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *path_of(const char *name)
{
    const char *folder = getenv("TEST_TMPDIR");

    return mem_format("%s/%s", folder ? folder : "/tmp", name);
}

static char *written(const char *name, const char *text)
{
    char *path = path_of(name);
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    return path;
}

static struct list_reading *begun(const char *first, const char *second)
{
    struct strings paths = {0};
    struct list_reading *reading;
    char *error = NULL;

    strings_add(&paths, first);
    if (second)
        strings_add(&paths, second);
    reading = list_reading_begin(&paths, &error);
    assert_non_null(reading);
    assert_null(error);
    strings_release(&paths);
    return reading;
}

static void wait_for(const struct list_reading *reading)
{
    struct pollfd wait = {list_reading_descriptor(reading), POLLIN, 0};

    while (!list_reading_over(reading))
        poll(&wait, 1, -1);
}

static void files_are_read_together(void **state)
{
    char *first = written("first.txt", "a.example\nnot..good\n"),
         *second = written("second.txt", "b.example"), *error = NULL;
    struct list_reading *reading = begun(first, second);
    struct input input;

    (void)state;
    wait_for(reading);
    assert_int_equal(list_reading_share(reading), 100);
    assert_true(list_reading_end(reading, &input, &error));
    assert_null(error);
    assert_null(input.watch);
    assert_int_equal(input.count, 2);
    assert_int_equal(input.problem_count, 1);
    assert_string_equal(input.specs[1].domain, "b.example");
    input_release(&input);
    free(second);
    free(first);
}

static void a_missing_file_fails(void **state)
{
    char *first = written("there.txt", "a.example\n"), *error = NULL;
    struct list_reading *reading = begun(first, "/nowhere-at-all");
    struct input input;

    (void)state;
    assert_false(list_reading_end(reading, &input, &error));
    assert_non_null(strstr(error, "/nowhere-at-all: No such file or directory"));
    free(error);
    free(first);
}

/* Nothing is written into the pipe before it is told that nothing is wanted. */
static void what_is_cancelled_leaves_nothing(void **state)
{
    char *path = path_of("pipe"), *error = NULL;
    struct list_reading *reading;
    struct input input;
    FILE *pipe;

    (void)state;
    remove(path);
    assert_int_equal(mkfifo(path, 0600), 0);
    reading = begun(path, NULL);
    pipe = fopen(path, "w");
    assert_non_null(pipe);
    assert_false(list_reading_over(reading));
    assert_int_equal(list_reading_share(reading), 0);
    list_reading_cancel(reading);
    fputs("a.example\n", pipe);
    fclose(pipe);
    assert_false(list_reading_end(reading, &input, &error));
    assert_null(error);
    assert_int_equal(input.count, 0);
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_are_read_together),
        cmocka_unit_test(a_missing_file_fails),
        cmocka_unit_test(what_is_cancelled_leaves_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
