#include "tests/tui/fake_audit.h"

#include "engine/base/mem.h"
#include "tests/tui/sample.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#define QUEUE_MOST 20000

struct audit {
    pthread_t thread;
    pthread_mutex_t lock; /* guards all below */
    struct event *queue;
    size_t first, count, capacity;
    uint32_t *partners;
    size_t partner_count;
    uint32_t added; /* a target to give facts to */
    struct audit_progress progress;
    bool stream, over;
    bool ended;  /* EVENT_IDLE was taken */
    int wake;    /* readable while events wait */
    int command; /* wakes the thread */
    int signals;
};

static void put(struct audit *audit, struct event *event)
{
    if (audit->count == audit->capacity) {
        size_t capacity = audit->capacity ? audit->capacity * 2 : 64;
        struct event *queue = mem_array(capacity, sizeof *queue);
        size_t i;

        for (i = 0; i < audit->count; i++)
            queue[i] = audit->queue[(audit->first + i) % audit->capacity];
        free(audit->queue);
        audit->queue = queue;
        audit->first = 0;
        audit->capacity = capacity;
    }
    audit->queue[(audit->first + audit->count++) % audit->capacity] = *event;
    eventfd_write(audit->wake, 1);
}

static void put_target(struct audit *audit, uint32_t target, unsigned round)
{
    struct sample_endpoint endpoint = {NULL, (int)(round % 4), (int)(round % 4) + 1, PROBE_OK};
    char *host = mem_format("late%u.sample.example", target);
    char *address = mem_format("198.51.100.%u", target % 250);
    struct event event;

    endpoint.address = address;
    if (!round) {
        sample_route_event(&event, target, host, 10);
        put(audit, &event);
        sample_addresses_event(&event, host, &endpoint, 1);
        put(audit, &event);
    }
    sample_facts_event(&event, host, &endpoint);
    put(audit, &event);
    free(address);
    free(host);
}

static void put_partners(struct audit *audit, unsigned round)
{
    size_t i;

    for (i = 0; i < audit->partner_count && audit->count < QUEUE_MOST; i++)
        put_target(audit, audit->partners[i], round);
}

static void put_end(struct audit *audit)
{
    struct event event = {.type = EVENT_IDLE};

    audit->progress.running = audit->progress.queued = 0;
    put(audit, &event);
}

static void *work(void *context)
{
    struct audit *audit = context;
    unsigned round = 0;
    bool started = false;

    for (;;) {
        struct pollfd polls[2] = {{audit->command, POLLIN, 0}, {audit->signals, POLLIN, 0}};
        struct signalfd_siginfo info;
        eventfd_t value;

        poll(polls, 2, started && audit->stream ? 1 : -1);
        pthread_mutex_lock(&audit->lock);
        if (polls[1].revents && read(audit->signals, &info, sizeof info) > 0) {
            started = true;
            put_partners(audit, 0);
            if (!audit->stream)
                put_end(audit);
        }
        if (polls[0].revents)
            eventfd_read(audit->command, &value);
        if (audit->added)
            put_target(audit, audit->added, 0);
        audit->added = 0;
        if (started && audit->stream)
            put_partners(audit, ++round);
        if (audit->over) {
            pthread_mutex_unlock(&audit->lock);
            return NULL;
        }
        pthread_mutex_unlock(&audit->lock);
    }
}

struct audit *fake_audit_new(const struct model *model, bool stream)
{
    struct audit *audit = mem_alloc(sizeof *audit);
    sigset_t set;
    size_t i;

    pthread_mutex_init(&audit->lock, NULL);
    audit->stream = stream;
    audit->partners = mem_array(model_target_count(model), sizeof *audit->partners);
    for (i = 0; i < model_target_count(model); i++) {
        const struct target *target = model_target_at((struct model *)model, i);

        if (target->spec.class == CLASS_PARTNER)
            audit->partners[audit->partner_count++] = target->id;
    }
    audit->progress.running = 1;
    audit->progress.targets = audit->progress.targets_resolved = (unsigned)model_target_count(model);
    audit->progress.endpoints = 4;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    audit->signals = signalfd(-1, &set, SFD_CLOEXEC);
    audit->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    audit->command = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    pthread_create(&audit->thread, NULL, work, audit);
    return audit;
}

