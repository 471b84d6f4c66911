#include "tui/export_extent.h"

#include "engine/base/mem.h"

#include <string.h>
#include <time.h>

static size_t count_of(const struct screen *screen, enum export_extent extent)
{
    if (extent == EXPORT_TAGGED)
        return rows_tagged(screen->rows);
    return extent == EXPORT_SHOWN ? rows_shown(screen->rows) : rows_targets(screen->rows);
}

bool extent_offered(const struct screen *screen, enum export_extent extent)
{
    if (extent == EXPORT_CHANGES)
        return screen->against.path;
    return extent == EXPORT_ALL || ((extent == EXPORT_TAGGED || screen->filter) && count_of(screen, extent));
}

bool extent_any(const struct screen *screen)
{
    return extent_offered(screen, EXPORT_SHOWN) || extent_offered(screen, EXPORT_TAGGED) ||
           extent_offered(screen, EXPORT_CHANGES);
}

void extent_name(enum export_extent extent, char name[EXTENT_NAME_SIZE])
{
    time_t now = time(NULL);
    struct tm day;

    localtime_r(&now, &day);
    strftime(name, EXTENT_NAME_SIZE,
             extent == EXPORT_CHANGES ? "changes-%Y-%m-%d.txt" : "mxscope-%Y-%m-%d.json", &day);
}

void extent_next(struct screen *screen)
{
    char before[EXTENT_NAME_SIZE], after[EXTENT_NAME_SIZE];

    extent_name(screen->extent, before);
    do
        screen->extent = (screen->extent + 1) % export_extent_count;
    while (!extent_offered(screen, screen->extent));
    extent_name(screen->extent, after);
    if (strcmp(screen->prompt.text, before) == 0)
        prompt_set(&screen->prompt, after);
}

const char *extent_word(const char *text, enum export_extent *extent)
{
    static const char *const words[export_extent_count] = {
        [EXPORT_ALL] = "all",
        [EXPORT_SHOWN] = "shown",
        [EXPORT_TAGGED] = "tagged",
        [EXPORT_CHANGES] = "changes",
    };

    for (unsigned i = 0; i < export_extent_count; i++) {
        const char *rest = text + strlen(words[i]);

        if (strncmp(text, words[i], strlen(words[i])) != 0 || !strspn(rest, " \t"))
            continue;
        rest += strspn(rest, " \t");
        if (!*rest)
            continue;
        *extent = (enum export_extent)i;
        return rest;
    }
    return text;
}

const char *extent_why_not(enum export_extent extent)
{
    if (extent == EXPORT_TAGGED)
        return "nothing is tagged ({tag})";
    return extent == EXPORT_CHANGES ? "nothing is compared with ({compare})"
                                    : "there is no filter that shows any target ({filter})";
}

char *extent_label(const struct screen *screen)
{
    size_t count = count_of(screen, screen->extent);

    if (!extent_any(screen))
        return mem_string("export to: ");
    if (screen->extent == EXPORT_CHANGES)
        return mem_string("export what changed to: ");
    if (screen->extent == EXPORT_ALL)
        return mem_format("export all %zu to: ", count);
    return mem_format("export the %zu %s to: ", count, screen->extent == EXPORT_TAGGED ? "tagged" : "shown");
}

char *extent_text(const struct screen *screen)
{
    size_t count = count_of(screen, screen->extent), all = rows_targets(screen->rows);
    const char *plural = all == 1 ? "" : "s";

    if (screen->extent != EXPORT_ALL)
        return mem_format("the %zu %s of %zu target%s", count,
                          screen->extent == EXPORT_TAGGED ? "tagged" : "shown", all, plural);
    if (!screen->filter)
        return mem_format("%zu target%s", all, plural);
    return mem_format("all %zu target%s (the filter shows %zu)", all, plural, rows_shown(screen->rows));
}
