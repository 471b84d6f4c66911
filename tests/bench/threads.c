/* What further threads bring: full audits of the lab's servers with one probing thread, with two, and so on,
 * and how much processor time each thread took. The audit can go no faster than its busiest thread: that one
 * tells what is gained where there are processors enough, whatever else runs on this machine meanwhile. The
 * lab has a process of its own. Run with -c opt; medians of repeated runs. */
#include "engine/audit/audit.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/input/input.h"
#include "engine/lab/lab.h"
#include "engine/model/model.h"

#include <dirent.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define RUNS_MOST   25
#define PATIENCE_MS 60000

struct place {
    pid_t lab;
    char dns[64], trust[256];
    unsigned port;
};

struct wanted {
    unsigned endpoints, runs, most, concurrency;
};

/* Microseconds of processor time for each endpoint. */
struct figures {
    double all, engine, busiest, screen; /* screen: the thread that takes the events */
    double peak_mib;
    double rate; /* endpoints a second, as this machine was at the time */
};

static _Noreturn void die(const char *what)
{
    fprintf(stderr, "threads: %s\n", what);
    exit(1);
}

static _Noreturn void run_lab(unsigned count, int tell)
{
    char *zone = mem_format("bulk %u prefix=bench persona=bench\n", count);
    struct lab_options options = {.zone = zone, .personas = "persona bench min=TLSv1.2 max=TLSv1.3\n"};
    char *error = NULL, *line;
    struct lab *lab;

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    lab = lab_new(&options, &error);
    if (!lab)
        die(error);
    line = mem_format("%s %u %s\n", lab_dns(lab), lab_port(lab, PROTOCOL_SMTP), lab_trust_store(lab));
    if (write(tell, line, strlen(line)) < 0)
        die("the lab could not say where it is");
    close(tell);
    for (;;)
        pause();
}

static void start_lab(struct place *place, unsigned count)
{
    int tell[2];
    FILE *in;

    if (pipe(tell) != 0 || (place->lab = fork()) < 0)
        die("no process for the lab");
    if (place->lab == 0) {
        close(tell[0]);
        run_lab(count, tell[1]);
    }
    close(tell[1]);
    in = fdopen(tell[0], "r");
    if (!in || fscanf(in, "%63s %u %255s", place->dns, &place->port, place->trust) != 3)
        die("the lab did not start");
    fclose(in);
}

static void stop_lab(const struct place *place)
{
    kill(place->lab, SIGKILL);
    waitpid(place->lab, NULL, 0);
    unlink(place->trust);
}

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double read_number(const char *thread, const char *file)
{
    char *path = mem_format("/proc/self/task/%s/%s", thread, file);
    FILE *in = fopen(path, "r");
    double value;

    if (!in || fscanf(in, "%lf", &value) != 1)
        die("the kernel does not tell what a thread takes");
    fclose(in);
    free(path);
    return value;
}

static bool is_engine(const char *thread)
{
    char *path = mem_format("/proc/self/task/%s/comm", thread), name[32] = "";
    FILE *in = fopen(path, "r");

    if (!in || fscanf(in, "%31s", name) != 1)
        die("the kernel does not tell the names of threads");
    fclose(in);
    free(path);
    return strcmp(name, "engine") == 0;
}

static void read_thread(const char *thread, unsigned endpoints, struct figures *figures)
{
    double took = read_number(thread, "schedstat") / 1000 / endpoints;

    if (atol(thread) == (long)getpid()) {
        figures->screen = took;
        return;
    }
    figures->all += took;
    if (took > figures->busiest)
        figures->busiest = took;
    if (is_engine(thread))
        figures->engine = took;
}

static void read_threads(unsigned endpoints, struct figures *figures)
{
    DIR *threads = opendir("/proc/self/task");
    struct dirent *entry;

    while (threads && (entry = readdir(threads)) != NULL)
        if (*entry->d_name != '.')
            read_thread(entry->d_name, endpoints, figures);
    closedir(threads);
}

static struct audit *start_audit(const struct place *place, const struct wanted *wanted, unsigned threads,
                                 const struct model *model)
{
    const char *dns = place->dns;
    struct audit_options options;
    struct audit *audit;
    char *error = NULL;

    audit_options_init(&options);
    options.baseline = model_baseline(model);
    options.dns_servers = &dns;
    options.dns_server_count = 1;
    options.smtp_port = place->port;
    options.trust_store = place->trust;
    options.helo_name = "bench.example";
    options.concurrency = wanted->concurrency;
    options.threads = threads;
    options.per_host_gap = 0;
    options.per_operator = 0;
    options.no_activity = true;
    options.world4 = "127.0.0.1";
    options.world6 = "::1";
    audit = audit_new(&options, &error);
    if (!audit)
        die(error);
    return audit;
}

static void add_targets(struct audit *audit, struct model *model, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        char *domain = mem_format("bench-%u.example", i), *error = NULL;
        struct target_spec spec;

        if (!input_target(domain, CLASS_OPPORTUNISTIC, "bench", &spec, &error))
            die(error);
        audit_add(audit, model_add(model, &spec, NULL)->id, &spec);
        target_spec_release(&spec);
        free(domain);
    }
}

static void drain(struct audit *audit, struct model *model)
{
    struct pollfd wait = {audit_descriptor(audit), POLLIN, 0};
    struct event event;
    bool over = false;

    while (!over) {
        if (poll(&wait, 1, PATIENCE_MS) <= 0)
            die("the engine is silent");
        while (!over && audit_next(audit, &event)) {
            over = event.type == EVENT_IDLE && !audit_busy(audit);
            model_apply(model, &event);
            event_release(&event);
        }
    }
}

