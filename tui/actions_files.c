#include "tui/actions_files.h"

#include "engine/base/mem.h"
#include "tui/actions.h"
#include "tui/actions_line.h"
#include "tui/actions_paste.h"
#include "tui/path_complete.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

void action_import(struct screen *screen)
{
    screen->besides = false;
    state_ask(screen, ASK_IMPORT, "");
    line_edited(screen);
}

void files_ask_besides(struct screen *screen)
{
    action_import(screen);
    screen->besides = true;
}

void files_import_left(struct screen *screen)
{
    screen->mode = screen->besides ? MODE_PASTED : MODE_TREE;
}

static void say_in_prompt(struct screen *screen, char *sentence)
{
    free(screen->prompt_error);
    screen->prompt_error = sentence;
}

void files_import(struct screen *screen)
{
    char *path = path_expand(screen->prompt.text, getenv("HOME")), *error = NULL;

    if (!*path)
        error = mem_string("the path of a file is expected");
    else if (pasted_read_file(&screen->pasted, screen->model, path, screen->besides, &error))
        line_accepted(screen);
    free(path);
    say_in_prompt(screen, error);
    if (!error)
        paste_ask(screen);
}

void action_export(struct screen *screen)
{
    time_t now = time(NULL);
    struct tm day;
    char name[64];

    localtime_r(&now, &day);
    strftime(name, sizeof name, "mxscope-%Y-%m-%d.json", &day);
    state_ask(screen, ASK_EXPORT, name);
}

const char *blocked_exporting(const struct screen *screen)
{
    return export_running(&screen->exporting) ? "the export before is still being written" : NULL;
}

/* As the same session's report on the command line would say. */
static bool is_complete(const struct screen *screen)
{
    return !state_busy(screen) && !model_names_lost(screen->model) &&
           model_preflight(screen->model)->checks[CHECK_PORT_25].state != CHECK_TROUBLE;
}

/* What an export holds: all there is, whatever is shown; the caller frees. */
static char *contents_text(const struct screen *screen)
{
    const char *plural = screen->exported == 1 ? "" : "s";

    if (screen->changes_exported)
        return mem_string("what changed");
    if (!screen->filter)
        return mem_format("%zu target%s", screen->exported, plural);
    return mem_format("all %zu target%s (the filter shows %zu)", screen->exported, plural,
                      rows_shown(screen->rows));
}

/* Of a session that is only looked at: as mxscope export would say. */
static struct report_options report_of(const struct store_session *about, const char *generator)
{
    return (struct report_options){.generator = generator,
                                   .vantage = about->vantage,
                                   .started_at = about->started_at,
                                   .finished_at = about->finished_at,
                                   .complete = about->complete,
                                   .options = about->options};
}

static void begin(struct screen *screen)
{
    struct report_options report = {
        .generator = screen->options->generator ? screen->options->generator : "mxscope",
        .vantage = screen->audit ? audit_helo_name(screen->audit) : NULL,
        .started_at = screen->options->started_at ? screen->options->started_at : screen->began,
        .finished_at = state_busy(screen) ? 0 : (int64_t)time(NULL),
        .complete = is_complete(screen),
    };
    const struct keeping *kept = screen->kept;
    char *error = NULL, *contents;

    if (kept && keeping_rests(kept))
        report = report_of(&kept->about, report.generator);
    else if (kept)
        report.options = kept->about.options;
    screen->mode = MODE_TREE;
    screen->exported = rows_targets(screen->rows);
    screen->changes_exported = false;
    contents = contents_text(screen);
    if (export_begin(&screen->exporting, screen->model, &report, screen->export_path, &error))
        state_say(screen, STYLE_MESSAGE, "exporting %s to %s", contents, screen->export_path);
    else
        state_say(screen, STYLE_ERROR, "%s", error);
    free(contents);
    free(error);
}

static void ask_first(struct screen *screen)
{
    free(screen->export_asks);
    screen->export_asks = mem_format("Replace %s? y n", screen->export_path);
    screen->question = screen->export_asks;
    screen->only_yes = true;
    screen->confirmed = begin;
    screen->mode = MODE_CONFIRM;
}

void files_export(struct screen *screen)
{
    char *path = path_expand(screen->prompt.text, getenv("HOME")), *hindrance = export_hindrance(path);

    free(screen->export_path);
    screen->export_path = path;
    say_in_prompt(screen, hindrance);
    if (hindrance)
        return;
    line_accepted(screen);
    if (access(path, F_OK) == 0)
        ask_first(screen);
    else
        begin(screen);
}

void files_export_ended(struct screen *screen)
{
    char *error = NULL, *contents;

    if (!export_ended(&screen->exporting, false, &error))
        return;
    contents = contents_text(screen);
    if (error)
        state_say(screen, STYLE_ERROR, "not exported: %s", error);
    else
        state_say(screen, STYLE_MESSAGE, "exported %s to %s", contents, screen->exporting.path);
    free(contents);
    free(error);
}
