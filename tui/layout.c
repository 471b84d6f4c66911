#include "tui/layout.h"

#include <string.h>

enum {
    VERDICT_WIDTH = 14,
    VERSIONS_WIDTH = 10,
    MAIL_WIDTH = 17,
    ROUTE_WIDTH = 18,
    REASON_WIDTH = 27, /* the longest reason's name */
    NAME_ROOM = 8,     /* more for the name before there is a route */
    NAME_MOST = 48,
    ROUTE_MOST = 30,
    BAR_LINES = 30, /* fewer have no line for the bar */
};

static int pane_height(int room, enum pane_size pane)
{
    int height = pane == PANE_NONE ? 0 : pane == PANE_NORMAL ? room * 2 / 5 : room * 4 / 5;

    return room < 12 && pane == PANE_NORMAL ? 0 : height;
}

static int pane_width(int columns, enum pane_size pane)
{
    return pane == PANE_NONE ? 0 : pane == PANE_NORMAL ? columns * 2 / 5 : columns * 2 / 3;
}

static void beside(struct layout *layout, int columns, enum pane_size pane)
{
    int width = pane_width(columns, pane);

    if (!width)
        return;
    layout->wall = columns - width - 1;
    layout->tree.width = layout->wall;
    layout->detail = layout->tree;
    layout->detail.x = layout->wall + 2;
    layout->detail.width = width - 1;
}

static void below(struct layout *layout, int columns, enum pane_size pane)
{
    int height = pane_height(layout->tree.height, pane);

    if (height < 2)
        return;
    layout->tree.height -= height;
    layout->rule = layout->tree.y + layout->tree.height;
    layout->detail =
        (struct area){layout->rule + 1, columns > 2, height - 1, columns > 2 ? columns - 2 : columns};
}

void layout_make(struct layout *layout, int lines, int columns, enum pane_size pane, unsigned extras)
{
    int y = 0;

    memset(layout, 0, sizeof *layout);
    layout->title = lines >= 4 ? y++ : -1;
    layout->counts = lines >= 9 ? y++ : -1;
    layout->bar = lines >= BAR_LINES ? y++ : -1;
    layout->since = extras & LAYOUT_SINCE && lines >= 10 ? y++ : -1;
    layout->notice = extras & LAYOUT_NOTICE && lines >= 7 ? y++ : -1;
    layout->heading = lines >= 8 ? y++ : -1;
    layout->footer = lines >= 2 ? lines - 1 : -1;
    layout->rule = layout->wall = -1;
    layout->tree = (struct area){y, 0, lines - y - (layout->footer >= 0), columns};
    if (columns >= LAYOUT_WIDE)
        beside(layout, columns, pane);
    else
        below(layout, columns, pane);
}

static void give(int *left, struct area_span *span, int width)
{
    if (*left < width)
        *left = 0;
    else
        span->width = width;
    *left -= span->width;
}

static void place(int *x, struct area_span *span)
{
    span->x = *x;
    *x += span->width;
}

/* What the name does not need goes to the route, and from there to the reason. */
static void spread(struct columns *columns)
{
    if (columns->route.width && columns->name.width > NAME_MOST) {
        columns->route.width += columns->name.width - NAME_MOST;
        columns->name.width = NAME_MOST;
    }
    if (columns->route.width > ROUTE_MOST) {
        columns->reason.width += columns->route.width - ROUTE_MOST;
        columns->route.width = ROUTE_MOST;
    }
}

void layout_columns(struct columns *columns, int width)
{
    int least = width < 60 ? 20 : width < 90 ? 26 : 32, left = width - least, x = 0;

    memset(columns, 0, sizeof *columns);
    if (left >= VERDICT_WIDTH)
        give(&left, &columns->verdict, VERDICT_WIDTH);
    else if (width >= 8)
        columns->verdict.width = 2;
    give(&left, &columns->mail, MAIL_WIDTH);
    give(&left, &columns->versions, VERSIONS_WIDTH);
    give(&left, &columns->reason, REASON_WIDTH);
    left -= left > NAME_ROOM ? NAME_ROOM : left;
    give(&left, &columns->route, ROUTE_WIDTH);
    columns->name.width = width - columns->verdict.width - columns->mail.width - columns->versions.width -
                          columns->route.width - columns->reason.width;
    spread(columns);
    place(&x, &columns->name);
    place(&x, &columns->verdict);
    place(&x, &columns->versions);
    place(&x, &columns->mail);
    place(&x, &columns->route);
    place(&x, &columns->reason);
}
