/* CPU, speed and memory of full audits against the lab, and of posttls-finger's one handshake with the same
 * servers in the same run. The lab has a process of its own, so its CPU is not counted. Medians of repeated
 * runs; a table, or JSON with --json. */
#include "engine/base/mem.h"
#include "engine/base/strings.h"
#include "engine/base/text.h"
#include "engine/lab/lab.h"
#include "tests/bench/child.h"

#include <jansson.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#define RUNS_MOST    25
#define FINGERS_MOST 32 /* posttls-fingers at a time */

struct bench {
    char *mxscope;
    unsigned endpoints, fingers, runs;
    bool json;
    pid_t lab;
    char dns[64], trust[256], input[256], output[256];
    char port[16];
    char *finger, *config;    /* posttls-finger and its configuration's folder; owned */
    struct strings addresses; /* of the audited endpoints, from mxscope's own result */
};

struct figures {
    double cpu_us;   /* user + system, per endpoint */
    double rate;     /* endpoints a second */
    double peak_kib; /* of one process */
};

static _Noreturn void die(const char *what)
{
    fprintf(stderr, "bench: %s\n", what);
    exit(1);
}

/* Domains bench-0.example … with one MX host and one address each, all of a current server's kind. */
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

static void start_lab(struct bench *b)
{
    int tell[2];
    FILE *in;

    if (pipe(tell) != 0)
        die("no pipe");
    fflush(stdout);
    b->lab = fork();
    if (b->lab < 0)
        die("no process for the lab");
    if (b->lab == 0) {
        close(tell[0]);
        run_lab(b->endpoints, tell[1]);
    }
    close(tell[1]);
    in = fdopen(tell[0], "r");
    if (!in || fscanf(in, "%63s %15s %255s", b->dns, b->port, b->trust) != 3)
        die("the lab did not start");
    fclose(in);
}

static void stop_lab(struct bench *b)
{
    struct child_usage usage;

    kill(b->lab, SIGKILL);
    child_wait(b->lab, &usage);
    unlink(b->trust);
    unlink(b->input);
    unlink(b->output);
}

static void write_input(struct bench *b)
{
    const char *folder = getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp";
    unsigned i;
    FILE *out;

    snprintf(b->input, sizeof b->input, "%s/mxscope-bench-%d.txt", folder, (int)getpid());
    snprintf(b->output, sizeof b->output, "%s/mxscope-bench-%d.json", folder, (int)getpid());
    out = fopen(b->input, "w");
    if (!out)
        die("no input file");
    for (i = 0; i < b->endpoints; i++)
        fprintf(out, "bench-%u.example partner\n", i);
    if (fclose(out) != 0)
        die("the input file could not be written");
}

/* Writes the endpoints' addresses, one a line; every endpoint must have been audited in full, or the figures
 * would mean nothing. In a process of its own: a child's peak memory counts from its parent's, so this one
 * stays small. */
static _Noreturn void read_result(const struct bench *b, int tell)
{
    json_t *root = json_load_file(b->output, 0, NULL), *domain;
    FILE *out = fdopen(tell, "w");
    size_t i;

    json_array_foreach(json_object_get(root, "domains"), i, domain)
    {
        json_t *host = json_array_get(json_object_get(domain, "hosts"), 0);
        json_t *endpoint = json_array_get(json_object_get(host, "endpoints"), 0);
        json_t *versions = json_object_get(endpoint, "versions");
        const char *newest = json_string_value(json_object_get(versions, "TLSv1.3"));
        const char *oldest = json_string_value(json_object_get(versions, "SSLv3"));

        if (!newest || strcmp(newest, "accepted") != 0 || !oldest || strcmp(oldest, "refused") != 0)
            die("an endpoint was not audited in full");
        fprintf(out, "%s\n", json_string_value(json_object_get(endpoint, "address")));
    }
    fclose(out);
    exit(0);
}

