#include "engine/input/encoding.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

struct row {
    const char *bytes;
    size_t length;
    const char *text; /* NULL: refused */
};

#define BYTES(literal) literal, sizeof literal - 1

static void check(const struct row *row)
{
    char *error = NULL;
    struct buf text;

    buf_init(&text, 0);
    buf_add(&text, row->bytes, row->length);
    assert_int_equal(encoding_to_utf8(&text, &error), row->text != NULL);
    if (row->text)
        assert_string_equal(buf_string(&text), row->text);
    else
        assert_non_null(error);
    free(error);
    buf_release(&text);
}

static void reads_each_encoding(void **state)
{
    static const struct row rows[] = {
        {BYTES("a.example\n"), "a.example\n"},
        {BYTES("\xef\xbb\xbf"
               "a"),
         "a"},
        {BYTES("\xff\xfe"
               "a\0\xfc\0"),
         "a\xc3\xbc"},
        {BYTES("\xfe\xff"
               "\0a\0\xfc"),
         "a\xc3\xbc"},
        {BYTES("\xff\xfe\x3d\xd8\x00\xde"), "\xf0\x9f\x98\x80"},
        {BYTES("\xff\xfe\xac\x20"), "\xe2\x82\xac"},
        {BYTES("a\0\n\0"), "a\n"},
        {BYTES("\0a\0\n"), "a\n"},
        {BYTES(""), ""},
        {BYTES("\xff\xfe"
               "a"),
         NULL},
        {BYTES("\xff\xfe\x00\xd8"
               "a\0"),
         NULL},
        {BYTES("\xff\xfe\x00\xdc"), NULL},
        {BYTES("caf\xe9\n"), NULL},
        {BYTES("a\0b"), NULL},
        {BYTES("\xc0\x80"), NULL},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++)
        check(&rows[i]);
}

static void names_the_line(void **state)
{
    char *error = NULL;
    struct buf out;

    (void)state;
    buf_init(&out, 0);
    buf_add(&out, "a\nb\n\xff", 5);
    assert_false(encoding_to_utf8(&out, &error));
    assert_memory_equal(error, "line 3:", 7);
    free(error);
    buf_release(&out);
}

/* Piece by piece it is the same text, wherever a piece ends. */
static void pieces_make_the_whole(void **state)
{
    static const char *const texts[] = {"\xff\xfe"
                                        "a\0\x3d\xd8\x00\xde\n\0",
                                        "\xef\xbb\xbf"
                                        "a\xf0\x9f\x98\x80\n"};
    static const size_t lengths[] = {10, 9};
    size_t i, piece, at;

    (void)state;
    for (i = 0; i < 2; i++)
        for (piece = 1; piece <= lengths[i]; piece++) {
            struct encoding e;
            char *error = NULL, *text;

            encoding_init(&e, 0);
            for (at = 0; at < lengths[i]; at += piece)
                encoding_feed(&e, texts[i] + at, piece < lengths[i] - at ? piece : lengths[i] - at);
            text = encoding_finish(&e, &error);
            assert_null(error);
            assert_string_equal(text, "a\xf0\x9f\x98\x80\n");
            free(text);
        }
}

static void bounds_the_text(void **state)
{
    struct encoding e;
    char *error = NULL;

    (void)state;
    encoding_init(&e, 4);
    encoding_feed(&e, "abcdef", 6);
    assert_null(encoding_finish(&e, &error));
    assert_null(error);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_each_encoding), cmocka_unit_test(names_the_line),
        cmocka_unit_test(pieces_make_the_whole), cmocka_unit_test(bounds_the_text)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
