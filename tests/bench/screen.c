/* How the screen feels with very many domains while events arrive: from key press to painted frame, processor
 * time at rest, bytes to the terminal, memory, time to the first frame. The screen runs in a pseudo-terminal
 * of its own over a made-up session; keys go in as a terminal sends them, and the time is taken until the
 * frame that shows them was written. A table, and JSON with --json FILE. Run with -c opt. */
#include "engine/base/mem.h"
#include "tests/bench/figure_line.h"
#include "tests/bench/screen_keys.h"
#include "tests/bench/screen_side.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PATIENCE   30.0 /* seconds for one frame */
#define KEYS_TIME  90.0 /* most seconds for all keys */
#define REST_TIME  3.0
#define SIXTY_HZ   16.0 /* milliseconds */
#define IDLE_MOST  5.0  /* percent of a core */
#define FIRST_MOST 300.0
#define BEYOND     1536.0 /* bytes a domain beyond facts */

struct bench {
    unsigned domains, keys, rate, lines, columns, seed;
    unsigned repeat; /* keys a second, as a held key repeats */
    const char *json;
    struct screen_side *side;
    pid_t child;
    int terminal, notify;
    struct press_bytes *presses;
    size_t count, pressed;
    double *wall, *cpu,
        *own;             /* milliseconds per press; own: less what both processes waited for a processor */
    double idle, flowing; /* percent of a core */
    double flow_rate, flow_frames, flow_bytes;
    double key_bytes; /* per frame while keys are pressed */
    long peak_kib;
};

struct spread {
    size_t count, late;
    double p50, p99, most, own_p50, own_p99, cpu_p99;
};

static _Noreturn void die(const char *what)
{
    fprintf(stderr, "screen: %s\n", what);
    exit(1);
}

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void start(struct bench *b)
{
    struct winsize size = {(unsigned short)b->lines, (unsigned short)b->columns, 0, 0};
    int ends[2];

    b->side = mmap(NULL, sizeof *b->side, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (b->side == MAP_FAILED || pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0)
        die("no memory to share, or no pipe");
    fflush(stdout);
    b->child = forkpty(&b->terminal, NULL, NULL, &size);
    if (b->child < 0)
        die("no pseudo-terminal");
    if (!b->child) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        setenv("TERM", "xterm-256color", 1);
        setenv("LC_ALL", "C.UTF-8", 1);
        unsetenv("NO_COLOR");
        _exit(screen_side_run(b->side, b->domains, ends[1]));
    }
    close(ends[1]);
    b->notify = ends[0];
}

/* Takes what the terminal and the frames' pipe hold, until `until` at most, or until a frame came. */
static bool take(struct bench *b, double until)
{
    struct pollfd polls[2] = {{b->terminal, POLLIN, 0}, {b->notify, POLLIN, 0}};
    static char bytes[65536];
    double left = until - now();

    if (poll(polls, 2, left > 0 ? (int)(left * 1000) + 1 : 0) < 0)
        return false;
    if (polls[0].revents && read(b->terminal, bytes, sizeof bytes) <= 0)
        die("the screen ended");
    return polls[1].revents && read(b->notify, bytes, sizeof bytes) > 0;
}

static void rest(struct bench *b, double seconds)
{
    double until = now() + seconds;

    while (now() < until)
        take(b, until);
}

static void wait_for_presses(struct bench *b, unsigned long presses)
{
    double until = now() + PATIENCE;

    while (atomic_load(&b->side->presses) < presses)
        if (!take(b, until) && now() >= until)
            die("no frame came for a key");
}

static void wait_for_first(struct bench *b)
{
    double until = now() + PATIENCE;

    while (!atomic_load(&b->side->frames))
        if (!take(b, until) && now() >= until)
            die("no first frame came");
}

/* Milliseconds that a process's first thread was ready to run and had no processor; 0 where the kernel does
 * not tell. */
static double waited(pid_t process)
{
    char path[64];
    unsigned long long ran = 0, ready = 0;
    FILE *file;

    snprintf(path, sizeof path, "/proc/%d/task/%d/schedstat", (int)process, (int)process);
    file = fopen(path, "r");
    if (!file)
        return 0;
    if (fscanf(file, "%llu %llu", &ran, &ready) != 2)
        ready = 0;
    fclose(file);
    return (double)ready / 1e6;
}

