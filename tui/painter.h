/* The only way to the terminal: text is decoded, measured and made harmless here, whatever it holds. */
#pragma once

#include "tui/theme.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct painter {
    const struct theme *theme;
    bool ascii;                            /* glyphs and text in ASCII only */
    bool color;                            /* the terminal may have colour from us */
    unsigned long attributes[STYLE_COUNT]; /* curses' own, filled in by painter_init */
};

/* After curses started, and again for another theme. Without colour a theme has its other looks only. */
void painter_init(struct painter *painter, const struct theme *theme, bool color, bool ascii);

/* Paints at most `width` columns, a longer text ends in an ellipsis. Returns the columns used. Anything
 * outside the screen is left out. Controls, format characters and broken UTF-8 are shown, never sent. */
int paint(const struct painter *painter, int y, int x, int width, enum style style, const char *text);

/* The same, then spaces up to `width`. Returns `width`. */
int paint_cell(const struct painter *painter, int y, int x, int width, enum style style, const char *text);

int paintf(const struct painter *painter, int y, int x, int width, enum style style, const char *format, ...)
    __attribute__((format(printf, 6, 7)));

/* A glyph again and again. */
void paint_line(const struct painter *painter, int y, int x, int width, enum style style, enum glyph glyph);

/* One character's look on the screen: the code points to show (at most 12) and the columns they take. `at`
 * moves on. False at the end of the text. */
struct shown {
    wchar_t text[16];
    int length;
    int columns;
};
bool painter_next(const char **at, bool ascii, struct shown *out);

/* Where to begin painting so that the character at byte `cursor` is seen within `room` columns; *ahead
 * becomes the columns before it. */
const char *painter_tail(const char *text, size_t cursor, bool ascii, int room, int *ahead);

/* Columns that `text` takes. */
int painter_width(const char *text, bool ascii);
