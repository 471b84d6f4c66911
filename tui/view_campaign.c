#include "tui/view_parts.h"

#include "engine/base/day.h"
#include "engine/base/mem.h"
#include "engine/report/campaign.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WHOLE_FROM 30 /* columns of names beside which the whole date stands */

bool view_shows_due(const struct screen *screen)
{
    return rows_sorting(screen->rows) == SORT_DUE || (screen->filter && filter_minds_due(screen->filter));
}

/* "2026-12-01"; where there is less room "12-01", of another year "2027-03". */
static void compact(const char *day, const char *today, int room, char out[DAY_TEXT_SIZE])
{
    bool same_year = strncmp(day, today, 4) == 0;

    if (room >= WHOLE_FROM)
        snprintf(out, DAY_TEXT_SIZE, "%s", day);
    else
        snprintf(out, DAY_TEXT_SIZE, "%.*s", same_year ? 5 : 7, same_year ? day + 5 : day);
}

/* The same as in the detail pane: late are those who have something to do yet. */
char *view_due(const struct screen *screen, const struct target *target, int room, enum style *style)
{
    bool open = campaign_is_open(target) && target->spec.contact_state != CONTACT_FIXED;
    int left = campaign_days_left(screen->model, target);
    char day[DAY_TEXT_SIZE], today[DAY_TEXT_SIZE], text[DAY_TEXT_SIZE];

    *style = STYLE_DIM;
    if (!target->spec.due)
        return mem_string("");
    day_text(day, target->spec.due);
    day_text(today, day_of(model_time(screen->model)));
    compact(day, today, room, text);
    if (open && left <= CAMPAIGN_SOON_DAYS)
        *style = left < 0 ? STYLE_BAD : STYLE_CAUTION;
    return mem_format("%s%s", open && left < 0 ? "! " : "", text);
}

/* Returns the columns that the number and the word take, with the gap behind them; 0 where they don't fit. */
static int paint_number(const struct screen *screen, int y, int x, int right, enum style style,
                        unsigned number, const char *word)
{
    char text[40];
    int width;

    if (!number)
        return 0;
    snprintf(text, sizeof text, "%u %s", number, word);
    width = painter_width(text, screen->painter.ascii);
    if (x + width > right)
        return 0;
    return 2 + paint(&screen->painter, y, x, width, style, text);
}

void view_campaign(const struct screen *screen, int y, int x, int right, const struct rows_campaign *campaign,
                   enum style late, enum style plain)
{
    x += paint_number(screen, y, x, right, late, campaign->overdue, "overdue");
    for (int state = CONTACT_NONE + 1; state < contact_state_count; state++)
        x += paint_number(screen, y, x, right, plain, campaign->states[state],
                          contact_state_title((enum contact_state)state));
}
