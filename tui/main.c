#include "engine/base/mem.h"
#include "tui/command_audit.h"
#include "tui/command_diff.h"
#include "tui/command_lab.h"
#include "tui/command_merge.h"
#include "tui/command_open.h"
#include "tui/command_pacing.h"
#include "tui/config.h"
#include "tui/options.h"
#include "tui/plain.h"
#include "tui/requests.h"
#include "tui/screen.h"
#include "tui/session.h"
#include "tui/terminal.h"
#include "tui/terminal_type.h"
#include "tui/version.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define USAGE      2
#define UNFINISHED 3

/* `bazel run` starts in a folder of its own; relative paths mean the one where it was called. */
static void enter_working_folder(void)
{
    const char *folder = getenv("BUILD_WORKING_DIRECTORY");

    if (folder && chdir(folder) != 0)
        fprintf(stderr, "mxscope: %s: %s\n", folder, strerror(errno));
}

/* A standard descriptor that is closed would become a socket's, and the report that server's. Those opened
 * here take and give nothing. */
static void hold_standard_descriptors(void)
{
    int descriptor;

    for (descriptor = STDIN_FILENO; descriptor <= STDERR_FILENO; descriptor++)
        if (fcntl(descriptor, F_GETFD) < 0)
            (void)!open("/dev/null", descriptor == STDOUT_FILENO ? O_RDONLY : O_RDWR);
}

/* False, and a line on stderr, when there is one that can't be used. */
static bool read_config(const struct options *options, struct config *config)
{
    char *path = options->config ? mem_string(options->config)
                                 : config_path(getenv("XDG_CONFIG_HOME"), getenv("HOME"));
    const struct request *requests;
    char *error = NULL;
    size_t count;

    requests = requests_table(&count);
    config_init(config, requests, count);
    if (path && !config_load(config, path, options->config, &error))
        fprintf(stderr, "mxscope: %s\n", error);
    free(path);
    if (!error)
        return true;
    free(error);
    return false;
}

static int end_keeping(struct session *session, int code)
{
    char *error = NULL;

    if (session_keep_changes(session, &error))
        return session_end_keeping(session->options, &session->keeping, session->model, session->trouble)
                   ? code
                   : UNFINISHED;
    fprintf(stderr, "mxscope: %s\n", error);
    free(error);
    return UNFINISHED;
}

/* Asked before anything is probed. False, and a line on stderr, when no screen can be shown. */
static bool screen_possible(const struct options *options)
{
    char *error = NULL;

    if (options->script || options->plain)
        return true;
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
        error = mem_string("the screen needs a terminal on stdin and stdout; expected one, --plain or "
                           "mxscope audit");
    else if (terminal_type_usable(getenv("TERM"), &error))
        return true;
    fprintf(stderr, "mxscope: %s\n", error);
    free(error);
    return false;
}

static bool go_on(void *context, bool *over, char **error)
{
    return session_go_on(context, over, error);
}

/* What holds no session has nothing to be read, and is gone on with at once; lines need all before the first.
 */
static int start_session(const struct options *options, struct session *session)
{
    int code = options->plain ? session_start(options, session) : session_open(options, session);
    char *error = NULL;
    bool over;

    if (code || options->plain || keeping_loading(&session->keeping) || session_go_on(session, &over, &error))
        return code;
    fprintf(stderr, "mxscope: %s\n", error);
    free(error);
    return USAGE;
}

static int command_screen(const struct options *options)
{
    struct config config;
    struct screen_options screen = {
        .title = options->demo ? "mxscope demo" : "mxscope",
        .ascii = options->ascii,
        .color = options->color,
        .theme = options->theme,
        .mouse = options->mouse,
        .demo = options->demo,
        .remembers = !options->demo && !options->script,
        .config = &config,
        .script = options->script,
        .generator = VERSION_GENERATOR,
        .on_loaded = go_on,
    };
    struct session session;
    int code;

    if (!read_config(options, &config) || !screen_possible(options))
        return USAGE;
    if (options->plain)
        plain_hold_signals();
    else
        terminal_hold_signals();
    code = start_session(options, &session);
    screen.loaded_context = &session;
    screen.started_at = session.started_at;
    screen.kept = &session.keeping;
    screen.warning = session.trouble;
    if (!code) {
        code = (options->plain ? plain_run : screen_run)(session.model, session.audit, &screen);
        code = end_keeping(&session, code);
    }
    session_release(&session);
    return code;
}

static int open_snapshot(const struct options *options)
{
    struct config config;

    return read_config(options, &config) ? command_open(options, &config) : USAGE;
}

static int run(const struct options *options)
{
    bool probes = options->command == COMMAND_AUDIT || options->command == COMMAND_SCREEN;

    if (probes && options->explain_pacing)
        return command_pacing(options);
    switch (options->command) {
    case COMMAND_AUDIT:
        return command_audit(options);
    case COMMAND_LAB:
        return command_lab(options);
    case COMMAND_OPEN:
        return open_snapshot(options);
    case COMMAND_EXPORT:
        return command_export(options);
    case COMMAND_DIFF:
        return command_diff(options);
    case COMMAND_MERGE:
        return command_merge(options);
    case COMMAND_HELP:
        cli_help(stdout);
        return fflush(stdout) ? 3 : 0;
    case COMMAND_VERSION:
        version_print(stdout);
        return fflush(stdout) ? 3 : 0;
    case COMMAND_SCREEN:
        break;
    }
    return command_screen(options);
}

int main(int argc, char **argv)
{
    struct options options;
    char *error = NULL;
    int code;

    hold_standard_descriptors();
    setlocale(LC_ALL, "");
    setlocale(LC_NUMERIC, "C");
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a limit on files is no room, not the end */
    enter_working_folder();
    if (cli_parse(argc, argv, &options, &error)) {
        code = run(&options);
    } else {
        fprintf(stderr, "mxscope: %s\n", error);
        free(error);
        code = USAGE;
    }
    cli_release(&options);
    return code;
}
