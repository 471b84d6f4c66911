#include "tui/command_audit.h"

#include "engine/base/mem.h"
#include "engine/report/format.h"
#include "tui/clock.h"
#include "tui/selection.h"
#include "tui/session.h"
#include "tui/version.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { DONE = 0, FOUND = 1, USAGE = 2, UNFINISHED = 3 };

/* Progress on stderr: one line, redrawn a few times a second, gone at the end. */
struct progress {
    bool on;
    int64_t drawn_ms;
    bool shown;
};

static void progress_clear(struct progress *p)
{
    if (p->shown)
        fputs("\r\033[K", stderr);
    p->shown = false;
}

static char *later_text(const struct audit_progress *now)
{
    if (!now->waiting_later)
        return mem_string("");
    return mem_format(", %u wait%s for a later try", now->waiting_later, now->waiting_later == 1 ? "s" : "");
}

/* What is on disk comes first: a narrow terminal cuts the end. */
static char *progress_line(const struct audit_progress *now, const struct keeping *keeping)
{
    char *later = later_text(now), *saved = keeping_saved_text(keeping), *line;

    line = mem_format("%s%s%u/%u domains resolved, %u/%u endpoints judged, %u complete, %u running, "
                      "%u waiting%s%s%s",
                      saved, *saved ? ", " : "", now->targets_resolved, now->targets, now->ready_done,
                      now->endpoints, now->full_done, now->running, now->queued, later,
                      now->limit == LIMIT_NONE ? "" : ", limited by ", limit_title(now->limit));
    free(saved);
    free(later);
    return line;
}

static void progress_draw(struct progress *p, struct audit *audit, const struct keeping *keeping)
{
    struct audit_progress now;
    struct winsize size = {0};
    int64_t ms = clock_milliseconds();
    char *line;
    int width;

    if (!p->on || ms - p->drawn_ms < 100)
        return;
    p->drawn_ms = ms;
    audit_progress(audit, &now);
    width = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col ? size.ws_col - 1 : 79;
    line = progress_line(&now, keeping);
    fprintf(stderr, "\r%.*s\033[K", width, line);
    p->shown = true;
    free(line);
}

struct run {
    struct session session;
    struct progress progress;
    bool idle, interrupted;
    bool told[check_count]; /* troubles of preflight that were printed */
    struct filter *filter;  /* what the report holds; NULL: everything */
};

/* Each trouble once. */
static void tell_preflight(struct run *run)
{
    const struct preflight *preflight = model_preflight(run->session.model);

    for (unsigned i = 0; i < check_count; i++) {
        const struct preflight_check *check = &preflight->checks[i];

        if (run->told[i] || check->state != CHECK_TROUBLE)
            continue;
        run->told[i] = true;
        progress_clear(&run->progress);
        fprintf(stderr, "mxscope: %s\n", check->detail ? check->detail : check_name((enum check)i));
    }
}

static void drain(struct run *run)
{
    struct event event;

    while (audit_next(run->session.audit, &event)) {
        if (event.type == EVENT_IDLE)
            run->idle = !audit_busy(run->session.audit);
        else if (event.type != EVENT_TROUBLE)
            model_apply(run->session.model, &event);
        if (event.type == EVENT_PREFLIGHT)
            tell_preflight(run);
        if (event.type == EVENT_TROUBLE) {
            progress_clear(&run->progress);
            fprintf(stderr, "mxscope: %s\n", event.text);
        }
        event_release(&event);
    }
}

/* First signal: stop probing and write what is known. Second: leave now. */
static void on_signal(struct run *run, int descriptor)
{
    struct signalfd_siginfo info;

    if (read(descriptor, &info, sizeof info) != sizeof info)
        return;
    progress_clear(&run->progress);
    if (run->interrupted)
        _exit(UNFINISHED);
    fputs("mxscope: stopping; what is known will be written (once more to leave now)\n", stderr);
    run->interrupted = true;
    audit_cancel(run->session.audit);
}

static const int leave_signals[] = {SIGINT, SIGTERM, SIGHUP};

static void signal_set(sigset_t *set)
{
    size_t i;

    sigemptyset(set);
    for (i = 0; i < sizeof leave_signals / sizeof *leave_signals; i++)
        sigaddset(set, leave_signals[i]);
}

