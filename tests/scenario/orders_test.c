/* The whole lab audited many times, each time in another order, at another pace, with replies that come at
 * other moments: the facts must be the same. Every run has a process and a lab of its own; a seed makes its
 * choices. */
#include "engine/base/buf.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/input/input.h"
#include "engine/report/report.h"
#include "tests/scenario/world.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define AT_ONCE    4 /* so that no lab waits for a processor as long as for a time-out */
#define SHOWN_MOST 5 /* differences */

static const char *expect_path, *folder;
static unsigned runs, first_seed;

static unsigned below(unsigned *seed, unsigned limit)
{
    return (unsigned)rand_r(seed) % limit;
}

static void shuffle(size_t *order, size_t count, unsigned *seed)
{
    for (size_t i = count; i > 1; i--) {
        size_t j = below(seed, (unsigned)i), kept = order[i - 1];

        order[i - 1] = order[j];
        order[j] = kept;
    }
}

/* Time-outs are long enough for a lab that waits for a processor, gaps for a server that is slow to let go.
 */
static void start_world(struct world *world, unsigned *seed)
{
    const struct lab_options lab = {.shake_ms = below(seed, 8), .shake_seed = below(seed, 1000000)};
    struct audit_options options;

    world_open_lab(world, &lab, &options);
    options.per_host_gap = (50 + below(seed, 50)) / 1000.0;
    options.concurrency = 24 + below(seed, 40);
    options.jitter_seed = 1 + below(seed, 1000000);
    options.threads = 1 + below(seed, 4);
    options.connect_timeout = options.io_timeout = 5;
    options.banner_timeout = 10;
    world_begin(world, &options);
}

/* Those who ration handshakes by the clock answer as the clock says, and how much of an answer has dripped
 * when patience ends is a matter of the clock too. */
static bool goes_by_the_clock(const struct target_spec *spec)
{
    static const char *const names[] = {"handshakes-", "tarpit.", "tarpit-banner."};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strncmp(spec->domain, names[i], strlen(names[i])) == 0)
            return true;
    return false;
}

static void add(struct world *world, const struct target_spec *spec)
{
    if (!goes_by_the_clock(spec))
        world_add(world, spec);
}

/* Targets are added in a random order, in two parts, the second in the midst of probing the first. */
static void audit_all(struct world *world, const struct input *input, unsigned *seed)
{
    size_t *order = mem_array(input->count, sizeof *order), second = below(seed, (unsigned)input->count);
    unsigned steps = below(seed, 200);

    for (size_t i = 0; i < input->count; i++)
        order[i] = i;
    shuffle(order, input->count, seed);
    for (size_t i = 0; i < second; i++)
        add(world, &input->specs[order[i]]);
    while (second && steps-- && world_step(world))
        continue;
    for (size_t i = second; i < input->count; i++)
        add(world, &input->specs[order[i]]);
    while (world_step(world))
        continue;
    free(order);
}

/* Keys whose values tell of this run's moments, keys and ports. */
static bool varies(const char *key)
{
    static const char *const keys[] = {"at",         "at_ms",     "since",       "milliseconds",
                                       "timings_ms", "probed_at", "not_before",  "not_after",
                                       "sha256",     "port",      "connections", "attempts"};

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (strcmp(keys[i], key) == 0)
            return true;
    return false;
}

/* A server that limits connections may still hold the last one when the next comes. */
static void strip_throttled(json_t *log)
{
    size_t i = json_array_size(log);

    while (i-- > 0) {
        const char *error = json_string_value(json_object_get(json_array_get(log, i), "error"));

        if (error && strcmp(error, "throttled") == 0)
            json_array_remove(log, i);
    }
}

static void strip(json_t *value)
{
    const char *key;
    json_t *inner;
    void *next;
    size_t i;

    json_object_foreach_safe(value, next, key, inner)
    {
        if (strcmp(key, "log") == 0)
            strip_throttled(inner);
        strip(inner);
        if (varies(key))
            json_object_del(value, key);
    }
    json_array_foreach(value, i, inner) strip(inner);
}

static void replace(char **text, const char *from, const char *to)
{
    struct buf out;
    const char *at = *text, *found;

    buf_init(&out, 0);
    while ((found = strstr(at, from)) != NULL) {
        buf_add(&out, at, (size_t)(found - at));
        buf_add_string(&out, to);
        at = found + strlen(from);
    }
    buf_add_string(&out, at);
    free(*text);
    *text = buf_take_string(&out);
}

