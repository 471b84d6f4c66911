#include "tui/view_parts.h"

#include "engine/base/mem.h"

#include <curses.h>
#include <stdlib.h>

enum { GAP = 2, LABEL_MOST = 40, HELP_LEAST = 20 };

/* A grid of cells, filled line by line. */
struct grid {
    int label, cell; /* widths */
    int across, lines;
    bool help;
    size_t first; /* the first candidate that is seen */
};

static int wider(int a, int b)
{
    return a > b ? a : b;
}

static void measure(const struct screen *screen, int *label, int *help)
{
    const struct candidates *list = &screen->candidates;
    bool ascii = screen->painter.ascii;
    size_t i;

    *label = *help = 0;
    for (i = 0; i < list->count; i++) {
        *label = wider(*label, painter_width(list->items[i].label, ascii));
        if (list->items[i].help)
            *help = wider(*help, painter_width(list->items[i].help, ascii));
    }
    if (*label > LABEL_MOST)
        *label = LABEL_MOST;
}

static void fit(struct grid *grid, int cell, size_t count)
{
    int room = COLS - 1;

    grid->cell = cell > room ? room : cell;
    grid->across = grid->cell > 0 ? room / grid->cell : 0;
    if (grid->across < 1)
        grid->across = 1;
    grid->lines = (int)((count + (size_t)grid->across - 1) / (size_t)grid->across);
}

/* With help in full, with as much of it as two columns leave, then without; what is still too much scrolls.
 */
static void arrange(const struct screen *screen, struct grid *grid, int most)
{
    size_t count = screen->candidates.count, chosen = screen->candidates.chosen;
    int help;

    measure(screen, &grid->label, &help);
    grid->help = help > 0;
    fit(grid, grid->label + GAP + (help ? help + GAP : 0), count);
    if (help && grid->lines > most && (COLS - 1) / 2 >= grid->label + GAP + HELP_LEAST)
        fit(grid, (COLS - 1) / 2, count);
    if (grid->lines > most) {
        grid->help = false;
        fit(grid, grid->label + GAP, count);
    }
    grid->first = 0;
    if (grid->lines <= most)
        return;
    grid->lines = most;
    if (chosen > (size_t)(most * grid->across))
        grid->first = ((chosen - 1) / (size_t)grid->across + 1 - (size_t)most) * (size_t)grid->across;
}

static void paint_candidate(const struct screen *screen, const struct grid *grid, size_t place, int y, int x)
{
    const struct candidate *item = &screen->candidates.items[place];
    const struct painter *painter = &screen->painter;
    bool chosen = place + 1 == screen->candidates.chosen;
    int width = grid->help ? grid->label : grid->cell - GAP;

    paint(painter, y, x, width, chosen ? STYLE_SELECTED : STYLE_STRONG, item->label);
    if (grid->help && item->help)
        paint(painter, y, x + grid->label + GAP, grid->cell - grid->label - 2 * GAP, STYLE_DIM, item->help);
}

static void paint_grid(const struct screen *screen, const struct grid *grid, int top)
{
    size_t place = grid->first;
    int line, column;

    for (line = 0; line < grid->lines; line++) {
        paint_cell(&screen->painter, top + line, 0, COLS, STYLE_TEXT, "");
        for (column = 0; column < grid->across && place < screen->candidates.count; column++, place++)
            paint_candidate(screen, grid, place, top + line, 1 + column * grid->cell);
    }
}

/* What the list leaves out, or how it is used, on its own line. */
static void paint_remark(const struct screen *screen, const struct grid *grid, int y)
{
    const struct candidates *list = &screen->candidates;
    size_t seen = (size_t)(grid->lines * grid->across);
    bool all = !list->more && seen >= list->count,
         terms = screen->asking == ASK_FILTER && !screen->prompt.length;

    paint_cell(&screen->painter, y, 0, COLS, STYLE_TEXT, "");
    if (!list->count)
        paint(&screen->painter, y, 1, COLS - 2, STYLE_DIM, "nothing to complete here");
    else if (all)
        paint(&screen->painter, y, 1, COLS - 2, STYLE_DIM,
              terms ? "Tab puts one in; ! before it turns it around; Up: earlier ones"
                    : "Tab puts one in, and then the next");
    else
        paintf(&screen->painter, y, 1, COLS - 2, STYLE_DIM, "%zu%s; Tab goes on through them", list->count,
               list->more ? " and more" : "");
}

void view_candidates(const struct screen *screen)
{
    int footer = screen->layout.footer, most = footer / 2 - 1;
    struct grid grid = {.lines = 0};

    if (!screen->candidates.shown || screen->prompt_error || most < 1)
        return;
    if (screen->candidates.count)
        arrange(screen, &grid, most);
    paint_remark(screen, &grid, footer - 1 - grid.lines);
    paint_grid(screen, &grid, footer - grid.lines);
}
