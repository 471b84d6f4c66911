#include "tui/actions_line.h"

#include "engine/base/mem.h"
#include "engine/model/baseline.h"
#include "engine/report/format.h"
#include "tui/actions_find.h"
#include "tui/changes_file.h"
#include "tui/complete.h"
#include "tui/export_extent.h"
#include "tui/path_complete.h"
#include "tui/press.h"

#include <stdlib.h>
#include <string.h>

/* history_kind_count: what is asked for here is not kept. */
static enum history_kind kind_of(enum asking asking)
{
    switch (asking) {
    case ASK_SEARCH:
        return HISTORY_SEARCH;
    case ASK_FILTER:
        return HISTORY_FILTER;
    case ASK_ADD:
        return HISTORY_ADD;
    case ASK_IMPORT:
        return HISTORY_IMPORT;
    case ASK_EXPORT:
        return HISTORY_EXPORT;
    case ASK_BASELINE:
    case ASK_SAVE:
    case ASK_AGAINST:
    case ASK_CHANGES:
        break;
    }
    return history_kind_count;
}

static bool asks_path(const struct screen *screen)
{
    return screen->asking == ASK_IMPORT || screen->asking == ASK_EXPORT || screen->asking == ASK_BASELINE ||
           screen->asking == ASK_SAVE || screen->asking == ASK_AGAINST || screen->asking == ASK_CHANGES;
}

static bool completes(const struct screen *screen)
{
    return screen->asking == ASK_FILTER || asks_path(screen);
}

/* Those that are built in, before the files. */
static void offer_baselines(struct screen *screen)
{
    const char *const *name = baseline_names();

    for (; *name; name++)
        if (strncmp(*name, screen->prompt.text, screen->prompt.length) == 0)
            candidates_add(&screen->candidates, *name, *name, NULL);
    screen->candidates.to = screen->prompt.length;
}

static bool is_report(const char *name)
{
    return report_format_of(name);
}

static bool asks_changes(const struct screen *screen)
{
    return screen->asking == ASK_CHANGES ||
           (screen->asking == ASK_EXPORT && screen->extent == EXPORT_CHANGES);
}

static void offer(struct screen *screen)
{
    const struct prompt *prompt = &screen->prompt;

    candidates_release(&screen->candidates);
    if (screen->asking == ASK_BASELINE)
        offer_baselines(screen);
    if (asks_path(screen) && !screen->candidates.count)
        path_complete(&screen->candidates, prompt->text, prompt->cursor, getenv("HOME"),
                      asks_changes(screen)           ? changes_file_takes
                      : screen->asking == ASK_EXPORT ? is_report
                                                     : NULL);
    else if (!asks_path(screen))
        complete_filter(&screen->candidates, prompt->text, prompt->cursor, screen->model);
}

static void complete(struct screen *screen, bool forward)
{
    if (!screen->candidates.count)
        offer(screen);
    if (candidates_press(&screen->candidates, &screen->prompt, forward))
        find_typed(screen);
}

static void recall(struct screen *screen, bool older)
{
    enum history_kind kind = kind_of(screen->asking);
    struct recall *recall = &screen->recall;
    size_t back = older ? recall->back + 1 : recall->back - (recall->back > 0);
    const char *text = history_back(&screen->history, kind, back);

    if (back == recall->back || (back && !text))
        return;
    if (!recall->back) {
        free(recall->typed);
        recall->typed = mem_string(screen->prompt.text);
    }
    recall->back = back;
    prompt_set(&screen->prompt, back ? text : recall->typed);
    candidates_release(&screen->candidates);
    find_typed(screen);
}

bool line_key(struct screen *screen, uint32_t key)
{
    switch (key) {
    case PRESS_TAB:
    case PRESS_BACK_TAB:
        if (completes(screen))
            complete(screen, key == PRESS_TAB);
        return completes(screen);
    case PRESS_UP:
    case CONTROL('p'):
    case PRESS_DOWN:
    case CONTROL('n'):
        if (kind_of(screen->asking) == history_kind_count)
            return false;
        recall(screen, key == PRESS_UP || key == CONTROL('p'));
        return true;
    case CONTROL('o'):
        if (screen->asking != ASK_EXPORT || !extent_any(screen))
            return false;
        extent_next(screen);
        line_edited(screen);
        return true;
    default:
        return false;
    }
}

void line_edited(struct screen *screen)
{
    candidates_release(&screen->candidates);
    if (!completes(screen) || screen->asking == ASK_EXPORT || screen->asking == ASK_SAVE ||
        screen->asking == ASK_CHANGES || screen->prompt.length)
        return;
    offer(screen);
    screen->candidates.shown = true;
}

void line_accepted(struct screen *screen)
{
    enum history_kind kind = kind_of(screen->asking);

    if (kind != history_kind_count)
        history_add(&screen->history, kind, screen->prompt.text);
}
