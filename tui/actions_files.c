#include "tui/actions_files.h"

#include "engine/base/mem.h"
#include "tui/actions.h"
#include "tui/actions_changes.h"
#include "tui/actions_line.h"
#include "tui/actions_list.h"
#include "tui/export_extent.h"
#include "tui/path_complete.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
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

/* What can be told of the path before anybody reads it; NULL when that is nothing. */
static char *import_hindrance(const struct screen *screen, const char *path)
{
    char *hindrance = files_hindrance_kept(screen, path);
    struct stat about;

    if (hindrance)
        return hindrance;
    if (!*path)
        return mem_string("the path of a file is expected");
    if (stat(path, &about) < 0 || (S_ISREG(about.st_mode) && access(path, R_OK) < 0))
        return mem_format("%s: %s; expected a readable file of targets", path, strerror(errno));
    if (S_ISREG(about.st_mode))
        return NULL;
    return mem_format("%s is %s, not a file", path, S_ISDIR(about.st_mode) ? "a folder" : "a device");
}

void files_import(struct screen *screen)
{
    char *path = path_expand(screen->prompt.text, getenv("HOME")), *error = import_hindrance(screen, path);

    if (!error && list_read_file(screen, path, &error)) {
        line_accepted(screen);
        screen->mode = MODE_TREE;
    }
    free(path);
    say_in_prompt(screen, error);
}

void action_export(struct screen *screen)
{
    char name[EXTENT_NAME_SIZE];

    screen->extent = EXPORT_ALL;
    extent_name(EXPORT_ALL, name);
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

static bool is_shown(const struct target *target, const void *screen)
{
    return filter_keeps(((const struct screen *)screen)->filter, target);
}

static bool is_tagged(const struct target *target, const void *screen)
{
    return rows_is_tagged(((const struct screen *)screen)->rows, target->id);
}

/* Goes to the process that writes it with all that it looks at. */
static struct export_choice choice_of(const struct screen *screen)
{
    if (screen->extent == EXPORT_TAGGED)
        return (struct export_choice){is_tagged, screen, "is:tagged"};
    return (struct export_choice){is_shown, screen, screen->filter_text};
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
    struct export_choice choice = choice_of(screen);
    char *error = NULL;

    if (kept && keeping_rests(kept))
        report = report_of(&kept->about, report.generator);
    else if (kept)
        report.options = kept->about.options;
    screen->mode = MODE_TREE;
    free(screen->exported);
    screen->exported = extent_text(screen);
    if (export_begin(&screen->exporting, screen->model, &report,
                     screen->extent == EXPORT_ALL ? NULL : &choice, screen->export_path, &error))
        state_say(screen, STYLE_MESSAGE, "exporting %s to %s", screen->exported, screen->export_path);
    else
        state_say(screen, STYLE_ERROR, "%s", error);
    free(error);
}

char *files_hindrance_kept(const struct screen *screen, const char *path)
{
    if (!screen->kept || !keeping_is_here(screen->kept, path))
        return NULL;
    return mem_format("%s: this session itself is kept there; another file is expected", path);
}

void files_ask_to_replace(struct screen *screen, void (*confirmed)(struct screen *screen))
{
    state_confirm(screen, confirmed, true, "Replace %s?", screen->export_path);
}

static void export_tree(struct screen *screen)
{
    char *path = path_expand(screen->prompt.text, getenv("HOME"));
    char *hindrance = files_hindrance_kept(screen, path);

    if (!hindrance)
        hindrance = export_hindrance(path);
    free(screen->export_path);
    screen->export_path = path;
    say_in_prompt(screen, hindrance);
    if (hindrance)
        return;
    line_accepted(screen);
    if (!extent_offered(screen, screen->extent)) /* what was tagged or shown is gone meanwhile */
        screen->extent = EXPORT_ALL;
    if (access(path, F_OK) == 0 && !export_is_letters(path))
        files_ask_to_replace(screen, begin);
    else
        begin(screen);
}

void files_export(struct screen *screen)
{
    if (screen->extent == EXPORT_CHANGES && extent_offered(screen, EXPORT_CHANGES))
        changes_accepted(screen);
    else
        export_tree(screen);
}

void files_export_ended(struct screen *screen)
{
    const struct export_job *job = &screen->exporting;
    char *error = NULL;

    if (!export_ended(&screen->exporting, false, &error))
        return;
    if (error)
        state_say(screen, STYLE_ERROR, "not exported: %s", error);
    else if (export_is_letters(job->path))
        state_say(screen, STYLE_MESSAGE, "wrote %zu letter%s to %s", job->letters,
                  job->letters == 1 ? "" : "s", job->path);
    else
        state_say(screen, STYLE_MESSAGE, "exported %s to %s", screen->exported, job->path);
    free(error);
}