static void press(struct bench *b, size_t i)
{
    const char *bytes = b->presses[i].bytes;
    long long cpu = atomic_load(&b->side->frame_ns);
    double ready = waited(b->child) + waited(getpid()), from = now();

    if (write(b->terminal, bytes, strlen(bytes)) < 0)
        die("the terminal takes no keys");
    wait_for_presses(b, i + 1);
    b->wall[i] = (now() - from) * 1000;
    b->cpu[i] = (double)(atomic_load(&b->side->frame_ns) - cpu) / 1e6;
    ready = waited(b->child) + waited(getpid()) - ready;
    b->own[i] = b->wall[i] > ready ? b->wall[i] - ready : 0;
}

/* Until the next key's turn, which is a fifth earlier or later than the pace has it. */
static void think(struct bench *b, double pressed)
{
    double pause = (0.8 + (double)(b->pressed * 7919 % 41) / 100) / b->repeat;

    rest(b, pressed + pause - now());
}

static void press_all(struct bench *b)
{
    unsigned long bytes = atomic_load(&b->side->bytes), frames = atomic_load(&b->side->frames);
    double until = now() + KEYS_TIME;

    for (b->pressed = 0; b->pressed < b->count && now() < until; b->pressed++) {
        double from = now();

        press(b, b->pressed);
        think(b, from);
    }
    b->key_bytes =
        (double)(atomic_load(&b->side->bytes) - bytes) / (double)(atomic_load(&b->side->frames) - frames);
}

static double share(struct bench *b, double seconds)
{
    long long cpu = atomic_load(&b->side->pacing.screen_ns);
    double from = now();

    rest(b, seconds);
    return (double)(atomic_load(&b->side->pacing.screen_ns) - cpu) / 1e9 / (now() - from) * 100;
}

static void measure_flow(struct bench *b)
{
    unsigned long frames = atomic_load(&b->side->frames), bytes = atomic_load(&b->side->bytes),
                  made = atomic_load(&b->side->pacing.made);
    double from = now(), time;

    b->flowing = share(b, REST_TIME);
    time = now() - from;
    b->flow_frames = (double)(atomic_load(&b->side->frames) - frames);
    b->flow_bytes =
        (double)(atomic_load(&b->side->bytes) - bytes) / (b->flow_frames > 0 ? b->flow_frames : 1);
    b->flow_rate = (double)(atomic_load(&b->side->pacing.made) - made) / time;
    b->flow_frames /= time;
}

