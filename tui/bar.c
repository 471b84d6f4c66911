#include "tui/bar.h"

#include <stdint.h>
#include <string.h>

/* The part that is furthest from its due: short of cells for `by` 1, over for -1. One that has a single cell
 * keeps it. */
static size_t furthest(const unsigned *counts, size_t parts, uint64_t total, int width, const int *cells,
                       int by)
{
    int64_t most = INT64_MIN;
    size_t found = 0, i;

    for (i = 0; i < parts; i++) {
        int64_t due = (int64_t)((uint64_t)counts[i] * (uint64_t)width);
        int64_t off = by * (due - cells[i] * (int64_t)total);

        if (!counts[i] || (by < 0 && cells[i] == 1) || off <= most)
            continue;
        most = off;
        found = i;
    }
    return found;
}

bool bar_split(const unsigned *counts, size_t parts, int width, int *cells)
{
    uint64_t total = 0;
    int used = 0, kinds = 0;
    size_t i;

    memset(cells, 0, parts * sizeof *cells);
    for (i = 0; i < parts; i++) {
        total += counts[i];
        kinds += counts[i] > 0;
    }
    if (!kinds || width < kinds || parts > BAR_PARTS)
        return false;
    for (i = 0; i < parts; i++) {
        cells[i] = (int)((uint64_t)counts[i] * (uint64_t)width / total);
        cells[i] += counts[i] && !cells[i];
        used += cells[i];
    }
    for (; used < width; used++)
        cells[furthest(counts, parts, total, width, cells, 1)]++;
    for (; used > width; used--)
        cells[furthest(counts, parts, total, width, cells, -1)]--;
    return true;
}
