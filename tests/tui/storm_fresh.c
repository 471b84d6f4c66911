#include "tests/tui/storm_fresh.h"

#include "engine/base/mem.h"

#include <string.h>

static bool keep(void *context, const struct target *target)
{
    return filter_keeps(context, target);
}

static struct rows *fresh_rows(const struct screen *screen)
{
    struct rows *fresh = rows_new(screen->model);

    rows_set_grouping(fresh, rows_grouping(screen->rows));
    rows_set_sorting(fresh, rows_sorting(screen->rows), rows_reversed(screen->rows));
    if (screen->filter)
        rows_set_filter(fresh, keep, screen->filter);
    return fresh;
}

static char *other_targets(const struct rows *rows, const struct rows *fresh)
{
    struct row a = {0}, b = {0};
    size_t i;

    for (i = 0; i < 3 * rows_shown(rows) + 5; i++) {
        a = rows_step(rows, &a, true, ROW_TARGET);
        b = rows_step(fresh, &b, true, ROW_TARGET);
        if (a.kind != b.kind || a.target != b.target)
            return mem_format("row %zu is target %u, and of fresh rows %u", i, a.target, b.target);
        if (a.kind == ROW_GROUP && memcmp(rows_verdicts(rows, a.group), rows_verdicts(fresh, b.group),
                                          verdict_count * sizeof(unsigned)) != 0)
            return mem_format("group \"%s\" counts other verdicts than fresh rows", rows_name(rows, a.group));
    }
    return NULL;
}

static char *other_problems(const struct rows *rows, const struct rows *fresh)
{
    struct row a = {0}, b = {0};
    size_t i;

    for (i = 0; i < rows_shown(rows) + 2; i++)
        if (rows_next_problem(rows, &a, true, &a) != rows_next_problem(fresh, &b, true, &b) ||
            a.target != b.target)
            return mem_format("problem %zu is target %u, and of fresh rows %u", i, a.target, b.target);
    return NULL;
}

/* Connectors stand in the order in which they came up, which fresh rows can't know. */
char *storm_fresh(const struct screen *screen)
{
    struct rows *fresh = fresh_rows(screen);
    char *error = NULL;

    if (rows_shown(fresh) != rows_shown(screen->rows))
        error = mem_format("%zu targets are shown, by fresh rows %zu", rows_shown(screen->rows),
                           rows_shown(fresh));
    if (!error && rows_grouping(fresh) != GROUP_BY_CLASS)
        error = other_targets(screen->rows, fresh);
    if (!error)
        error = other_problems(screen->rows, fresh);
    rows_free(fresh);
    return error;
}
