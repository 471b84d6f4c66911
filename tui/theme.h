/* How things look: each verdict has a glyph, a word and a colour, so that nothing rests on colour alone.
 * Themes are const tables (tui/theme_table.c); the default one uses the terminal's own 16 colours. */
#pragma once

#include "engine/base/words.h"

#include <stdbool.h>

enum style {
    STYLE_TEXT,
    STYLE_DIM,
    STYLE_STRONG,
    STYLE_TITLE,         /* the program's name, pane titles */
    STYLE_HEADING,       /* column headings, section names */
    STYLE_GROUP,         /* class rows */
    STYLE_SELECTED,      /* the row under the cursor */
    STYLE_SELECTED_AWAY, /* the same while another pane has the keys */
    STYLE_KEY,           /* a key's name in footer and help */
    STYLE_RULE,
    STYLE_MESSAGE,
    STYLE_ERROR,
    STYLE_GOOD,
    STYLE_CAUTION,
    STYLE_BAD,
    STYLE_VERDICT, /* the first of verdict_count styles */
    STYLE_COUNT = STYLE_VERDICT + verdict_count
};

/* Attributes that a terminal adds to a colour. */
enum look { LOOK_BOLD = 1, LOOK_DIM = 2, LOOK_REVERSE = 4, LOOK_UNDERLINE = 8 };

struct paintwork {
    int color; /* 0–7, 8–15 for the bright ones, -1 for the terminal's own */
    unsigned look;
    int rich; /* of 256 colours, in place of `color` where there are as many; 0: `color` */
};

struct theme {
    const char *name;
    const char *other; /* a second name that is taken for it; NULL */
    const char *title; /* one line for people */
    bool color;
    struct paintwork styles[STYLE_COUNT];
};

/* Their names, in their order, for help and for errors. */
#define THEME_NAMES "default, dark, light, high-contrast, colour-blind or mono"

/* NULL gives the default theme; NULL comes back for a name that is none. */
const struct theme *theme_find(const char *name);

/* All themes by number; NULL past the last. */
const struct theme *theme_at(unsigned index);

/* The one behind it, the first behind the last. */
const struct theme *theme_next(const struct theme *theme);

/* The number that a terminal of so many colours knows the colour by; -1: its own. More than 256 are direct
 * colours, of which the eight that all have are used. */
int theme_color(const struct paintwork *work, int colors);

/* Glyphs, one column wide each. */
enum glyph {
    GLYPH_OPEN,
    GLYPH_FOLDED,
    GLYPH_TAG,
    GLYPH_ELLIPSIS,
    GLYPH_BAR_DONE,
    GLYPH_BAR_LEFT,
    GLYPH_RULE,
    GLYPH_WALL,
    GLYPH_DOT,
    GLYPH_ARROW,
    GLYPH_RUNNING,
    GLYPH_BETTER,
    GLYPH_WORSE,
    GLYPH_UNCLEAR,
    GLYPH_KNOWN,
    GLYPH_APPEARED,
    GLYPH_GONE,
    GLYPH_CHANGED,
    GLYPH_ASCENDING,
    GLYPH_DESCENDING,
    glyph_count
};
const char *theme_glyph(enum glyph glyph, bool ascii);
const char *theme_verdict_glyph(enum verdict verdict, bool ascii);

enum style theme_verdict_style(enum verdict verdict);
enum style theme_version_style(enum version_state state);
const char *theme_version_glyph(enum version_state state, bool ascii);

/* A few words for a column: "mail stops", "may go in clear". */
const char *theme_consequence(enum consequence consequence);

enum color_choice { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

/* Whether to use colour: `terminal_has` is what the terminal can do, `no_color` the NO_COLOR variable's
 * value. */
bool theme_wants_color(enum color_choice choice, bool terminal_has, const char *no_color);
