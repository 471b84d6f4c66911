#include "tui/actions_changes.h"

#include "engine/base/mem.h"
#include "tui/actions.h"
#include "tui/actions_files.h"
#include "tui/actions_line.h"
#include "tui/changes_file.h"
#include "tui/export_extent.h"
#include "tui/path_complete.h"
#include "tui/snapshot_file.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define NOT_COMPARED "nothing is compared; {compare} compares"

const char *blocked_export_changes(const struct screen *screen)
{
    return screen->against.path ? blocked_exporting(screen) : NOT_COMPARED;
}

void action_export_changes(struct screen *screen)
{
    char name[EXTENT_NAME_SIZE];

    extent_name(EXPORT_CHANGES, name);
    state_ask(screen, ASK_CHANGES, name);
}

static struct compare_session session_now(const struct screen *screen)
{
    const char *path = screen->kept ? keeping_path(screen->kept) : NULL;
    const struct store_session *about =
        screen->kept && keeping_rests(screen->kept) ? &screen->kept->about : NULL;

    if (about)
        return (struct compare_session){screen->options->title, about->vantage, about->started_at,
                                        about->finished_at, about->complete};
    return (struct compare_session){
        .name = path                     ? snapshot_name(path)
                : screen->options->title ? screen->options->title
                                         : "mxscope",
        .vantage = screen->audit ? audit_helo_name(screen->audit) : NULL,
        .started_at = screen->options->started_at ? screen->options->started_at : screen->began,
        .finished_at = (int64_t)time(NULL),
        .complete = !state_busy(screen) && keeping_complete(screen->model),
    };
}

static struct changes changes_of(const struct screen *screen)
{
    const struct earlier *earlier = &screen->against.earlier;
    const struct baseline *baseline = model_baseline(screen->model);

    return (struct changes){
        .before = earlier->model,
        .after = screen->model,
        .options = {
            .generator = screen->options->generator ? screen->options->generator : "mxscope",
            .baseline = baseline,
            .former_baseline = strcmp(earlier->baseline, baseline->name) != 0 ? earlier->baseline : NULL,
            .before = {snapshot_name(screen->against.path), earlier->session.vantage,
                       earlier->session.started_at, earlier->session.finished_at, earlier->session.complete},
            .after = session_now(screen)}};
}

static void begin(struct screen *screen)
{
    const struct changes changes = changes_of(screen);
    char *error = NULL;

    screen->mode = MODE_TREE;
    free(screen->exported);
    screen->exported = mem_string("what changed");
    if (export_begin_with(&screen->exporting, changes_file_write, &changes, screen->export_path, &error))
        state_say(screen, STYLE_MESSAGE, "writing what changed to %s", screen->export_path);
    else
        state_say(screen, STYLE_ERROR, "%s", error);
    free(error);
}

void changes_accepted(struct screen *screen)
{
    char *path = path_expand(screen->prompt.text, getenv("HOME"));

    free(screen->export_path);
    screen->export_path = path;
    free(screen->prompt_error);
    screen->prompt_error = files_hindrance_kept(screen, path);
    if (!screen->prompt_error)
        screen->prompt_error = export_hindrance_but(path, changes_file_takes, CHANGES_SUFFIXES);
    if (screen->prompt_error)
        return;
    line_accepted(screen);
    if (access(path, F_OK) == 0)
        files_ask_to_replace(screen, begin);
    else
        begin(screen);
}

const char *blocked_no_change(const struct screen *screen)
{
    return screen->against.path ? NULL : NOT_COMPARED;
}

static void go_to_change(struct screen *screen, bool forward)
{
    struct row hit;

    if (!rows_next_change(screen->rows, &screen->cursor.row, forward, &hit)) {
        state_say(screen, STYLE_MESSAGE,
                  screen->filter ? "the filter shows nothing that changed; {back} shows everything"
                                 : "nothing changed");
        return;
    }
    rows_reveal(screen->rows, &hit, NULL);
    cursor_select(&screen->cursor, screen->rows, &hit, state_tree_height(screen));
}

void action_next_change(struct screen *screen)
{
    go_to_change(screen, true);
}

void action_previous_change(struct screen *screen)
{
    go_to_change(screen, false);
}
