/* What stands where a merge writes, and who else writes there. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tui/merge_place.h"

#include "engine/base/mem.h"
#include "engine/store/store.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct desk {
    char *folder, *output, *place, *journal;
};

static int make(void **state)
{
    const char *base = getenv("TEST_TMPDIR");
    struct desk *desk = mem_alloc(sizeof *desk);

    desk->folder = mem_format("%s/place-XXXXXX", base ? base : "/tmp");
    assert_non_null(mkdtemp(desk->folder));
    desk->output = mem_format("%s/out.mxscope", desk->folder);
    desk->place = mem_format("%s.merging", desk->output);
    desk->journal = mem_format("%s-journal", desk->place);
    *state = desk;
    return 0;
}

static int clear(void **state)
{
    struct desk *desk = *state;

    unlink(desk->output);
    unlink(desk->place);
    unlink(desk->journal);
    rmdir(desk->folder);
    free(desk->folder);
    free(desk->output);
    free(desk->place);
    free(desk->journal);
    free(desk);
    return 0;
}

static void write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static bool has_text(const char *path, const char *text)
{
    char found[100] = {0};
    FILE *file = fopen(path, "r");

    assert_non_null(file);
    assert_true(fread(found, 1, sizeof found - 1, file) < sizeof found);
    fclose(file);
    return strcmp(found, text) == 0;
}

static bool is_there(const char *path)
{
    return access(path, F_OK) == 0;
}

static off_t size_of(const char *path)
{
    struct stat about;

    assert_int_equal(stat(path, &about), 0);
    return about.st_size;
}

static void write_snapshot(const char *path)
{
    char *error = NULL;
    struct store *store = store_open(path, STORE_WRITE, &error);

    assert_non_null(store);
    store_close(store);
    assert_true(size_of(path) > 0);
}

static void open_place(struct merge_place *place, const struct desk *desk)
{
    char *error = NULL;

    if (!merge_place_open(place, desk->output, &error))
        fail_msg("%s", error);
    assert_string_equal(place->path, desk->place);
    assert_int_equal(size_of(desk->place), 0);
}

static void refused(const struct desk *desk, const char *words)
{
    struct merge_place place;
    char *error = NULL;

    assert_false(merge_place_open(&place, desk->output, &error));
    if (!strstr(error, words))
        fail_msg("\"%s\" does not say \"%s\"", error, words);
    free(error);
}

static void test_takes_the_name(void **state)
{
    struct desk *desk = *state;
    struct merge_place place;
    char *error = NULL;

    open_place(&place, desk);
    write_text(desk->place, "joined");
    assert_true(merge_place_finish(&place, &error));
    merge_place_close(&place);
    assert_true(has_text(desk->output, "joined"));
    assert_false(is_there(desk->place));
}

static void test_takes_no_name_that_is_taken(void **state)
{
    struct desk *desk = *state;
    struct merge_place place;
    char *error = NULL;

    open_place(&place, desk);
    write_text(desk->output, "another's");
    assert_false(merge_place_finish(&place, &error));
    assert_non_null(strstr(error, "expected the path of a new file"));
    free(error);
    merge_place_close(&place);
    assert_true(has_text(desk->output, "another's"));
    assert_false(is_there(desk->place));
}

static void test_one_at_a_time(void **state)
{
    struct desk *desk = *state;
    struct merge_place place;

    open_place(&place, desk);
    write_text(desk->place, "half");
    refused(desk, "another mxscope merge writes there");
    assert_true(has_text(desk->place, "half"));
    merge_place_close(&place);
    open_place(&place, desk);
    merge_place_close(&place);
    assert_false(is_there(desk->place));
}

/* What was killed left, with and without a journal. */
static void test_rests(void **state)
{
    static const char zeros[200] = {0};
    struct desk *desk = *state;
    struct merge_place place;
    FILE *file;

    write_snapshot(desk->place);
    write_text(desk->journal, "a commit that was cut off");
    open_place(&place, desk);
    assert_false(is_there(desk->journal));
    merge_place_close(&place);
    write_text(desk->place, "");
    write_text(desk->journal, "a commit that was cut off");
    open_place(&place, desk);
    assert_false(is_there(desk->journal));
    merge_place_close(&place);
    file = fopen(desk->place, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(zeros, 1, sizeof zeros, file), sizeof zeros);
    assert_int_equal(fclose(file), 0);
    open_place(&place, desk);
    merge_place_close(&place);
}

/* A file that has another name too stays as it is under that. */
static void test_two_names(void **state)
{
    struct desk *desk = *state;
    char *other = mem_format("%s/other", desk->folder);
    struct merge_place place;
    off_t size;

    write_snapshot(other);
    size = size_of(other);
    assert_int_equal(link(other, desk->place), 0);
    open_place(&place, desk);
    assert_int_equal(size_of(other), size);
    assert_true(merge_place_is(desk->output, desk->place));
    assert_false(merge_place_is(desk->output, other));
    merge_place_close(&place);
    assert_int_equal(size_of(other), size);
    unlink(other);
    free(other);
}

static void test_in_the_way(void **state)
{
    struct desk *desk = *state;

    write_text(desk->place, "no snapshot of anybody's");
    refused(desk, "is in the way");
    assert_true(has_text(desk->place, "no snapshot of anybody's"));
    unlink(desk->place);
    assert_int_equal(symlink("/dev/null", desk->place), 0);
    refused(desk, desk->place);
    unlink(desk->place);
    assert_int_equal(mkdir(desk->place, 0700), 0);
    refused(desk, desk->place);
    rmdir(desk->place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_takes_the_name, make, clear),
        cmocka_unit_test_setup_teardown(test_takes_no_name_that_is_taken, make, clear),
        cmocka_unit_test_setup_teardown(test_one_at_a_time, make, clear),
        cmocka_unit_test_setup_teardown(test_rests, make, clear),
        cmocka_unit_test_setup_teardown(test_two_names, make, clear),
        cmocka_unit_test_setup_teardown(test_in_the_way, make, clear),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
