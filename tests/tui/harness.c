#include "tests/tui/harness.h"

#include "engine/base/buf.h"
#include "engine/base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include <vterm.h>

struct harness {
    VTerm *terminal;
    VTermScreen *screen;
    int master;
    int reports; /* from the shepherd: `struct report` */
    int go;      /* to the shepherd: a byte starts the program, the end lets it go */
    pid_t shepherd, program;
    struct termios before;
    int exit_code; /* -1 while it runs */
    unsigned stops, stops_seen;
    bool cursor_visible, alternate, titled;
    bool mouse;         /* the program asked for clicks */
    char command[1024]; /* the last OSC that libvterm left */
    int lines, columns;
    struct buf sent;  /* by the program */
    bool no_frames;   /* the terminal does not know them */
    bool in_frame;    /* its end has not come yet */
    size_t matched;   /* of FRAME, at the end of what was taken */
    char bytes[4096]; /* read from the program, taken up to `at` */
    size_t at, length;
};

#define SENT_MOST 65536
#define FRAME     "\033[?2026"     /* h begins one, l ends it */
#define UNKNOWN   "\033[?2026;0$y" /* what libvterm answers, … */
#define KNOWN     "\033[?2026;2$y" /* … and a terminal that knows frames */

struct report {
    pid_t program;
    int status; /* of waitpid; -1 at the start */
};

static int on_property(VTermProp property, VTermValue *value, void *user)
{
    struct harness *harness = user;

    if (property == VTERM_PROP_CURSORVISIBLE)
        harness->cursor_visible = value->boolean;
    else if (property == VTERM_PROP_ALTSCREEN)
        harness->alternate = value->boolean;
    else if (property == VTERM_PROP_MOUSE)
        harness->mouse = value->number != VTERM_PROP_MOUSE_NONE;
    else if (property == VTERM_PROP_TITLE || property == VTERM_PROP_ICONNAME)
        harness->titled = true;
    return 1;
}

static int on_command(const char *command, size_t length, void *user)
{
    struct harness *harness = user;

    snprintf(harness->command, sizeof harness->command, "%.*s", (int)length, command);
    return 1;
}

static const VTermParserCallbacks fallbacks = {.osc = on_command};
static const VTermScreenCallbacks callbacks = {.settermprop = on_property};

static void run_program(const char *const *argv, char **environment)
{
    signal(SIGTTOU, SIG_IGN);
    setpgid(0, 0);
    tcsetpgrp(STDIN_FILENO, getpid());
    signal(SIGTTOU, SIG_DFL);
    execve(argv[0], (char *const *)argv, environment);
    fprintf(stderr, "%s: %s\n", argv[0], strerror(errno));
    _exit(127);
}

/* Tells of every stop and of the end; keeps the terminal open until the harness closes its side. */
static _Noreturn void shepherd(int reports, int go, const char *const *argv, char **environment)
{
    struct report report = {0, -1};
    char byte;
    pid_t pid;

    signal(SIGHUP, SIG_IGN);
    (void)!read(go, &byte, 1);
    pid = fork();
    if (!pid) {
        signal(SIGHUP, SIG_DFL);
        run_program(argv, environment);
    }
    report.program = pid;
    (void)!write(reports, &report, sizeof report);
    while (waitpid(pid, &report.status, WUNTRACED) > 0) {
        (void)!write(reports, &report, sizeof report);
        if (!WIFSTOPPED(report.status))
            break;
    }
    (void)!read(go, &byte, 1);
    _exit(0);
}

static char **make_environment(const char *const *extra)
{
    static const char *const kept[] = {"TEST_TMPDIR",  "TEST_SRCDIR",     "ASAN_OPTIONS", "UBSAN_OPTIONS",
                                       "TSAN_OPTIONS", "LD_LIBRARY_PATH", "RUNFILES_DIR"};
    char **list = mem_array(64, sizeof *list);
    size_t count = 0, i;

    for (i = 0; extra && extra[i] && count < 50; i++)
        list[count++] = mem_string(extra[i]); /* first, so that they win */
    list[count++] = mem_string("TERM=xterm-256color");
    list[count++] = mem_string("LC_ALL=C.UTF-8");
    list[count++] = mem_string("PATH=/usr/bin:/bin");
    for (i = 0; i < sizeof kept / sizeof kept[0]; i++)
        if (getenv(kept[i]))
            list[count++] = mem_format("%s=%s", kept[i], getenv(kept[i]));
    return list;
}

static void free_environment(char **list)
{
    size_t i;

    for (i = 0; list[i]; i++)
        free(list[i]);
    free(list);
}

