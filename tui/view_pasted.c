#include "tui/view_parts.h"

#include "engine/base/mem.h"

#include <stdlib.h>

void view_pasted(struct screen *screen)
{
    bool asked = screen->pasted.state == PASTED_ASKED;
    char *sentence = pasted_sentence(&screen->pasted);
    char *name = pasted_name(&screen->pasted);
    char *title = mem_format(
        "%s%s", name, screen->pasted_again ? "; answer this first, what came after it is left out" : "");
    struct page page;

    page_init(&page, view_page_width(), screen->painter.ascii);
    pasted_page_build(&page, &screen->pasted, screen->model);
    view_page(screen, asked ? title : sentence, &page, &screen->pasted_scroll);
    page_release(&page);
    free(title);
    free(name);
    free(sentence);
}
