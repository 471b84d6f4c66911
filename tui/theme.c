#include "tui/theme.h"

#include <string.h>

enum { OWN = -1, BLACK, RED, GREEN, YELLOW, BLUE, MAGENTA, CYAN, WHITE };
#define V(verdict) (STYLE_VERDICT + (verdict))

/* clang-format off */
static const struct theme themes[] = {
    {"default", "the terminal's own 16 colours", true, {
        [STYLE_TEXT] = {OWN, 0},
        [STYLE_DIM] = {OWN, LOOK_DIM},
        [STYLE_STRONG] = {OWN, LOOK_BOLD},
        [STYLE_TITLE] = {CYAN, LOOK_BOLD},
        [STYLE_HEADING] = {OWN, LOOK_DIM},
        [STYLE_GROUP] = {OWN, LOOK_BOLD},
        [STYLE_SELECTED] = {OWN, LOOK_REVERSE},
        [STYLE_SELECTED_AWAY] = {OWN, LOOK_BOLD | LOOK_UNDERLINE},
        [STYLE_KEY] = {CYAN, 0},
        [STYLE_RULE] = {OWN, LOOK_DIM},
        [STYLE_MESSAGE] = {OWN, LOOK_BOLD},
        [STYLE_ERROR] = {RED, LOOK_BOLD},
        [STYLE_GOOD] = {GREEN, 0},
        [STYLE_CAUTION] = {YELLOW, 0},
        [STYLE_BAD] = {RED, 0},
        [V(VERDICT_PENDING)] = {OWN, LOOK_DIM},
        [V(VERDICT_NO_MAIL)] = {OWN, LOOK_DIM},
        [V(VERDICT_READY)] = {GREEN, 0},
        [V(VERDICT_UNKNOWN)] = {CYAN, 0},
        [V(VERDICT_UNREACHABLE)] = {BLUE, LOOK_BOLD},
        [V(VERDICT_AT_RISK)] = {YELLOW, 0},
        [V(VERDICT_PLAINTEXT)] = {MAGENTA, 0},
        [V(VERDICT_NOT_READY)] = {RED, LOOK_BOLD},
    }},
    {"contrast", "bright colours, nothing dimmed", true, {
        [STYLE_TEXT] = {OWN, 0},
        [STYLE_DIM] = {OWN, 0},
        [STYLE_STRONG] = {OWN, LOOK_BOLD},
        [STYLE_TITLE] = {OWN, LOOK_BOLD},
        [STYLE_HEADING] = {OWN, LOOK_UNDERLINE},
        [STYLE_GROUP] = {OWN, LOOK_BOLD},
        [STYLE_SELECTED] = {OWN, LOOK_REVERSE | LOOK_BOLD},
        [STYLE_SELECTED_AWAY] = {OWN, LOOK_BOLD | LOOK_UNDERLINE},
        [STYLE_KEY] = {OWN, LOOK_BOLD},
        [STYLE_RULE] = {OWN, 0},
        [STYLE_MESSAGE] = {OWN, LOOK_BOLD},
        [STYLE_ERROR] = {RED + 8, LOOK_BOLD},
        [STYLE_GOOD] = {GREEN + 8, LOOK_BOLD},
        [STYLE_CAUTION] = {YELLOW + 8, LOOK_BOLD},
        [STYLE_BAD] = {RED + 8, LOOK_BOLD},
        [V(VERDICT_PENDING)] = {OWN, 0},
        [V(VERDICT_NO_MAIL)] = {OWN, 0},
        [V(VERDICT_READY)] = {GREEN + 8, LOOK_BOLD},
        [V(VERDICT_UNKNOWN)] = {CYAN + 8, LOOK_BOLD},
        [V(VERDICT_UNREACHABLE)] = {CYAN + 8, LOOK_BOLD},
        [V(VERDICT_AT_RISK)] = {YELLOW + 8, LOOK_BOLD},
        [V(VERDICT_PLAINTEXT)] = {MAGENTA + 8, LOOK_BOLD},
        [V(VERDICT_NOT_READY)] = {RED + 8, LOOK_BOLD},
    }},
    {"mono", "no colour", false, {
        [STYLE_TEXT] = {OWN, 0},
        [STYLE_DIM] = {OWN, LOOK_DIM},
        [STYLE_STRONG] = {OWN, LOOK_BOLD},
        [STYLE_TITLE] = {OWN, LOOK_BOLD},
        [STYLE_HEADING] = {OWN, LOOK_DIM},
        [STYLE_GROUP] = {OWN, LOOK_BOLD},
        [STYLE_SELECTED] = {OWN, LOOK_REVERSE},
        [STYLE_SELECTED_AWAY] = {OWN, LOOK_BOLD | LOOK_UNDERLINE},
        [STYLE_KEY] = {OWN, LOOK_BOLD},
        [STYLE_RULE] = {OWN, LOOK_DIM},
        [STYLE_MESSAGE] = {OWN, LOOK_BOLD},
        [STYLE_ERROR] = {OWN, LOOK_BOLD},
        [STYLE_GOOD] = {OWN, 0},
        [STYLE_CAUTION] = {OWN, LOOK_BOLD},
        [STYLE_BAD] = {OWN, LOOK_BOLD},
        [V(VERDICT_PENDING)] = {OWN, LOOK_DIM},
        [V(VERDICT_NO_MAIL)] = {OWN, LOOK_DIM},
        [V(VERDICT_READY)] = {OWN, 0},
        [V(VERDICT_UNKNOWN)] = {OWN, 0},
        [V(VERDICT_UNREACHABLE)] = {OWN, 0},
        [V(VERDICT_AT_RISK)] = {OWN, LOOK_BOLD},
        [V(VERDICT_PLAINTEXT)] = {OWN, LOOK_BOLD},
        [V(VERDICT_NOT_READY)] = {OWN, LOOK_BOLD},
    }},
};

static const char *const glyphs[glyph_count][2] = {
    [GLYPH_OPEN] = {"▾", "v"},     [GLYPH_FOLDED] = {"▸", ">"},   [GLYPH_TAG] = {"●", "*"},
    [GLYPH_ELLIPSIS] = {"…", "~"}, [GLYPH_BAR_DONE] = {"━", "#"}, [GLYPH_BAR_LEFT] = {"╌", "-"},
    [GLYPH_RULE] = {"─", "-"},     [GLYPH_WALL] = {"│", "|"},     [GLYPH_DOT] = {"·", "-"},
    [GLYPH_ARROW] = {"→", ">"},    [GLYPH_RUNNING] = {"◌", "."},
    [GLYPH_BETTER] = {"↑", "^"},   [GLYPH_WORSE] = {"↓", "v"},    [GLYPH_ASCENDING] = {"▴", "^"},
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
    return index < sizeof themes / sizeof themes[0] ? &themes[index] : NULL;
}

const struct theme *theme_find(const char *name)
{
    const struct theme *theme;
    unsigned i;

    if (!name)
        return &themes[0];
    for (i = 0; (theme = theme_at(i)); i++)
        if (strcmp(theme->name, name) == 0)
            return theme;
    return NULL;
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
