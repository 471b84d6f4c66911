#include "tui/press.h"
#include "tui/menu.h"
#include "tui/view_parts.h"

#include "tui/detail.h"
#include "tui/detail_since.h"

#include <curses.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Builds the page again only when its row, the width or the model changed. */
static void refresh_page(struct screen *screen)
{
    struct detail_pane *pane = &screen->detail;
    int width = screen->layout.detail.width;
    bool same = row_equal(&pane->row, &screen->cursor.row);

    if (same && pane->page.width == width && !pane->stale)
        return;
    if (!same)
        pane->scroll = 0;
    page_release(&pane->page);
    page_init(&pane->page, width, screen->painter.ascii);
    pane->page.keymap = &screen->keymap;
    pane->row = screen->cursor.row;
    pane->stale = false;
    detail_since(&pane->page, &screen->against, &pane->row);
    detail_build(&pane->page, screen->model, screen->rows, &pane->row, model_time(screen->model));
}

static void stop_scroll(struct detail_pane *pane, int height)
{
    size_t most = pane->page.count > (size_t)height ? pane->page.count - (size_t)height : 0;

    if (pane->scroll > most)
        pane->scroll = most;
}

/* How much of the page is shown or scrolled by: " 1-14 of 111, 13 % "; nothing when all of it is. */
static void say_place(const struct detail_pane *pane, int height, char *out, size_t size)
{
    size_t end = pane->scroll + (size_t)height, count = pane->page.count;

    out[0] = 0;
    if (count <= (size_t)height)
        return;
    if (COLS >= 60)
        snprintf(out, size, " %zu-%zu of %zu, %zu %% ", pane->scroll + 1, end, count, end * 100 / count);
    else
        snprintf(out, size, " %zu %% ", end * 100 / count);
}

static void paint_frame(const struct screen *screen)
{
    const struct layout *layout = &screen->layout;
    const struct painter *painter = &screen->painter;
    const struct detail_pane *pane = &screen->detail;
    char place[64], *title;
    int y, x;

    say_place(pane, layout->detail.height, place, sizeof place);
    for (y = 0; layout->wall >= 0 && y < layout->detail.height; y++)
        paint_line(painter, layout->detail.y + y, layout->wall, 1, STYLE_RULE, GLYPH_WALL);
    title = detail_title(screen->model, screen->rows, &pane->row, painter->ascii);
    if (layout->rule >= 0)
        paint_line(painter, layout->rule, 0, COLS, STYLE_RULE, GLYPH_RULE);
    y = layout->rule >= 0 ? layout->rule : layout->heading;
    x = layout->rule >= 0 ? 1 : layout->detail.x - 1;
    if (y >= 0 && *title)
        paintf(painter, y, x, COLS - x - 1 - (int)strlen(place), pane->focused ? STYLE_TITLE : STYLE_STRONG,
               " %s%s ", title, pane->focused ? " (keys scroll here, Esc goes back)" : "");
    if (y >= 0)
        paint(painter, y, COLS - 1 - (int)strlen(place), (int)strlen(place), STYLE_DIM, place);
    free(title);
}

static void paint_page(const struct screen *screen)
{
    const struct area *area = &screen->layout.detail;
    const struct detail_pane *pane = &screen->detail;
    int y;
    size_t i;

    for (y = 0; y < area->height && pane->scroll + (size_t)y < pane->page.count; y++) {
        const struct page_line *line = &pane->page.lines[pane->scroll + (size_t)y];

        for (i = 0; i < line->count; i++)
            paint(&screen->painter, area->y + y, area->x + line->spans[i].column,
                  area->width - line->spans[i].column, line->spans[i].style, line->spans[i].text);
    }
}

void view_detail(struct screen *screen)
{
    if (screen->layout.detail.height <= 0 || screen->layout.detail.width <= 0)
        return;
    refresh_page(screen);
    stop_scroll(&screen->detail, screen->layout.detail.height);
    paint_frame(screen);
    paint_page(screen);
}
