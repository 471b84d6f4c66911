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

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(reads_each_encoding),
                                       cmocka_unit_test(names_the_line)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
