#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/report/pieces.h"

#include "engine/base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *file_of(const char *bytes, size_t length)
{
    const char *folder = getenv("TEST_TMPDIR");
    char *path = mem_format("%s/pieces.json", folder ? folder : ".");
    FILE *file = fopen(path, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    fclose(file);
    return path;
}

static struct pieces *pieces_of(const char *text)
{
    char *path = file_of(text, strlen(text)), *error = NULL;
    struct pieces *pieces = pieces_open(path, &error);

    assert_non_null(pieces);
    unlink(path);
    free(path);
    return pieces;
}

static void gives(struct pieces *pieces, const char *expected, unsigned line)
{
    struct piece piece;

    if (!pieces_value(pieces, &piece))
        fail_msg("'%s' is missing: %s", expected, pieces_wrong(pieces));
    assert_int_equal(piece.length, strlen(expected));
    assert_memory_equal(piece.bytes, expected, piece.length);
    assert_int_equal(piece.line, line);
}

static void values_and_their_lines(void **state)
{
    struct pieces *pieces = pieces_of("\xef\xbb\xbf [1,\n\n {\"a]\\\"}\":\n[true]} ,\"x\"]null");

    (void)state;
    assert_true(pieces_take(pieces, '['));
    gives(pieces, "1", 1);
    assert_false(pieces_take(pieces, ']'));
    assert_true(pieces_take(pieces, ','));
    gives(pieces, "{\"a]\\\"}\":\n[true]}", 3);
    assert_true(pieces_take(pieces, ','));
    gives(pieces, "\"x\"", 4);
    assert_int_equal(pieces_peek(pieces), ']');
    assert_true(pieces_take(pieces, ']'));
    gives(pieces, "null", 4);
    assert_int_equal(pieces_peek(pieces), -1);
    assert_null(pieces_wrong(pieces));
    pieces_close(pieces);
}

static void a_place_to_return_to(void **state)
{
    struct pieces *pieces = pieces_of("\n 1 2\n3");
    struct pieces_place place;

    (void)state;
    gives(pieces, "1", 2);
    place = pieces_place(pieces);
    gives(pieces, "2", 2);
    gives(pieces, "3", 3);
    pieces_return(pieces, place);
    gives(pieces, "2", 2);
    pieces_close(pieces);
}

/* Far longer than what is read at a time, so that values lie across. */
static void values_longer_than_what_is_read(void **state)
{
    size_t length = 700001, i;
    char *text = mem_alloc(2 * length + 8), *path, *error = NULL;
    struct pieces *pieces;
    struct piece piece;

    (void)state;
    for (i = 0; i < 2; i++) {
        memset(text + i * (length + 1), 'a' + (int)i, length);
        text[i * (length + 1)] = text[i * (length + 1) + length - 1] = '"';
        text[i * (length + 1) + length] = '\n';
    }
    path = file_of(text, 2 * (length + 1));
    pieces = pieces_open(path, &error);
    for (i = 0; i < 2; i++) {
        assert_true(pieces_value(pieces, &piece));
        assert_int_equal(piece.length, length);
        assert_int_equal(piece.line, i + 1);
        assert_memory_equal(piece.bytes, text + i * (length + 1), length);
    }
    assert_int_equal(pieces_peek(pieces), -1);
    pieces_close(pieces);
    unlink(path);
    free(path);
    free(text);
}

static void what_is_no_value(void **state)
{
    static const struct {
        const char *text, *wrong;
    } rows[] = {
        {"", "cut short"},        {" \n", "cut short"},     {"[1,2", "cut short"}, {"\"abc", "cut short"},
        {"\"abc\\", "cut short"}, {"{\"a\":", "cut short"}, {"]", "no JSON"},      {", 1", "no JSON"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pieces *pieces = pieces_of(rows[i].text);
        struct piece piece;

        assert_false(pieces_value(pieces, &piece));
        assert_non_null(pieces_wrong(pieces));
        if (!strstr(pieces_wrong(pieces), rows[i].wrong))
            fail_msg("'%s': '%s' does not say '%s'", rows[i].text, pieces_wrong(pieces), rows[i].wrong);
        assert_int_equal(pieces_peek(pieces), -1);
        pieces_close(pieces);
    }
}

/* Brackets without end are not held for ever. */
static void a_value_too_large(void **state)
{
    size_t length = PIECE_MOST + ((size_t)4 << 20);
    char *text = mem_alloc(length), *path, *error = NULL;
    struct pieces *pieces;
    struct piece piece;

    (void)state;
    memset(text, '[', length);
    path = file_of(text, length);
    free(text);
    pieces = pieces_open(path, &error);
    assert_false(pieces_value(pieces, &piece));
    assert_non_null(strstr(pieces_wrong(pieces), "more than 64 MiB"));
    pieces_close(pieces);
    unlink(path);
    free(path);
}

static void the_share_that_was_taken(void **state)
{
    struct pieces *pieces = pieces_of("[1] [2] ");
    struct piece piece;
    (void)state;

    assert_int_equal(pieces_share(pieces), 0);
    assert_true(pieces_value(pieces, &piece));
    assert_int_equal(pieces_share(pieces), 37);
    assert_true(pieces_value(pieces, &piece));
    assert_int_equal(pieces_peek(pieces), -1);
    assert_int_equal(pieces_share(pieces), 100);
    pieces_close(pieces);
}

static void what_is_no_file(void **state)
{
    char *error = NULL;

    (void)state;
    assert_null(pieces_open("/nowhere/at/all.json", &error));
    assert_string_equal(error, "/nowhere/at/all.json: there is no such file");
    free(error);
    assert_null(pieces_open("/", &error));
    assert_string_equal(error, "/: is no file; expected a report in JSON");
    free(error);
    assert_null(pieces_open("/dev/null", &error));
    free(error);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_and_their_lines),
        cmocka_unit_test(a_place_to_return_to),
        cmocka_unit_test(values_longer_than_what_is_read),
        cmocka_unit_test(what_is_no_value),
        cmocka_unit_test(a_value_too_large),
        cmocka_unit_test(the_share_that_was_taken),
        cmocka_unit_test(what_is_no_file),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
