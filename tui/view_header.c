#include "tui/view_parts.h"

#include "engine/base/mem.h"

#include <curses.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BAR_LEAST = 6, BAR_MOST = 20 };

/* Time left where the number of steps is known: everything is resolved. */
static void left_text(const struct screen *screen, char out[PACE_SIZE])
{
    const struct work *work = &screen->work;

    out[0] = 0;
    if (work->resolved == work->targets && !work->paused)
        pace_left(&screen->pace, 2 * work->endpoints - work->judged - work->done, out);
}

/* ", 8 running, 75 waiting, 3 wait for a later try"; what there is none of is left out where it says little.
 */
static char *steps_text(const struct work *work)
{
    char *later = work->later
                      ? mem_format(", %u wait%s for a later try", work->later, work->later == 1 ? "s" : "")
                      : mem_string("");
    char *text = work->later && !work->running && !work->queued
                     ? mem_string(later)
                     : mem_format(", %u running, %u waiting%s", work->running, work->queued, later);

    free(later);
    return text;
}

/* "probing 37 of 120, 8 running, 75 waiting, 3 min left", shorter where there is less room. First what is
 * judged is counted, then what is done. */
static char *busy_text(const struct screen *screen, int width)
{
    const struct work *work = &screen->work;
    bool judging = work->judged < work->endpoints;
    unsigned done = judging ? work->judged : work->done;
    char left[PACE_SIZE], *steps, *text;

    left_text(screen, left);
    if (!work->endpoints)
        return mem_format("%s %u of %u", work->paused ? "paused, resolved" : "resolving", work->resolved,
                          work->targets);
    if (width < 50)
        return mem_format("%s%u/%u", work->paused ? "paused " : "", done, work->endpoints);
    steps = steps_text(work);
    text =
        mem_format("%s %u of %u%s%s%s",
                   work->paused ? "paused"
                   : judging    ? "probing"
                                : "all versions",
                   done, work->endpoints, steps, width >= 100 && *left ? ", " : "", width >= 100 ? left : "");
    free(steps);
    return text;
}

static char *work_text(const struct screen *screen, int width)
{
    const struct work *work = &screen->work;

    if (screen->options->offline || !screen->audit)
        return mem_string("offline");
    if (!work->targets)
        return mem_string("nothing to probe");
    if (state_busy(screen) || work->paused)
        return busy_text(screen, width);
    return mem_format("done, %u address%s", work->endpoints, work->endpoints == 1 ? "" : "es");
}

static void paint_bar(const struct screen *screen, int y, int right, int room)
{
    const struct work *work = &screen->work;
    int width = room < BAR_MOST ? room : BAR_MOST, x = right - width;
    unsigned long steps = (unsigned long)work->judged + work->done, all = 2ul * work->endpoints;
    int done = (int)(steps * (unsigned)width / all);

    if (done > width)
        done = width;
    paint_line(&screen->painter, y, x, done, STYLE_GOOD, GLYPH_BAR_DONE);
    paint_line(&screen->painter, y, x + done, width - done, STYLE_DIM, GLYPH_BAR_LEFT);
}

/* The bar gives way to the baseline's name, that to the figures. */
static void title_line(const struct screen *screen, int y)
{
    const struct painter *painter = &screen->painter;
    const struct baseline *baseline = model_baseline(screen->model);
    const char *name = screen->options->baseline_name ? screen->options->baseline_name : baseline->name;
    char *floor = mem_format("%s, %s or better", name, tls_version_title(baseline->minimum));
    char *work = work_text(screen, COLS);
    int work_width = painter_width(work, painter->ascii), floor_width = painter_width(floor, painter->ascii);
    int right = COLS - 1 - work_width, x = 1;

    x += 2 + paint(painter, y, x, COLS - x, STYLE_TITLE,
                   screen->options->title ? screen->options->title : "mxscope");
    if (right > x)
        paint(painter, y, right, work_width, screen->work.paused ? STYLE_CAUTION : STYLE_DIM, work);
    if (right - x > 12)
        paint(painter, y, x, right - x - 2, STYLE_TEXT, floor);
    if (screen->audit && screen->work.endpoints && right - x - floor_width - 4 >= BAR_LEAST)
        paint_bar(screen, y, right - 2, right - x - floor_width - 4);
    free(floor);
    free(work);
}

