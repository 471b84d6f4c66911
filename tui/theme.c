#include "tui/theme.h"

#include "tui/theme_table.h"

#include <string.h>

/* clang-format off */
static const char *const glyphs[glyph_count][2] = {
    [GLYPH_OPEN] = {"▾", "v"},     [GLYPH_FOLDED] = {"▸", ">"},   [GLYPH_TAG] = {"●", "*"},
    [GLYPH_ELLIPSIS] = {"…", "~"}, [GLYPH_BAR_DONE] = {"━", "#"}, [GLYPH_BAR_LEFT] = {"╌", "-"},
    [GLYPH_RULE] = {"─", "-"},     [GLYPH_WALL] = {"│", "|"},     [GLYPH_DOT] = {"·", "-"},
    [GLYPH_ARROW] = {"→", ">"},    [GLYPH_RUNNING] = {"◌", "."},
    [GLYPH_BETTER] = {"↑", "^"},   [GLYPH_WORSE] = {"↓", "v"}, [GLYPH_UNCLEAR] = {"≈", "~"},
    [GLYPH_KNOWN] = {"i", "i"},    [GLYPH_APPEARED] = {"+", "+"}, [GLYPH_GONE] = {"−", "-"},
    [GLYPH_CHANGED] = {"≠", "#"},  [GLYPH_ASCENDING] = {"▴", "^"},
    [GLYPH_DESCENDING] = {"▾", "v"},
};

static const char *const verdict_glyphs[verdict_count][2] = {
    [VERDICT_PENDING] = {"·", "."},     [VERDICT_NO_MAIL] = {"–", "-"}, [VERDICT_READY] = {"✓", "+"},
    [VERDICT_UNKNOWN] = {"?", "?"},     [VERDICT_UNREACHABLE] = {"⊘", "/"}, [VERDICT_AT_RISK] = {"▲", "!"},
    [VERDICT_PLAINTEXT] = {"○", "o"},   [VERDICT_NOT_READY] = {"✗", "x"},
};
/* clang-format on */

const struct theme *theme_at(unsigned index)
{
    return index < theme_count ? &theme_table[index] : NULL;
}

const struct theme *theme_find(const char *name)
{
    const struct theme *theme;
    unsigned i;

    if (!name)
        return theme_at(0);
    for (i = 0; (theme = theme_at(i)); i++)
        if (strcmp(theme->name, name) == 0 || (theme->other && strcmp(theme->other, name) == 0))
            return theme;
    return NULL;
}

const struct theme *theme_next(const struct theme *theme)
{
    const struct theme *next = theme_at((unsigned)(theme - theme_table) + 1);

    return next ? next : theme_at(0);
}

int theme_color(const struct paintwork *work, int colors)
{
    if (colors > 256)
        colors = 8; /* direct colour: other numbers than the first eight are red, green and blue */
    if (work->rich && colors >= 256)
        return work->rich;
    if (work->color < 0)
        return -1;
    return work->color < colors ? work->color : work->color - 8;
}

const char *theme_glyph(enum glyph glyph, bool ascii)
{
    return glyphs[glyph][ascii];
}

const char *theme_verdict_glyph(enum verdict verdict, bool ascii)
{
    return verdict_glyphs[verdict][ascii];
}

enum style theme_verdict_style(enum verdict verdict)
{
    return (enum style)(STYLE_VERDICT + verdict);
}

enum style theme_version_style(enum version_state state)
{
    return state == VERSION_ACCEPTED ? STYLE_GOOD : state == VERSION_UNKNOWN ? STYLE_CAUTION : STYLE_DIM;
}

const char *theme_version_glyph(enum version_state state, bool ascii)
{
    static const char *const version_glyphs[version_state_count][2] = {
        [VERSION_NOT_TESTED] = {"·", "."},
        [VERSION_ACCEPTED] = {"✓", "+"},
        [VERSION_REFUSED] = {"✗", "x"},
        [VERSION_UNKNOWN] = {"?", "?"},
    };

    return version_glyphs[state][ascii];
}

const char *theme_consequence(enum consequence consequence)
{
    static const char *const words[consequence_count] = {
        [CONSEQUENCE_UNKNOWN] = "not known",
        [CONSEQUENCE_NONE] = "no mail flows",
        [CONSEQUENCE_ENCRYPTED] = "encrypted",
        [CONSEQUENCE_INTERMITTENT] = "stops at times",
        [CONSEQUENCE_SOMETIMES_PLAINTEXT] = "may go in clear",
        [CONSEQUENCE_PLAINTEXT] = "goes in clear",
        [CONSEQUENCE_STOPS] = "mail stops",
    };

    return words[consequence];
}

bool theme_wants_color(enum color_choice choice, bool terminal_has, const char *no_color)
{
    if (choice == COLOR_NEVER || !terminal_has)
        return false;
    return choice == COLOR_ALWAYS || !no_color || !*no_color;
}
