#include "tui/screen_run.h"

#include "engine/base/mem.h"
#include "tui/actions_against.h"
#include "tui/actions_files.h"
#include "tui/actions_find.h"
#include "tui/actions_keep.h"
#include "tui/actions_list.h"
#include "tui/clock.h"
#include "tui/keys.h"
#include "tui/last_words.h"
#include "tui/mouse.h"
#include "tui/report.h"
#include "tui/requests.h"
#include "tui/script.h"
#include "tui/state.h"
#include "tui/terminal.h"
#include "tui/view.h"

#include <curses.h>
#include <errno.h>
#include <langinfo.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FRAME              33  /* milliseconds between frames that only the engine asks for */
#define PROGRESS           200 /* between frames that only show how far reading has come */
#define DRAIN_MILLISECONDS 4   /* most time for events before keys are looked at again */

static void take_event(struct screen *screen, struct event *event)
{
    if (event->type == EVENT_TROUBLE)
        state_mention(screen, STYLE_ERROR, event->text ? event->text : "");
    else if (event->type != EVENT_IDLE)
        model_apply(screen->model, event);
    screen->model_dirty = true;
}

void run_drain(struct screen *screen)
{
    int64_t until = clock_milliseconds() + DRAIN_MILLISECONDS;
    struct event event;
    unsigned count = 0;

    if (!screen->audit)
        return;
    while (audit_next(screen->audit, &event)) {
        take_event(screen, &event);
        event_release(&event);
        if (!(++count & 63) && clock_milliseconds() >= until)
            break;
    }
}

void run_press(struct run *run, uint32_t key)
{
    if (key == PRESS_NONE)
        return;
    view_layout(&run->screen);
    keys_press(&run->screen, key);
    run->presses++;
    run->pressed = run->screen.dirty = true;
}

static void point(struct run *run, const struct report_mouse *mouse)
{
    view_layout(&run->screen);
    mouse_take(&run->screen, mouse);
    run->pressed = run->screen.dirty = true;
}

void run_paste(struct run *run, const uint8_t *bytes, size_t length)
{
    view_layout(&run->screen);
    keys_paste(&run->screen, bytes, length);
    run->pressed = run->screen.dirty = true;
}

void run_refuse_paste(struct run *run, enum paste_outcome outcome)
{
    keys_refuse_paste(&run->screen,
                      outcome == PASTE_TOO_LARGE
                          ? "what was pasted is larger than 4 MiB, and left out; mxscope -i FILE reads a file"
                          : "what was pasted has no end, and is left out");
    run->pressed = run->screen.dirty = true;
}

static void read_terminal(struct run *run)
{
    struct terminal_input input;
    int most = 256;

    while (most-- && !run->screen.quit && terminal_next(clock_milliseconds(), &input)) {
        if (input.paste == PASTE_NONE)
            run_press(run, input.key);
        else if (input.paste == PASTE_CLICK)
            point(run, &input.click);
        else if (input.paste == PASTE_WHOLE)
            run_paste(run, input.text, input.length);
        else
            run_refuse_paste(run, input.paste);
    }
    if (terminal_pasting())
        state_say(&run->screen, STYLE_MESSAGE, "what is pasted is being taken in");
}

void run_resume(struct run *run)
{
    terminal_resume();
    run->pressed = run->screen.dirty = true;
}

static void take_signals(struct run *run)
{
    struct terminal_news news;

    terminal_take(&news);
    if (news.end) {
        run->screen.quit = true;
        run->screen.exit_code = EXIT_UNFINISHED;
    }
    if (news.resized) {
        terminal_resize();
        run->pressed = run->screen.dirty = true;
    }
    if (news.stop)
        run->screen.suspend = true;
    if (news.resumed)
        run_resume(run);
}

static void paint_if_due(struct run *run)
{
    struct screen *screen = &run->screen;

    if (!screen->dirty && !screen->model_dirty)
        return;
    if (!run->pressed && clock_milliseconds() - run->painted < FRAME)
        return;
    state_sync(screen);
    view_layout(screen);
    view_paint(screen);
    terminal_update();
    screen->dirty = run->pressed = false;
    run->painted = clock_milliseconds();
    if (screen->options->on_frame)
        screen->options->on_frame(screen->options->frame_context, run->presses);
}

static int time_left(const struct run *run)
{
    int64_t now = clock_milliseconds(), until = -1, left, late = run->has_terminal ? terminal_deadline() : 0;

    if (run->screen.dirty || run->screen.model_dirty)
        until = run->pressed ? now : run->painted + FRAME;
    if (run->script && run->deadline && (until < 0 || run->deadline < until))
        until = run->deadline;
    if (late && (until < 0 || late < until))
        until = late;
    if (find_busy(&run->screen) || run->unsaved || run->loading || hold_busy(&run->screen) ||
        list_busy(&run->screen))
        until = now;
    if ((run->screen.against.reading || list_under_way(&run->screen)) &&
        (until < 0 || until > run->painted + PROGRESS))
        until = run->painted + PROGRESS;
    if (until < 0)
        return -1;
    left = until - now;
    return left > 0 ? (int)left : 0;
}