static void make_terminal(struct harness *harness)
{
    harness->terminal = vterm_new(harness->lines, harness->columns);
    vterm_set_utf8(harness->terminal, 1);
    harness->screen = vterm_obtain_screen(harness->terminal);
    vterm_screen_set_callbacks(harness->screen, &callbacks, harness);
    vterm_screen_set_unrecognised_fallbacks(harness->screen, &fallbacks, harness);
    vterm_screen_enable_altscreen(harness->screen, 1);
    vterm_screen_reset(harness->screen, 1);
}

/* Parent and shepherd each keep their own ends. */
static void start_shepherd(struct harness *harness, const char *const *argv, char **variables)
{
    struct winsize size = {(unsigned short)harness->lines, (unsigned short)harness->columns, 0, 0};
    int reports[2], go[2];

    if (pipe2(reports, O_CLOEXEC) < 0 || pipe2(go, O_CLOEXEC) < 0)
        abort();
    harness->shepherd = forkpty(&harness->master, NULL, NULL, &size);
    if (harness->shepherd < 0)
        abort();
    if (!harness->shepherd) {
        close(reports[0]);
        close(go[1]);
        shepherd(reports[1], go[0], argv, variables);
    }
    close(reports[1]);
    close(go[0]);
    harness->reports = reports[0];
    harness->go = go[1];
}

struct harness *harness_start(const char *const *argv, int lines, int columns, const char *const *environment)
{
    struct harness *harness = mem_alloc(sizeof *harness);
    char **variables = make_environment(environment);
    struct report first;

    harness->lines = lines;
    harness->columns = columns;
    harness->exit_code = -1;
    harness->cursor_visible = true;
    buf_init(&harness->sent, 0);
    make_terminal(harness);
    start_shepherd(harness, argv, variables);
    free_environment(variables);
    tcgetattr(harness->master, &harness->before);
    (void)!write(harness->go, "g", 1);
    if (read(harness->reports, &first, sizeof first) != sizeof first)
        abort();
    harness->program = first.program;
    return harness;
}

void harness_knows_no_frames(struct harness *harness)
{
    harness->no_frames = true;
}

void harness_free(struct harness *harness)
{
    if (!harness)
        return;
    if (harness->exit_code < 0)
        kill(harness->program, SIGKILL);
    close(harness->go);
    close(harness->master);
    close(harness->reports);
    waitpid(harness->shepherd, NULL, 0);
    vterm_free(harness->terminal);
    buf_release(&harness->sent);
    free(harness);
}

static void take_report(struct harness *harness)
{
    struct report report;

    if (read(harness->reports, &report, sizeof report) != sizeof report) {
        harness->exit_code = harness->exit_code < 0 ? 255 : harness->exit_code;
        return;
    }
    if (WIFSTOPPED(report.status))
        harness->stops++;
    else
        harness->exit_code =
            WIFEXITED(report.status) ? WEXITSTATUS(report.status) : 128 + WTERMSIG(report.status);
}

/* What the terminal itself has to say. */
static void answer(struct harness *harness)
{
    char bytes[4096], *unknown;
    size_t length;

    while ((length = vterm_output_read(harness->terminal, bytes, sizeof bytes)) > 0) {
        unknown = harness->no_frames ? NULL : memmem(bytes, length, UNKNOWN, strlen(UNKNOWN));
        if (unknown)
            memcpy(unknown, KNOWN, strlen(KNOWN));
        (void)!write(harness->master, bytes, length);
    }
}

/* How many of the bytes there are up to the end of a frame; all, when none ends there. */
static size_t follow_frames(struct harness *harness, const char *bytes, size_t length)
{
    size_t i;

    for (i = 0; i < length; i++) {
        if (harness->matched == strlen(FRAME)) {
            harness->matched = 0;
            harness->in_frame = bytes[i] == 'h' || (bytes[i] != 'l' && harness->in_frame);
            if (bytes[i] == 'l')
                return i + 1;
        } else if (bytes[i] == FRAME[harness->matched]) {
            harness->matched++;
        } else {
            harness->matched = bytes[i] == FRAME[0];
        }
    }
    return length;
}

/* To the end of a frame, or all that is there. */
static void take_output(struct harness *harness)
{
    const char *bytes = harness->bytes + harness->at;
    size_t length = follow_frames(harness, bytes, harness->length - harness->at);

    harness->at += length;
    vterm_input_write(harness->terminal, bytes, length);
    if (harness->sent.length + length > SENT_MOST)
        buf_reset(&harness->sent);
    buf_add(&harness->sent, bytes, length);
    answer(harness);
}

static void read_output(struct harness *harness)
{
    ssize_t got = read(harness->master, harness->bytes, sizeof harness->bytes);

    harness->at = 0;
    harness->length = got > 0 ? (size_t)got : 0;
}

#define QUIET 15 /* milliseconds without output after which nothing more is expected */

