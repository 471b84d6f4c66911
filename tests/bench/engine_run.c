#include "tests/bench/engine_run.h"

#include "engine/audit/audit.h"
#include "engine/base/mem.h"
#include "engine/input/input.h"
#include "engine/model/model.h"
#include "tests/bench/child.h"
#include "tests/bench/die.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <signal.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define PATIENCE_MS 60000

struct run {
    const struct engine_plan *plan;
    struct model *model;
    struct audit *audit;
    struct engine_result *result;
    double began;
    unsigned facts; /* events */
};

static double seconds(clockid_t clock)
{
    struct timespec t;

    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double most_kib(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_maxrss;
}

static void start_audit(struct run *run, const struct lab_process *lab)
{
    const char *dns = lab->dns;
    struct audit_options options;
    char *error = NULL;

    audit_options_init(&options);
    options.baseline = model_baseline(run->model);
    options.depth = run->plan->readiness ? DEPTH_READINESS : DEPTH_FULL;
    options.dns_servers = &dns;
    options.dns_server_count = 1;
    options.smtp_port = lab->port;
    options.trust_store = lab->trust;
    options.helo_name = "bench.example";
    options.concurrency = run->plan->concurrency;
    options.threads = run->plan->threads;
    options.per_host_gap = run->plan->per_host_gap;
    options.per_operator = 0;
    options.no_activity = true;
    options.resolve_only = run->plan->resolve_only;
    options.world4 = "127.0.0.1";
    options.world6 = "::1";
    run->audit = audit_new(&options, &error);
    if (!run->audit)
        die("%s", error);
}

static void add_targets(struct run *run)
{
    char *error = NULL;

    for (unsigned i = 0; i < run->plan->domains; i++) {
        char *domain = lab_domain(i);
        struct target_spec spec;

        if (!input_target(domain, CLASS_OPPORTUNISTIC, "bench", &spec, &error))
            die("%s", error);
        audit_add(run->audit, model_add(run->model, &spec, NULL)->id, &spec);
        target_spec_release(&spec);
        free(domain);
    }
}

static void note_first(struct run *run)
{
    if (!run->result->first_ms && model_target_at(run->model, 0)->judgement.verdict != VERDICT_PENDING)
        run->result->first_ms = (seconds(CLOCK_MONOTONIC) - run->began) * 1000;
}

/* False when all is done. */
static bool take_event(struct run *run, struct event *event)
{
    bool idle = event->type == EVENT_IDLE && !audit_busy(run->audit);

    run->facts += event->type == EVENT_FACTS;
    model_apply(run->model, event);
    event_release(event);
    note_first(run);
    return !idle && !(run->plan->stop_after && run->facts >= run->plan->stop_after);
}

static void drain(struct run *run)
{
    struct pollfd wait = {audit_descriptor(run->audit), POLLIN, 0};
    struct event event;
    bool more = true;

    while (more) {
        if (poll(&wait, 1, PATIENCE_MS) <= 0)
            die("the engine is silent");
        while (more && audit_next(run->audit, &event))
            more = take_event(run, &event);
    }
}

static bool is_audited(const struct facts *facts)
{
    return facts && facts->full && facts->handshake_completed && facts->certificate &&
           facts->certificate->trusted && facts->versions[TLS_1_3].state == VERSION_ACCEPTED &&
           facts->versions[TLS_1_0].state == VERSION_REFUSED &&
           facts->versions[TLS_SSL_3_0].state == VERSION_REFUSED;
}

static void count(struct run *run)
{
    struct engine_result *result = run->result;
    struct audit_progress progress;

    audit_progress(run->audit, &progress);
    result->connections = progress.connections;
    result->queries = progress.queries;
    result->endpoints = (unsigned)model_endpoint_count(run->model);
    for (size_t i = 0; i < model_endpoint_count(run->model); i++)
        result->audited += is_audited(model_endpoint_at(run->model, i)->facts);
    for (size_t i = 0; i < model_target_count(run->model); i++)
        result->judged += model_target_at(run->model, i)->judgement.verdict == VERDICT_READY;
}

static void measure(struct run *run, const struct lab_process *lab)
{
    struct engine_result *result = run->result;
    double cpu, own, stop;
    struct rusage usage;

    start_audit(run, lab);
    result->start_kib = most_kib();
    run->began = seconds(CLOCK_MONOTONIC);
    cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
    own = seconds(CLOCK_THREAD_CPUTIME_ID);
    add_targets(run);
    drain(run);
    result->wall_s = seconds(CLOCK_MONOTONIC) - run->began;
    result->cpu_us = (seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu) * 1e6;
    result->engine_cpu_us = result->cpu_us - (seconds(CLOCK_THREAD_CPUTIME_ID) - own) * 1e6;
    thread_cpu_read(&result->threads);
    result->peak_kib = most_kib();
    getrusage(RUSAGE_SELF, &usage);
    result->wakes = (double)usage.ru_nvcsw;
    count(run);
    stop = seconds(CLOCK_MONOTONIC);
    audit_free(run->audit);
    result->stop_ms = (seconds(CLOCK_MONOTONIC) - stop) * 1000;
}

static _Noreturn void work(const struct lab_process *lab, const struct engine_plan *plan, int out)
{
    struct engine_result result = {0};
    struct run run = {.plan = plan, .result = &result};
    char *error = NULL;
    struct baseline *baseline = baseline_load("exchange-online", &error);

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    prctl(PR_SET_NAME, "engine"); /* for perf report --comm */
    if (!baseline)
        die("%s", error);
    run.model = model_new(baseline);
    measure(&run, lab);
    if (write(out, &result, sizeof result) != sizeof result)
        die("no result");
    _exit(0); /* the model's memory goes with the process */
}

void engine_run(const struct lab_process *lab, const struct engine_plan *plan, struct engine_result *result)
{
    struct child_usage usage;
    int ends[2];
    pid_t pid;

    fflush(NULL);
    if (pipe(ends) != 0 || (pid = fork()) < 0)
        die("no process for the engine");
    if (pid == 0)
        work(lab, plan, ends[1]);
    close(ends[1]);
    if (read(ends[0], result, sizeof *result) != sizeof *result)
        die("the engine's run failed");
    close(ends[0]);
    child_wait(pid, &usage);
}
