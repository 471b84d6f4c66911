/* How long each format of a report of 100,000 domains takes to write, how large it is, and how much memory it
 * takes besides the session's: a thousand are partners, a tenth falls short, a fifth was not reached. Run
 * with -c opt: measure FOLDER. */
#include "engine/base/mem.h"
#include "engine/model/fixture.h"
#include "engine/report/format.h"
#include "engine/report/sample.h"
#include "tests/bench/figure_line.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

#define COUNT 100000u

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static struct facts *facts_of(unsigned number)
{
    bool old = number % 10 == 3, dark = number % 10 == 5 || number % 10 == 7;
    struct facts *facts = fixture_facts(old ? "rarrr" : dark ? "-----" : "rrraa");
    char *names = mem_format("mx.domain%u.example mail.domain%u.example", number, number);

    if (dark) {
        facts->stage = STAGE_CONNECT;
        facts->error = PROBE_CONNECT_TIMEOUT;
        facts->starttls = STARTTLS_UNKNOWN;
    } else {
        fixture_handshake(facts, old ? TLS_1_0 : TLS_1_3, old ? 0xc014 : 0x1301, true);
        facts->certificate = fixture_certificate(names, true, 80);
    }
    facts->full = facts->ended = true;
    facts->banner = mem_format("220 mx.domain%u.example ESMTP ready", number);
    facts->probed_at = FIXTURE_NOW;
    free(names);
    return facts;
}

static struct model *make_model(void)
{
    struct model *model = fixture_model("exchange-online");

    for (unsigned i = 0; i < COUNT; i++) {
        bool partner = i % 1000 < 10;
        char *domain = mem_format("domain%u.example", i);
        char *address = mem_format("10.%u.%u.%u", i >> 16, i >> 8 & 255, i & 255);

        fixture_simple(model, domain, partner ? CLASS_PARTNER : CLASS_OPPORTUNISTIC,
                       partner ? REQUIREMENT_ENCRYPTION : REQUIREMENT_NONE, address, facts_of(i));
        free(domain);
        free(address);
    }
    return model;
}

static long peak_kib(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

static void measure(const struct model *model, const char *folder, const char *suffix)
{
    const struct report_format *format = report_format_of(suffix);
    struct report_options options = sample_options();
    char *path = mem_format("%s/measured%s", folder, suffix), *error = NULL;
    char *name = mem_format("files.report%s", suffix);
    long before = peak_kib();
    double start = now(), time;
    struct stat about = {.st_size = 0};

    if (!report_save(path, format, model, &options, &error)) {
        fprintf(stderr, "%s\n", error);
        exit(1);
    }
    time = now() - start;
    figure_line(name, "s", 0, time);
    stat(path, &about);
    printf("%-14s %6.2f s %8.1f MB %8.1f MB of memory besides\n", format->name, time,
           (double)about.st_size / 1e6, (double)(peak_kib() - before) / 1e3);
    free(name);
    free(path);
}

int main(int argc, char **argv)
{
    static const char *const suffixes[] = {".html", ".md", ".csv", ".endpoints.csv", ".json"};
    struct model *model;

    if (argc != 2)
        return 2;
    model = make_model();
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++)
        measure(model, argv[1], suffixes[i]);
    model_free(model);
    return 0;
}
