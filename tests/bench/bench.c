/* The whole suite: what an audit costs and how long it takes, beside others' scanners, and what the other
 * benchmarks measure. A table, JSON, and a comparison with an earlier run. See README.md. */
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "tests/bench/child.h"
#include "tests/bench/compare.h"
#include "tests/bench/die.h"
#include "tests/bench/machine.h"
#include "tests/bench/parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define RUNS_MOST      25
#define ENDPOINTS_MOST 10000

static const struct part {
    const char *name;
    void (*run)(struct bench *bench);
} parts[] = {
    {"audit", part_audit},           {"dns", part_dns},     {"first", part_first},
    {"threads", part_threads},       {"scale", part_scale}, {"wait", part_wait},
    {"yardsticks", part_yardsticks}, {"files", part_files}, {"screen", part_screen},
};
#define PARTS (sizeof parts / sizeof *parts)

struct arguments {
    bool wanted[PARTS], any_wanted;
    const char *json, *compare;
};

static const char usage[] =
    "expected [--only PART]... [--runs N] [--endpoints N] [--json FILE] [--compare OLD.json] [--scanner "
    "'COMMAND {host} "
    "{port}']...; parts are audit, dns, first, threads, scale, wait, yardsticks, files, screen";

static void want_part(struct arguments *arguments, const char *name)
{
    for (size_t i = 0; i < PARTS; i++)
        if (strcmp(parts[i].name, name) == 0) {
            arguments->wanted[i] = arguments->any_wanted = true;
            return;
        }
    die("no part \"%s\"; %s", name, usage);
}

static void take_option(struct bench *bench, struct arguments *arguments, const char *name, const char *value)
{
    unsigned long number;

    if (strcmp(name, "--only") == 0)
        want_part(arguments, value);
    else if (strcmp(name, "--json") == 0)
        arguments->json = value;
    else if (strcmp(name, "--compare") == 0)
        arguments->compare = value;
    else if (strcmp(name, "--runs") == 0 && text_number(value, 1, RUNS_MOST, &number))
        bench->runs = (unsigned)number;
    else if (strcmp(name, "--endpoints") == 0 && text_number(value, 1, ENDPOINTS_MOST, &number))
        bench->endpoints = (unsigned)number;
    else if (strcmp(name, "--scanner") == 0 && bench->scanner_count < SCANNERS_MOST)
        bench->scanners[bench->scanner_count++] = value;
    else
        die("%s %s: %s", name, value, usage);
}

/* What the build rule names comes first. */
static void read_arguments(struct bench *bench, struct arguments *arguments, int argc, char **argv)
{
    int i = 1;

    if (argc < PROGRAMS + 3)
        die("run it by bazel run -c opt //tests/bench");
    bench->mxscope = argv[i++];
    bench->servers = argv[i++];
    for (int program = 0; program < PROGRAMS; program++)
        bench->programs[program] = argv[i++];
    for (; i < argc; i += 2) {
        if (i + 1 == argc)
            die("%s: %s", argv[i], usage);
        take_option(bench, arguments, argv[i], argv[i + 1]);
    }
}

static void print_machine(const json_t *machine)
{
    const char *processor = "", *kernel = "", *architecture = "";
    int cores = 0, memory = 0;
    double load = 0;
    json_t *libraries = json_object_get(machine, "libraries"), *version;
    const char *name;

    json_unpack((json_t *)(uintptr_t)machine, "{s:s, s:s, s:s, s:i, s:i, s:F}", "processor", &processor,
                "kernel", &kernel, "architecture", &architecture, "cores", &cores, "memory_mib", &memory,
                "load", &load);
    printf("%s, %d cores, %d MiB, Linux %s %s, load %.1f at the start\n", processor, cores, memory, kernel,
           architecture, load);
    json_object_foreach(libraries, name, version) printf("%s %s  ", name, json_string_value(version));
    puts("\n");
}

static char *in_working_folder(const char *path)
{
    const char *folder = getenv("BUILD_WORKING_DIRECTORY");

    return folder && *path != '/' ? mem_format("%s/%s", folder, path) : mem_string(path);
}

