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

void view_preflight(struct screen *screen)
{
    int top = screen->layout.tree.y, bottom = screen->layout.footer >= 0 ? screen->layout.footer : LINES;
    const struct area area = {top, 1, bottom - top, COLS - 2};
    struct page page;
    size_t most;

    page_init(&page, area.width, screen->painter.ascii);
    preflight_page_build(&page, model_preflight(screen->model));
    most = page.count > (size_t)area.height ? page.count - (size_t)area.height : 0;
    if (screen->preflight_scroll > most)
        screen->preflight_scroll = most;
    if (screen->layout.heading >= 0)
        paintf(&screen->painter, screen->layout.heading, 1, COLS - 2, STYLE_TITLE, "Preflight%s",
               COLS >= 60 ? ": the place that probes leave from" : "");
    paint_lines(screen, &page, screen->preflight_scroll, &area);
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