static unsigned count_of(const struct screen *screen, enum verdict verdict)
{
    return rows_all_verdicts(screen->rows)[verdict];
}

static char *count_text(const struct screen *screen, enum verdict verdict, bool words)
{
    const char *glyph = theme_verdict_glyph(verdict, screen->painter.ascii);
    unsigned count = count_of(screen, verdict);

    if (!count)
        return NULL;
    return words ? mem_format("%s %u %s", glyph, count, verdict_title(verdict))
                 : mem_format("%s %u", glyph, count);
}

/* Paints, or only measures, the counts from worst to best. */
static int counts(const struct screen *screen, int y, int x, int width, bool words, bool measure)
{
    int used = 0, v;

    for (v = verdict_count - 1; v >= 0; v--) {
        char *text = count_text(screen, (enum verdict)v, words);

        if (text && !measure)
            paint(&screen->painter, y, x + used, width - used, theme_verdict_style((enum verdict)v), text);
        used += text ? painter_width(text, screen->painter.ascii) + 2 : 0;
        free(text);
    }
    return used;
}

/* What stands at the right of the counts. */
static char *shown_text(const struct screen *screen)
{
    size_t targets = rows_targets(screen->rows), tagged = rows_tagged(screen->rows);

    if (screen->filter)
        return mem_format("%zu of %zu: %.40s", rows_shown(screen->rows), targets, screen->filter_text);
    if (tagged)
        return mem_format("%zu tagged of %zu", tagged, targets);
    return mem_format("%zu target%s", targets, targets == 1 ? "" : "s");
}

static void counts_line(const struct screen *screen, int y)
{
    const struct painter *painter = &screen->painter;
    char *shown = shown_text(screen);
    int width = painter_width(shown, painter->ascii), room = COLS - 2 - width;
    bool words = counts(screen, y, 1, 0, true, true) <= room;
    int used = counts(screen, y, 1, room, words, true);

    if (used > room) {
        room = COLS - 2;
        width = 0;
    }
    counts(screen, y, 1, room, words, false);
    paint(painter, y, COLS - 1 - width, width, screen->filter ? STYLE_MESSAGE : STYLE_DIM, shown);
    free(shown);
}

static void heading_line(const struct screen *screen, int y)
{
    const struct painter *painter = &screen->painter;
    struct columns columns;

    layout_columns(&columns, screen->layout.tree.width);
    paint(painter, y, 1, columns.name.width - 1, STYLE_HEADING, "TARGET");
    if (columns.verdict.width > 8)
        paint(painter, y, columns.verdict.x + 2, columns.verdict.width, STYLE_HEADING, "VERDICT");
    paint(painter, y, columns.versions.x, columns.versions.width, STYLE_HEADING, "TLS");
    paint(painter, y, columns.mail.x, columns.mail.width, STYLE_HEADING, "MAIL");
    paint(painter, y, columns.route.x, columns.route.width, STYLE_HEADING, "ROUTE");
    paint(painter, y, columns.reason.x, columns.reason.width, STYLE_HEADING, "WHY");
}

void view_header(const struct screen *screen)
{
    const struct layout *layout = &screen->layout;

    if (layout->title >= 0)
        title_line(screen, layout->title);
    if (layout->counts >= 0)
        counts_line(screen, layout->counts);
    if (layout->notice >= 0)
        view_notice(screen, layout->notice);
    if (layout->heading >= 0 && screen->mode != MODE_MENU && screen->mode != MODE_PREFLIGHT &&
        screen->mode != MODE_NOTES && screen->mode != MODE_PASTED)
        heading_line(screen, layout->heading);
}