void fake_audit_tell(struct audit *audit, const char *text)
{
    struct event event = {.type = EVENT_TROUBLE, .text = mem_string(text)};

    pthread_mutex_lock(&audit->lock);
    put(audit, &event);
    pthread_mutex_unlock(&audit->lock);
}

void fake_audit_free(struct audit *audit)
{
    struct event event;

    if (!audit)
        return;
    pthread_mutex_lock(&audit->lock);
    audit->over = true;
    pthread_mutex_unlock(&audit->lock);
    eventfd_write(audit->command, 1);
    pthread_join(audit->thread, NULL);
    while (audit_next(audit, &event))
        event_release(&event);
    close(audit->signals);
    close(audit->wake);
    close(audit->command);
    free(audit->partners);
    free(audit->queue);
    free(audit);
}

int audit_descriptor(const struct audit *audit)
{
    return audit->wake;
}

bool audit_next(struct audit *audit, struct event *event)
{
    eventfd_t value;
    bool any;

    pthread_mutex_lock(&audit->lock);
    any = audit->count;
    if (any) {
        *event = audit->queue[audit->first];
        audit->first = (audit->first + 1) % audit->capacity;
        audit->count--;
        audit->ended |= event->type == EVENT_IDLE;
    } else {
        eventfd_read(audit->wake, &value);
    }
    pthread_mutex_unlock(&audit->lock);
    return any;
}

void audit_add(struct audit *audit, uint32_t id, const struct target_spec *spec)
{
    (void)spec;
    pthread_mutex_lock(&audit->lock);
    audit->added = id;
    pthread_mutex_unlock(&audit->lock);
    eventfd_write(audit->command, 1);
}

void audit_remove(struct audit *audit, uint32_t id)
{
    (void)audit, (void)id;
}

void audit_keep(struct audit *audit, const struct endpoint_key *key)
{
    (void)audit;
    (void)key;
}

void audit_contacts(struct audit *audit, uint32_t id)
{
    struct event event = {.type = EVENT_CONTACTS, .target = id, .directory = directory_new()};

    event.directory->zone_status = DNS_OK;
    event.directory->zone = mem_string("sample.example");
    event.directory->mailbox = mem_string("hostmaster@sample.example");
    pthread_mutex_lock(&audit->lock);
    put(audit, &event);
    pthread_mutex_unlock(&audit->lock);
}

void audit_reprobe_target(struct audit *audit, uint32_t id)
{
    audit_add(audit, id, NULL);
}

void audit_reprobe_host(struct audit *audit, const struct host_key *key)
{
    (void)audit, (void)key;
}

void audit_reprobe_endpoint(struct audit *audit, const struct endpoint_key *key)
{
    (void)audit, (void)key;
}

static void set_paused(struct audit *audit, bool paused)
{
    pthread_mutex_lock(&audit->lock);
    audit->progress.paused = paused;
    pthread_mutex_unlock(&audit->lock);
}

const char *audit_helo_name(const struct audit *audit)
{
    (void)audit;
    return "probe.example";
}

void audit_pause(struct audit *audit)
{
    set_paused(audit, true);
}

void audit_resume(struct audit *audit)
{
    set_paused(audit, false);
}

bool audit_busy(struct audit *audit)
{
    bool busy;

    pthread_mutex_lock(&audit->lock);
    busy = !audit->ended;
    pthread_mutex_unlock(&audit->lock);
    return busy;
}

void audit_progress(struct audit *audit, struct audit_progress *progress)
{
    pthread_mutex_lock(&audit->lock);
    *progress = audit->progress;
    pthread_mutex_unlock(&audit->lock);
}
