#include "tui/press.h"
#include "tui/view_parts.h"

#include "engine/base/mem.h"

#include <curses.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define DATE_SIZE 16

enum { BAR_LEAST = 6, BAR_MOST = 20, FLOOR_LEAST = 16 };

static char *offline_text(const struct screen *screen, int room)
{
    char scratch[PRESS_NAME_SIZE];
    const char *key = keymap_name(&screen->keymap, "reprobe", scratch);
    char *text = screen->options->go_online && key ? mem_format("offline: %s probes again", key) : NULL;

    if (text && (int)strlen(text) <= room)
        return text;
    free(text);
    return mem_string("offline");
}

static char *work_text(const struct screen *screen, int room)
{
    if (state_loading(screen))
        return mem_string(screen->options->report ? "reading the report" : "reading the snapshot");
    if (!screen->audit)
        return offline_text(screen, room);
    return progress_text(&screen->work, &screen->pace, room);
}

/* "2026-11-26", in UTC as everywhere. */
static void date_text(int64_t seconds, char out[DATE_SIZE])
{
    time_t time = (time_t)seconds;
    struct tm parts;

    out[0] = 0;
    if (gmtime_r(&time, &parts))
        strftime(out, DATE_SIZE, "%Y-%m-%d", &parts);
}

/* "exchange-online, TLS 1.2 or better since 2020-10-15, judged 2026-11-26"; without the dates, from the last,
 * where there is less room. */
static char *floor_text(const struct screen *screen, int room)
{
    const struct baseline *baseline = model_baseline(screen->model);
    const char *given = screen->options->baseline_name;
    const char *name = screen->baseline_name ? screen->baseline_name : given ? given : baseline->name;
    const char *since = baseline->since ? baseline->since : "";
    char *text = mem_format("%s, %s or better", name, tls_version_title(baseline->minimum)), *longer;
    char today[DATE_SIZE];

    date_text(model_time(screen->model), today);
    longer = mem_format("%s%s%s", text,
                        !*since                     ? ""
                        : strcmp(since, today) <= 0 ? " since "
                                                    : " from ",
                        since);
    if (painter_width(longer, screen->painter.ascii) > room) {
        free(longer);
        return text;
    }
    free(text);
    text = mem_format("%s, judged %s", longer, today);
    if (painter_width(text, screen->painter.ascii) > room) {
        free(text);
        return longer;
    }
    free(longer);
    return text;
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

/* The bar and the dates give way to the baseline's name, that to the figures. */
static void title_line(const struct screen *screen, int y)
{
    const struct painter *painter = &screen->painter;
    bool bar = screen->work.endpoints && (state_busy(screen) || screen->work.paused);
    int right, x = 1, room, work_width, floor_width;
    char *work, *floor;

    x += 2 + paint(painter, y, x, COLS - x, STYLE_TITLE,
                   screen->options->title ? screen->options->title : "mxscope");
    work = work_text(screen, COLS - x - FLOOR_LEAST - 3);
    work_width = painter_width(work, painter->ascii);
    right = COLS - 1 - work_width;
    room = right - x - 2;
    floor = screen->layout.counts < 0 && screen->filter
                ? view_shown(screen)
                : floor_text(screen, bar ? room - BAR_LEAST - 2 : room);
    floor_width = painter_width(floor, painter->ascii);
    if (right > x)
        paint(painter, y, right, work_width, screen->work.paused ? STYLE_CAUTION : STYLE_DIM, work);
    if (room > 10)
        paint(painter, y, x, room, STYLE_TEXT, floor);
    if (bar && room - floor_width - 2 >= BAR_LEAST)
        paint_bar(screen, y, right - 2, room - floor_width - 2);
    free(floor);
    free(work);
}

/* A column's name, with a mark when the rows are sorted by it. */
static void heading(const struct screen *screen, int y, int x, int width, const char *text, bool sorted)
{
    const struct painter *painter = &screen->painter;
    enum glyph mark = rows_reversed(screen->rows) ? GLYPH_DESCENDING : GLYPH_ASCENDING;

    if (width > 0)
        paintf(painter, y, x, width, STYLE_HEADING, "%s%s%s", text, sorted ? " " : "",
               sorted ? theme_glyph(mark, painter->ascii) : "");
}

/* What the rows are, and what they are grouped and sorted by where no other column says so. */
static void name_heading(const struct screen *screen, int y, int width)
{
    static const char *const titles[grouping_count] = {
        [GROUP_BY_CLASS] = "TARGET",
        [GROUP_BY_VERDICT] = "TARGET BY VERDICT",
        [GROUP_BY_CONSEQUENCE] = "TARGET BY CONSEQUENCE",
        [GROUP_BY_OPERATOR] = "TARGET BY OPERATOR",
        [GROUP_BY_CHANGE] = "TARGET BY CHANGE",
    };
    enum sorting sorting = rows_sorting(screen->rows);
    bool added = sorting == SORT_ADDED && rows_reversed(screen->rows);
    char *text = mem_format("%s%s", titles[rows_grouping(screen->rows)],
                            added                         ? ", LAST ADDED"
                            : sorting == SORT_CERTIFICATE ? ", CERTIFICATE'S END"
                            : view_shows_due(screen)      ? ", DUE DATE"
                                                          : "");

    heading(screen, y, 1, width, text,
            sorting == SORT_NAME || sorting == SORT_CERTIFICATE || sorting == SORT_DUE || added);
    free(text);
}

static void heading_line(const struct screen *screen, int y)
{
    enum sorting sorting = rows_sorting(screen->rows);
    struct columns columns;

    layout_columns(&columns, screen->layout.tree.width);
    name_heading(screen, y, columns.name.width - 1);
    if (columns.verdict.width > 8)
        heading(screen, y, columns.verdict.x + 2, columns.verdict.width - 2, "VERDICT",
                sorting == SORT_VERDICT);
    heading(screen, y, columns.versions.x, columns.versions.width, "TLS", sorting == SORT_TLS);
    heading(screen, y, columns.mail.x, columns.mail.width, "MAIL", sorting == SORT_CONSEQUENCE);
    heading(screen, y, columns.route.x, columns.route.width, "ROUTE", false);
    heading(screen, y, columns.reason.x, columns.reason.width, "WHY", false);
}

void view_header(const struct screen *screen)
{
    const struct layout *layout = &screen->layout;

    if (layout->title >= 0)
        title_line(screen, layout->title);
    if (layout->counts >= 0)
        view_counts(screen, layout->counts);
    if (layout->bar >= 0)
        view_verdicts(screen, layout->bar, 1, COLS - 2);
    if (layout->since >= 0)
        view_since(screen, layout->since);
    if (layout->notice >= 0)
        view_notice(screen, layout->notice);
    if (layout->heading >= 0 && screen->mode != MODE_MENU && screen->mode != MODE_PREFLIGHT &&
        screen->mode != MODE_NOTES && screen->mode != MODE_PASTED)
        heading_line(screen, layout->heading);
}
