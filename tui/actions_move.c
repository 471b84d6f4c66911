#include "tui/actions.h"
#include "tui/actions_filter.h"

const char *blocked_empty(const struct screen *screen)
{
    if (rows_count(screen->rows))
        return NULL;
    return screen->filter ? "the filter hides everything; {back} clears it"
                          : "nothing is here yet; {add} adds a domain";
}

static void scroll_detail(struct screen *screen, long delta)
{
    long to = (long)screen->detail.scroll + delta;

    screen->detail.scroll = to < 0 ? 0 : (size_t)to; /* the painter stops it at the end */
}

static void step(struct screen *screen, long delta)
{
    if (screen->detail.focused)
        scroll_detail(screen, delta);
    else
        cursor_move(&screen->cursor, screen->rows, delta, state_tree_height(screen));
}

static void page(struct screen *screen, long halves)
{
    long height = (long)state_tree_height(screen);

    if (screen->detail.focused)
        scroll_detail(screen, halves * screen->layout.detail.height / 2);
    else
        cursor_page(&screen->cursor, screen->rows, halves * (height > 2 ? height : 2) / 2, (size_t)height);
}

void action_down(struct screen *screen)
{
    step(screen, 1);
}

void action_up(struct screen *screen)
{
    step(screen, -1);
}

void action_page_down(struct screen *screen)
{
    page(screen, 2);
}

void action_page_up(struct screen *screen)
{
    page(screen, -2);
}

void action_half_down(struct screen *screen)
{
    page(screen, 1);
}

void action_half_up(struct screen *screen)
{
    page(screen, -1);
}

static void far(struct screen *screen, int direction)
{
    long most = (long)rows_count(screen->rows);

    if (screen->detail.focused)
        scroll_detail(screen, direction * (long)screen->detail.page.count);
    else
        cursor_page(&screen->cursor, screen->rows, direction * most, state_tree_height(screen));
}

void action_first(struct screen *screen)
{
    far(screen, -1);
}

void action_last(struct screen *screen)
{
    far(screen, 1);
}

void action_detail_down(struct screen *screen)
{
    scroll_detail(screen, 1);
}

void action_detail_up(struct screen *screen)
{
    scroll_detail(screen, -1);
}

static void set_open(struct screen *screen, bool open)
{
    rows_set_open(screen->rows, &screen->cursor.row, open);
    screen->cursor.anchored = true;
}

void action_fold(struct screen *screen)
{
    const struct row *row = &screen->cursor.row;
    struct row parent = rows_parent(screen->rows, row);

    if (rows_is_open(screen->rows, row) && rows_has_children(screen->rows, row))
        set_open(screen, false);
    else if (parent.kind != ROW_NONE)
        cursor_select(&screen->cursor, screen->rows, &parent, state_tree_height(screen));
}

void action_unfold(struct screen *screen)
{
    const struct row *row = &screen->cursor.row;

    if (!rows_has_children(screen->rows, row))
        return;
    if (rows_is_open(screen->rows, row))
        cursor_move(&screen->cursor, screen->rows, 1, state_tree_height(screen));
    else
        set_open(screen, true);
}

void action_toggle(struct screen *screen)
{
    const struct row *row = &screen->cursor.row;

    if (rows_has_children(screen->rows, row)) {
        set_open(screen, !rows_is_open(screen->rows, row));
        return;
    }
    screen->detail.focused = !screen->detail.focused;
    if (screen->detail.size == PANE_NONE || !screen->layout.detail.height)
        screen->detail.size = PANE_LARGE;
}

static void fold_to(struct screen *screen, unsigned depth)
{
    rows_fold_to_depth(screen->rows, depth);
    screen->cursor.anchored = true;
    filter_rearranged(screen);
}

void action_fold_all(struct screen *screen)
{
    fold_to(screen, rows_depth(screen->rows) > 2 ? 2 : 4);
}

void action_depth_1(struct screen *screen)
{
    fold_to(screen, 1);
}

void action_depth_2(struct screen *screen)
{
    fold_to(screen, 2);
}

void action_depth_3(struct screen *screen)
{
    fold_to(screen, 3);
}

void action_depth_4(struct screen *screen)
{
    fold_to(screen, 4);
}

void action_depth_5(struct screen *screen)
{
    fold_to(screen, 5);
}

const char *blocked_no_problem(const struct screen *screen)
{
    return state_problems(screen) ? NULL : "no target has a problem";
}

static void go_to_problem(struct screen *screen, bool forward)
{
    struct row hit;

    if (!rows_next_problem(screen->rows, &screen->cursor.row, forward, &hit)) {
        state_say(screen, STYLE_MESSAGE, "the filter hides all problems; {back} shows everything");
        return;
    }
    screen->walked_to = hit;
    rows_reveal(screen->rows, &hit, NULL);
    cursor_select(&screen->cursor, screen->rows, &hit, state_tree_height(screen));
}

void action_next_problem(struct screen *screen)
{
    go_to_problem(screen, true);
}

void action_previous_problem(struct screen *screen)
{
    go_to_problem(screen, false);
}
