#include "engine/audit/trial.h"

#include "engine/audit/test_threads.h"
#include "engine/base/mem.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define TOO_LATE_MS 120000

static const char *const nowhere[] = {"127.0.0.1:9"};

void trial_prepare(struct trial *trial, const enum mail_manner *manners, size_t count)
{
    static struct baseline baseline = {.minimum = TLS_1_2};

    memset(trial, 0, sizeof *trial);
    baseline.name = (char *)(uintptr_t) "tls1.2";
    trial->mail = mail_fake_new(manners, count);
    audit_options_init(&trial->options);
    trial->options.threads = test_threads();
    trial->options.baseline = &baseline;
    trial->options.dns_servers = nowhere;
    trial->options.dns_server_count = 1;
    trial->options.dns_timeout = 0.1;
    trial->options.world4 = "127.0.0.1";
    trial->options.world6 = "::1";
    trial->options.helo_name = "probe.test.example";
    trial->options.per_host_gap = 0;
    trial->options.per_operator = 0;
    trial->options.retry_later = 0;
    trial->options.jitter_seed = 1;
    trial->options.io_timeout = 60;
    trial->options.banner_timeout = 60;
}

void trial_start(struct trial *trial)
{
    char *error = NULL;

    trial->audit = audit_new(&trial->options, &error);
    if (!trial->audit)
        fail_msg("%s", error);
}

void trial_end(struct trial *trial)
{
    audit_free(trial->audit);
    mail_fake_free(trial->mail);
    for (size_t i = 0; i < TRIAL_SERVERS; i++)
        facts_free(trial->facts[i]);
}

void trial_add_as(struct trial *trial, uint32_t id, size_t first, size_t count)
{
    struct target_spec spec;

    target_spec_init(&spec);
    spec.domain = mem_format("domain%u.test", id);
    spec.unicode = mem_string(spec.domain);
    spec.class = CLASS_PARTNER;
    spec.requirement = REQUIREMENT_ENCRYPTION;
    spec.protocol = PROTOCOL_SMTP;
    for (size_t i = first; i < first + count; i++)
        target_spec_add_host(&spec, mail_fake_address(trial->mail, i), mail_fake_port(trial->mail), true);
    audit_add(trial->audit, id, &spec);
    target_spec_release(&spec);
}

uint32_t trial_add(struct trial *trial, size_t first, size_t count)
{
    trial_add_as(trial, ++trial->last_id, first, count);
    return trial->last_id;
}

size_t trial_index(const struct trial *trial, const char *address)
{
    for (size_t i = 0; i < TRIAL_SERVERS; i++)
        if (strcmp(mail_fake_address(trial->mail, i), address) == 0)
            return i;
    fail_msg("no server has address %s", address);
    return 0;
}

static void take_facts(struct trial *trial, struct event *event)
{
    size_t at = trial_index(trial, event->endpoint.address);

    facts_free(trial->facts[at]);
    trial->facts[at] = event->facts;
    trial->facts_events[at]++;
    event->facts = NULL;
}

static void take(struct trial *trial, struct event *event)
{
    switch (event->type) {
    case EVENT_ROUTE:
        trial->routes++;
        break;
    case EVENT_BESIDE:
        trial->besides++;
        break;
    case EVENT_ADDRESSES:
        trial->addresses++;
        break;
    case EVENT_ACTIVITY:
        trial->activities++;
        trial->rests += event->stage == STAGE_DONE;
        break;
    case EVENT_FACTS:
        take_facts(trial, event);
        break;
    case EVENT_IDLE:
        trial->idles++;
        break;
    case EVENT_CONTACTS:
    case EVENT_PREFLIGHT:
        break;
    case EVENT_TROUBLE:
        fail_msg("%s", event->text);
    }
}

void trial_next(struct trial *trial, struct event *event)
{
    struct pollfd wait = {audit_descriptor(trial->audit), POLLIN, 0};

    while (!audit_next(trial->audit, event))
        if (poll(&wait, 1, TOO_LATE_MS) <= 0)
            fail_msg("no event in %d ms", TOO_LATE_MS);
    take(trial, event);
}

void trial_step(struct trial *trial)
{
    struct event event;

    trial_next(trial, &event);
    event_release(&event);
}

void trial_rest(struct trial *trial)
{
    unsigned before = trial->idles;

    while (trial->idles == before || audit_busy(trial->audit)) {
        struct event event;

        trial_next(trial, &event);
        assert_true(audit_busy(trial->audit) || event.type == EVENT_IDLE || event.type == EVENT_PREFLIGHT);
        event_release(&event);
    }
}

void trial_look(struct trial *trial, int milliseconds)
{
    struct pollfd wait = {audit_descriptor(trial->audit), POLLIN, 0};
    struct event event;

    poll(&wait, 1, milliseconds);
    while (audit_next(trial->audit, &event)) {
        take(trial, &event);
        event_release(&event);
    }
}

struct mail_counts trial_counts(struct trial *trial, size_t index)
{
    struct mail_counts counts;

    mail_fake_counts(trial->mail, index, &counts);
    return counts;
}

double trial_clock(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}
