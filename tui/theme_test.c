#include "tui/theme.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <locale.h>
#include <math.h>
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
    const char *at = THEME_NAMES;
    unsigned i;

    (void)state;
    assert_ptr_equal(theme_find(NULL), theme_at(0));
    assert_null(theme_find("no such theme"));
    assert_null(theme_find(""));
    for (i = 0; theme_at(i); i++) {
        assert_ptr_equal(theme_find(theme_at(i)->name), theme_at(i));
        at = strstr(at, theme_at(i)->name);
        assert_non_null(at);
        at += strlen(theme_at(i)->name);
    }
    assert_string_equal(at, "");
    assert_false(theme_find("mono")->color);
    assert_ptr_equal(theme_find("contrast"), theme_find("high-contrast"));
    assert_ptr_equal(theme_find("color-blind"), theme_find("colour-blind"));
    assert_ptr_equal(theme_find("monochrome"), theme_find("mono"));
}

static void test_next_goes_round(void **state)
{
    const struct theme *theme = theme_at(0);
    unsigned count = 0;

    (void)state;
    do {
        theme = theme_next(theme);
        count++;
    } while (theme != theme_at(0) && count < 100);
    assert_null(theme_at(count));
    assert_non_null(theme_at(count - 1));
}

/* A style that a table leaves out would be black on many a background. */
static void test_every_style_is_there(void **state)
{
    unsigned i, style;

    (void)state;
    for (i = 0; theme_at(i); i++)
        for (style = 0; style < STYLE_COUNT; style++) {
            const struct paintwork *work = &theme_at(i)->styles[style];

            assert_true(work->color >= -1 && work->color < 16 && work->rich >= 0 && work->rich < 256);
            assert_true(work->color != 0 || work->look || work->rich);
            assert_true(theme_at(i)->color || (work->color == -1 && !work->rich));
        }
}

static void test_fewer_colours(void **state)
{
    static const struct paintwork bright = {9, 0, 203}, plain = {1, 0, 0}, own = {-1, 0, 0},
                                  grey = {-1, 0, 252};

    (void)state;
    assert_int_equal(theme_color(&bright, 256), 203);
    assert_int_equal(theme_color(&bright, 88), 9);
    assert_int_equal(theme_color(&bright, 16), 9);
    assert_int_equal(theme_color(&bright, 8), 1);
    assert_int_equal(theme_color(&plain, 256), 1);
    assert_int_equal(theme_color(&plain, 8), 1);
    assert_int_equal(theme_color(&own, 256), -1);
    assert_int_equal(theme_color(&grey, 256), 252);
    assert_int_equal(theme_color(&grey, 16), -1);
    assert_int_equal(theme_color(&bright, 1 << 24), 1);
    assert_int_equal(theme_color(&grey, 1 << 24), -1);
}

/* A colour of the 256 in linear light, from 0 to 1. */
struct light {
    double red, green, blue;
};

static double linear(int level)
{
    double value = level / 255.0;

    return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4);
}

static struct light light_of(int rich)
{
    static const int levels[] = {0, 95, 135, 175, 215, 255};
    int cube = rich - 16, grey = 8 + 10 * (rich - 232);

    if (rich >= 232)
        return (struct light){linear(grey), linear(grey), linear(grey)};
    return (struct light){linear(levels[cube / 36]), linear(levels[cube / 6 % 6]), linear(levels[cube % 6])};
}

/* As WCAG 2 has it: from 1 to 21. `ground` is the background's luminance. */
static double contrast(struct light light, double ground)
{
    double luminance = 0.2126 * light.red + 0.7152 * light.green + 0.0722 * light.blue;

    return luminance > ground ? (luminance + 0.05) / (ground + 0.05) : (ground + 0.05) / (luminance + 0.05);
}

