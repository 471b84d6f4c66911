#include "tui/mouse.h"

#include "tui/actions.h"
#include "tui/keys.h"
#include "tui/press.h"

enum { BUTTON_LEFT = 0, WHEEL_UP = 64, WHEEL_DOWN = 65, MODIFIERS = 4 | 8 | 16, WHEEL_LINES = 3 };

static bool is_inside(const struct area *area, const struct report_mouse *mouse)
{
    int y = (int)mouse->line - area->y, x = (int)mouse->column - area->x;

    return y >= 0 && y < area->height && x >= 0 && x < area->width;
}

/* Where view_tree paints the mark. */
static bool is_fold_mark(const struct row *row, const struct report_mouse *mouse)
{
    return mouse->column == 1 + 2 * row_depth(row);
}

static void click_row(struct screen *screen, const struct report_mouse *mouse)
{
    size_t index = screen->cursor.top + mouse->line - (size_t)screen->layout.tree.y;
    bool again;
    struct row row;

    screen->detail.focused = false;
    if (index >= rows_count(screen->rows))
        return;
    row = rows_at(screen->rows, index);
    again = row_equal(&row, &screen->cursor.row);
    cursor_select(&screen->cursor, screen->rows, &row, state_tree_height(screen));
    if (rows_has_children(screen->rows, &row) && (again || is_fold_mark(&row, mouse)))
        action_toggle(screen);
}

static void click(struct screen *screen, const struct report_mouse *mouse)
{
    if (is_inside(&screen->layout.tree, mouse))
        click_row(screen, mouse);
    else if (is_inside(&screen->layout.detail, mouse))
        screen->detail.focused = true;
}

static void scroll(struct screen *screen, const struct report_mouse *mouse, bool down)
{
    int i;

    if (is_inside(&screen->layout.tree, mouse))
        cursor_page(&screen->cursor, screen->rows, down ? WHEEL_LINES : -WHEEL_LINES,
                    state_tree_height(screen));
    for (i = 0; i < WHEEL_LINES && is_inside(&screen->layout.detail, mouse); i++) {
        if (down)
            action_detail_down(screen);
        else
            action_detail_up(screen);
    }
}

/* Lists and pages know the keys that scroll; prompts and questions want an answer first. */
static void scroll_list(struct screen *screen, bool down)
{
    int i;

    if (screen->mode == MODE_PROMPT || screen->mode == MODE_CONFIRM)
        return;
    for (i = 0; i < WHEEL_LINES; i++)
        keys_press(screen, down ? PRESS_DOWN : PRESS_UP);
}

void mouse_take(struct screen *screen, const struct report_mouse *mouse)
{
    unsigned button = mouse->button & ~(unsigned)MODIFIERS;
    bool wheel = button == WHEEL_UP || button == WHEEL_DOWN;

    if (mouse->released)
        return;
    if (wheel && screen->mode == MODE_TREE)
        scroll(screen, mouse, button == WHEEL_DOWN);
    else if (wheel)
        scroll_list(screen, button == WHEEL_DOWN);
    else if (button == BUTTON_LEFT && screen->mode == MODE_TREE)
        click(screen, mouse);
}
