#include "tui/rows_private.h"

#include "engine/base/mem.h"

#include <stdlib.h>

uint32_t rows_next_ghost(const struct rows *rows)
{
    return ROWS_GHOSTS + (uint32_t)rows->ghost_count;
}

void rows_add_ghost(struct rows *rows, const struct target *ghost, enum since since, bool only_by_change)
{
    struct branch *branch = mem_alloc(sizeof *branch);

    if (!(rows->ghost_count & (rows->ghost_count - 1)))
        rows->ghosts =
            mem_resize(rows->ghosts, rows->ghost_count ? 2 * rows->ghost_count : 1, sizeof *rows->ghosts);
    rows->ghosts[rows->ghost_count++] = branch;
    branch->target = ghost;
    branch->ghost = true;
    branch->only_by_change = only_by_change;
    branch->since = (uint8_t)since;
    rows_take_in(rows, branch);
}

void rows_drop_ghost(struct rows *rows, uint32_t id)
{
    struct branch *branch = id >= ROWS_GHOSTS ? branch_of(rows, id) : NULL;

    if (!branch)
        return;
    for (unsigned i = 0; i < 2; i++)
        if (place_in(rows, branch, i))
            place_drop(rows, i, branch);
    rows->all[branch->index] = NULL;
    rows->ghosts[id - ROWS_GHOSTS] = NULL;
    branch_free(branch);
}

bool rows_is_ghost(uint32_t target)
{
    return target >= ROWS_GHOSTS;
}

const struct target *rows_target(const struct rows *rows, uint32_t target)
{
    const struct branch *branch = branch_of(rows, target);

    return branch ? branch->target : NULL;
}

void rows_set_since(struct rows *rows, uint32_t target, enum since since)
{
    struct branch *branch = branch_of(rows, target);

    if (!branch || branch->since == since)
        return;
    branch->since = (uint8_t)since;
    rows_refresh(rows, branch);
}

enum since rows_since(const struct rows *rows, uint32_t target)
{
    const struct branch *branch = branch_of(rows, target);

    return branch ? (enum since)branch->since : SINCE_NOT_COMPARED;
}

void rows_forget_since(struct rows *rows)
{
    for (size_t i = 0; i < rows->known; i++)
        if (rows->all[i])
            rows->all[i]->since = SINCE_NOT_COMPARED;
    draft_begin(rows);
}