static void assert_contrast(const char *name, double ground, double least)
{
    const struct theme *theme = theme_find(name);
    unsigned style;

    for (style = 0; style < STYLE_COUNT; style++)
        if (theme->styles[style].rich)
            assert_true(contrast(light_of(theme->styles[style].rich), ground) >=
                        (style == STYLE_RULE ? 3 : least));
}

static void test_contrast_on_their_backgrounds(void **state)
{
    (void)state;
    assert_contrast("dark", 0, 4.5);
    assert_contrast("dark", linear(0x1e), 4.5);
    assert_contrast("light", 1, 4.5);
    assert_contrast("light", linear(0xf0), 3.8);
    assert_contrast("colour-blind", 0, 2.8);
    assert_contrast("colour-blind", 1, 2.8);
}

/* What is left of a colour for eyes without green (or without red) cones, after Vienot, Brettel and Mollon
 * 1999: one value for red and green together, and blue. */
static double seen_apart(int a, int b, double red, double tilt)
{
    struct light one = light_of(a), two = light_of(b);
    double yellow_one = pow(red * one.red + (1 - red) * one.green, 1 / 2.2);
    double yellow_two = pow(red * two.red + (1 - red) * two.green, 1 / 2.2);
    double blue_one = pow(fmax(0, one.blue + tilt * (one.red - one.green)), 1 / 2.2);
    double blue_two = pow(fmax(0, two.blue + tilt * (two.red - two.green)), 1 / 2.2);

    return hypot(yellow_one - yellow_two, blue_one - blue_two);
}

static void test_colour_blind_eyes_tell_verdicts_apart(void **state)
{
    const struct paintwork *styles = theme_find("colour-blind")->styles;
    unsigned a, b;

    (void)state;
    for (a = STYLE_VERDICT; a < STYLE_COUNT; a++)
        for (b = STYLE_VERDICT; b < a; b++) {
            if (!styles[a].rich || !styles[b].rich)
                continue;
            assert_true(seen_apart(styles[a].rich, styles[b].rich, 0.29275, -0.02234) > 0.12);
            assert_true(seen_apart(styles[a].rich, styles[b].rich, 0.11238, 0.00401) > 0.12);
        }
    for (a = 0; a < STYLE_COUNT; a++)
        assert_true(styles[a].color != 1 && styles[a].color != 2 && styles[a].color != 9 &&
                    styles[a].color != 10);
}

/* At each number of colours, those that matter most never share a look. */
static void test_verdicts_that_differ_in_every_colour_theme(void **state)
{
    static const enum verdict apart[] = {VERDICT_READY, VERDICT_AT_RISK, VERDICT_PLAINTEXT, VERDICT_NOT_READY,
                                         VERDICT_UNREACHABLE};
    static const int colors[] = {8, 16, 256};
    size_t i, a, b, c;

    (void)state;
    for (i = 0; theme_at((unsigned)i); i++)
        for (a = 0; theme_at((unsigned)i)->color && a < sizeof apart / sizeof apart[0]; a++)
            for (b = 0; b < a; b++)
                for (c = 0; c < 3; c++) {
                    const struct paintwork *one =
                        &theme_at((unsigned)i)->styles[theme_verdict_style(apart[a])];
                    const struct paintwork *two =
                        &theme_at((unsigned)i)->styles[theme_verdict_style(apart[b])];

                    assert_true(theme_color(one, colors[c]) != theme_color(two, colors[c]) ||
                                one->look != two->look);
                }
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
        cmocka_unit_test(test_next_goes_round),
        cmocka_unit_test(test_every_style_is_there),
        cmocka_unit_test(test_fewer_colours),
        cmocka_unit_test(test_contrast_on_their_backgrounds),
        cmocka_unit_test(test_colour_blind_eyes_tell_verdicts_apart),
        cmocka_unit_test(test_verdicts_that_differ_in_every_colour_theme),
        cmocka_unit_test(test_colour_choice),
        cmocka_unit_test(test_every_consequence_has_words),
    };

    setlocale(LC_ALL, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
