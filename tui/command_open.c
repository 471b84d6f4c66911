#include "tui/command_open.h"

#include "engine/base/mem.h"
#include "engine/report/format.h"
#include "engine/report/read.h"
#include "tui/command_letters.h"
#include "tui/plain.h"
#include "tui/screen.h"
#include "tui/selection.h"
#include "tui/session.h"
#include "tui/snapshot_file.h"
#include "tui/version.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DONE = 0, USAGE = 2, UNFINISHED = 3 };

static int complain(char *error, int code)
{
    fprintf(stderr, "mxscope: %s\n", error);
    free(error);
    return code;
}

static int show(const struct options *options, struct model *model, struct keeping *keeping,
                const struct screen_options *screen)
{
    char *error = NULL;

    if (!options->plain)
        return screen_run(model, NULL, screen);
    /* Lines need all of it before the first. */
    return keeping_load_all(keeping, &error) ? plain_run(model, NULL, screen) : complain(error, USAGE);
}

struct opened {
    const struct options *options;
    struct keeping *keeping;
    struct audit *audit; /* owned; NULL while nothing is probed */
    char *trouble;       /* why what is found is kept nowhere; owned; NULL */
};

/* What is found must not be lost: from now on the session is kept, beside the snapshot. */
static struct audit *go_online(void *context, struct model *model, char **error)
{
    struct opened *opened = context;
    struct keeping *keeping = opened->keeping;

    opened->audit = session_begin_audit(opened->options, model, error);
    if (!opened->audit)
        return NULL;
    keeping_probes(keeping, audit_helo_name(opened->audit));
    if (!keeping_path(keeping))
        opened->trouble = session_keep_unnamed(opened->options, keeping, model);
    *error = mem_string(opened->trouble);
    return opened->audit;
}

/* What was changed when the terminal went away, or in lines, where leaving is not asked about. */
static void keep_changes(struct opened *opened, struct model *model, int code)
{
    struct keeping *keeping = opened->keeping;
    char *error = NULL;

    if (!keeping_changed(keeping, model) || (!opened->options->plain && code != UNFINISHED))
        return;
    if (keeping_load_all(keeping, &error))
        opened->trouble = session_keep_unnamed(opened->options, keeping, model);
    free(error);
    if (!keeping_path(keeping) && !opened->trouble)
        opened->trouble = mem_string("what was changed is kept nowhere; save FILE keeps it");
}

int command_open(const struct options *options, const struct config *config)
{
    const char *path = options->targets.items[0], *slash = strrchr(path, '/');
    struct keeping keeping = {0};
    struct opened opened = {.options = options, .keeping = &keeping};
    struct screen_options screen = {
        .title = slash ? slash + 1 : path,
        .ascii = options->ascii,
        .color = options->color,
        .theme = options->theme,
        .mouse = options->mouse,
        .remembers = !options->script,
        .config = config,
        .script = options->script,
        .against = options->against,
        .offline = true,
        .report = report_is_json(path),
        .go_online = go_online,
        .online_context = &opened,
        .generator = VERSION_GENERATOR,
        .kept = &keeping,
    };
    struct model *model;
    char *error = NULL;
    int code;

    if (!options->script && !options->plain && (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)))
        return complain(
            mem_string("the screen needs a terminal on stdin and stdout; expected one, --plain or "
                       "mxscope export"),
            USAGE);
    if (options->plain)
        plain_hold_signals();
    if (options->against && !snapshot_check(options->against, &error))
        return complain(error, USAGE);
    if (!keeping_look(&keeping, path, &model, &error))
        return complain(error, USAGE);
    screen.started_at = keeping.about.started_at;
    code = show(options, model, &keeping, &screen);
    session_end_audit(opened.audit);
    keep_changes(&opened, model, code);
    if (!session_end_keeping(options, &keeping, model, opened.trouble))
        code = UNFINISHED;
    free(opened.trouble);
    model_free(model);
    return code;
}

static struct report_options report_of(const struct store_session *session)
{
    return (struct report_options){
        .generator = VERSION_GENERATOR,
        .vantage = session->vantage,
        .started_at = session->started_at,
        .finished_at = session->finished_at,
        .complete = session->complete,
        .options = session->options,
    };
}

static int export(const struct options *options, struct filter *filter, char **error)
{
    struct store_session session;
    struct model *model = snapshot_load(options->targets.items[0], &session, error);
    struct report_options report = report_of(&session);
    int code = DONE;

    if (!model) {
        code = USAGE;
        filter_free(filter);
    } else {
        selection_apply(options, filter, model, &report);
        if (options->letters)
            code = command_letters(options, model, session.vantage, error);
        else if (!report_save(options->output, options->format, model, &report, error))
            code = UNFINISHED;
    }
    store_session_release(&session);
    model_free(model);
    return code;
}

int command_export(const struct options *options)
{
    char *error = NULL;
    struct filter *filter = selection_read(options, &error);
    int code = error ? USAGE : export(options, filter, &error);

    return error ? complain(error, code) : code;
}