/* Takes what comes within `milliseconds`, a frame at most; false when nothing did. */
static bool pump(struct harness *harness, int milliseconds)
{
    struct pollfd polls[2] = {{harness->master, POLLIN, 0},
                              {harness->exit_code < 0 ? harness->reports : -1, POLLIN, 0}};

    if (harness->at == harness->length) {
        if (poll(polls, 2, milliseconds) <= 0)
            return false;
        if (polls[0].revents & POLLIN)
            read_output(harness);
        else if (polls[1].revents)
            take_report(harness);
    }
    if (harness->at < harness->length)
        take_output(harness);
    return true;
}

static double seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* No frame is half there; none goes on once the program has ended or stopped. */
static bool is_whole(const struct harness *harness)
{
    return !harness->in_frame || harness->exit_code >= 0 || harness->stops > harness->stops_seen;
}

/* Takes the frames that follow at once, and the pieces of what stands in no frame, such as the first one. */
static void settle(struct harness *harness, double until)
{
    double enough = seconds() + 1; /* frames may follow each other without end */
    bool more;

    do
        more = pump(harness, QUIET);
    while (is_whole(harness) ? more && seconds() < enough : seconds() < until);
}

bool harness_wait_for(struct harness *harness, bool (*met)(struct harness *harness, void *context),
                      void *context)
{
    double until = seconds() + HARNESS_PATIENCE;
    char *text;

    for (;;) {
        if (is_whole(harness) && met(harness, context)) {
            settle(harness, until);
            return true;
        }
        if (seconds() > until)
            break;
        pump(harness, 100);
    }
    text = harness_text(harness);
    fprintf(stderr, "the screen when patience ended:\n%s", text);
    free(text);
    return false;
}

static bool shows(struct harness *harness, void *text)
{
    return harness_find(harness, text) >= 0;
}

static bool shows_not(struct harness *harness, void *text)
{
    return harness_find(harness, text) < 0;
}

static bool ended(struct harness *harness, void *context)
{
    (void)context;
    return harness->exit_code >= 0;
}

static bool stopped(struct harness *harness, void *context)
{
    (void)context;
    return harness->stops > harness->stops_seen;
}

bool harness_wait(struct harness *harness, const char *text)
{
    bool met = harness_wait_for(harness, shows, (void *)text);

    if (!met)
        fprintf(stderr, "waited for \"%s\"\n", text);
    return met;
}

bool harness_wait_gone(struct harness *harness, const char *text)
{
    return harness_wait_for(harness, shows_not, (void *)text);
}

int harness_wait_exit(struct harness *harness)
{
    bool met = harness_wait_for(harness, ended, NULL);

    while (pump(harness, 0))
        ;
    return met ? harness->exit_code : -1;
}

bool harness_has_ended(const struct harness *harness)
{
    return harness->exit_code >= 0;
}

bool harness_wait_stop(struct harness *harness)
{
    bool met = harness_wait_for(harness, stopped, NULL);

    harness->stops_seen = harness->stops;
    return met;
}

void harness_send(struct harness *harness, const char *bytes)
{
    size_t left = strlen(bytes);
    ssize_t sent;

    for (; left; bytes += sent, left -= (size_t)sent) {
        sent = write(harness->master, bytes, left);
        if (sent < 0)
            return;
        pump(harness, 0);
    }
}

void harness_click(struct harness *harness, int button, int line, int column)
{
    if (!harness->mouse)
        return;
    vterm_mouse_move(harness->terminal, line, column, VTERM_MOD_NONE);
    vterm_mouse_button(harness->terminal, button, true, VTERM_MOD_NONE);
    vterm_mouse_button(harness->terminal, button, false, VTERM_MOD_NONE);
    answer(harness);
}

bool harness_key(struct harness *harness, const char *name)
{
    static const struct {
        const char *name, *bytes;
    } keys[] = {{"Up", "\033OA"},      {"Down", "\033OB"},    {"Right", "\033OC"}, {"Left", "\033OD"},
                {"Home", "\033OH"},    {"End", "\033OF"},     {"PgUp", "\033[5~"}, {"PgDn", "\033[6~"},
                {"Delete", "\033[3~"}, {"BackTab", "\033[Z"}, {"Enter", "\r"},     {"Esc", "\033"},
                {"Tab", "\t"},         {"Space", " "},        {"BSpace", "\177"}};
    char control[2] = {0};
    size_t i;

    for (i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        if (strcmp(keys[i].name, name) == 0) {
            harness_send(harness, keys[i].bytes);
            return true;
        }
    }
    if (strncmp(name, "C-", 2) == 0 && name[2] >= 'a' && name[2] <= 'z' && !name[3]) {
        control[0] = (char)(name[2] & 0x1f);
        harness_send(harness, control);
        return true;
    }
    harness_send(harness, name);
    return name[0] && !name[1];
}

