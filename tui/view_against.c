#include "tui/view_parts.h"

/* What changed since the earlier session, by kind. */
void view_against(struct screen *screen)
{
    const struct page *page = against_page(&screen->against, view_page_width(), screen->painter.ascii);

    view_page(screen, screen->against.title, page, &screen->page_scroll);
}
