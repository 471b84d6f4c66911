#include "tui/actions.h"
#include "tui/detail_transcript.h"

#include <stdlib.h>
#include <time.h>

enum { WIDTH_LEAST = 60, WIDTH_MOST = 120 };

const char *blocked_no_transcript(const struct screen *screen)
{
    if (screen->headless)
        return "there is no terminal here for a pager";
    return blocked_not_target(screen);
}

void action_transcript(struct screen *screen)
{
    const struct layout *layout = &screen->layout;
    int width = layout->tree.width + (layout->wall >= 0 ? layout->detail.width : 0);

    width = width < WIDTH_LEAST ? WIDTH_LEAST : width > WIDTH_MOST ? WIDTH_MOST : width;
    free(screen->reading);
    screen->reading = detail_transcript(screen->model, screen->rows, &screen->cursor.row, width,
                                        screen->painter.ascii, (int64_t)time(NULL));
}
