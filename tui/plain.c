#include "tui/plain.h"

#include "engine/base/buf.h"
#include "engine/base/mem.h"
#include "tui/actions_against.h"
#include "tui/actions_files.h"
#include "tui/actions_keep.h"
#include "tui/clock.h"
#include "tui/plain_private.h"
#include "tui/requests.h"

#include <errno.h>
#include <langinfo.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#define LINE_MOST    4000  /* bytes of a command */
#define READ_MOST    65536 /* bytes that are read and not run yet */
#define WAITING_MS   100   /* between two looks at what is waited for */
#define TELL_MS      1000  /* in which TOLD_MOST verdicts are told of */
#define TOLD_MOST    5
#define PAGE_LINES   24 /* what a page of the tree is */
#define PAGE_COLUMNS 80
#define EXIT_FAILED  3

/* One run of the loop's own things. */
struct run {
    struct plain plain;
    struct buf line; /* of stdin, as far as it came */
    int signals;
    bool terminal; /* somebody types */
    bool prompted; /* a prompt is out, and nothing behind it */
    bool over;     /* stdin ended */
    bool unsaved;  /* there is more to hand over to where the session is kept */
    bool changed;  /* events came since verdicts were told of */
};

static void signal_set(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGHUP);
}

void plain_hold_signals(void)
{
    sigset_t set;

    signal_set(&set);
    sigprocmask(SIG_BLOCK, &set, NULL);
}

static void make_room(struct plain *plain, uint32_t target)
{
    size_t limit = plain->told_limit ? plain->told_limit : 1024;

    if (target < plain->told_limit)
        return;
    while (limit <= target)
        limit *= 2;
    plain->told = mem_resize(plain->told, limit, 1);
    memset(plain->told + plain->told_limit, 0, limit - plain->told_limit);
    plain->told_limit = limit;
}

/* Nothing below is at work or waits for its turn; `idle`: nothing at all is. */
static bool is_settled(const struct target *target, bool idle)
{
    size_t i, j;

    if (target->removed || target->judgement.verdict == VERDICT_PENDING)
        return false;
    for (i = 0; !idle && i < target->host_count; i++)
        for (j = 0; j < target->hosts[i].host->endpoint_count; j++)
            if (target->hosts[i].host->endpoints[j]->activity != STAGE_DONE)
                return false;
    return true;
}

/* Between a prompt and what comes by itself, the line of the prompt ends. */
static void leave_prompt(struct run *run)
{
    if (run->prompted)
        putchar('\n');
    run->prompted = false;
}

static void tell(struct run *run, const struct target *target)
{
    struct plain *plain = &run->plain;

    if (plain->quiet)
        return;
    if (plain->told_now >= TOLD_MOST) {
        plain->held_back++;
        return;
    }
    plain->told_now++;
    leave_prompt(run);
    plain_say(plain, "%s: %s, %s", plain->screen.painter.ascii ? target->spec.domain : target->spec.unicode,
              verdict_title(target->judgement.verdict), theme_consequence(target->consequence));
}

/* `silently`: what is known at the start is no news. */
static void look_at(struct run *run, const struct target *target, bool silently)
{
    struct plain *plain = &run->plain;
    uint8_t verdict;

    if (!is_settled(target, !state_busy(&plain->screen)))
        return;
    make_room(plain, target->id);
    verdict = (uint8_t)(target->judgement.verdict + 1);
    if (plain->told[target->id] != verdict && !silently)
        tell(run, target);
    plain->told[target->id] = verdict;
}

static void look_at_all(struct run *run, bool silently)
{
    struct model *model = run->plain.screen.model;
    size_t i;

    for (i = 0; i < model_target_count(model); i++)
        look_at(run, model_target_at(model, i), silently);
}

