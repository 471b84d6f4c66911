#include "engine/base/mem.h"
#include "tests/bench/child.h"
#include "tests/bench/die.h"
#include "tests/bench/finger.h"
#include "tests/bench/parts.h"
#include "tests/bench/servers.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WORDS_MOST   32
#define AT_ONCE_MOST 20 /* of one scanner: one to an address */

struct scanner {
    const char *name;
    const char *command; /* words parted by blanks; {host} and {port} are replaced */
    unsigned targets;    /* in one run */
    bool any_status;     /* it ends with something else than 0 when it likes */
};

static char *replaced(const char *word, const char *what, const char *with)
{
    const char *at = strstr(word, what);

    return at ? mem_format("%.*s%s%s", (int)(at - word), word, with, at + strlen(what)) : mem_string(word);
}

/* The words of the command for one target. */
static struct strings words_of(const struct scanner *scanner, const char *host, unsigned port)
{
    char *copy = mem_string(scanner->command), *rest = NULL, *number = mem_format("%u", port);
    struct strings words = {0};

    for (char *word = strtok_r(copy, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
        char *hosted = replaced(word, "{host}", host);

        strings_give(&words, replaced(hosted, "{port}", number));
        free(hosted);
    }
    free(number);
    free(copy);
    return words;
}

/* False when there is no such program. */
static bool start(const struct scanner *scanner, const struct servers *servers, unsigned target)
{
    const char *host = servers->addresses.items[target % servers->addresses.count];
    struct strings words = words_of(scanner, host, servers->port);
    const char *argv[WORDS_MOST + 1] = {NULL};
    bool started;

    for (size_t i = 0; i < words.count && i < WORDS_MOST; i++)
        argv[i] = words.items[i];
    started = words.count && child_start(argv) >= 0;
    strings_release(&words);
    return started;
}

/* CPU in microseconds of all targets; negative when there is no such program. */
static double run(const struct scanner *scanner, const struct servers *servers)
{
    unsigned started = 0, running = 0;
    double cpu_us = 0;

    while (started < scanner->targets || running) {
        struct child_usage usage;
        int status;

        if (started < scanner->targets && running < AT_ONCE_MOST) {
            if (!start(scanner, servers, started))
                return -1;
            started++;
            running++;
            continue;
        }
        status = child_wait(-1, &usage);
        if (status == 127 || (status && !scanner->any_status))
            return -1;
        running--;
        cpu_us += usage.cpu_us;
    }
    return cpu_us;
}

static double own_cost(const struct bench *bench)
{
    return figure_median(figures_find(&bench->figures, "yardsticks.mxscope.cpu"));
}

static void measure_scanner(struct bench *bench, const struct scanner *scanner, const struct servers *servers)
{
    char *cost = mem_format("yardsticks.%s.cpu", scanner->name),
         *ratio = mem_format("yardsticks.%s.ratio", scanner->name);
    double cpu_us = run(scanner, servers);

    if (cpu_us >= 0) {
        cpu_us /= scanner->targets;
        figures_add(&bench->figures, cost, "us/target", BETTER_NEITHER, cpu_us);
        figures_add(&bench->figures, ratio, "x mxscope's", BETTER_HIGHER, cpu_us / own_cost(bench));
    } else {
        fprintf(stderr, " (no figure of %s: not installed, or failed)", scanner->name);
    }
    free(ratio);
    free(cost);
}

static char *write_input(void)
{
    char *path = mem_format("/tmp/mxscope-bench-%d.txt", (int)getpid());
    FILE *out = fopen(path, "w");

    if (!out)
        die("%s can't be written", path);
    for (unsigned i = 0; i < SERVER_DOMAINS; i++) {
        char *domain = lab_domain(i);

        fprintf(out, "%s partner\n", domain);
        free(domain);
    }
    fclose(out);
    return path;
}

/* Every endpoint must have been audited in full, or the figures would mean nothing. */
static void check(const char *output)
{
    json_t *root = json_load_file(output, 0, NULL), *domain;
    json_t *domains = json_object_get(root, "domains");
    size_t i;

    if (json_array_size(domains) != SERVER_DOMAINS)
        die("mxscope's report is not whole");
    json_array_foreach(domains, i, domain)
    {
        json_t *host = json_array_get(json_object_get(domain, "hosts"), 0);
        json_t *endpoint = json_array_get(json_object_get(host, "endpoints"), 0);
        const char *newest = NULL, *oldest = NULL;

        if (json_unpack(endpoint, "{s:{s:s, s:s}}", "versions", "TLSv1.3", &newest, "SSLv3", &oldest) < 0 ||
            strcmp(newest, "accepted") != 0 || strcmp(oldest, "refused") != 0)
            die("mxscope did not audit an endpoint in full");
    }
    json_decref(root);
}

/* The whole program, from reading its input to its report. */
static void measure_own(struct bench *bench, const struct servers *servers, const char *input)
{
    char *output = mem_format("%s.json", input), *port = mem_format("%u", servers->port);
    const char *argv[] = {
        bench->mxscope,   "audit",       "--dns-server",   servers->dns, "--smtp-port", port, "--trust-store",
        servers->trust,   "--helo-name", "test.example",   "-i",         input,         "-o", output,
        "--per-host-gap", "0",           "--per-operator", "0",          NULL};
    struct child_usage usage;

    if (child_wait(child_start(argv), &usage) != 0)
        die("mxscope audit failed");
    check(output);
    figures_add(&bench->figures, "yardsticks.mxscope.cpu", "us/endpoint", BETTER_LOWER,
                usage.cpu_us / SERVER_DOMAINS);
    unlink(output);
    free(port);
    free(output);
}

static void measure_all(struct bench *bench, const struct servers *servers, const char *finger)
{
    const struct scanner known[] = {
        {"posttls-finger", finger, 100, false},
        {"sslscan", "sslscan --starttls-smtp --no-colour {host}:{port}", 10, true},
        {"nmap", "nmap -n -Pn -p {port} --script ssl-enum-ciphers {host}", 3, true},
    };

    for (size_t i = finger ? 0 : 1; i < sizeof known / sizeof *known; i++)
        measure_scanner(bench, &known[i], servers);
    for (unsigned i = 0; i < bench->scanner_count; i++) {
        char *name = mem_string_n(bench->scanners[i], strcspn(bench->scanners[i], " "));
        const char *base = strrchr(name, '/');
        const struct scanner scanner = {base ? base + 1 : name, bench->scanners[i], 10, true};

        measure_scanner(bench, &scanner, servers);
        free(name);
    }
}

void part_yardsticks(struct bench *bench)
{
    unsigned runs = bench->runs < 3 ? bench->runs : 3;
    char *input = write_input();
    struct finger finger;
    struct servers servers;

    servers_start(&servers, bench->servers, bench->mxscope);
    finger_find(&finger);
    for (unsigned i = 0; i < runs; i++)
        measure_own(bench, &servers, input);
    for (unsigned i = 0; i < runs; i++)
        measure_all(bench, &servers, finger.command);
    finger_release(&finger);
    servers_stop(&servers);
    unlink(input);
    free(input);
}
