#include "tui/state.h"

#include "engine/base/mem.h"
#include "tui/finder.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void state_say(struct screen *screen, enum style style, const char *format, ...)
{
    va_list args;
    char *text = NULL;

    va_start(args, format);
    if (vasprintf(&text, format, args) < 0)
        text = mem_string("");
    va_end(args);
    free(screen->message);
    screen->message = text;
    screen->message_style = style;
    screen->dirty = true;
}

static void read_work(struct screen *screen)
{
    struct audit_progress progress;
    struct model_counts counts;

    if (screen->audit) {
        audit_progress(screen->audit, &progress);
        screen->work =
            (struct work){progress.targets, progress.targets_resolved, progress.endpoints, progress.full_done,
                          progress.running, progress.queued,           screen->paused};
        return;
    }
    model_counts(screen->model, &counts);
    screen->work = (struct work){counts.targets,
                                 counts.targets - counts.unresolved,
                                 counts.endpoints,
                                 counts.endpoints_done,
                                 counts.endpoints_running,
                                 counts.endpoints_queued,
                                 false};
}

void state_sync(struct screen *screen)
{
    size_t count = 0;
    uint32_t *changed;

    if (screen->model_dirty) {
        changed = model_take_changed(screen->model, &count);
        rows_sync(screen->rows, changed, count);
        free(changed);
        screen->detail.stale = true;
        screen->dirty = true;
    }
    if (screen->model_dirty || screen->audit)
        read_work(screen);
    screen->model_dirty = false;
}

struct target *state_target(const struct screen *screen)
{
    return model_target(screen->model, screen->cursor.row.target);
}

struct host *state_host(const struct screen *screen)
{
    return model_host(screen->model, screen->cursor.row.host);
}

struct endpoint *state_endpoint(const struct screen *screen)
{
    return model_endpoint(screen->model, screen->cursor.row.endpoint);
}

unsigned state_problems(const struct screen *screen)
{
    unsigned problems = 0, class, verdict;

    for (class = 0; class < target_class_count; class ++)
        for (verdict = 0; verdict < verdict_count; verdict++)
            if (finder_is_problem((enum verdict)verdict))
                problems += rows_verdicts(screen->rows, (enum target_class) class)[verdict];
    return problems;
}

size_t state_tree_height(const struct screen *screen)
{
    return screen->layout.tree.height > 0 ? (size_t)screen->layout.tree.height : 1;
}