/* The terminal has something though nothing comes from it now. */
static bool terminal_due(const struct run *run)
{
    int64_t deadline = run->has_terminal ? terminal_deadline() : 0;

    return deadline && deadline <= clock_milliseconds();
}

static void wait_for_something(struct run *run)
{
    struct pollfd polls[] = {
        {terminal_signals(), POLLIN, 0},
        {run->screen.audit ? audit_descriptor(run->screen.audit) : -1, POLLIN, 0},
        {run->has_terminal ? STDIN_FILENO : -1, POLLIN, 0},
        {export_running(&run->screen.exporting) ? run->screen.exporting.descriptor : -1, POLLIN, 0},
        {run->screen.kept ? keeping_descriptor(run->screen.kept) : -1, POLLIN, 0},
        {against_descriptor(&run->screen.against), POLLIN, 0},
        {listing_descriptor(&run->screen.listing), POLLIN, 0},
    };

    if (poll(polls, sizeof polls / sizeof *polls, time_left(run)) < 0)
        return;
    if (polls[0].revents)
        take_signals(run);
    if (polls[2].revents & (POLLHUP | POLLERR | POLLNVAL)) {
        run->screen.quit = true; /* the terminal went away */
        run->screen.exit_code = EXIT_UNFINISHED;
    } else if (polls[2].revents || terminal_due(run)) {
        read_terminal(run);
    }
    if (polls[1].revents)
        run_drain(&run->screen);
    if (polls[3].revents)
        files_export_ended(&run->screen);
}

static void copy(struct screen *screen)
{
    if (!terminal_copy(screen->copy))
        state_say(screen, STYLE_ERROR, "this terminal's type knows no clipboard");
    free(screen->copy);
    screen->copy = NULL;
}

static void switch_mouse(struct run *run)
{
    run->mouse = run->screen.mouse;
    if (terminal_mouse(run->mouse) || !run->mouse)
        return;
    run->mouse = run->screen.mouse = false;
    state_say(&run->screen, STYLE_ERROR, "this terminal's type knows no mouse");
}

/* What a crash says must be ready before there is one. */
static void prepare_last_words(struct run *run)
{
    const char *path = run->screen.kept ? keeping_path(run->screen.kept) : NULL;
    char *words;

    if (path == run->kept_path)
        return;
    run->kept_path = path;
    words = path ? last_words(path, run->screen.options->demo) : mem_string("");
    terminal_set_last_words(words);
    free(words);
}

/* A damaged file is no session: what was read of it is not shown any longer. */
static void give_up(struct run *run, char *error)
{
    run->last_words = error;
    run->screen.quit = true;
    run->screen.exit_code = EXIT_USAGE;
}

/* All was read: the engine can go on with it. */
static void end_load(struct run *run)
{
    run->screen.model_dirty = true;
    run->screen.audit = run->screen.waiting;
    run->screen.waiting = NULL;
    state_sync(&run->screen);
    run_restore_filter(run);
}

/* Some rows, or some of what the engine is told; *over: that was all. */
static bool load_some(struct run *run, bool *over, char **error)
{
    const struct screen_options *options = run->screen.options;

    run->screen.model_dirty = true;
    *over = false;
    if (keeping_loading(run->screen.kept))
        return keeping_load(run->screen.kept, error);
    *over = !options->on_loaded;
    return *over || options->on_loaded(options->loaded_context, over, error);
}

static void load(struct run *run)
{
    int64_t until = clock_milliseconds() + DRAIN_MILLISECONDS;
    size_t notes = model_notes(run->screen.model)->count;
    char *error = NULL;
    bool ok = true, over = false;

    if (!run->loading)
        return;
    do
        ok = load_some(run, &over, &error);
    while (ok && !over && clock_milliseconds() < until);
    run->loading = ok && !over;
    if (!ok)
        give_up(run, error);
    else if (over)
        end_load(run);
    if (ok && run->screen.options->report && model_notes(run->screen.model)->count > notes)
        state_say(&run->screen, STYLE_MESSAGE,
                  "the report has other verdicts than follow from what it tells; {notes} names them");
}

static void hold_against(struct run *run)
{
    if (run->screen.against_asked)
        hold_asked(&run->screen);
    if (hold_busy(&run->screen) && !run->pressed)
        hold_go_on(&run->screen);
    else if (run->screen.against.reading && clock_milliseconds() - run->painted >= PROGRESS)
        run->screen.dirty = true;
}

