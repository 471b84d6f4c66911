#include "tests/bench/paced_audit.h"

#include "engine/base/mem.h"
#include "tests/tui/sample.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#define TICK_MS    5
#define QUEUE_MOST 65536 /* a power of two; what does not fit is not made */

struct audit {
    pthread_t thread, screen;
    pthread_mutex_t lock; /* guards queue, first, count and over */
    struct event queue[QUEUE_MOST];
    size_t first, count;
    bool over;
    struct pacing *pacing;
    unsigned endpoints;
    uint64_t random; /* the thread's own */
    int wake;        /* readable while events wait */
};

char *paced_host(unsigned number)
{
    return mem_format("mx%06u.provider%03u.example", number, number / 200);
}

char *paced_address(unsigned number)
{
    return mem_format("10.%u.%u.%u", number >> 16 & 255, number >> 8 & 255, number & 255);
}

static unsigned next_random(struct audit *audit, unsigned below)
{
    audit->random ^= audit->random << 13;
    audit->random ^= audit->random >> 7;
    audit->random ^= audit->random << 17;
    return (unsigned)(audit->random >> 33) % below;
}

static void make_activity(struct audit *audit, const char *host, const char *address, struct event *event)
{
    memset(event, 0, sizeof *event);
    event->type = EVENT_ACTIVITY;
    event->stage = (enum stage)(STAGE_CONNECT + next_random(audit, STAGE_DONE - STAGE_CONNECT + 1));
    event->endpoint = (struct endpoint_key){mem_string(address), 25, PROTOCOL_SMTP, mem_string(host)};
}

static void make_event(struct audit *audit, struct event *event)
{
    unsigned number = next_random(audit, audit->endpoints), highest = next_random(audit, TLS_VERSIONS);
    char *host = paced_host(number), *address = paced_address(number);
    struct sample_endpoint endpoint = {address, (int)highest / 2, (int)highest, PROBE_OK};

    if (next_random(audit, 2))
        make_activity(audit, host, address, event);
    else
        sample_facts_event(event, host, &endpoint);
    free(address);
    free(host);
}

static void put(struct audit *audit, const struct event *event)
{
    pthread_mutex_lock(&audit->lock);
    audit->queue[(audit->first + audit->count++) % QUEUE_MOST] = *event;
    pthread_mutex_unlock(&audit->lock);
    eventfd_write(audit->wake, 1);
}

static bool has_room(struct audit *audit)
{
    bool room;

    pthread_mutex_lock(&audit->lock);
    room = audit->count < QUEUE_MOST;
    pthread_mutex_unlock(&audit->lock);
    return room;
}

static bool is_over(struct audit *audit)
{
    bool over;

    pthread_mutex_lock(&audit->lock);
    over = audit->over;
    pthread_mutex_unlock(&audit->lock);
    return over;
}

static int64_t nanoseconds(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void *work(void *context)
{
    struct audit *audit = context;
    const struct timespec tick = {0, TICK_MS * 1000000L};
    int64_t before = nanoseconds(CLOCK_MONOTONIC), due = 0;
    struct event event;
    clockid_t screen;

    pthread_getcpuclockid(audit->screen, &screen);
    while (!is_over(audit)) {
        int64_t now = nanoseconds(CLOCK_MONOTONIC);

        due += (now - before) * atomic_load(&audit->pacing->rate);
        before = now;
        for (; due >= 1000000000 && has_room(audit); due -= 1000000000) {
            make_event(audit, &event);
            put(audit, &event);
            atomic_fetch_add(&audit->pacing->made, 1);
        }
        atomic_store(&audit->pacing->screen_ns, nanoseconds(screen));
        nanosleep(&tick, NULL);
    }
    return NULL;
}

struct audit *paced_audit_new(unsigned count, struct pacing *pacing)
{
    struct audit *audit = mem_alloc(sizeof *audit);

    pthread_mutex_init(&audit->lock, NULL);
    audit->pacing = pacing;
    audit->endpoints = count;
    audit->random = 0x9e3779b97f4a7c15u;
    audit->screen = pthread_self();
    audit->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    pthread_create(&audit->thread, NULL, work, audit);
    return audit;
}

void paced_audit_free(struct audit *audit)
{
    struct event event;

    pthread_mutex_lock(&audit->lock);
    audit->over = true;
    pthread_mutex_unlock(&audit->lock);
    pthread_join(audit->thread, NULL);
    while (audit_next(audit, &event))
        event_release(&event);
    close(audit->wake);
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
        audit->first = (audit->first + 1) % QUEUE_MOST;
        audit->count--;
    } else {
        eventfd_read(audit->wake, &value);
    }
    pthread_mutex_unlock(&audit->lock);
    return any;
}

void audit_progress(struct audit *audit, struct audit_progress *progress)
{
    memset(progress, 0, sizeof *progress);
    progress->targets = progress->targets_resolved = progress->endpoints = audit->endpoints;
    progress->running = 256;
    progress->queued = audit->endpoints / 2;
    progress->ready_done = (unsigned)atomic_load(&audit->pacing->made);
}

bool audit_busy(struct audit *audit)
{
    (void)audit;
    return true;
}

/* Commands change nothing of the pace. */
void audit_add(struct audit *audit, uint32_t id, const struct target_spec *spec)
{
    (void)audit, (void)id, (void)spec;
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
    (void)audit, (void)id;
}

void audit_reprobe_target(struct audit *audit, uint32_t id)
{
    (void)audit, (void)id;
}

void audit_reprobe_host(struct audit *audit, const struct host_key *key)
{
    (void)audit, (void)key;
}

void audit_reprobe_endpoint(struct audit *audit, const struct endpoint_key *key)
{
    (void)audit, (void)key;
}

void audit_cancel(struct audit *audit)
{
    (void)audit;
}

void audit_pause(struct audit *audit)
{
    (void)audit;
}

void audit_resume(struct audit *audit)
{
    (void)audit;
}

const char *audit_helo_name(const struct audit *audit)
{
    (void)audit;
    return "bench.example";
}