static void check(const struct model *model, unsigned count)
{
    unsigned ready = 0;

    for (size_t i = 0; i < model_endpoint_count(model); i++) {
        const struct facts *facts = model_endpoint_at(model, i)->facts;

        ready += facts && facts->full && facts->versions[TLS_1_3].state == VERSION_ACCEPTED &&
                 facts->versions[TLS_SSL_3_0].state == VERSION_REFUSED;
    }
    if (ready != count)
        die("not every endpoint was audited in full");
}

static _Noreturn void work(const struct place *place, const struct wanted *wanted, unsigned threads, int out)
{
    struct figures figures = {0};
    char *error = NULL;
    struct model *model = model_new(baseline_load("exchange-online", &error));
    struct audit *audit = start_audit(place, wanted, threads, model);
    double began = now();
    struct rusage usage;

    add_targets(audit, model, wanted->endpoints);
    drain(audit, model);
    figures.rate = wanted->endpoints / (now() - began);
    read_threads(wanted->endpoints, &figures);
    getrusage(RUSAGE_SELF, &usage);
    figures.peak_mib = (double)usage.ru_maxrss / 1024;
    check(model, wanted->endpoints);
    audit_free(audit);
    if (write(out, &figures, sizeof figures) != sizeof figures)
        die("no result");
    exit(0);
}

/* In a process of its own, whose threads have taken nothing yet. */
static struct figures run(const struct place *place, const struct wanted *wanted, unsigned threads)
{
    struct figures figures;
    int ends[2];
    pid_t child;

    fflush(NULL);
    if (pipe(ends) != 0 || (child = fork()) < 0)
        die("no process for the engine");
    if (child == 0)
        work(place, wanted, threads, ends[1]);
    close(ends[1]);
    if (read(ends[0], &figures, sizeof figures) != sizeof figures)
        die("the engine's run failed");
    close(ends[0]);
    waitpid(child, NULL, 0);
    return figures;
}

static int compare(const void *left, const void *right)
{
    double x = *(const double *)left, y = *(const double *)right;

    return (x > y) - (x < y);
}

static double median(const struct figures *runs, unsigned count, size_t offset)
{
    double values[RUNS_MOST];

    for (unsigned i = 0; i < count; i++)
        memcpy(&values[i], (const char *)&runs[i] + offset, sizeof values[i]);
    qsort(values, count, sizeof values[0], compare);
    return values[count / 2];
}

static struct figures medians(const struct figures *runs, unsigned count)
{
    return (struct figures){.all = median(runs, count, offsetof(struct figures, all)),
                            .engine = median(runs, count, offsetof(struct figures, engine)),
                            .busiest = median(runs, count, offsetof(struct figures, busiest)),
                            .screen = median(runs, count, offsetof(struct figures, screen)),
                            .peak_mib = median(runs, count, offsetof(struct figures, peak_mib)),
                            .rate = median(runs, count, offsetof(struct figures, rate))};
}

static void print_row(unsigned threads, const struct figures *it, const struct figures *one)
{
    printf("%7u %11.0f us %11.0f us %11.0f us %11.0f us %8.2f x %8.2f x %8.1f MiB %8.0f/s\n", threads,
           it->all, it->engine, it->busiest, it->screen, it->all / one->all, one->busiest / it->busiest,
           it->peak_mib, it->rate);
}

static void read_arguments(struct wanted *wanted, int argc, char **argv)
{
    const struct {
        const char *name;
        unsigned long most;
        unsigned *value;
    } table[] = {{"--endpoints", 10000, &wanted->endpoints},
                 {"--runs", RUNS_MOST, &wanted->runs},
                 {"--most", AUDIT_THREADS_MOST, &wanted->most},
                 {"--concurrency", 10000, &wanted->concurrency}};

    for (int i = 1; i < argc; i += 2) {
        unsigned long value = 0;
        size_t t = 0;

        while (t < sizeof table / sizeof *table && strcmp(argv[i], table[t].name) != 0)
            t++;
        if (t == sizeof table / sizeof *table || i + 1 == argc ||
            !text_number(argv[i + 1], 1, table[t].most, &value))
            die("expected --endpoints N, --runs N, --most N (threads), --concurrency N");
        *table[t].value = (unsigned)value;
    }
}

int main(int argc, char **argv)
{
    struct wanted wanted = {.endpoints = 2000, .runs = 5, .most = 4, .concurrency = 256};
    struct figures runs[AUDIT_THREADS_MOST][RUNS_MOST], one;
    struct place place;

    read_arguments(&wanted, argc, argv);
    start_lab(&place, wanted.endpoints);
    run(&place, &wanted, 1); /* warm-up */
    for (unsigned i = 0; i < wanted.runs; i++)
        for (unsigned threads = 0; threads < wanted.most; threads++)
            runs[threads][i] = run(&place, &wanted, threads + 1);
    stop_lab(&place);
    printf(
        "%ld processors, %u endpoints, %u connections at once, medians of %u runs; time for an endpoint\n\n",
        sysconf(_SC_NPROCESSORS_ONLN), wanted.endpoints, wanted.concurrency, wanted.runs);
    printf("%7s %14s %14s %14s %14s %10s %10s %12s %10s\n", "threads", "all of them", "the engine's",
           "the busiest", "whoever looks", "costs", "gains", "memory", "here, now");
    one = medians(runs[0], wanted.runs);
    for (unsigned threads = 0; threads < wanted.most; threads++) {
        const struct figures it = medians(runs[threads], wanted.runs);

        print_row(threads + 1, &it, &one);
    }
    return 0;
}
