#include "tui/view_parts.h"

#include <curses.h>
#include <stdlib.h>
#include <string.h>

enum { MARKS = 8, MARKS_ALONE = 3, SIGNS = verdict_count + MARKS, SIGN_GAP = 2 };

struct sign {
    const char *glyph, *title;
    enum style style;
};

/* All signs of the tree, the worst verdict first; those of a comparison while there is one. Returns their
 * number.
 */
static size_t list_signs(bool ascii, bool compared, struct sign out[SIGNS])
{
    const struct sign marks[MARKS] = {
        {theme_glyph(GLYPH_TAG, ascii), "tagged", STYLE_KEY},
        {theme_glyph(GLYPH_BETTER, ascii), "better", STYLE_GOOD},
        {theme_glyph(GLYPH_WORSE, ascii), "worse than before", STYLE_BAD},
        {theme_glyph(GLYPH_UNCLEAR, ascii), "less clear", STYLE_CAUTION},
        {theme_glyph(GLYPH_KNOWN, ascii), "newly known", STYLE_MESSAGE},
        {theme_glyph(GLYPH_APPEARED, ascii), "appeared", STYLE_MESSAGE},
        {theme_glyph(GLYPH_GONE, ascii), "gone", STYLE_CAUTION},
        {theme_glyph(GLYPH_CHANGED, ascii), "changed facts", STYLE_TEXT},
    };

    for (int v = 0; v < verdict_count; v++)
        out[verdict_count - 1 - v] =
            (struct sign){theme_verdict_glyph((enum verdict)v, ascii), verdict_title((enum verdict)v),
                          theme_verdict_style((enum verdict)v)};
    memcpy(out + verdict_count, marks, sizeof marks);
    return verdict_count + (compared ? MARKS : MARKS_ALONE);
}

/* Signs and their words from line `y` on, as far as `top` and `bottom` let them be seen. Returns the lines
 * that they take. */
static int paint_signs(const struct screen *screen, int y, int top, int bottom)
{
    const struct painter *painter = &screen->painter;
    struct sign signs[SIGNS];
    int x = SIGN_GAP, lines = 1;
    size_t count;

    count = list_signs(painter->ascii, screen->against.path, signs);
    for (size_t i = 0; i < count; i++) {
        int width = 2 + painter_width(signs[i].title, painter->ascii), line;

        if (x > SIGN_GAP && x + width >= COLS) {
            x = SIGN_GAP;
            lines++;
        }
        line = y + lines - 1;
        if (line >= top && line < bottom) {
            paint(painter, line, x, COLS - x, signs[i].style, signs[i].glyph);
            paint(painter, line, x + 2, COLS - x - 2, STYLE_TEXT, signs[i].title);
        }
        x += width + SIGN_GAP;
    }
    return lines;
}

/* The legend above the list of keys, its name first where there is room for that, too. Returns its lines. */
static int legend(const struct screen *screen, int y, int top, int bottom, bool named)
{
    if (screen->menu.typing || *screen->menu.filter.text)
        return 0;
    if (named && y >= top && y < bottom)
        paint(&screen->painter, y, 1, COLS - 2, STYLE_HEADING, "Signs");
    return named + paint_signs(screen, y + named, top, bottom);
}

static void menu_line(const struct screen *screen, int y, const struct request *request, bool selected)
{
    const struct painter *painter = &screen->painter;
    const char *reason = request->blocked ? request->blocked(screen) : NULL;
    char *text = reason ? keymap_expand(&screen->keymap, reason, false) : NULL;
    char keys[64];
    int key_width = COLS >= 60 ? 9 : 8, name_width = COLS >= 60 ? 21 : 0; /* the longest name's */
    enum style dim = selected ? STYLE_SELECTED : STYLE_DIM;

    keymap_text(&screen->keymap, request, keys, sizeof keys);
    if (selected)
        paint_cell(painter, y, 0, COLS, STYLE_SELECTED, "");
    paint(painter, y, 2, key_width - 1, selected ? STYLE_SELECTED : STYLE_KEY, keys);
    paint(painter, y, 2 + key_width, name_width - 1, dim, request->name);
    if (text)
        paintf(painter, y, 2 + key_width + name_width, COLS - 3 - key_width - name_width, dim,
               "%s (not now: %s)", request->help, text);
    else
        paint(painter, y, 2 + key_width + name_width, COLS - 3 - key_width - name_width,
              selected ? STYLE_SELECTED : STYLE_TEXT, request->help);
    free(text);
}

/* Lines that the items up to `index` take, headings included. */
static int lines_up_to(const struct menu *menu, size_t index)
{
    const char *group = NULL;
    int lines = 0;
    size_t i;

    for (i = 0; i <= index && i < menu->count; i++) {
        lines += 1 + (!group || strcmp(group, menu->items[i]->group) != 0);
        group = menu->items[i]->group;
    }
    return lines;
}

/* Returns the column behind what is typed. */
static int menu_title(const struct screen *screen, int y)
{
    const struct menu *menu = &screen->menu;
    int x = 1;

    if (!menu->typing) {
        paint(&screen->painter, y, x, COLS - 2, STYLE_TITLE, "Keys and commands");
        return x;
    }
    x += paint(&screen->painter, y, x, COLS - 2, STYLE_KEY, ":");
    x += paint(&screen->painter, y, x, COLS - 2 - x, menu->count ? STYLE_STRONG : STYLE_ERROR,
               menu->filter.text);
    if (!menu->count)
        paint(&screen->painter, y, x + 2, COLS - x - 2, STYLE_ERROR, "no command is called so");
    return x;
}

/* Paints one item, or a group's name in its place when `request` is NULL, unless it is scrolled away. */
static bool menu_item(const struct screen *screen, int y, const struct request *request, const char *group)
{
    int bottom = screen->layout.footer >= 0 ? screen->layout.footer : LINES;
    const struct menu *menu = &screen->menu;

    if (y < screen->layout.tree.y || y >= bottom)
        return false;
    if (request)
        menu_line(screen, y, request, request == menu->items[menu->selected]);
    else
        paint(&screen->painter, y, 1, COLS - 2, STYLE_HEADING, group);
    return true;
}

void view_menu(const struct screen *screen, int *y, int *x)
{
    const struct menu *menu = &screen->menu;
    int top = screen->layout.tree.y, bottom = screen->layout.footer >= 0 ? screen->layout.footer : LINES;
    int signs = legend(screen, top, top, top, false), skip, line, typed;
    bool named = signs && signs + 1 + lines_up_to(menu, 0) <= bottom - top;
    const char *group = NULL;
    size_t i;

    skip = signs + named + lines_up_to(menu, menu->selected) - (bottom - top);
    line = top - (skip > 0 ? skip : 0);
    line += legend(screen, line, top, bottom, named);

    for (i = 0; i < menu->count; i++) {
        if (!group || strcmp(group, menu->items[i]->group) != 0) {
            group = menu->items[i]->group;
            menu_item(screen, line++, NULL, group);
        }
        if (menu_item(screen, line++, menu->items[i], NULL) && i == menu->selected)
            *y = line - 1;
    }
    *x = 0;
    if (screen->layout.heading < 0)
        return;
    typed = menu_title(screen, screen->layout.heading);
    if (menu->typing) {
        *y = screen->layout.heading;
        *x = typed;
    }
}
