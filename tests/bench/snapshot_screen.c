#include "tests/bench/snapshot_screen.h"

#include "engine/base/mem.h"
#include "tui/keeping.h"
#include "tui/screen.h"
#include "tui/session.h"

#include <errno.h>
#include <locale.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PATIENCE   120.0 /* seconds */
#define EVERY_MS   10    /* between keys */
#define AFTERWARDS 0.5   /* seconds that are watched too */
#define COMPARED   "BY CHANGE"

/* Shared by both processes. */
struct meter {
    double started, first, whole; /* seconds on the clock; 0: not yet */
    double last_cpu, last_wall, most_cpu, most_wall;
    unsigned frames;
    atomic_bool all_read;
};

struct side {
    struct meter *meter;
    struct keeping *keeping;
};

static double seconds(clockid_t clock)
{
    struct timespec time;

    clock_gettime(clock, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void framed(void *context, unsigned long presses)
{
    struct side *side = context;
    struct meter *meter = side->meter;
    double wall = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_THREAD_CPUTIME_ID);

    (void)presses;
    if (!meter->frames++)
        meter->first = wall;
    else if (cpu - meter->last_cpu > meter->most_cpu)
        meter->most_cpu = cpu - meter->last_cpu;
    if (meter->frames > 1 && wall - meter->last_wall > meter->most_wall)
        meter->most_wall = wall - meter->last_wall;
    meter->last_cpu = cpu;
    meter->last_wall = wall;
    if (!meter->whole && !keeping_loading(side->keeping))
        meter->whole = wall;
    if (meter->whole)
        meter->all_read = true;
}

static int complain(char *error)
{
    fprintf(stderr, "%s\n", error);
    free(error);
    return 1;
}

static int open_it(struct meter *meter, const char *path, const char *against)
{
    struct keeping keeping = {0};
    struct side side = {meter, &keeping};
    struct screen_options options = {.offline = true,

                                     .kept = &keeping,
                                     .against = against,
                                     .on_frame = framed,
                                     .frame_context = &side};
    struct model *model;
    char *error = NULL;

    meter->started = seconds(CLOCK_MONOTONIC);
    if (!keeping_look(&keeping, path, &model, &error))
        return complain(error);
    return screen_run(model, NULL, &options);
}

static bool go_on(void *context, bool *over, char **error)
{
    return session_go_on(context, over, error);
}

/* Nobody answers where the resolver is said to be. */
static int go_on_with(struct meter *meter, const char *path, const char *against)
{
    char name[] = "mxscope", dns[] = "--dns-server=127.0.0.1:9", *file = mem_format("--snapshot=%s", path);
    char *words[] = {name, file, dns};
    struct options options;
    struct session session;
    struct side side = {meter, &session.keeping};
    struct screen_options screen = {.kept = &session.keeping,
                                    .against = against,
                                    .on_loaded = go_on,
                                    .loaded_context = &session,
                                    .on_frame = framed,
                                    .frame_context = &side};
    char *error = NULL;

    meter->started = seconds(CLOCK_MONOTONIC);
    if (!cli_parse(3, words, &options, &error))
        return complain(error);
    if (session_open(&options, &session))
        return 1;
    return screen_run(session.model, session.audit, &screen);
}

struct run {
    int (*show)(struct meter *meter, const char *path, const char *against);
    const char *path, *against;
    struct meter *meter;
    pid_t child;
    int terminal;
    bool compared;
    char tail[sizeof COMPARED - 1]; /* the end of what was painted so far */
    size_t tail_length;
};

static void begin(struct run *run)
{
    struct winsize size = {50, 160, 0, 0};

    run->child = forkpty(&run->terminal, NULL, NULL, &size);
    if (run->child)
        return;
    setenv("TERM", "xterm-256color", 1);
    setenv("HOME", "/nonexistent", 1);
    unsetenv("XDG_STATE_HOME");
    setlocale(LC_ALL, "C.UTF-8");
    _exit(run->show(run->meter, run->path, run->against));
}

/* The heading of the tree says when it is grouped by change. */
static void look_for(struct run *run, const char *bytes, size_t length)
{
    char window[sizeof run->tail + 65536];

    memcpy(window, run->tail, run->tail_length);
    memcpy(window + run->tail_length, bytes, length);
    length += run->tail_length;
    run->compared |= memmem(window, length, COMPARED, strlen(COMPARED)) != NULL;
    run->tail_length = length < sizeof run->tail - 1 ? length : sizeof run->tail - 1;
    memcpy(run->tail, window + length - run->tail_length, run->tail_length);
}

/* False when the screen is no more. */
static bool take_painted(struct run *run, int milliseconds)
{
    struct pollfd wait = {run->terminal, POLLIN, 0};
    static char bytes[65536];
    ssize_t got;

    while (poll(&wait, 1, milliseconds) > 0) {
        got = read(run->terminal, bytes, sizeof bytes);
        if (got <= 0)
            return got < 0 && errno == EINTR;
        look_for(run, bytes, (size_t)got);
        milliseconds = 0;
    }
    return true;
}

static bool is_over(const struct run *run)
{
    return run->against ? run->compared : run->meter->all_read;
}

/* Returns when it was over; 0 when it was not. */
static double press_until_over(struct run *run)
{
    double start = seconds(CLOCK_MONOTONIC), over = 0, now = start;

    for (unsigned i = 0; now - start < PATIENCE && (!over || now - over < AFTERWARDS); i++) {
        if (!take_painted(run, EVERY_MS) || write(run->terminal, i % 2 ? "k" : "j", 1) != 1)
            return 0;
        now = seconds(CLOCK_MONOTONIC);
        if (!over && is_over(run))
            over = now;
    }
    return over;
}

static bool measure(const char *what, struct run run)
{
    const struct meter *meter;
    double over;

    run.meter = mmap(NULL, sizeof *run.meter, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    fflush(stdout);
    if (run.meter == MAP_FAILED)
        return false;
    begin(&run);
    over = press_until_over(&run);
    kill(run.child, SIGKILL);
    waitpid(run.child, NULL, 0);
    close(run.terminal);
    meter = run.meter;
    printf("%s: first frame after %.2f s, all there after %.2f s, %u frames, at most %.0f ms of the "
           "processor from one to the next (%.0f ms by the clock)\n",
           what, meter->first - meter->started, over - meter->started, meter->frames, meter->most_cpu * 1000,
           meter->most_wall * 1000);
    munmap(run.meter, sizeof *run.meter);
    return over > 0;
}

static bool copy_file(const char *from, const char *to)
{
    char *command = mem_format("cp '%s' '%s'", from, to);
    bool ok = system(command) == 0;

    free(command);
    return ok;
}

bool snapshot_screen(const char *path, const char *later)
{
    char *copy = mem_format("%s.copy", path);
    bool ok = measure("open", (struct run){.show = open_it, .path = path});

    ok &= copy_file(path, copy) && measure("resume", (struct run){.show = go_on_with, .path = copy});
    unlink(copy);
    ok &= measure("compare", (struct run){.show = open_it, .path = later, .against = path});
    free(copy);
    return ok;
}