void harness_resize(struct harness *harness, int lines, int columns)
{
    struct winsize size = {(unsigned short)lines, (unsigned short)columns, 0, 0};

    harness->lines = lines;
    harness->columns = columns;
    vterm_set_size(harness->terminal, lines, columns);
    ioctl(harness->master, TIOCSWINSZ, &size);
    kill(harness->program, SIGWINCH);
}

void harness_signal(struct harness *harness, int signal_number)
{
    kill(harness->program, signal_number);
}

void harness_limit_files(struct harness *harness, size_t bytes)
{
    struct rlimit limit;

    if (prlimit(harness->program, RLIMIT_FSIZE, NULL, &limit) != 0)
        abort();
    limit.rlim_cur = bytes;
    if (prlimit(harness->program, RLIMIT_FSIZE, &limit, NULL) != 0)
        abort();
}

static void add_character(struct buf *out, uint32_t c)
{
    if (c < 0x80) {
        buf_u8(out, (uint8_t)(c ? c : ' '));
    } else if (c < 0x800) {
        buf_u8(out, (uint8_t)(0xc0 | c >> 6));
        buf_u8(out, (uint8_t)(0x80 | (c & 0x3f)));
    } else {
        buf_u8(out, (uint8_t)(0xe0 | (c >> 12 & 0xf)));
        buf_u8(out, (uint8_t)(0x80 | (c >> 6 & 0x3f)));
        buf_u8(out, (uint8_t)(0x80 | (c & 0x3f)));
    }
}

static bool get_cell(struct harness *harness, int line, int column, VTermScreenCell *cell)
{
    VTermPos position = {.row = line, .col = column};

    memset(cell, 0, sizeof *cell);
    return line < harness->lines && column < harness->columns &&
           vterm_screen_get_cell(harness->screen, position, cell);
}

char *harness_line(struct harness *harness, int line)
{
    VTermScreenCell cell;
    struct buf out;
    int column, i;

    buf_init(&out, 0);
    for (column = 0; column<harness->columns; column += cell.width> 1 ? cell.width : 1) {
        if (!get_cell(harness, line, column, &cell) || !cell.chars[0])
            buf_u8(&out, ' ');
        for (i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i]; i++)
            add_character(&out, cell.chars[i]);
    }
    while (out.length && out.bytes[out.length - 1] == ' ')
        out.length--;
    return buf_take_string(&out);
}

char *harness_text(struct harness *harness)
{
    struct buf out;
    int line;

    buf_init(&out, 0);
    for (line = 0; line < harness->lines; line++) {
        char *text = harness_line(harness, line);

        buf_printf(&out, "%s\n", text);
        free(text);
    }
    return buf_take_string(&out);
}

int harness_find(struct harness *harness, const char *text)
{
    int line;

    for (line = 0; line < harness->lines; line++) {
        char *shown = harness_line(harness, line);
        bool found = strstr(shown, text);

        free(shown);
        if (found)
            return line;
    }
    return -1;
}

struct harness_look harness_look(struct harness *harness, int line, int column)
{
    struct harness_look look = {false, false, false, -1};
    VTermScreenCell cell;

    if (!get_cell(harness, line, column, &cell))
        return look;
    look.bold = cell.attrs.bold;
    look.reverse = cell.attrs.reverse;
    look.underline = cell.attrs.underline;
    if (!VTERM_COLOR_IS_DEFAULT_FG(&cell.fg) && VTERM_COLOR_IS_INDEXED(&cell.fg))
        look.color = cell.fg.indexed.idx;
    return look;
}

void harness_cursor(struct harness *harness, int *line, int *column)
{
    VTermPos position;

    vterm_state_get_cursorpos(vterm_obtain_state(harness->terminal), &position);
    *line = position.row;
    *column = position.col;
}

bool harness_cursor_visible(struct harness *harness)
{
    return harness->cursor_visible;
}

bool harness_alternate(struct harness *harness)
{
    return harness->alternate;
}

const char *harness_command(struct harness *harness)
{
    return harness->command;
}

unsigned harness_sent(struct harness *harness, const char *bytes)
{
    size_t length = strlen(bytes), i;
    unsigned count = 0;

    for (i = 0; i + length <= harness->sent.length; i++)
        count += memcmp(harness->sent.bytes + i, bytes, length) == 0;
    return count;
}

bool harness_title_was_set(struct harness *harness)
{
    return harness->titled;
}

bool harness_modes_restored(struct harness *harness)
{
    struct termios now;

    return tcgetattr(harness->master, &now) == 0 && now.c_lflag == harness->before.c_lflag &&
           now.c_iflag == harness->before.c_iflag && now.c_oflag == harness->before.c_oflag;
}