static void write_json(const struct bench *bench, const char *file, json_t *machine)
{
    char *path = in_working_folder(file);
    json_t *root = figures_json(&bench->figures, json_incref(machine));

    if (json_dump_file(root, path, JSON_INDENT(1) | JSON_REAL_PRECISION(8)) < 0)
        die("%s can't be written", path);
    json_decref(root);
    free(path);
}

/* Its machine; the caller lets go of it. */
static json_t *load_old(const char *file, struct figures *old)
{
    char *path = in_working_folder(file);
    json_t *root = json_load_file(path, 0, NULL), *machine;

    if (!root || !figures_from_json(old, root))
        die("%s: expected the JSON of an earlier run", path);
    machine = json_incref(json_object_get(root, "machine"));
    json_decref(root);
    free(path);
    return machine;
}

static double load_in(const json_t *machine, const char *key)
{
    return json_number_value(json_object_get(machine, key));
}

/* 1 when something became worse. */
static int compare(const struct bench *bench, const struct figures *old, const json_t *then,
                   const json_t *now)
{
    puts("\nWorse: by more than the noise of both runs together; noise is half the distance of the lowest "
         "and the highest value, at least 3%, 10% where it was measured once. Evened: had the machine stayed "
         "as "
         "fast as it was; times and rates are worse only where that says so too.\n");
    machine_compare(then, now, stdout);
    printf(
        "The machine takes %.2f times as long for the same work; load was %.1f at the start and %.1f at the "
        "end, and now %.1f and %.1f\n\n",
        compare_machines(old, &bench->figures), load_in(then, "load"), load_in(then, "load_after"),
        load_in(now, "load"), load_in(now, "load_after"));
    return compare_runs(old, &bench->figures, stdout) > 0;
}

static void measure_machine(struct bench *bench)
{
    figures_add(&bench->figures, FIGURE_WORK, "us", BETTER_NEITHER, machine_work_us());
}

/* What is measured is told and kept at once: a part that fails takes nothing with it. */
static void run_part(struct bench *bench, size_t part, const struct arguments *arguments, json_t *machine)
{
    double start = child_clock();
    size_t before = bench->figures.count;

    fprintf(stderr, "bench: %s …", parts[part].name);
    parts[part].run(bench);
    fprintf(stderr, " %.0f s\n", child_clock() - start);
    measure_machine(bench);
    figures_print(&bench->figures, before, stdout);
    fflush(stdout);
    json_object_set_new(machine, "load_after", json_real(machine_load()));
    if (arguments->json)
        write_json(bench, arguments->json, machine);
}

static void run_parts(struct bench *bench, const struct arguments *arguments, json_t *machine)
{
    double start = child_clock();

    measure_machine(bench);
    print_machine(machine);
    figures_print_head(stdout);
    fflush(stdout);
    for (size_t i = 0; i < PARTS; i++)
        if (!arguments->any_wanted || arguments->wanted[i])
            run_part(bench, i, arguments, machine);
    printf("%.0f s; the machine took %.0f us for the same work again and again, give or take %.0f; load %.1f "
           "at the "
           "end\n",
           child_clock() - start, figure_median(figures_find(&bench->figures, FIGURE_WORK)),
           figure_noise(figures_find(&bench->figures, FIGURE_WORK)), load_in(machine, "load_after"));
}

int main(int argc, char **argv)
{
    struct bench bench = {.runs = 5, .endpoints = 1000};
    struct arguments arguments = {.json = NULL};
    struct figures old = {0};
    json_t *machine = machine_describe(), *then = NULL;
    int status = 0;

    read_arguments(&bench, &arguments, argc, argv);
    if (arguments.compare)
        then = load_old(arguments.compare, &old);
    run_parts(&bench, &arguments, machine);
    if (arguments.compare)
        status = compare(&bench, &old, then, machine);
    json_decref(then);
    json_decref(machine);
    figures_release(&old);
    figures_release(&bench.figures);
    return status;
}
