#include "tui/painter.h"

#include "engine/base/mem.h"
#include "engine/base/text.h"

#include <curses.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#define COMBINING_MOST 3

static unsigned long look_attributes(unsigned look)
{
    unsigned long attributes = A_NORMAL;

    if (look & LOOK_BOLD)
        attributes |= A_BOLD;
    if (look & LOOK_DIM)
        attributes |= A_DIM;
    if (look & LOOK_REVERSE)
        attributes |= A_REVERSE;
    if (look & LOOK_UNDERLINE)
        attributes |= A_UNDERLINE;
    return attributes;
}

void painter_init(struct painter *painter, const struct theme *theme, bool color, bool ascii)
{
    unsigned i;

    painter->theme = theme;
    painter->ascii = ascii;
    painter->color = color;
    for (i = 0; i < STYLE_COUNT; i++) {
        const struct paintwork *work = &theme->styles[i];
        int wanted = color ? theme_color(work, COLORS) : -1;

        painter->attributes[i] = look_attributes(work->look);
        if (wanted < 0)
            continue;
        init_pair((short)(i + 1), (short)wanted, -1);
        painter->attributes[i] |= (unsigned long)COLOR_PAIR(i + 1);
    }
}

/* Characters that are invisible, or that turn the direction of others. */
static bool is_format(uint32_t c)
{
    static const uint32_t ranges[][2] = {
        {0xad, 0xad},     {0x61c, 0x61c},   {0x115f, 0x1160}, {0x17b4, 0x17b5},  {0x180b, 0x180e},
        {0x200b, 0x200f}, {0x2028, 0x202e}, {0x2060, 0x206f}, {0x3164, 0x3164},  {0xfe00, 0xfe0f},
        {0xfeff, 0xfeff}, {0xffa0, 0xffa0}, {0xfff0, 0xfffb}, {0xe0000, 0xe0fff}};
    size_t i;

    for (i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
        if (c >= ranges[i][0] && c <= ranges[i][1])
            return true;
    return false;
}

static void show_text(struct shown *out, const char *text)
{
    for (out->length = 0; text[out->length]; out->length++)
        out->text[out->length] = (wchar_t)text[out->length];
    out->columns = out->length;
}

static void show_code(struct shown *out, uint32_t value)
{
    char text[16];

    snprintf(text, sizeof text, value < 0x100 ? "\\x%02x" : "\\u{%x}", value);
    show_text(out, text);
}

static void add_combining(const char **at, struct shown *out)
{
    while (out->length <= COMBINING_MOST && (unsigned char)**at >= 0x80) {
        uint32_t c;
        size_t size = text_decode((const uint8_t *)*at, strnlen(*at, 4), &c);

        if (!size || !c || is_format(c) || wcwidth((wchar_t)c) != 0)
            return;
        out->text[out->length++] = (wchar_t)c;
        *at += size;
    }
}

/* Negative for what is not to be sent. ASCII, which nearly all is, needs no table. */
static int columns_of(uint32_t c)
{
    if (c >= 0x20 && c < 0x7f)
        return 1;
    return c < 0xa0 || is_format(c) ? -1 : wcwidth((wchar_t)c);
}

bool painter_next(const char **at, bool ascii, struct shown *out)
{
    const uint8_t *bytes = (const uint8_t *)*at;
    uint32_t c;
    size_t size;
    int columns;

    if (!*bytes)
        return false;
    size = text_decode(bytes, strnlen(*at, 4), &c);
    if (!size) {
        show_code(out, *bytes);
        *at += 1;
        return true;
    }
    *at += size;
    columns = columns_of(c);
    if (columns <= 0 || (ascii && c >= 0x7f)) {
        show_code(out, c);
        return true;
    }
    out->text[0] = (wchar_t)c;
    out->length = 1;
    out->columns = columns;
    if (!ascii)
        add_combining(at, out);
    return true;
}

int painter_width(const char *text, bool ascii)
{
    struct shown shown;
    int width = 0;

    while (painter_next(&text, ascii, &shown))
        width += shown.columns;
    return width;
}

const char *painter_tail(const char *text, size_t cursor, bool ascii, int room, int *ahead)
{
    char *before = mem_string_n(text, cursor);
    const char *visible = before;
    struct shown shown;
    size_t skipped;

    while ((*ahead = painter_width(visible, ascii)) > room && *ahead > 0)
        painter_next(&visible, ascii, &shown);
    skipped = (size_t)(visible - before);
    free(before);
    return text + skipped;
}

static int room(int y, int x, int width)
{
    if (y < 0 || y >= LINES || x < 0 || x >= COLS)
        return 0;
    return width < COLS - x ? width : COLS - x;
}

/* How many columns of `text` may be used before the ellipsis: all when it fits. */
static int usable(const char *text, bool ascii, int width)
{
    struct shown shown;
    int used = 0;

    while (painter_next(&text, ascii, &shown)) {
        used += shown.columns;
        if (used > width)
            return width - 1;
    }
    return width;
}

int paint(const struct painter *painter, int y, int x, int width, enum style style, const char *text)
{
    int limit, used = 0;
    struct shown shown;

    width = room(y, x, width);
    if (width <= 0 || !text)
        return 0;
    limit = usable(text, painter->ascii, width);
    attrset((int)painter->attributes[style]);
    move(y, x);
    while (painter_next(&text, painter->ascii, &shown) && used + shown.columns <= limit) {
        addnwstr(shown.text, shown.length);
        used += shown.columns;
    }
    if (limit < width) {
        addstr(theme_glyph(GLYPH_ELLIPSIS, painter->ascii));
        used++;
    }
    return used;
}

static void spaces(int y, int x, int width)
{
    width = room(y, x, width);
    if (width > 0)
        mvhline(y, x, (chtype)' ' | (chtype)getattrs(stdscr), width);
}

int paint_cell(const struct painter *painter, int y, int x, int width, enum style style, const char *text)
{
    int used = paint(painter, y, x, width, style, text);

    attrset((int)painter->attributes[style]);
    spaces(y, x + used, width - used);
    return width;
}

int paintf(const struct painter *painter, int y, int x, int width, enum style style, const char *format, ...)
{
    va_list args;
    char *text = NULL;
    int used;

    va_start(args, format);
    if (vasprintf(&text, format, args) < 0)
        text = mem_string("");
    va_end(args);
    used = paint(painter, y, x, width, style, text);
    free(text);
    return used;
}

void paint_line(const struct painter *painter, int y, int x, int width, enum style style, enum glyph glyph)
{
    int i;

    width = room(y, x, width);
    if (width <= 0)
        return;
    attrset((int)painter->attributes[style]);
    move(y, x);
    for (i = 0; i < width; i++)
        addstr(theme_glyph(glyph, painter->ascii));
}