static void finish(struct bench *b)
{
    struct rusage usage;
    int status;

    kill(b->child, SIGKILL);
    if (wait4(b->child, &status, 0, &usage) > 0)
        b->peak_kib = usage.ru_maxrss;
    close(b->terminal);
    close(b->notify);
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double at(const double *sorted, size_t count, double part)
{
    return count ? sorted[(size_t)(part * (double)(count - 1) + 0.5)] : 0;
}

/* Sorted, of one kind, or of all with press_kind_count; the caller frees. */
static double *sorted_of(const struct bench *b, const double *times, unsigned kind, size_t *count)
{
    double *sorted = mem_array(b->pressed + 1, sizeof *sorted);
    size_t i;

    *count = 0;
    for (i = 0; i < b->pressed; i++)
        if (kind == press_kind_count || b->presses[i].kind == kind)
            sorted[(*count)++] = times[i];
    qsort(sorted, *count, sizeof *sorted, compare);
    return sorted;
}

static struct spread spread_of(const struct bench *b, unsigned kind)
{
    struct spread spread = {0};
    double *wall = sorted_of(b, b->wall, kind, &spread.count),
           *own = sorted_of(b, b->own, kind, &spread.count), *cpu = sorted_of(b, b->cpu, kind, &spread.count);
    size_t i;

    for (i = 0; i < spread.count; i++)
        spread.late += wall[i] >= SIXTY_HZ;
    spread.p50 = at(wall, spread.count, .5);
    spread.p99 = at(wall, spread.count, .99);
    spread.most = at(wall, spread.count, 1);
    spread.own_p50 = at(own, spread.count, .5);
    spread.own_p99 = at(own, spread.count, .99);
    spread.cpu_p99 = at(cpu, spread.count, .99);
    free(cpu);
    free(own);
    free(wall);
    return spread;
}

static double beyond_facts(const struct bench *b)
{
    double bytes = (double)atomic_load(&b->side->model_bytes) + (double)atomic_load(&b->side->rows_bytes) -
                   (double)atomic_load(&b->side->facts_bytes);

    return bytes / b->domains;
}

static double first_ms(const struct bench *b)
{
    return (double)(atomic_load(&b->side->first) - atomic_load(&b->side->started)) / 1e6;
}

static void print_presses(const struct bench *b)
{
    unsigned kind;

    printf("\n%-10s %6s %9s %9s %9s %7s %9s %9s %9s\n", "key press", "count", "p50 ms", "p99 ms", "max ms",
           "late", "own p50", "own p99", "cpu p99");
    for (kind = 0; kind <= press_kind_count; kind++) {
        struct spread spread = spread_of(b, kind);

        if (spread.count)
            printf("%-10s %6zu %9.2f %9.2f %9.2f %7zu %9.2f %9.2f %9.2f\n",
                   kind < press_kind_count ? press_kind_titles[kind] : "all", spread.count, spread.p50,
                   spread.p99, spread.most, spread.late, spread.own_p50, spread.own_p99, spread.cpu_p99);
    }
    puts("late: 16 ms or more; own: less the time for which other processes kept the processors; cpu: since "
         "the "
         "frame before");
}

static const char *judged(double value, double most)
{
    return value < most ? "ok" : "MISSED";
}

static void print_table(const struct bench *b)
{
    double screenful = (double)b->lines * b->columns, frame_most = (double)atomic_load(&b->side->frame_most);
    struct spread all = spread_of(b, press_kind_count);

    printf("%u domains, %.0f events a second, %u keys a second at most, %ux%u\n", b->domains, b->flow_rate,
           b->repeat, b->columns, b->lines);
    print_presses(b);
    printf("\n%-44s %10s %10s\n", "", "measured", "wanted");
    printf("%-44s %10.2f %10s %s\n", "key press to frame, p99 ms", all.p99, "< 16",
           judged(all.p99, SIXTY_HZ));
    printf("%-44s %10.2f %10s %s\n", "  the same, own", all.own_p99, "< 16", judged(all.own_p99, SIXTY_HZ));
    printf("%-44s %10.2f %10s %s\n", "core at rest, %", b->idle, "< 5", judged(b->idle, IDLE_MOST));
    printf("%-44s %10.2f %10s\n", "core with events and no keys, %", b->flowing, "");
    printf("%-44s %10.1f %10s\n", "frames a second with events", b->flow_frames, "");
    printf("%-44s %10.0f %10s\n", "bytes a frame, events only", b->flow_bytes, "");
    printf("%-44s %10.0f %10s\n", "bytes a frame, keys", b->key_bytes, "");
    printf("%-44s %10.0f %10.0f %s\n", "bytes of the largest frame (4 a cell wanted)", frame_most,
           screenful * 4, judged(frame_most, screenful * 4));
    printf("%-44s %10.1f %10s %s\n", "first frame, ms", first_ms(b), "< 300",
           judged(first_ms(b), FIRST_MOST));
    printf("%-44s %10.0f %10s %s\n", "bytes a domain beyond facts", beyond_facts(b), "< 1536",
           judged(beyond_facts(b), BEYOND));
    printf("%-44s %10.0f\n", "  of these the screen's rows",
           (double)atomic_load(&b->side->rows_bytes) / b->domains);
    printf("%-44s %10.0f\n", "bytes a domain, facts",
           (double)atomic_load(&b->side->facts_bytes) / b->domains);
    printf("%-44s %10ld\n", "most memory resident, MiB", b->peak_kib / 1024);
}

static void tell(const struct bench *b)
{
    struct spread all = spread_of(b, press_kind_count);

    figure_line("screen.key-p50", "ms", 0, all.p50);
    figure_line("screen.key-p99", "ms", SIXTY_HZ, all.p99);
    figure_line("screen.key-p99-own", "ms", SIXTY_HZ, all.own_p99);
    figure_line("screen.core-at-rest", "%", IDLE_MOST, b->idle);
    figure_line("screen.core-with-events", "%", 0, b->flowing);
    figure_line("screen.first-frame", "ms", FIRST_MOST, first_ms(b));
    figure_line("screen.memory-beyond-facts", "bytes/domain", BEYOND, beyond_facts(b));
}

static json_t *spread_json(const struct spread *spread)
{
    return json_pack("{s:I, s:I, s:f, s:f, s:f, s:f, s:f, s:f}", "count", (json_int_t)spread->count, "late",
                     (json_int_t)spread->late, "p50_ms", spread->p50, "p99_ms", spread->p99, "max_ms",
                     spread->most, "own_p50_ms", spread->own_p50, "own_p99_ms", spread->own_p99, "cpu_p99_ms",
                     spread->cpu_p99);
}

static void write_json(const struct bench *b)
{
    json_t *kinds = json_object(), *root;
    unsigned kind;

    for (kind = 0; kind <= press_kind_count; kind++) {
        struct spread spread = spread_of(b, kind);

        if (spread.count)
            json_object_set_new(kinds, kind < press_kind_count ? press_kind_titles[kind] : "all",
                                spread_json(&spread));
    }
    root = json_pack(
        "{s:i, s:i, s:i, s:i, s:o, s:f, s:f, s:f, s:f, s:f, s:f, s:f, s:f, s:f, s:f, s:I}", "domains",
        (int)b->domains, "events_a_second", (int)b->rate, "lines", (int)b->lines, "columns", (int)b->columns,
        "presses", kinds, "core_at_rest_percent", b->idle, "core_with_events_percent", b->flowing,
        "events_made_a_second", b->flow_rate, "frames_a_second", b->flow_frames, "frame_bytes_events",
        b->flow_bytes, "frame_bytes_keys", b->key_bytes, "frame_bytes_most",
        (double)atomic_load(&b->side->frame_most), "first_frame_ms", first_ms(b),
        "bytes_a_domain_beyond_facts", beyond_facts(b), "bytes_a_domain_facts",
        (double)atomic_load(&b->side->facts_bytes) / b->domains, "peak_kib", (json_int_t)b->peak_kib);
    if (json_dump_file(root, b->json, JSON_INDENT(1) | JSON_REAL_PRECISION(6)) < 0)
        die("the JSON file can't be written");
    json_decref(root);
}

static void read_arguments(struct bench *b, int argc, char **argv)
{
    const struct {
        const char *name;
        unsigned *value;
    } numbers[] = {{"--domains", &b->domains}, {"--keys", &b->keys},   {"--rate", &b->rate},
                   {"--repeat", &b->repeat},   {"--lines", &b->lines}, {"--columns", &b->columns},
                   {"--seed", &b->seed}};
    int i;
    size_t n;

    for (i = 1; i + 1 < argc; i += 2) {
        for (n = 0; n < sizeof numbers / sizeof numbers[0]; n++)
            if (strcmp(argv[i], numbers[n].name) == 0)
                *numbers[n].value = (unsigned)strtoul(argv[i + 1], NULL, 10);
        if (strcmp(argv[i], "--json") == 0)
            b->json = argv[i + 1];
    }
    if (i != argc || !b->domains || !b->keys || !b->repeat)
        die("expected [--domains N] [--keys N] [--rate N] [--repeat N] [--lines N] [--columns N] [--seed N] "
            "[--json "
            "FILE]");
}

int main(int argc, char **argv)
{
    struct bench b = {
        .domains = 100000, .keys = 2400, .rate = 2000, .repeat = 30, .lines = 60, .columns = 200, .seed = 1};
    const char *folder = getenv("BUILD_WORKING_DIRECTORY");

    read_arguments(&b, argc, argv);
    if (folder && chdir(folder) < 0)
        die(strerror(errno));
    b.presses = press_list(b.keys, b.seed, &b.count);
    b.wall = mem_array(b.count, sizeof *b.wall);
    b.cpu = mem_array(b.count, sizeof *b.cpu);
    b.own = mem_array(b.count, sizeof *b.own);
    start(&b);
    wait_for_first(&b);
    rest(&b, 1);
    b.idle = share(&b, REST_TIME);
    atomic_store(&b.side->pacing.rate, b.rate);
    rest(&b, 1);
    measure_flow(&b);
    press_all(&b);
    finish(&b);
    print_table(&b);
    tell(&b);
    if (b.json)
        write_json(&b);
    free(b.own);
    free(b.cpu);
    free(b.wall);
    free(b.presses);
    return 0;
}