/* A close that crosses our words on the way may show as a reset; the lab's ports are different each time. */
static char *normal(char *text, const struct world *world)
{
    char port[16];

    snprintf(port, sizeof port, "port %u", lab_port(world->lab, PROTOCOL_SMTP));
    replace(&text, port, "port");
    replace(&text, "the server reset the connection", "the server closed the connection");
    replace(&text, "the server closed the connection during the TLS hello",
            "the server closed the connection");
    replace(&text, "\"reset\"", "\"closed\"");
    replace(&text, "\"tls-closed\"", "\"closed\"");
    return text;
}

/* One line a domain and class, whatever the order of adding. */
static void write_facts(const struct world *world, const char *path)
{
    char *text = report_jsonl(world->model, NULL), *line, *rest = NULL;
    FILE *out = fopen(path, "w");

    for (line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        json_t *domain = json_loads(line, 0, NULL);
        char *dumped;

        strip(domain);
        dumped = normal(json_dumps(domain, JSON_SORT_KEYS | JSON_COMPACT), world);
        fprintf(out, "%s\n", dumped);
        free(dumped);
        json_decref(domain);
    }
    fclose(out);
    free(text);
}

static void path_of(unsigned run, char path[512])
{
    snprintf(path, 512, "%s/orders-%u", folder, run);
}

static void run_one(unsigned run)
{
    unsigned seed = first_seed + run;
    struct input input = {0};
    struct world world;
    char path[512], *error = NULL;

    if (!input_read_file(expect_path, &input, &error))
        fail_msg("%s", error);
    for (size_t i = 0; i < input.count; i++)
        input.specs[i].connector = mem_format("row %zu", i); /* one domain may stand there more than once */
    start_world(&world, &seed);
    audit_all(&world, &input, &seed);
    path_of(run, path);
    write_facts(&world, path);
    world_end(&world);
    input_release(&input);
}

static void start_run(unsigned run)
{
    pid_t child = fork();

    assert_true(child >= 0);
    if (child)
        return;
    setenv("CMOCKA_TEST_ABORT", "1", 1); /* it must not come back into the parent's test */
    run_one(run);
    _exit(0);
}

static void await_run(void)
{
    int status;

    assert_true(wait(&status) > 0);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static int by_text(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

/* The lines of a run, sorted: the row's number is part of each. */
static char **read_lines(unsigned run, size_t *count)
{
    char path[512], **lines = NULL, *line = NULL;
    size_t size = 0;
    FILE *in;

    path_of(run, path);
    in = fopen(path, "r");
    assert_non_null(in);
    *count = 0;
    while (getline(&line, &size, in) > 0) {
        lines = mem_resize(lines, *count + 1, sizeof *lines);
        lines[(*count)++] = mem_string(line);
    }
    free(line);
    fclose(in);
    qsort(lines, *count, sizeof *lines, by_text);
    return lines;
}

static void free_lines(char **lines, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(lines[i]);
    free(lines);
}

static void show_difference(unsigned run, const char *first, const char *other)
{
    size_t at = 0, from;

    while (first[at] && first[at] == other[at])
        at++;
    from = at > 300 ? at - 300 : 0;
    print_error("seed %u differs from seed %u: ...%.700s\n... instead of ...%.700s\n", first_seed + run,
                first_seed, other + from, first + from);
}

static unsigned compare_run(unsigned run, char **first, size_t count)
{
    size_t other_count;
    char **other = read_lines(run, &other_count);
    unsigned different = 0;

    assert_int_equal(other_count, count);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(first[i], other[i]) == 0)
            continue;
        if (!different++ && run <= SHOWN_MOST)
            show_difference(run, first[i], other[i]);
    }
    free_lines(other, other_count);
    return different;
}

static void test_any_order_gives_the_same_facts(void **unused)
{
    unsigned different = 0;
    char **first;
    size_t count;

    (void)unused;
    for (unsigned run = 0; run < runs; run++) {
        if (run >= AT_ONCE)
            await_run();
        start_run(run);
    }
    for (unsigned run = 0; run < runs && run < AT_ONCE; run++)
        await_run();
    first = read_lines(0, &count);
    for (unsigned run = 1; run < runs; run++)
        different += compare_run(run, first, count);
    free_lines(first, count);
    assert_int_equal(different, 0);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_any_order_gives_the_same_facts)};
    unsigned long number, seed;

    if (argc != 4 || !text_number(argv[2], 2, 10000, &number) || !text_number(argv[3], 1, 1000000000, &seed))
        return 2;
    expect_path = argv[1];
    runs = (unsigned)number;
    first_seed = (unsigned)seed;
    folder = getenv("TEST_TMPDIR") ? getenv("TEST_TMPDIR") : "/tmp";
    return cmocka_run_group_tests(tests, NULL, NULL);
}
