#include "tui/view.h"

#include "engine/base/buf.h"
#include "tui/preflight_page.h"
#include "tui/view_parts.h"

#include <curses.h>
#include <wchar.h>

void view_layout(struct screen *screen)
{
    bool notice = preflight_page_troubles(model_preflight(screen->model)) > 0;
    enum pane_size pane;

    if (screen->model_dirty)
        state_sync(screen);
    pane = rows_targets(screen->rows) ? screen->detail.size : PANE_NONE;
    layout_make(&screen->layout, LINES, COLS, pane,
                (notice ? LAYOUT_NOTICE : 0) | (screen->against.path ? LAYOUT_SINCE : 0));
    if (!screen->layout.detail.height)
        screen->detail.focused = false;
    cursor_place(&screen->cursor, screen->rows, state_tree_height(screen));
}

void view_paint(struct screen *screen)
{
    int y = screen->layout.tree.y + (int)screen->cursor.line, x = 0;

    erase();
    view_header(screen);
    if (screen->mode == MODE_MENU) {
        view_menu(screen, &y, &x);
    } else if (screen->mode == MODE_PREFLIGHT) {
        view_preflight(screen);
        y = screen->layout.tree.y;
    } else if (screen->mode == MODE_NOTES) {
        view_notes(screen);
        y = screen->layout.tree.y;
    } else if (screen->mode == MODE_PASTED) {
        view_pasted(screen);
        y = screen->layout.tree.y;
    } else {
        view_tree(screen);
        view_detail(screen);
    }
    if (screen->mode == MODE_PROMPT)
        view_candidates(screen);
    view_footer(screen, &y, &x);
    if (y >= LINES)
        y = LINES - 1;
    if (x >= COLS)
        x = COLS - 1;
    move(y, x);
    wnoutrefresh(stdscr);
}

static void add_wide(struct buf *out, wchar_t c)
{
    uint32_t u = (uint32_t)c;

    if (u < 0x80) {
        buf_u8(out, (uint8_t)u);
    } else if (u < 0x800) {
        buf_u8(out, (uint8_t)(0xc0 | u >> 6));
        buf_u8(out, (uint8_t)(0x80 | (u & 0x3f)));
    } else if (u < 0x10000) {
        buf_u8(out, (uint8_t)(0xe0 | u >> 12));
        buf_u8(out, (uint8_t)(0x80 | (u >> 6 & 0x3f)));
        buf_u8(out, (uint8_t)(0x80 | (u & 0x3f)));
    } else {
        buf_u8(out, (uint8_t)(0xf0 | u >> 18));
        buf_u8(out, (uint8_t)(0x80 | (u >> 12 & 0x3f)));
        buf_u8(out, (uint8_t)(0x80 | (u >> 6 & 0x3f)));
        buf_u8(out, (uint8_t)(0x80 | (u & 0x3f)));
    }
}

static int add_cell(struct buf *out, int y, int x)
{
    wchar_t text[CCHARW_MAX + 1] = {0};
    attr_t attributes;
    short pair;
    cchar_t cell;
    int i, columns;

    if (mvin_wch(y, x, &cell) == ERR || getcchar(&cell, text, &attributes, &pair, NULL) == ERR)
        return 1;
    for (i = 0; text[i]; i++)
        add_wide(out, text[i]);
    columns = text[0] ? wcwidth(text[0]) : 1;
    return columns > 1 ? columns : 1;
}

char *view_text(void)
{
    struct buf out;
    int y, x, at_y, at_x;

    getyx(stdscr, at_y, at_x);
    buf_init(&out, 0);
    for (y = 0; y < LINES; y++) {
        for (x = 0; x < COLS;)
            x += add_cell(&out, y, x);
        while (out.length && out.bytes[out.length - 1] == ' ')
            out.length--;
        buf_u8(&out, '\n');
    }
    move(at_y, at_x);
    return buf_take_string(&out);
}
