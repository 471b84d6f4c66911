#include "tui/terminal.h"

#include "engine/base/buf.h"
#include "engine/base/mem.h"
#include "tui/clipboard.h"
#include "tui/clock.h"
#include "tui/intake.h"
#include "tui/press.h"
#include "tui/terminal_type.h"

#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* Bracketed paste, for terminals that aren't too simple for it. */
#define PASTE_ON  "\033[?2004h"
#define PASTE_OFF "\033[?2004l"

/* Synchronised output: the question whether the terminal knows it, a frame's beginning and its end. */
#define SYNCHRONISES "\033[?2026$p"
#define FRAME_BEGIN  "\033[?2026h"
#define FRAME_END    "\033[?2026l"

/* Clicks and wheel, with decimal numbers. */
#define MOUSE_ON  "\033[?1000h\033[?1006h"
#define MOUSE_OFF "\033[?1006l\033[?1000l"

#define ROUNDS 64 /* reads of pasted text before the screen is looked at again */

static const int asking[] = {SIGWINCH, SIGTSTP, SIGCONT, SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGCHLD};
static const int fatal[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGSYS, SIGTRAP};

/* Process-wide, because signal handlers are. */
static struct {
    volatile sig_atomic_t taken; /* the terminal is ours and must be given back */
    struct termios before;
    char goodbye[256]; /* what gives the screen back */
    size_t goodbye_length;
    char words[4096]; /* what a crash says */
    volatile sig_atomic_t words_length;
    int pipe[2];
    bool headless;
    SCREEN *screen;
    FILE *in, *out; /* headless */
    struct intake intake;
    enum paste_outcome outcome; /* of a paste that was not handed out yet */
    bool mouse;                 /* wanted */
    bool more;                  /* terminal_next was not asked to the end */
    struct sigaction old_asking[COUNT(asking)], old_fatal[COUNT(fatal)];
    char stack[32768];
} state = {.pipe = {-1, -1}};

/* Async-signal-safe: write and tcsetattr only. */
static void give_back(void)
{
    if (!state.taken)
        return;
    state.taken = 0;
    (void)!write(STDOUT_FILENO, state.goodbye, state.goodbye_length);
    tcsetattr(STDIN_FILENO, TCSANOW, &state.before);
}

static void on_asking(int signal_number)
{
    int saved = errno;
    char byte = (char)signal_number;

    (void)!write(state.pipe[1], &byte, 1);
    errno = saved;
}

static void say_last_words(void)
{
    (void)!write(STDERR_FILENO, state.words, (size_t)state.words_length);
}

/* Out of memory. */
static void on_exhausted(void)
{
    give_back();
    say_last_words();
}

static void on_fatal(int signal_number)
{
    static const char crashed[] = "mxscope crashed\n";
    size_t i;

    give_back();
    (void)!write(STDERR_FILENO, crashed, sizeof crashed - 1);
    say_last_words();
    for (i = 0; i < COUNT(fatal); i++)
        if (fatal[i] == signal_number)
            sigaction(signal_number, &state.old_fatal[i], NULL);
    raise(signal_number);
}

static void watch(int signal_number, void (*handler)(int), int flags, struct sigaction *old)
{
    struct sigaction action;

    memset(&action, 0, sizeof action);
    action.sa_handler = handler;
    action.sa_flags = flags;
    sigemptyset(&action.sa_mask);
    sigaction(signal_number, &action, old);
}

static void hold(int how, bool all)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGHUP);
    sigaddset(&set, SIGTERM);
    if (all) {
        sigaddset(&set, SIGINT);
        sigaddset(&set, SIGQUIT);
    }
    sigprocmask(how, &set, NULL);
}

void terminal_hold_signals(void)
{
    hold(SIG_BLOCK, true);
}

static void watch_signals(void)
{
    stack_t stack = {.ss_sp = state.stack, .ss_size = sizeof state.stack};
    size_t i;

    sigaltstack(&stack, NULL);
    for (i = 0; i < COUNT(asking); i++)
        watch(asking[i], on_asking, SA_RESTART, &state.old_asking[i]);
    for (i = 0; i < COUNT(fatal); i++)
        watch(fatal[i], on_fatal, SA_ONSTACK | SA_NODEFER, &state.old_fatal[i]);
    hold(SIG_UNBLOCK, true);
}

static void unwatch_signals(void)
{
    stack_t none = {.ss_flags = SS_DISABLE};
    size_t i;

    hold(SIG_BLOCK, false);
    for (i = 0; i < COUNT(asking); i++)
        sigaction(asking[i], &state.old_asking[i], NULL);
    for (i = 0; i < COUNT(fatal); i++)
        sigaction(fatal[i], &state.old_fatal[i], NULL);
    sigaltstack(&none, NULL);
}

