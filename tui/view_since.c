#include "tui/view_parts.h"

#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "tui/changes_page.h"
#include "tui/snapshot_file.h"

#include <ctype.h>
#include <curses.h>
#include <stdlib.h>

enum glyph view_since_glyph(enum since since)
{
    static const enum glyph glyphs[change_count] = {
        [CHANGE_REGRESSED] = GLYPH_WORSE,   [CHANGE_NEWLY_UNKNOWN] = GLYPH_UNCLEAR,
        [CHANGE_NEWLY_KNOWN] = GLYPH_KNOWN, [CHANGE_IMPROVED] = GLYPH_BETTER,
        [CHANGE_APPEARED] = GLYPH_APPEARED, [CHANGE_GONE] = GLYPH_GONE,
        [CHANGE_FACTS] = GLYPH_CHANGED,     [CHANGE_NOTED] = GLYPH_CHANGED,
    };

    return glyphs[since - SINCE_CHANGED];
}

enum style view_since_style(enum since since)
{
    return changes_style((enum change)(since - SINCE_CHANGED));
}

static char *count_text(const struct screen *screen, enum since since, bool words)
{
    const char *glyph =
        since == SINCE_SAME ? "=" : theme_glyph(view_since_glyph(since), screen->painter.ascii);
    char *title = mem_string(since_title(since)), *text;

    *title = (char)tolower((unsigned char)*title);
    text = words ? mem_format("%s %u %s", glyph, screen->against.counts[since], title)
                 : mem_format("%s %u", glyph, screen->against.counts[since]);
    free(title);
    return text;
}

/* Paints, or only measures, all counts. */
static int counts(const struct screen *screen, int y, int x, bool words, bool measure)
{
    int used = 0;

    for (enum since since = SINCE_CHANGED; since < since_count; since++) {
        char *text;

        if (!screen->against.counts[since])
            continue;
        text = count_text(screen, since, words);
        if (!measure)
            paint(&screen->painter, y, x + used, COLS - x - used, view_since_style(since), text);
        used += 2 + painter_width(text, screen->painter.ascii);
        free(text);
    }
    return used;
}

/* The words cost the file's name, then give way to their signs. */
void view_since(const struct screen *screen, int y)
{
    const struct painter *painter = &screen->painter;
    const struct against *against = &screen->against;
    char when[TEXT_TIME_SIZE], *longer, *brief;
    int words = counts(screen, y, 0, true, true), room = COLS - 2;
    bool whole, named;

    text_time(when, against->when);
    longer = mem_format("since %.10s, %s: ", when, snapshot_name(against->path));
    brief = mem_format("since %.10s: ", when);
    whole = painter_width(brief, painter->ascii) + words <= room;
    if (!whole)
        words = counts(screen, y, 0, false, true);
    named = painter_width(longer, painter->ascii) + words <= room;
    counts(screen, y, 1 + paint(painter, y, 1, room, STYLE_DIM, named ? longer : brief), whole, false);
    free(longer);
    free(brief);
}
