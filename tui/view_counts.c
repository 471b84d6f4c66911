#include "tui/view_parts.h"

#include "engine/base/mem.h"
#include "tui/bar.h"

#include <curses.h>
#include <stdlib.h>

enum {
    VERDICTS_LEAST = 16,
    VERDICTS_MOST = 120,
    VERDICTS_FROM = 100, /* columns of the screen for the bar beside the counts */
    WORDS_FROM = 140,    /* for the counts' words: by width alone, so that they don't come and go */
    BRIEF_BELOW = 60,
    FILTER_LEAST = 8 /* columns that a filter's text gets before any count */
};

static unsigned count_of(const struct screen *screen, enum verdict verdict)
{
    return rows_all_verdicts(screen->rows)[verdict];
}

void view_verdicts(const struct screen *screen, int y, int x, int width)
{
    unsigned verdicts[verdict_count];
    int cells[verdict_count], v, i;

    if (width > VERDICTS_MOST)
        width = VERDICTS_MOST;
    for (v = 0; v < verdict_count; v++)
        verdicts[v] = count_of(screen, (enum verdict)v);
    if (!bar_split(verdicts, verdict_count, width, cells))
        return;
    for (v = verdict_count - 1; v >= 0; v--)
        for (i = 0; i < cells[v]; i++)
            x += paint(&screen->painter, y, x, 1, theme_verdict_style((enum verdict)v),
                       theme_verdict_glyph((enum verdict)v, screen->painter.ascii));
}

static char *count_text(const struct screen *screen, enum verdict verdict, bool words)
{
    const char *glyph = theme_verdict_glyph(verdict, screen->painter.ascii);
    unsigned count = count_of(screen, verdict);

    if (!count)
        return NULL;
    return words ? mem_format("%s %u %s", glyph, count, verdict_title(verdict))
                 : mem_format("%s %u", glyph, count);
}

/* Paints, or only measures, the counts from worst to best, with the gap behind them; those that don't fit
 * whole are left out from the best on, behind an ellipsis. */
static int counts(const struct screen *screen, int y, int width, bool words, bool measure)
{
    const struct painter *painter = &screen->painter;
    int used = 0, v;

    for (v = verdict_count - 1; v >= 0; v--) {
        char *text = count_text(screen, (enum verdict)v, words);
        int wide = text ? painter_width(text, painter->ascii) + 2 : 0;
        bool fits = measure || used + wide <= width;

        if (text && !measure)
            paint(painter, y, 1 + used, width - used, fits ? theme_verdict_style((enum verdict)v) : STYLE_DIM,
                  fits ? text : theme_glyph(GLYPH_ELLIPSIS, painter->ascii));
        free(text);
        if (!fits)
            return width;
        used += wide;
    }
    return used;
}

/* Behind what is shown of all: ", 2 gone", ", 3 tagged"; the caller frees. */
static char *besides_text(const struct screen *screen, bool brief)
{
    size_t gone = brief && rows_shown(screen->rows) ? 0 : rows_ghosts_shown(screen->rows),
           tagged = rows_tagged(screen->rows);
    char *first = gone ? mem_format(", %zu gone", gone) : mem_string(""), *text;

    text = tagged ? mem_format("%s, %zu tagged", first, tagged) : mem_string(first);
    free(first);
    return text;
}

/* "2 of 8", "2/8", "3 tagged of 8", "2 of 8, 3 tagged", "2 of 8, 1 gone", "8 targets". */
static char *number_text(const struct screen *screen, bool brief)
{
    size_t targets = rows_targets(screen->rows), tagged = rows_tagged(screen->rows);
    size_t shown = rows_shown(screen->rows);

    if (screen->filter) {
        char *besides = besides_text(screen, brief);
        char *text = mem_format(brief ? "%zu/%zu%s" : "%zu of %zu%s", shown, targets, besides);

        free(besides);
        return text;
    }
    if (tagged)
        return mem_format(brief ? "%zu/%zu tagged" : "%zu tagged of %zu", tagged, targets);
    return mem_format("%zu target%s", targets, targets == 1 ? "" : "s");
}

/* With the filter's text; *least becomes the columns that it can't be shortened below. */
static char *shown_text(const struct screen *screen, bool brief, int *least)
{
    bool ascii = screen->painter.ascii, must = screen->filter || rows_tagged(screen->rows);
    char *number = number_text(screen, brief), *text;
    int width;

    if (!screen->filter) {
        *least = must ? painter_width(number, ascii) : 0;
        return number;
    }
    text = mem_format("%s: %s", number, screen->filter_text);
    width = painter_width(text, ascii);
    *least = painter_width(number, ascii) + FILTER_LEAST;
    *least = width < *least ? width : *least;
    free(number);
    return text;
}

char *view_shown(const struct screen *screen)
{
    int least;

    return shown_text(screen, true, &least);
}

/* Until when the session is saved, at the line's end, where there is room beside `needed` columns; that it is
 * not saved needs no leave. Returns the columns that it took. */
static int paint_saved(const struct screen *screen, int y, int room, int needed)
{
    const struct painter *painter = &screen->painter;
    int width = screen->saved && *screen->saved ? painter_width(screen->saved, painter->ascii) + 2 : 0;

    if (width > room || (!screen->not_saved && width > room - needed))
        return 0;
    if (width)
        paint(painter, y, 1 + room - width + 2, width - 2, screen->not_saved ? STYLE_ERROR : STYLE_DIM,
              screen->saved);
    return width;
}

/* Beside the counts stands what is shown of all: its text costs first the bar, then the counts' words, then
 * gets shorter itself, then costs counts. Its number stays. */
void view_counts(const struct screen *screen, int y)
{
    const struct painter *painter = &screen->painter;
    int room = COLS - 2, least, width, used;
    bool cut;
    char *shown = shown_text(screen, COLS < BRIEF_BELOW, &least);
    int whole = painter_width(shown, painter->ascii);
    bool words;

    room -= paint_saved(screen, y, room, counts(screen, y, 0, false, true) + whole);
    words = COLS >= WORDS_FROM && counts(screen, y, 0, true, true) <= room - whole;

    used = counts(screen, y, 0, words, true);
    cut = used > room - least;
    if (cut)
        used = room > least ? room - least : 0;
    width = whole < room - used ? whole : room - used;
    if (!least && width < whole)
        width = 0;
    counts(screen, y, width ? used - cut : room, words, false);
    if (screen->layout.bar < 0 && width && COLS >= VERDICTS_FROM && room - width - used - 1 >= VERDICTS_LEAST)
        view_verdicts(screen, y, 1 + used + 1, room - width - used - 2);
    paint(painter, y, 1 + room - width, width, screen->filter ? STYLE_MESSAGE : STYLE_DIM, shown);
    free(shown);
}