static void add_goodbye(const char *sequence)
{
    size_t length = sequence && sequence != (char *)-1 ? strlen(sequence) : 0;

    if (state.goodbye_length + length > sizeof state.goodbye)
        return;
    memcpy(state.goodbye + state.goodbye_length, sequence ? sequence : "", length);
    state.goodbye_length += length;
}

static void prepare_goodbye(void)
{
    state.goodbye_length = 0;
    if (enter_ca_mode) {
        add_goodbye(FRAME_END);
        add_goodbye(MOUSE_OFF);
        add_goodbye(PASTE_OFF);
    }
    add_goodbye(exit_attribute_mode);
    add_goodbye(orig_pair);
    add_goodbye(keypad_local);
    add_goodbye(cursor_normal);
    add_goodbye(exit_ca_mode);
    add_goodbye("\r");
}

static void write_all(const char *bytes, size_t length)
{
    while (length) {
        ssize_t written = write(STDOUT_FILENO, bytes, length);

        if (written < 0 && errno != EINTR)
            return;
        bytes += written > 0 ? written : 0;
        length -= written > 0 ? (size_t)written : 0;
    }
}

static bool is_capable(void)
{
    return !state.headless && enter_ca_mode;
}

/* Outside of curses, which knows nothing of them; before the terminal is given back or behind taking it. */
static void switch_modes(bool on)
{
    if (!is_capable())
        return;
    write_all(on ? PASTE_ON : PASTE_OFF, strlen(PASTE_ON));
    if (state.mouse)
        write_all(on ? MOUSE_ON : MOUSE_OFF, strlen(MOUSE_ON));
}

/* Through curses, so that it comes behind the change to the alternate screen and before this is cleared: what
 * a terminal that does not understand might print is never seen. */
static void ask_terminal(void)
{
    if (!is_capable())
        return;
    curs_set(1); /* has curses write what it holds */
    write_all(SYNCHRONISES, strlen(SYNCHRONISES));
    paste_expect(&state.intake.paste, clock_milliseconds());
}

static void modes(void)
{
    raw();
    noecho();
    nonl();
    nodelay(stdscr, TRUE);
    keypad(stdscr, TRUE);
    meta(stdscr, TRUE);
    if (has_colors()) {
        start_color();
        use_default_colors();
    }
}

static bool open_headless(char **error)
{
    state.in = fopen("/dev/null", "r");
    state.out = fopen("/dev/null", "w");
    if (state.in && state.out) {
        set_escdelay(25);
        state.screen = newterm("xterm-256color", state.out, state.in);
    }
    if (!state.screen)
        *error = mem_string("the terminal description xterm-256color is missing (package ncurses-base)");
    return state.screen;
}

static bool open_screen(char **error)
{
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) || tcgetattr(STDIN_FILENO, &state.before) < 0) {
        *error = mem_string("the screen needs a terminal; use `mxscope audit` without one");
        return false;
    }
    if (!terminal_type_usable(getenv("TERM"), error))
        return false;
    if (!intake_open(&state.intake, STDIN_FILENO)) {
        *error = mem_format("no pipe for keys: %s", strerror(errno));
        return false;
    }
    state.outcome = PASTE_NONE;
    state.more = state.mouse = false;
    set_escdelay(0); /* sequences come whole */
    state.screen = newterm(NULL, stdout, state.intake.keys);
    if (!state.screen) {
        *error = mem_string("the terminal can't be set up; use --plain");
        return false;
    }
    typeahead(STDIN_FILENO);
    prepare_goodbye();
    state.taken = 1;
    return true;
}

static void close_files(void)
{
    if (state.in)
        fclose(state.in);
    if (state.out)
        fclose(state.out);
    state.in = state.out = NULL;
    intake_close(&state.intake);
}

bool terminal_open(const struct terminal_options *options, char **error)
{
    state.headless = options->headless;
    if (pipe2(state.pipe, O_CLOEXEC | O_NONBLOCK) < 0) {
        *error = mem_format("no pipe for signals: %s", strerror(errno));
        return false;
    }
    watch_signals();
    if (!(state.headless ? open_headless(error) : open_screen(error))) {
        unwatch_signals();
        close_files();
        close(state.pipe[0]);
        close(state.pipe[1]);
        return false;
    }
    mem_on_exhausted(on_exhausted);
    modes();
    switch_modes(true);
    ask_terminal();
    return true;
}

