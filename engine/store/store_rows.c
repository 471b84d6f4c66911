#include "engine/store/store_private.h"

#include "engine/base/mem.h"

#include <string.h>

#define FIRST_ROOM 1024

static void make_room(struct store_rows *rows, uint32_t id)
{
    size_t count = rows->count ? rows->count : FIRST_ROOM;

    if (id < rows->count)
        return;
    while (count <= id)
        count *= 2;
    rows->row = mem_resize(rows->row, count, sizeof *rows->row);
    rows->written = mem_resize(rows->written, count, sizeof *rows->written);
    memset(rows->written + rows->count, 0, (count - rows->count) * sizeof *rows->written);
    memset(rows->row + rows->count, 0, (count - rows->count) * sizeof *rows->row);
    rows->count = count;
}

void store_set_row(struct store_rows *rows, enum table table, uint32_t id, uint32_t row)
{
    make_room(rows, id);
    rows->row[id] = row;
    if (row > rows->last[table])
        rows->last[table] = row;
}

uint32_t store_row_of(struct store_rows *rows, enum table table, uint32_t id)
{
    make_room(rows, id);
    if (!rows->row[id])
        rows->row[id] = ++rows->last[table];
    return rows->row[id];
}
