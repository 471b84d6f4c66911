#include "engine/audit/engine.h"

#include "engine/audit/backoff.h"
#include "engine/audit/preflight_run.h"
#include "engine/base/mem.h"

#include <stdlib.h>
#include <string.h>

#define GAP_MOST 60 /* seconds: how far trouble stretches the gap of an address */

/* "::ffff:192.0.2.1" leads to the machine of 192.0.2.1. */
static struct net_address unmapped(const struct net_address *address)
{
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    struct net_address plain = {.family = 4};

    if (address->family != 6 || memcmp(address->bytes, mapped, sizeof mapped) != 0)
        return *address;
    memcpy(plain.bytes, address->bytes + sizeof mapped, 4);
    return plain;
}

struct engine_address *address_find(struct audit *audit, const struct net_address *named)
{
    const struct net_address plain = unmapped(named), *address = &plain;
    char text[NET_ADDRESS_SIZE];
    struct engine_address *found;

    net_address_print(address, text);
    found = map_get(&audit->addresses, text);
    if (found)
        return found;
    found = mem_alloc(sizeof *found);
    found->audit = audit;
    found->address = *address;
    found->slow = 1;
    for (int i = 0; i < URGENCIES; i++)
        TAILQ_INIT(&found->waiting[i]);
    map_put(&audit->addresses, text, found);
    return found;
}

static int most_urgent(const struct engine_address *address)
{
    for (int i = 0; i < URGENCIES; i++)
        if (!TAILQ_EMPTY(&address->waiting[i]))
            return i;
    return -1;
}

static void on_open(void *context);

static void wait_for_gap(struct engine_address *address, uint64_t now)
{
    if (!address->timer)
        address->timer = net_timer_new(address->audit->loop, on_open, address);
    net_timer_start(address->timer, address->open_at_ms - now);
}

/* In the lane of its next endpoint. */
static void list(struct engine_address *address, int urgency)
{
    struct engine_lane *lane = TAILQ_FIRST(&address->waiting[urgency])->lane;

    if (address->lane == lane && address->listed == urgency)
        return;
    lane_remove(address);
    lane_put(lane, address, urgency);
}

/* Puts the address where its state says: in a lane, behind its gap, or nowhere. */
static void place(struct engine_address *address)
{
    uint64_t now = net_loop_now_ms(address->audit->loop);
    int urgency = most_urgent(address);

    if (urgency < 0 || address->running >= address->audit->options.per_host) {
        lane_remove(address);
    } else if (now < address->open_at_ms) {
        lane_remove(address);
        wait_for_gap(address, now);
    } else {
        list(address, urgency);
    }
}

static void on_open(void *context)
{
    struct engine_address *address = context;

    place(address);
    schedule_run(address->audit);
}

void address_queue(struct engine_endpoint *endpoint)
{
    struct engine_address *address = endpoint->address;

    endpoint->work = WORK_WAITING;
    TAILQ_INSERT_TAIL(&address->waiting[endpoint->urgency], endpoint, queue);
    atomic_fetch_add(&address->audit->counts.queued, 1);
    place(address);
}

void address_unqueue(struct engine_endpoint *endpoint)
{
    struct engine_address *address = endpoint->address;

    TAILQ_REMOVE(&address->waiting[endpoint->urgency], endpoint, queue);
    atomic_fetch_sub(&address->audit->counts.queued, 1);
    place(address);
}

/* By the fresh clock: the loop's may be behind by one busy turn, and the gap must not be cut by that. */
static void begin_gap(struct engine_address *address)
{
    double gap = address->audit->options.per_host_gap * address->slow;

    if (gap > 0)
        address->open_at_ms = net_clock_us() / 1000 + jitter_ms(&address->audit->jitter, gap) + 1;
}

static void start_one(struct engine_address *address)
{
    struct audit *audit = address->audit;
    struct engine_endpoint *endpoint = TAILQ_FIRST(&address->waiting[address->listed]);

    address->running++;
    audit->running++;
    atomic_fetch_add(&audit->counts.running, 1);
    atomic_fetch_add(&audit->counts.connections, 1);
    begin_gap(address);
    lane_start(endpoint->lane);
    lane_remove(address);
    address_unqueue(endpoint);
    endpoint_start(endpoint);
}

void address_release(struct engine_endpoint *endpoint)
{
    struct engine_address *address = endpoint->address;

    address->running--;
    address->audit->running--;
    atomic_fetch_sub(&address->audit->counts.running, 1);
    begin_gap(address);
    lane_release(endpoint->lane);
    place(address);
}

/* Signs that a server, or what stands before it, had enough of us. A reset in answer to a TLS hello is none:
 * that is how some refuse a version. */
static bool too_many(const struct probe_result *result)
{
    if (result->error == PROBE_THROTTLED)
        return true;
    if (result->error == PROBE_RESET)
        return result->stage < STAGE_HELLO;
    return result->error == PROBE_CLOSED && result->stage <= STAGE_BANNER;
}

void address_note(struct engine_endpoint *endpoint, const struct probe_result *result)
{
    struct engine_address *address = endpoint->address;

    if (too_many(result)) {
        address->slow = backoff_more(address->slow, address->audit->options.per_host_gap, GAP_MOST);
        lane_slow_down(endpoint->lane, result->error == PROBE_THROTTLED);
    } else if (result->stage > STAGE_BANNER) {
        address->slow = backoff_less(address->slow);
        lane_speed_up(endpoint->lane);
    }
}

void schedule_run(struct audit *audit)
{
    struct engine_address *address;

    for (int i = 0; i < URGENCIES; i++)
        while (!audit->paused && !preflight_run_holds(audit) && audit->running < audit->most_running &&
               (address = lane_next(audit, i)) != NULL)
            start_one(address);
}

void address_stop(struct engine_address *address)
{
    net_timer_free(address->timer);
    address->timer = NULL;
}

void address_free(void *address)
{
    free(address);
}
