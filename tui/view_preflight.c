#include "tui/preflight_page.h"
#include "tui/view_parts.h"

#include "engine/base/mem.h"

#include <curses.h>
#include <stdlib.h>

static void paint_lines(const struct screen *screen, const struct page *page, size_t first,
                        const struct area *area)
{
    for (int y = 0; y < area->height && first + (size_t)y < page->count; y++) {
        const struct page_line *line = &page->lines[first + (size_t)y];

        for (size_t i = 0; i < line->count; i++)
            paint(&screen->painter, area->y + y, area->x + line->spans[i].column,
                  area->width - line->spans[i].column, line->spans[i].style, line->spans[i].text);
    }
}

void view_preflight_part(const struct screen *screen, const struct area *area)
{
    struct page page;

    page_init(&page, area->width, screen->painter.ascii);
    preflight_page_build(&page, model_preflight(screen->model));
    paint_lines(screen, &page, 0, area);
    page_release(&page);
}

void view_page_part(const struct screen *screen, const struct page *page, const struct area *area)
{
    paint_lines(screen, page, 0, area);
}

int view_page_width(void)
{
    return COLS - 2;
}

void view_page(const struct screen *screen, const char *title, const struct page *page, size_t *scroll)
{
    int top = screen->layout.tree.y, bottom = screen->layout.footer >= 0 ? screen->layout.footer : LINES;
    const struct area area = {top, 1, bottom - top, view_page_width()};
    size_t most = page->count > (size_t)area.height ? page->count - (size_t)area.height : 0;

    if (*scroll > most)
        *scroll = most;
    if (screen->layout.heading >= 0)
        paint(&screen->painter, screen->layout.heading, 1, COLS - 2, STYLE_TITLE, title);
    paint_lines(screen, page, *scroll, &area);
}

void view_preflight(struct screen *screen)
{
    struct page page;

    page_init(&page, view_page_width(), screen->painter.ascii);
    preflight_page_build(&page, model_preflight(screen->model));
    view_page(screen, COLS >= 60 ? "Preflight: the place that probes leave from" : "Preflight", &page,
              &screen->page_scroll);
    page_release(&page);
}

void view_notice(const struct screen *screen, int y)
{
    const struct painter *painter = &screen->painter;
    const struct preflight *preflight = model_preflight(screen->model);
    unsigned troubles = preflight_page_troubles(preflight);
    char *more = troubles > 1 ? mem_format("(+%u)", troubles - 1) : mem_string("");
    int width = painter_width(more, painter->ascii), right = COLS - 1 - width;
    const struct preflight_check *check;
    enum check first;

    if (preflight_trouble(preflight, &first)) {
        check = &preflight->checks[first];
        paint(painter, y, 1, 1, STYLE_KEY, "!");
        paint(painter, y, 3, right - 4, STYLE_CAUTION, check->detail ? check->detail : check_name(first));
        paint(painter, y, right, width, STYLE_CAUTION, more);
    }
    free(more);
}