static void take_addresses(struct bench *b)
{
    struct child_usage usage;
    char line[64];
    int tell[2];
    pid_t pid;
    FILE *in;

    if (pipe(tell) != 0 || (pid = fork()) < 0)
        die("no process to read the result");
    if (pid == 0)
        read_result(b, tell[1]);
    close(tell[1]);
    strings_release(&b->addresses);
    in = fdopen(tell[0], "r");
    while (in && fscanf(in, "%63s", line) == 1)
        strings_add(&b->addresses, line);
    fclose(in);
    if (child_wait(pid, &usage) != 0 || b->addresses.count != b->endpoints)
        die("not every endpoint is in the result");
}

static struct figures run_mxscope(struct bench *b)
{
    const char *argv[] = {
        b->mxscope,       "audit",       "--dns-server",   b->dns, "--smtp-port", b->port, "--trust-store",
        b->trust,         "--helo-name", "bench.example",  "-i",   b->input,      "-o",    b->output,
        "--per-host-gap", "0",           "--per-operator", "0",    NULL};
    double start = child_clock();
    struct child_usage usage;

    if (child_wait(child_start(argv), &usage) != 0)
        die("mxscope audit failed");
    return (struct figures){usage.cpu_us / b->endpoints, b->endpoints / (child_clock() - start),
                            usage.peak_kib};
}

/* Postfix's own where it is installed, else the copy that tests/real/unpack.sh made; with a configuration of
 * its own, so that every machine measures the same. */
static void find_finger(struct bench *b)
{
    const char *trees = getenv("MXSCOPE_SERVERS") ? getenv("MXSCOPE_SERVERS") : "/var/cache/mxscope-tests";
    char *path = mem_format("%s/postfix/usr/sbin/posttls-finger", trees);
    char *libraries = mem_format("%s/postfix/usr/lib/postfix", trees);
    char *config = mem_format("%s.postfix", b->input), *file = mem_format("%s/main.cf", config);
    FILE *out;

    if (access("/usr/sbin/posttls-finger", X_OK) == 0) {
        free(path);
        path = mem_string("/usr/sbin/posttls-finger");
    } else if (access(path, X_OK) == 0) {
        setenv("LD_LIBRARY_PATH", libraries, 1);
    } else {
        die("no posttls-finger; expected Postfix to be installed, or tests/real/unpack.sh to have been run");
    }
    if (mkdir(config, 0700) != 0 || !(out = fopen(file, "w")))
        die("no folder for Postfix's configuration");
    fputs("compatibility_level = 3.6\nmail_owner = daemon\nsetgid_group = users\n", out);
    fclose(out);
    setenv("MAIL_CONFIG", config, 1);
    b->finger = path;
    b->config = config;
    free(libraries);
    free(file);
}

static void remove_finger(struct bench *b)
{
    char *file = mem_format("%s/main.cf", b->config);

    unlink(file);
    rmdir(b->config);
    free(file);
    free(b->config);
    free(b->finger);
}

static void start_finger(const struct bench *b, unsigned index)
{
    char *where = mem_format("[%s]:%s", b->addresses.items[index % b->addresses.count], b->port);
    const char *argv[] = {b->finger, "-c", "-l", "may", "-L", "none", where, NULL};

    if (child_start(argv) < 0)
        die("posttls-finger could not be started");
    free(where);
}

static struct figures run_fingers(const struct bench *b)
{
    double start = child_clock(), cpu_us = 0, peak_kib = 0;
    unsigned started = 0, running = 0;

