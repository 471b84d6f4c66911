/* How long a session of 100,000 domains takes to save, to open and to compare with a later one, and how large
 * its file is; the same of its report in JSON, written and read back, and the memory that takes: each domain
 * with a host, an address and the facts of a whole probe. Run with -c opt; prints a line a figure. */
#include "engine/base/mem.h"
#include "engine/model/fixture.h"
#include "engine/report/compare_write.h"
#include "engine/report/format.h"
#include "engine/report/read.h"
#include "engine/store/pack.h"
#include "engine/store/store_facts.h"
#include "engine/store/writer.h"
#include "tests/bench/figure_line.h"
#include "tests/bench/snapshot_screen.h"
#include "tui/snapshot_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define COUNT 100000u

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void add_attempts(struct facts *facts)
{
    static const char *const purposes[] = {"handshake", "hello up to TLS 1.2", "hello up to TLS 1.1",
                                           "hello up to TLS 1.0", "hello for an ECDSA certificate"};

    for (size_t i = 0; i < sizeof purposes / sizeof *purposes; i++) {
        const struct attempt attempt = {
            FIXTURE_NOW, (char *)(uintptr_t)purposes[i], STAGE_DONE, PROBE_OK, NULL, 120};

        facts_add_attempt(facts, &attempt);
    }
}

static void add_lines(struct facts *facts, unsigned number)
{
    static const char *const lines[] = {"PIPELINING", "SIZE 36700160", "STARTTLS",   "ENHANCEDSTATUSCODES",
                                        "8BITMIME",   "SMTPUTF8",      "CHUNKING",   "DSN",
                                        "VRFY",       "ETRN",          "AUTH PLAIN", "HELP"};
    char *banner = mem_format("220 mx.domain%u.example ESMTP ready", number);

    facts->banner = mem_string(banner);
    transcript_add(&facts->transcript, SAID_BY_SERVER, banner);
    transcript_add(&facts->transcript, SAID_BY_CLIENT, "EHLO probe.contoso.com");
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        strings_add(&facts->ehlo, lines[i]);
        strings_add(&facts->ehlo_tls, lines[i]);
        transcript_add(&facts->transcript, SAID_BY_SERVER, lines[i]);
    }
    transcript_add(&facts->transcript, SAID_BY_CLIENT, "STARTTLS");
    transcript_add(&facts->transcript, SAID_BY_SERVER, "220 2.0.0 Ready to start TLS");
    transcript_add(&facts->transcript, NOTED, "TLS begins");
    transcript_add(&facts->transcript, SAID_BY_CLIENT, "QUIT");
    free(banner);
}

static void add_chain(struct certificate *certificate)
{
    certificate->chain_length = 3;
    certificate->chain = mem_array(3, sizeof *certificate->chain);
    for (size_t i = 0; i < 3; i++) {
        certificate->chain[i].subject = mem_string("CN=Some Issuing CA 2,O=Some Trust Services,C=US");
        certificate->chain[i].issuer = mem_string("CN=Some Root CA,O=Some Trust Services,C=US");
        certificate->chain[i].not_after = FIXTURE_NOW + 900 * (int64_t)FIXTURE_DAY;
    }
}

static struct facts *facts_of(unsigned number)
{
    struct facts *facts = fixture_facts("rrraa");
    char *names = mem_format("mx.domain%u.example mail.domain%u.example", number, number);

    fixture_handshake(facts, TLS_1_3, 0x1301, true);
    facts->full = facts->ended = true;
    facts->certificate = fixture_certificate(names, true, 80);
    add_chain(facts->certificate);
    add_lines(facts, number);
    add_attempts(facts);
    facts->probed_at = FIXTURE_NOW;
    free(names);
    return facts;
}

static struct model *make_model(void)
{
    struct model *model = fixture_model("exchange-online");

    for (unsigned i = 0; i < COUNT; i++) {
        char *domain = mem_format("domain%u.example", i);
        char *address = mem_format("10.%u.%u.%u", i >> 16, i >> 8 & 255, i & 255);

        fixture_simple(model, domain, CLASS_OPPORTUNISTIC, REQUIREMENT_NONE, address, facts_of(i));
        free(domain);
        free(address);
    }
    return model;
}

static size_t facts_bytes(const struct model *model)
{
    const char *kind, *name;
    struct vocabulary words;
    struct buf out;
    size_t sum = 0;
    uint8_t code;

    vocabulary_init(&words);
    while (vocabulary_grow(&words, &kind, &code, &name))
        continue;
    buf_init(&out, 0);
    for (size_t i = 0; i < model_endpoint_count(model); i++) {
        buf_reset(&out);
        pack_facts(&out, &words, model_endpoint_at(model, i)->facts);
        sum += out.length;
    }
    buf_release(&out);
    return sum;
}

static void die(const char *error)
{
    fprintf(stderr, "snapshot: %s\n", error);
    exit(1);
}

static void save(const char *path, struct model *model)
{
    const struct store_session session = {.started_at = FIXTURE_NOW};
    char *error = NULL;
    struct store *store = store_open(path, STORE_WRITE, &error);
    struct store_writer *writer;

    if (!store)
        die(error);
    writer = store_writer_new(store, model, false, &session, &error);
    if (!writer || !store_writer_end(writer, model, &session, &error))
        die(error);
}

static double megabytes(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_maxrss / 1024;
}

