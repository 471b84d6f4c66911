#include "engine/audit/engine.h"

#include "engine/audit/preflight_run.h"
#include "engine/base/mem.h"

#include <stdlib.h>

#define HESITANT_MS 500 /* until a greeting */
#define GAP_MOST    60  /* seconds: how far trouble stretches the gap of an address */
#define QUIET_MS                                                                                             \
    120000 /* longer than any such gap, or who refuses each time would be forgotten meanwhile                \
            */

void schedule_init_backoff(const struct audit *audit, struct backoff *backoff)
{
    double quiet = audit->options.quiet;

    backoff_init(backoff, quiet > 0 && quiet < 1e9 ? (uint64_t)(quiet * 1000) : QUIET_MS);
}

struct engine_address *address_find(struct audit *audit, const struct net_address *named)
{
    const struct net_address plain = net_address_unmapped(named), *address = &plain;
    char text[NET_ADDRESS_SIZE];
    struct engine_address *found;

    net_address_print(address, text);
    found = map_get(&audit->addresses, text);
    if (found)
        return found;
    found = mem_alloc(sizeof *found);
    found->audit = audit;
    found->address = *address;
    schedule_init_backoff(audit, &found->slow);
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

    if (urgency < 0 || address->running >= address->audit->most_per_host) {
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
    unsigned steps = backoff_steps(&address->slow, net_loop_now_ms(address->audit->loop));
    double gap = backoff_stretch(address->audit->options.per_host_gap, steps, GAP_MOST);

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

/* An address that repeats itself is its own matter: its operator takes note of the first sign. */
static void slow_down(struct engine_endpoint *endpoint, enum probe_error sign)
{
    struct engine_address *address = endpoint->address;
    uint64_t now = net_loop_now_ms(address->audit->loop);
    bool known = backoff_steps(&address->slow, now) > 0;

    backoff_more(&address->slow, now, backoff_reach(address->audit->options.per_host_gap, GAP_MOST));
    if (known)
        return;
    if (sign == PROBE_THROTTLED)
        lane_throttled(endpoint->lane);
    else
        lane_cut(endpoint->lane, address);
}

void address_note(struct engine_endpoint *endpoint, const struct probe_result *result)
{
    if (result->error == PROBE_LOCAL_LIMIT) {
        atomic_fetch_sub(&endpoint->audit->counts.connections, 1);
    } else {
        endpoint->audit->made++;
        endpoint->address->made++;
        retry_found_room(endpoint->audit);
    }
    endpoint->address->hesitant |= result->banner_ms >= HESITANT_MS;
    if (too_many(result)) {
        slow_down(endpoint, result->error);
    } else if (result->stage > STAGE_BANNER) {
        backoff_less(&endpoint->address->slow, net_loop_now_ms(endpoint->audit->loop));
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