    while (started < b->fingers || running) {
        struct child_usage usage;

        if (started < b->fingers && running < FINGERS_MOST) {
            start_finger(b, started++);
            running++;
            continue;
        }
        if (child_wait(-1, &usage) != 0)
            die("posttls-finger failed");
        running--;
        cpu_us += usage.cpu_us;
        peak_kib = usage.peak_kib > peak_kib ? usage.peak_kib : peak_kib;
    }
    return (struct figures){cpu_us / b->fingers, b->fingers / (child_clock() - start), peak_kib};
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double median(const struct figures *runs, unsigned count, size_t offset)
{
    double values[RUNS_MOST];
    unsigned i;

    for (i = 0; i < count; i++)
        memcpy(&values[i], (const char *)&runs[i] + offset, sizeof values[i]);
    qsort(values, count, sizeof values[0], compare);
    return values[count / 2];
}

static struct figures medians(const struct figures *runs, unsigned count)
{
    return (struct figures){median(runs, count, offsetof(struct figures, cpu_us)),
                            median(runs, count, offsetof(struct figures, rate)),
                            median(runs, count, offsetof(struct figures, peak_kib))};
}

static void print_table(const struct bench *b, struct figures ours, struct figures finger)
{
    struct utsname machine;

    uname(&machine);
    printf("%ld processors, %s %s; medians of %u runs, %u endpoints, %u posttls-fingers\n\n",
           sysconf(_SC_NPROCESSORS_ONLN), machine.sysname, machine.machine, b->runs, b->endpoints,
           b->fingers);
    printf("%-44s %14s %14s %12s\n", "", "CPU/endpoint", "endpoints/s", "peak memory");
    printf("%-44s %11.0f us %14.0f %8.0f KiB\n", "mxscope: handshake, chain, every version", ours.cpu_us,
           ours.rate, ours.peak_kib);
    printf("%-44s %11.0f us %14.0f %8.0f KiB\n", "posttls-finger: one handshake", finger.cpu_us, finger.rate,
           finger.peak_kib);
    printf("%-44s %12.1f x %12.1f x\n", "mxscope needs that much less, goes that much faster",
           finger.cpu_us / ours.cpu_us, ours.rate / finger.rate);
}

static void print_json(const struct bench *b, struct figures ours, struct figures finger)
{
    json_t *root =
        json_pack("{s:i, s:i, s:{s:f, s:f, s:f}, s:{s:f, s:f, s:f}, s:f}", "endpoints", (int)b->endpoints,
                  "runs", (int)b->runs, "mxscope", "cpu_us", ours.cpu_us, "rate", ours.rate, "peak_kib",
                  ours.peak_kib, "posttls_finger", "cpu_us", finger.cpu_us, "rate", finger.rate, "peak_kib",
                  finger.peak_kib, "cpu_ratio", finger.cpu_us / ours.cpu_us);

    json_dumpf(root, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(root);
}

static void read_arguments(struct bench *b, int argc, char **argv)
{
    unsigned long value;
    int i;

    if (argc < 2)
        die("expected the mxscope binary, then --endpoints N, --runs N, --json");
    b->mxscope = argv[1];
    for (i = 2; i < argc; i++) {
        if (strcmp(argv[i], "--json") == 0)
            b->json = true;
        else if (i + 1 < argc && strcmp(argv[i], "--runs") == 0 &&
                 text_number(argv[i + 1], 1, RUNS_MOST, &value))
            b->runs = (unsigned)value, i++;
        else if (i + 1 < argc && strcmp(argv[i], "--endpoints") == 0 &&
                 text_number(argv[i + 1], 1, 10000, &value))
            b->endpoints = (unsigned)value, i++;
        else
            die("expected --endpoints N (to 10000), --runs N (to 25) or --json");
    }
}

int main(int argc, char **argv)
{
    struct bench b = {.endpoints = 1000, .fingers = 200, .runs = 5};
    struct figures ours[RUNS_MOST], fingers[RUNS_MOST];
    unsigned i;

    read_arguments(&b, argc, argv);
    start_lab(&b);
    write_input(&b);
    find_finger(&b);
    run_mxscope(&b); /* warm-up */
    take_addresses(&b);
    for (i = 0; i < b.runs; i++) {
        ours[i] = run_mxscope(&b);
        take_addresses(&b);
        fingers[i] = run_fingers(&b);
    }
    stop_lab(&b);
    remove_finger(&b);
    (b.json ? print_json : print_table)(&b, medians(ours, b.runs), medians(fingers, b.runs));
    strings_release(&b.addresses);
    return 0;
}
