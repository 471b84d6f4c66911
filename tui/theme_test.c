#include "tui/theme.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

static void test_verdicts_differ_without_colour(void **state)
{
    int a, b, ascii;

    (void)state;
    for (ascii = 0; ascii < 2; ascii++)
        for (a = 0; a < verdict_count; a++)
            for (b = 0; b < a; b++)
                assert_string_not_equal(theme_verdict_glyph((enum verdict)a, ascii),
                                        theme_verdict_glyph((enum verdict)b, ascii));
}

static void assert_one_column(const char *glyph, bool ascii)
{
    wchar_t wide[4];

    assert_int_equal(mbstowcs(wide, glyph, 4), 1);
    assert_int_equal(wcwidth(wide[0]), 1);
    if (ascii)
        assert_true(wide[0] < 0x7f);
}

static void test_glyphs_take_one_column(void **state)
{
    int i, ascii;

    (void)state;
    for (ascii = 0; ascii < 2; ascii++) {
        for (i = 0; i < verdict_count; i++)
            assert_one_column(theme_verdict_glyph((enum verdict)i, ascii), ascii);
        for (i = 0; i < glyph_count; i++)
            assert_one_column(theme_glyph((enum glyph)i, ascii), ascii);
    }
}

static void test_names(void **state)
{
    unsigned i;

    (void)state;
    assert_ptr_equal(theme_find(NULL), theme_at(0));
    assert_null(theme_find("no such theme"));
    for (i = 0; theme_at(i); i++)
        assert_ptr_equal(theme_find(theme_at(i)->name), theme_at(i));
    assert_false(theme_find("mono")->color);
}

static void test_colour_choice(void **state)
{
    (void)state;
    assert_true(theme_wants_color(COLOR_AUTO, true, NULL));
    assert_true(theme_wants_color(COLOR_AUTO, true, ""));
    assert_false(theme_wants_color(COLOR_AUTO, true, "1"));
    assert_true(theme_wants_color(COLOR_ALWAYS, true, "1"));
    assert_false(theme_wants_color(COLOR_ALWAYS, false, NULL));
    assert_false(theme_wants_color(COLOR_NEVER, true, NULL));
}

static void test_every_consequence_has_words(void **state)
{
    int i;

    (void)state;
    for (i = 0; i < consequence_count; i++) {
        assert_non_null(theme_consequence((enum consequence)i));
        assert_true(strlen(theme_consequence((enum consequence)i)) <= 16);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_verdicts_differ_without_colour),
        cmocka_unit_test(test_glyphs_take_one_column),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_colour_choice),
        cmocka_unit_test(test_every_consequence_has_words),
    };

    setlocale(LC_ALL, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