static int open_signals(void)
{
    sigset_t set;

    signal_set(&set);
    sigprocmask(SIG_BLOCK, &set, NULL);
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void leave_now(int number)
{
    (void)number;
    _exit(UNFINISHED);
}

/* While the report is written nobody reads the descriptor, and a pipe may take for ever: a signal then is
 * always one too many. */
static void leave_on_signal(void)
{
    struct sigaction action = {.sa_handler = leave_now};
    sigset_t set;
    size_t i;

    for (i = 0; i < sizeof leave_signals / sizeof *leave_signals; i++)
        sigaction(leave_signals[i], &action, NULL);
    signal_set(&set);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
}

/* Each change of the snapshot's state once. */
static void tell_keeping(struct run *run)
{
    char *text;

    if (!keeping_news(&run->session.keeping, &text))
        return;
    progress_clear(&run->progress);
    if (text)
        fprintf(stderr, "mxscope: %s; it is tried again until it works\n", text);
    else
        fprintf(stderr, "mxscope: %s: is written again\n", keeping_path(&run->session.keeping));
    free(text);
}

static void keep(struct run *run)
{
    tell_keeping(run);
    while (keeping_take(&run->session.keeping, run->session.model))
        continue;
}

static void run_until_idle(struct run *run, int signals)
{
    struct pollfd wait[] = {{audit_descriptor(run->session.audit), POLLIN, 0},
                            {signals, POLLIN, 0},
                            {keeping_descriptor(&run->session.keeping), POLLIN, 0}};

    while (!run->idle) {
        if (poll(wait, 3, run->progress.on ? 250 : -1) < 0 && errno != EINTR)
            break;
        if (wait[1].revents & POLLIN)
            on_signal(run, signals);
        drain(run);
        keep(run);
        progress_draw(&run->progress, run->session.audit, &run->session.keeping);
    }
    progress_clear(&run->progress);
}

/* Can `path` be written? A file is replaced by one made beside it, so its folder counts; a device is written
 * to. */
static bool can_write(const char *path)
{
    struct stat status;
    char *folder, *slash;
    bool ok;

    if (stat(path, &status) == 0 && !S_ISREG(status.st_mode))
        return !S_ISDIR(status.st_mode) && access(path, W_OK) == 0;
    if (access(path, F_OK) == 0 && access(path, W_OK) != 0)
        return false;
    folder = mem_string(path);
    slash = strrchr(folder, '/');
    if (slash)
        slash[slash == folder] = 0;
    ok = access(slash ? folder : ".", W_OK | X_OK) == 0;
    free(folder);
    return ok;
}

/* Asked before anything is probed; nothing is created. */
static bool output_usable(const char *path)
{
    if (!path || strcmp(path, "-") == 0)
        return true;
    errno = EISDIR;
    if (can_write(path))
        return true;
    fprintf(stderr, "mxscope: --output %s: %s; expected a file in a folder that can be written\n", path,
            strerror(errno));
    return false;
}

static bool filter_usable(const struct options *options, struct filter **filter)
{
    char *error;

    *filter = selection_read(options, &error);
    if (error)
        fprintf(stderr, "mxscope: %s\n", error);
    free(error);
    return *filter || !options->filter;
}

static bool beyond(enum verdict verdict, enum fail_on fail_on)
{
    if (fail_on == FAIL_NEVER)
        return false;
    return verdict == VERDICT_NOT_READY || verdict == VERDICT_PLAINTEXT ||
           (fail_on == FAIL_AT_RISK && verdict == VERDICT_AT_RISK);
}

static bool anything_beyond(const struct model *model, enum fail_on fail_on)
{
    size_t i;

    for (i = 0; i < model_target_count(model); i++)
        if (!model_target_at(model, i)->removed &&
            beyond(model_target_at(model, i)->judgement.verdict, fail_on))
            return true;
    return false;
}

/* What the session keeps is kept already: the model may be cut down to what is reported. */
static bool write_report(const struct options *options, struct run *run, bool complete)
{
    struct report_options report = {
        .generator = VERSION_GENERATOR,
        .vantage = audit_helo_name(run->session.audit),
        .started_at = run->session.started_at,
        .finished_at = (int64_t)time(NULL),
        .complete = complete,
        .options = options->words,
    };
    char *error = NULL;
    bool ok;

    selection_apply(options, run->filter, run->session.model, &report);
    ok = report_save(options->output, options->format, run->session.model, &report, &error);
    if (!ok)
        fprintf(stderr, "mxscope: %s\n", error);
    free(error);
    return ok;
}

static bool end_keeping(struct run *run, bool complete)
{
    char *error = NULL;
    bool ok = keeping_end(&run->session.keeping, run->session.model, complete, &error);

    if (!ok)
        fprintf(stderr, "mxscope: %s\n", error);
    free(error);
    return ok;
}

static int finish(const struct options *options, struct run *run)
{
    bool complete = !run->interrupted && keeping_complete(run->session.model);
    bool kept = end_keeping(run, complete), found = anything_beyond(run->session.model, options->fail_on);

    if (!write_report(options, run, complete) || !complete || !kept)
        return UNFINISHED;
    return found ? FOUND : DONE;
}

int command_audit(const struct options *options)
{
    struct run run = {.progress = {.on = isatty(STDERR_FILENO) != 0}};
    int signals, code;

    if (!output_usable(options->output) || !filter_usable(options, &run.filter))
        return USAGE;
    signals = open_signals();
    code = session_start(options, &run.session);
    if (!code) {
        run.idle = model_target_count(run.session.model) == 0; /* a shard may well be empty: nothing ends */
        run_until_idle(&run, signals);
        leave_on_signal();
        code = finish(options, &run);
    } else {
        filter_free(run.filter);
    }
    session_release(&run.session);
    close(signals);
    return code;
}
