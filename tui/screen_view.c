#include "tui/screen_run.h"

#include "engine/base/mem.h"
#include "tui/actions_filter.h"
#include "tui/actions_find.h"
#include "tui/state_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *view_path(const struct run *run)
{
    bool wanted = run->screen.options->remembers && run->has_terminal;

    return wanted ? state_file_path(getenv("XDG_STATE_HOME"), getenv("HOME"), "view") : NULL;
}

static bool keeps_any(const struct filter *filter, const struct model *model)
{
    size_t i;

    for (i = 0; i < model_target_count(model); i++)
        if (filter_keeps(filter, model_target_at(model, i)))
            return true;
    return false;
}

/* One that can't be read any longer is none, nor is one that would hide everything. */
static void restore_filter(struct screen *screen, const char *text)
{
    char *error = NULL;
    struct filter *filter = text ? filter_parse(text, &error) : NULL;
    bool keeps = filter && keeps_any(filter, screen->model);

    free(error);
    filter_free(filter);
    if (!keeps)
        return;
    find_filter(screen, text);
    state_say(screen, STYLE_MESSAGE, "the filter of last time: %s; {back} shows all", text);
}

void run_restore_filter(struct run *run)
{
    const struct screen *screen = &run->screen;

    if (!screen->filter && !screen->filter_change.under_way && screen->mode == MODE_TREE)
        restore_filter(&run->screen, run->view.filter);
}

static void restore_looks(struct run *run)
{
    const struct config *config = run->screen.options->config;
    const struct theme *theme = run->view.theme ? theme_find(run->view.theme) : NULL;
    struct painter *painter = &run->screen.painter;

    if (run->view.detail_said && !(config && config->detail_said))
        run->screen.detail.size = run->view.detail;
    if (theme && painter->color && !run->screen.options->theme && !(config && config->theme))
        painter_init(painter, theme, painter->color, painter->ascii);
}

void run_restore_view(struct run *run)
{
    struct screen *screen = &run->screen;
    char *path = view_path(run), *text;

    view_state_init(&run->view);
    if (path) {
        text = state_file_read(path, VIEW_STATE_MOST);
        view_state_parse(&run->view, text);
        free(text);
        restore_looks(run);
        rows_set_grouping(screen->rows, run->view.grouping);
        rows_set_sorting(screen->rows, run->view.sorting, run->view.reversed);
        rows_fold_to_depth(screen->rows, run->view.depth);
        filter_rearranged(screen);
        if (!state_loading(screen))
            restore_filter(screen, run->view.filter);
    }
    run->detail_before = screen->detail.size;
    run->theme_before = screen->painter.theme;
    free(path);
}

static void set(char **text, const char *value)
{
    char *copy = mem_string(value);

    free(*text);
    *text = copy;
}

/* What an option or the configuration said for this time alone stays out of it. */
static void look_at_screen(struct run *run)
{
    const struct screen *screen = &run->screen;
    const struct filter_change *change = &screen->filter_change;
    struct view_state *view = &run->view;

    if (rows_grouping(screen->rows) != GROUP_BY_CHANGE) /* next time nothing is compared */
        view->grouping = rows_grouping(screen->rows);
    view->sorting = rows_sorting(screen->rows);
    view->reversed = rows_reversed(screen->rows);
    view->depth = rows_depth(screen->rows);
    if (screen->detail.size != run->detail_before) {
        view->detail = screen->detail.size;
        view->detail_said = true;
    }
    if (screen->painter.theme != run->theme_before)
        set(&view->theme, screen->painter.theme->name);
    if (!state_loading(screen))
        set(&view->filter, change->under_way ? change->text : screen->filter_text);
}

void run_keep_view(struct run *run)
{
    char *path = view_path(run), *before = view_state_text(&run->view), *now;

    if (path) {
        look_at_screen(run);
        now = view_state_text(&run->view);
        if (strcmp(before, now) != 0 && !state_file_replace(path, (const uint8_t *)now, strlen(now)))
            fprintf(stderr, "mxscope: how the screen was arranged is not kept in %s: %s\n", path,
                    strerror(errno));
        free(now);
    }
    free(before);
    free(path);
    view_state_release(&run->view);
}