/* A second is over: what came in it is told of, as far as it fits. */
static void begin_second(struct run *run)
{
    struct plain *plain = &run->plain;

    if (!run->changed && !plain->held_back)
        return;
    if (clock_milliseconds() - plain->told_since < TELL_MS)
        return;
    plain->told_since = clock_milliseconds();
    plain->told_now = 0;
    if (run->changed)
        look_at_all(run, false);
    run->changed = false;
    if (!plain->held_back)
        return;
    leave_prompt(run);
    plain_say(plain, "%u more verdict%s", plain->held_back, plain->held_back == 1 ? "" : "s");
    plain->held_back = 0;
}

static void say_message(struct run *run)
{
    struct screen *screen = &run->plain.screen;

    if (!screen->message)
        return;
    leave_prompt(run);
    plain_say(&run->plain, "%s", screen->message);
    free(screen->message);
    screen->message = NULL;
}

static void drain(struct run *run)
{
    struct screen *screen = &run->plain.screen;
    struct event event;

    while (screen->audit && audit_next(screen->audit, &event)) {
        if (event.type == EVENT_TROUBLE)
            state_say(screen, STYLE_ERROR, "%s", event.text ? event.text : "");
        else if (event.type != EVENT_IDLE)
            model_apply(screen->model, &event);
        if (event.type == EVENT_TROUBLE)
            say_message(run);
        screen->model_dirty = run->changed = true;
        event_release(&event);
    }
}

static void bring_up_to_date(struct run *run)
{
    struct screen *screen = &run->plain.screen;

    state_sync(screen);
    hold_finish(screen);
    cursor_place(&screen->cursor, screen->rows, state_tree_height(screen));
    begin_second(run);
    say_message(run);
}

/* Nothing is probed, waits for it or is being written. */
static bool is_done(const struct run *run)
{
    const struct screen *screen = &run->plain.screen;

    if (export_running(&screen->exporting))
        return false;
    if (!screen->audit || screen->paused)
        return true;
    return !state_busy(screen);
}

/* What was waited for is told of at once. */
static void end_waiting(struct run *run)
{
    struct plain *plain = &run->plain;

    if (!plain->waiting || !is_done(run))
        return;
    plain->waiting = false;
    plain->told_since = 0;
    begin_second(run);
}

/* The next line of what was read; at the end of stdin the rest too. The caller frees. */
static char *next_line(struct run *run)
{
    struct buf *text = &run->line;
    const uint8_t *end = text->length ? memchr(text->bytes, '\n', text->length) : NULL;
    size_t length = end ? (size_t)(end - text->bytes) : text->length;
    char *line;

    if (!end && !(run->over && text->length))
        return NULL;
    line = mem_string_n((const char *)text->bytes, length);
    length += end != NULL;
    memmove(text->bytes, text->bytes + length, text->length - length);
    text->length -= length;
    length = strlen(line);
    if (length && line[length - 1] == '\r')
        line[length - 1] = 0;
    return line;
}

static void run_lines(struct run *run)
{
    struct plain *plain = &run->plain;
    char *line;

    while (!plain->waiting && !plain->screen.quit && (line = next_line(run))) {
        run->prompted = false;
        if (strlen(line) > LINE_MOST)
            plain_say(plain, "that line is too long");
        else
            plain_command(plain, line);
        free(line);
        end_waiting(run);
    }
    if (run->over && !run->line.length && !plain->waiting)
        plain->screen.quit = true;
}

static void read_input(struct run *run)
{
    char bytes[4096];
    ssize_t got = read(STDIN_FILENO, bytes, sizeof bytes);

    if (got > 0)
        buf_add(&run->line, bytes, (size_t)got);
    else if (got == 0 || errno != EINTR)
        run->over = true;
    if (!run->line.failed)
        return;
    buf_reset(&run->line);
    plain_say(&run->plain, "that line is too long");
}

static void take_signal(struct run *run)
{
    struct signalfd_siginfo info;

    if (read(run->signals, &info, sizeof info) != sizeof info)
        return;
    run->plain.screen.quit = true;
    run->plain.screen.exit_code = EXIT_FAILED;
}