static void bring_list(struct run *run)
{
    if (list_busy(&run->screen) && !run->pressed)
        list_go_on(&run->screen);
    else if (list_under_way(&run->screen) && clock_milliseconds() - run->painted >= PROGRESS)
        run->screen.dirty = true;
}

static void keep(struct run *run)
{
    run->unsaved = keep_take(&run->screen);
    prepare_last_words(run);
}

static void loop(struct run *run)
{
    struct screen *screen = &run->screen;

    screen->model_dirty = screen->dirty = run->pressed = true;
    hold_against(run);
    keep(run);
    while (!screen->quit) {
        if (screen->mouse != run->mouse)
            switch_mouse(run);
        paint_if_due(run);
        run_script(run);
        if (screen->quit)
            break;
        wait_for_something(run);
        load(run);
        hold_against(run);
        bring_list(run);
        keep(run);
        if (!run->pressed && find_busy(screen))
            find_go_on(screen);
        if (screen->copy)
            copy(screen);
        if (screen->reading)
            run_pager(run);
        if (screen->redraw)
            clearok(stdscr, TRUE);
        screen->redraw = false;
        if (screen->suspend) {
            screen->suspend = false;
            terminal_suspend();
            run->pressed = screen->dirty = true;
        }
    }
}

static void load_history(struct screen *screen)
{
    char *path = history_path(getenv("XDG_STATE_HOME"), getenv("HOME"));

    if (path)
        history_load(&screen->history, path);
    free(path);
}

/* What was asked for comes before the end. */
static void end_export(struct run *run)
{
    struct export_job *job = &run->screen.exporting;
    char *error = NULL;

    if (!export_ended(job, false, &error) && export_running(job)) {
        fprintf(stderr, "mxscope: writing the rest of %s\n", job->path);
        export_ended(job, true, &error);
    }
    if (error) {
        fprintf(stderr, "mxscope: %s\n", error);
        run->screen.exit_code = EXIT_UNFINISHED;
    }
    free(error);
}

static void save_history(const struct screen *screen)
{
    char *path = history_path(getenv("XDG_STATE_HOME"), getenv("HOME")), *error = NULL;

    if (path && !history_save(&screen->history, path, &error))
        fprintf(stderr, "mxscope: %s\n", error);
    free(error);
    free(path);
}

static void start(struct run *run, struct model *model, struct audit *audit,
                  const struct screen_options *options)
{
    struct screen *screen = &run->screen;
    const struct config *config = options->config;
    bool ascii = options->ascii || (config && config->ascii == CONFIG_YES) ||
                 strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
    bool color = theme_wants_color(options->color, has_colors(), getenv("NO_COLOR"));
    const struct theme *theme =
        !options->theme && config && config->theme ? config->theme : theme_find(options->theme);
    const struct request *requests;
    size_t count;

    requests = requests_table(&count);
    keymap_init(&screen->keymap, requests, count);
    if (config)
        screen->keymap = config->keymap;
    state_start(screen, model, audit, options);
    if (config)
        screen->detail.size = config->detail;
    run->loading = state_loading(screen);
    screen->headless = !run->has_terminal;
    load_history(screen);
    painter_init(&screen->painter, color && theme ? theme : theme_find("mono"), color, ascii);
    screen->mouse = options->mouse || (config && config->mouse == CONFIG_YES);
    run_restore_view(run);
    if (options->warning)
        state_mention(screen, STYLE_CAUTION, options->warning);
}

static void finish(struct run *run)
{
    save_history(&run->screen);
    run_keep_view(run);
    state_finish(&run->screen);
    script_free(run->script);
    if (run->last_words)
        fprintf(stderr, "mxscope: %s\n", run->last_words);
    free(run->last_words);
}

static bool open_all(struct run *run, const struct screen_options *options)
{
    struct terminal_options terminal = {false};
    char *error = NULL;

    terminal.headless = options->script && !(isatty(STDIN_FILENO) && isatty(STDOUT_FILENO));
    run->has_terminal = !terminal.headless;
    if (options->theme && !theme_find(options->theme))
        error = mem_format("there is no theme \"%s\"", options->theme);
    if (!error && options->script)
        run->script = script_load(options->script, &error);
    if (!error)
        terminal_open(&terminal, &error);
    if (!error)
        return true;
    fprintf(stderr, "mxscope: %s\n", error);
    free(error);
    script_free(run->script);
    return false;
}

int screen_run(struct model *model, struct audit *audit, const struct screen_options *options)
{
    struct run *run = mem_alloc(sizeof *run);
    int code = EXIT_USAGE;

    if (open_all(run, options)) {
        start(run, model, audit, options);
        loop(run);
        terminal_close();
        end_export(run);
        code = run->screen.exit_code;
        finish(run);
    }
    free(run);
    return code;
}