static void load(const char *path)
{
    struct store_session session;
    char *error = NULL;
    double start = now(), opened;
    struct store *store = store_open(path, STORE_READ, &error);
    struct model *model;

    if (!store)
        die(error);
    opened = now();
    model = store_load(store, &session, &error);
    if (!model)
        die(error);
    printf("checked in %.2f s, loaded in %.2f s, %.0f MiB of memory at most\n", opened - start,
           now() - opened, megabytes());
    figure_line("files.open-check", "s", 0, opened - start);
    figure_line("files.open-load", "s", 0, now() - opened);
    figure_line("files.open-peak", "MiB", 0, megabytes());
    store_session_release(&session);
    store_close(store);
    model_free(model);
}

static void make(const char *path)
{
    struct model *model = make_model();
    size_t facts = facts_bytes(model);
    struct stat status;
    double start = now();

    save(path, model);
    printf("%u domains saved in %.2f s\n", COUNT, now() - start);
    figure_line("files.save", "s", 0, now() - start);
    if (stat(path, &status) < 0)
        die("no file");
    printf("%.0f bytes of facts an endpoint, %.0f bytes more in the file\n", (double)facts / COUNT,
           ((double)status.st_size - (double)facts) / COUNT);
    figure_line("files.save-beyond-facts", "bytes/endpoint", 0,
                ((double)status.st_size - (double)facts) / COUNT);
    fflush(stdout);
    model_free(model);
}

static void make_report(const char *path)
{
    const struct report_options options = {.generator = "bench", .started_at = FIXTURE_NOW};
    struct model *model = make_model();
    char *error = NULL;
    double start = now();

    if (!report_save(path, report_format_named("json"), model, &options, &error))
        die(error);
    printf("report in JSON written in %.2f s\n", now() - start);
    model_free(model);
}

static void read_report(const char *path)
{
    struct report_reading *reading;
    struct report_about about;
    struct stat status;
    struct model *model;
    char *error = NULL;
    double start = now(), begun;
    bool over = false;

    reading = report_read_begin(path, &about, &model, &error);
    if (!reading)
        die(error);
    begun = now();
    while (!over)
        if (!report_read_more(reading, 64, &over, &error))
            die(error);
    if (stat(path, &status) < 0)
        die("no file");
    printf("report of %.0f MB begun in %.3f s, read in %.2f s (%.2f s of processor), %.0f MiB of memory at "
           "most\n",
           (double)status.st_size / 1e6, begun - start, now() - begun, (double)clock() / CLOCKS_PER_SEC,
           megabytes());
    report_read_end(reading);
    report_about_release(&about);
    model_free(model);
}

static void go_back(struct facts *facts)
{
    facts->versions[TLS_1_2].state = facts->versions[TLS_1_3].state = VERSION_REFUSED;
    facts->versions[TLS_1_0].state = VERSION_ACCEPTED;
    fixture_handshake(facts, TLS_1_0, 0xc014, true);
}

/* The same a while later: a tenth of the servers went back to TLS 1.0, a tenth has another certificate.
 */
static void make_later(const char *path)
{
    struct model *model = make_model();

    for (size_t i = 0; i < model_endpoint_count(model); i++) {
        struct facts *facts = model_endpoint_at(model, i)->facts;

        if (i % 10 == 0)
            go_back(facts);
        if (i % 10 == 1)
            facts->certificate->sha256[0] = 'e';
    }
    save(path, model);
    model_free(model);
}

static void diff(const char *path, const char *later)
{
    const char *const paths[2] = {path, later};
    struct store_session sessions[2];
    struct model *models[2];
    struct comparison comparison;
    struct compare_options options = {.generator = "bench", .before.name = path, .after.name = later};
    double start = now(), loaded, compared;
    char *text, *error = NULL;

    if (!snapshot_load_pair(paths, models, sessions, &error))
        die(error);
    loaded = now();
    compare_align(models[0], sessions[0].finished_at, model_baseline(models[1]));
    compare_models(models[0], models[1], &comparison);
    compared = now();
    options.baseline = model_baseline(models[1]);
    text = compare_text(&comparison, &options);
    printf("%zu differences of targets, %zu of endpoints in %.2f s (%.2f s of processor): both loaded in "
           "%.2f s, "
           "compared in %.2f s, %zu bytes written in %.2f s\n",
           comparison.target_count, comparison.endpoint_count, now() - start,
           (double)clock() / CLOCKS_PER_SEC, loaded - start, compared - loaded, strlen(text),
           now() - compared);
    figure_line("files.diff", "s", 0, now() - start);
    free(text);
    comparison_release(&comparison);
    for (int i = 0; i < 2; i++) {
        store_session_release(&sessions[i]);
        model_free(models[i]);
    }
}

/* Each in a process of its own, as they are in life. */
static bool apart(void (*work)(const char *path), const char *path)
{
    pid_t child = fork();
    int status = 1;

    if (child)
        return waitpid(child, &status, 0) >= 0 && !status;
    work(path);
    fflush(stdout);
    _exit(0);
}

/* [FILE]: where to; then it is kept, and beside it FILE.later. */
int main(int argc, char **argv)
{
    const char *path = argc > 1 ? argv[1] : "bench.mxscope";
    char *later = mem_format("%s.later", path), *report = mem_format("%s.json", path);
    bool ok;

    unlink(path);
    unlink(later);
    ok = apart(make, path) && apart(load, path) && apart(make_report, report) && apart(read_report, report) &&
         apart(make_later, later);
    if (ok)
        diff(path, later);
    ok = ok && snapshot_screen(path, later);
    unlink(report);
    if (argc < 2) {
        unlink(later);
        unlink(path);
    }
    free(report);
    free(later);
    return ok ? 0 : 1;
}
