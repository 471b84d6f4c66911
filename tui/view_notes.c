#include "tui/view_parts.h"

#include <curses.h>

#define NOTES_MOST 2000 /* that the page shows */

/* What reading the inputs left to say, a paragraph each. */
void view_notes(struct screen *screen)
{
    const struct strings *notes = model_notes(screen->model);
    struct page page;
    size_t i;

    page_init(&page, view_page_width(), screen->painter.ascii);
    for (i = 0; i < notes->count && i < NOTES_MOST; i++)
        page_wrap(&page, 0, STYLE_TEXT, notes->items[i]);
    if (notes->count > NOTES_MOST)
        page_putf(&page, 0, STYLE_DIM, "and %zu more", notes->count - NOTES_MOST);
    if (notes->count > NOTES_MOST)
        page_end(&page);
    view_page(screen, COLS >= 60 ? "Inputs: what gave no target and why, and what was assumed" : "Inputs",
              &page, &screen->page_scroll);
    page_release(&page);
}