/* The rest of a paste is not for whoever reads next, nor is an answer. */
static void restore_modes(void)
{
    bool drop = terminal_pasting() || clock_milliseconds() < state.intake.paste.expects_until;

    if (!state.headless)
        tcsetattr(STDIN_FILENO, drop ? TCSAFLUSH : TCSADRAIN, &state.before);
}

void terminal_close(void)
{
    switch_modes(false);
    endwin();
    state.taken = 0;
    restore_modes();
    mem_on_exhausted(NULL);
    state.words_length = 0;
    unwatch_signals();
    delscreen(state.screen);
    state.screen = NULL;
    close_files();
    close(state.pipe[0]);
    close(state.pipe[1]);
}

void terminal_set_last_words(const char *words)
{
    size_t length = strnlen(words, sizeof state.words);

    state.words_length = 0;
    memcpy(state.words, words, length);
    state.words_length = (sig_atomic_t)length;
}

int terminal_signals(void)
{
    return state.pipe[0];
}

static void note(struct terminal_news *news, int signal_number)
{
    if (signal_number == SIGWINCH)
        news->resized = true;
    else if (signal_number == SIGCONT)
        news->resumed = true;
    else if (signal_number == SIGTSTP)
        news->stop = true;
    else if (signal_number != SIGCHLD)
        news->end = signal_number;
}

void terminal_take(struct terminal_news *news)
{
    char bytes[64];
    ssize_t got, i;

    memset(news, 0, sizeof *news);
    while ((got = read(state.pipe[0], bytes, sizeof bytes)) > 0)
        for (i = 0; i < got; i++)
            note(news, bytes[i]);
}

void terminal_resume(void)
{
    state.taken = !state.headless;
    reset_prog_mode();
    switch_modes(true);
    terminal_resize();
    clearok(stdscr, TRUE);
}

void terminal_lend(void)
{
    def_prog_mode();
    switch_modes(false);
    endwin();
    restore_modes();
    state.taken = 0;
}

void terminal_stop(void)
{
    signal(SIGTSTP, SIG_DFL);
    raise(SIGTSTP);
    watch(SIGTSTP, on_asking, SA_RESTART, NULL);
}

void terminal_suspend(void)
{
    terminal_lend();
    terminal_stop();
    terminal_resume();
}

static bool next_key(struct terminal_input *input)
{
    wint_t code;
    int status = get_wch(&code);

    if (status != ERR)
        input->key = press_from_curses(status == KEY_CODE_YES, (uint32_t)code);
    return status != ERR;
}

static bool next_paste(struct terminal_input *input)
{
    input->paste = state.outcome;
    input->text = state.intake.paste.text.bytes;
    input->length = state.intake.paste.text.length;
    input->click = state.intake.paste.click;
    state.outcome = PASTE_NONE;
    return input->paste != PASTE_NONE;
}

bool terminal_next(int64_t now, struct terminal_input *input)
{
    int rounds;

    memset(input, 0, sizeof *input);
    state.more = true;
    for (rounds = 0; rounds < ROUNDS && state.more; rounds++) {
        if (next_key(input) || next_paste(input))
            return true;
        state.more = intake_take(&state.intake, now, &state.outcome);
    }
    return false;
}

int64_t terminal_deadline(void)
{
    return state.more ? 1 : state.intake.paste.deadline;
}

bool terminal_pasting(void)
{
    return state.intake.paste.pasting;
}

bool terminal_copy(const char *text)
{
    struct buf out;

    if (state.headless || !enter_ca_mode)
        return false;
    buf_init(&out, 0);
    clipboard_sequence(&out, text, strlen(text), getenv("TMUX"));
    write_all((const char *)out.bytes, out.length);
    buf_release(&out);
    return true;
}

void terminal_update(void)
{
    bool whole = is_capable() && state.intake.paste.synchronises;

    if (whole)
        write_all(FRAME_BEGIN, strlen(FRAME_BEGIN));
    doupdate();
    if (whole)
        write_all(FRAME_END, strlen(FRAME_END));
}

bool terminal_mouse(bool on)
{
    if (!is_capable())
        return false;
    if (on != state.mouse)
        write_all(on ? MOUSE_ON : MOUSE_OFF, strlen(MOUSE_ON));
    state.mouse = on;
    return true;
}

void terminal_resize(void)
{
    struct winsize size;

    if (state.headless || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0 || !size.ws_row || !size.ws_col)
        return;
    resizeterm(size.ws_row, size.ws_col);
}