static int time_left(const struct run *run)
{
    int64_t left = run->plain.told_since + TELL_MS - clock_milliseconds();

    if (run->unsaved)
        return 0;
    if (run->plain.waiting)
        return WAITING_MS;
    if (!run->changed && !run->plain.held_back)
        return -1;
    return left > 0 ? (int)left : 0;
}

static void wait_for_something(struct run *run)
{
    struct screen *screen = &run->plain.screen;
    bool reads = !run->over && !run->plain.waiting;
    struct pollfd polls[] = {
        {run->signals, POLLIN, 0},
        {screen->audit ? audit_descriptor(screen->audit) : -1, POLLIN, 0},
        {reads ? STDIN_FILENO : -1, POLLIN, 0},
        {export_running(&screen->exporting) ? screen->exporting.descriptor : -1, POLLIN, 0},
        {screen->kept ? keeping_descriptor(screen->kept) : -1, POLLIN, 0},
    };

    if (poll(polls, sizeof polls / sizeof *polls, time_left(run)) < 0)
        return;
    if (polls[0].revents)
        take_signal(run);
    if (polls[1].revents)
        drain(run);
    if (polls[2].revents)
        read_input(run);
    if (polls[3].revents)
        files_export_ended(screen);
}

static void prompt(struct run *run)
{
    if (run->terminal && !run->prompted && !run->plain.waiting && !run->plain.screen.quit) {
        fputs(plain_prompt(&run->plain), stdout);
        run->prompted = true;
    }
    if (fflush(stdout) || run->plain.failed) {
        run->plain.screen.quit = true;
        run->plain.screen.exit_code = EXIT_FAILED;
    }
}

static void start(struct run *run, struct model *model, struct audit *audit,
                  const struct screen_options *options)
{
    struct screen *screen = &run->plain.screen;
    const struct request *requests;
    sigset_t set;
    size_t count;

    requests = requests_table(&count);
    keymap_init(&screen->keymap, requests, count);
    if (options->config)
        screen->keymap = options->config->keymap;
    screen->keymap.by_name = true;
    state_start(screen, model, audit, options);
    screen->headless = true;
    screen->painter.ascii = options->ascii || (options->config && options->config->ascii == CONFIG_YES) ||
                            strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
    layout_make(&screen->layout, PAGE_LINES, PAGE_COLUMNS, PANE_NONE, 0);
    signal_set(&set);
    run->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    run->terminal = isatty(STDIN_FILENO);
    buf_init(&run->line, READ_MOST);
    screen->model_dirty = true;
    look_at_all(run, true);
    bring_up_to_date(run);
    if (options->warning)
        plain_say(&run->plain, "%s", options->warning);
    plain_say_counts(&run->plain, "mxscope", rows_all_verdicts(screen->rows));
    plain_begin_against(&run->plain);
    if (run->terminal)
        plain_say(&run->plain, "help lists the commands");
}

/* What was asked for comes before the end. */
static int finish(struct run *run)
{
    struct screen *screen = &run->plain.screen;
    int code = screen->exit_code;
    char *error = NULL;

    leave_prompt(run);
    fflush(stdout);
    if (export_ended(&screen->exporting, true, &error) && error) {
        fprintf(stderr, "mxscope: %s\n", error);
        code = EXIT_FAILED;
    }
    free(error);
    state_finish(screen);
    buf_release(&run->line);
    free(run->plain.told);
    close(run->signals);
    free(run);
    return code;
}

int plain_run(struct model *model, struct audit *audit, const struct screen_options *options)
{
    struct run *run = mem_alloc(sizeof *run);

    start(run, model, audit, options);
    while (!run->plain.screen.quit) {
        run_lines(run);
        prompt(run);
        if (run->plain.screen.quit)
            break;
        wait_for_something(run);
        bring_up_to_date(run);
        run->unsaved = keep_take(&run->plain.screen);
        end_waiting(run);
    }
    return finish(run);
}
