#include "tui/cursor.h"

static size_t clamp_index(long index, size_t count)
{
    if (!count || index < 0)
        return 0;
    return (size_t)index < count ? (size_t)index : count - 1;
}

/* The chosen line, or as near as leaves no line empty below while rows are hidden above. */
static size_t line_for(const struct cursor *cursor, size_t count, size_t height)
{
    size_t line = cursor->wanted < height ? cursor->wanted : height ? height - 1 : 0;
    size_t least = count <= height                  ? cursor->index
                   : cursor->index + height > count ? cursor->index + height - count
                                                    : 0;

    if (line < least)
        line = least;
    return line < cursor->index ? line : cursor->index;
}

/* What took the place of a ghost that went. */
static void leave_ghost(struct cursor *cursor, const struct rows *rows)
{
    uint32_t target = cursor->row.target;

    if (rows_is_ghost(target) && !rows_target(rows, target) && rows_count(rows))
        cursor->row = rows_at(rows, clamp_index((long)cursor->index, rows_count(rows)));
}

void cursor_place(struct cursor *cursor, const struct rows *rows, size_t height)
{
    if (!cursor->anchored)
        cursor->row = rows_at(rows, 0);
    else if (cursor->row.kind == ROW_NONE)
        cursor->row = cursor->lost;
    cursor->lost = (struct row){0};
    leave_ghost(cursor, rows);
    if (!rows_locate(rows, &cursor->row, &cursor->index)) {
        cursor->lost = cursor->row;
        cursor->row = (struct row){0};
        cursor->index = cursor->line = cursor->top = 0;
        return;
    }
    cursor->line = line_for(cursor, rows_count(rows), height);
    cursor->top = cursor->index - cursor->line;
}

static void go(struct cursor *cursor, const struct rows *rows, size_t index)
{
    cursor->row = rows_at(rows, index);
    cursor->index = index;
    cursor->anchored = true;
}

void cursor_move(struct cursor *cursor, const struct rows *rows, long delta, size_t height)
{
    size_t count = rows_count(rows);
    long line;

    if (!count)
        return;
    cursor_place(cursor, rows, height);
    line = (long)cursor->line;
    delta = (long)clamp_index((long)cursor->index + delta, count) - (long)cursor->index;
    go(cursor, rows, (size_t)((long)cursor->index + delta));
    line += delta;
    cursor->wanted = clamp_index(line, height ? height : 1);
    cursor_place(cursor, rows, height);
}

void cursor_page(struct cursor *cursor, const struct rows *rows, long delta, size_t height)
{
    size_t count = rows_count(rows), last_top = count > height ? count - height : 0;
    size_t top, index;

    if (!count)
        return;
    cursor_place(cursor, rows, height);
    top = clamp_index((long)cursor->top + delta, last_top + 1);
    index = clamp_index((long)cursor->index + delta, count);
    go(cursor, rows, index);
    cursor->wanted = clamp_index((long)index - (long)top, height ? height : 1);
    cursor_place(cursor, rows, height);
}

void cursor_select(struct cursor *cursor, const struct rows *rows, const struct row *row, size_t height)
{
    size_t top = cursor->top;

    cursor->row = *row;
    cursor->anchored = true;
    if (!rows_locate(rows, &cursor->row, &cursor->index))
        return;
    if (cursor->index >= top && cursor->index < top + height)
        cursor->wanted = cursor->index - top;
    else
        cursor->wanted = height / 2;
    cursor_place(cursor, rows, height);
}
