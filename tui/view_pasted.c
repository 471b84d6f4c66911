#include "tui/view_parts.h"

#include <stdlib.h>

void view_pasted(struct screen *screen)
{
    bool asked = screen->pasted.state == PASTED_ASKED;
    char *sentence = pasted_sentence(&screen->pasted);
    const char *title =
        screen->pasted_again ? "Pasted; answer this first, what came after it is left out" : "Pasted";
    struct page page;

    page_init(&page, view_page_width(), screen->painter.ascii);
    pasted_page_build(&page, &screen->pasted);
    view_page(screen, asked ? title : sentence, &page, &screen->pasted_scroll);
    page_release(&page);
    free(sentence);
}
