#include "engine/audit/engine.h"

#include "engine/net/operator.h"
#include "engine/base/mem.h"

#include <stdlib.h>

#define GAP_MOST     30 /* seconds: how far a 421 stretches the gap of a group … */
#define GAP_CUT_MOST 4  /* … and a cut: that may as well be a firewall's way, and all behind it dead */
#define GROUPS       2

static struct engine_group *group_find(struct audit *audit, const char *key)
{
    struct engine_group *group = map_get(&audit->groups, key);

    if (group)
        return group;
    group = mem_alloc(sizeof *group);
    group->audit = audit;
    schedule_init_backoff(audit, &group->slow);
    schedule_init_backoff(audit, &group->taken);
    for (int i = 0; i < URGENCIES; i++)
        TAILQ_INIT(&group->parked[i]);
    map_put(&audit->groups, key, group);
    return group;
}

static struct engine_lane *lane_new(struct audit *audit, const char *network, const char *domain)
{
    struct engine_lane *lane = mem_alloc(sizeof *lane);

    lane->audit = audit;
    lane->urgency = -1;
    lane->groups[0] = network ? group_find(audit, network) : NULL;
    lane->groups[1] = domain ? group_find(audit, domain) : NULL;
    for (int i = 0; i < URGENCIES; i++)
        TAILQ_INIT(&lane->waiting[i]);
    return lane;
}

/* Without bounds all addresses share one lane. */
struct engine_lane *lane_find(struct audit *audit, const struct net_address *address, const char *name)
{
    bool bounded = audit->options.per_operator > 0;
    char *network = bounded ? operator_network(address) : NULL;
    char *domain = bounded ? operator_domain(name) : NULL;
    char *key = mem_format("%s %s", network ? network : "", domain ? domain : "");
    struct engine_lane *lane = map_get(&audit->lanes, key);

    if (!lane) {
        lane = lane_new(audit, network, domain);
        map_put(&audit->lanes, key, lane);
    }
    free(key);
    free(domain);
    free(network);
    return lane;
}

/* Connections at once, for now. */
static unsigned room_of(const struct engine_group *group, uint64_t now)
{
    return group->audit->options.per_operator - backoff_steps(&group->taken, now);
}

static bool is_closed(const struct engine_group *group)
{
    uint64_t now = net_loop_now_ms(group->audit->loop);

    return now < group->open_at_ms || group->running >= room_of(group, now);
}

static struct engine_group *barrier_of(const struct engine_lane *lane)
{
    for (int i = 0; i < GROUPS; i++)
        if (lane->groups[i] && is_closed(lane->groups[i]))
            return lane->groups[i];
    return NULL;
}

static void on_open(void *context);

/* Where only the gap closes it, its end must be heard of; a connection that ends tells by itself. */
static void await(struct engine_group *group)
{
    uint64_t now = net_loop_now_ms(group->audit->loop);

    if (now >= group->open_at_ms || group->armed_for == group->open_at_ms)
        return;
    if (!group->timer)
        group->timer = net_timer_new(group->audit->loop, on_open, group);
    group->armed_for = group->open_at_ms;
    net_timer_start(group->timer, group->open_at_ms - now);
}

static void count_ready(struct engine_lane *lane, int urgency, int change)
{
    for (int i = 0; i < GROUPS; i++)
        if (lane->groups[i])
            lane->groups[i]->ready[urgency] += (unsigned)change;
}

static void leave_list(struct engine_lane *lane)
{
    if (lane->urgency < 0)
        return;
    if (lane->barrier) {
        TAILQ_REMOVE(&lane->barrier->parked[lane->urgency], lane, link);
    } else {
        TAILQ_REMOVE(&lane->audit->ready[lane->urgency], lane, link);
        count_ready(lane, lane->urgency, -1);
    }
    lane->urgency = -1;
    lane->barrier = NULL;
}

/* Once all verdicts are known, those whose connections are long go first: the end would wait for them. */
static bool goes_ahead(const struct engine_address *address, int urgency)
{
    return address->hesitant && urgency == URGENCY_REST;
}

static void enter_list(struct engine_lane *lane, int urgency, struct engine_group *barrier)
{
    lane->urgency = urgency;
    lane->barrier = barrier;
    if (barrier) {
        TAILQ_INSERT_TAIL(&barrier->parked[urgency], lane, link);
        await(barrier);
        return;
    }
    if (goes_ahead(TAILQ_FIRST(&lane->waiting[urgency]), urgency))
        TAILQ_INSERT_HEAD(&lane->audit->ready[urgency], lane, link);
    else
        TAILQ_INSERT_TAIL(&lane->audit->ready[urgency], lane, link);
    count_ready(lane, urgency, 1);
}

static int most_urgent(const struct engine_lane *lane)
{
    for (int i = 0; i < URGENCIES; i++)
        if (!TAILQ_EMPTY(&lane->waiting[i]))
            return i;
    return -1;
}

/* Puts the lane where its state says: among the ready ones, behind a group that is closed, or nowhere. One
 * that is parked stays, as long as that group is closed. */
static void place(struct engine_lane *lane)
{
    int urgency = most_urgent(lane);
    struct engine_group *barrier = NULL;

    if (urgency >= 0)
        barrier = lane->barrier && is_closed(lane->barrier) ? lane->barrier : barrier_of(lane);
    if (urgency == lane->urgency && barrier == lane->barrier)
        return;
    leave_list(lane);
    if (urgency >= 0)
        enter_list(lane, urgency, barrier);
}

/* The first lane that the group parks, unless one as urgent stands among the ready ones already: an open
 * group sends one at a time, or thousands would be sent for each that may start. */
static struct engine_lane *next_parked(const struct engine_group *group)
{
    for (int i = 0; i < URGENCIES && !group->ready[i]; i++)
        if (!TAILQ_EMPTY(&group->parked[i]))
            return TAILQ_FIRST(&group->parked[i]);
    return NULL;
}

static bool holds_any(const struct engine_group *group)
{
    for (int i = 0; i < URGENCIES; i++)
        if (!TAILQ_EMPTY(&group->parked[i]))
            return true;
    return false;
}

/* Sends on what the group parks, when it is open. A lane that meets its other group closed moves there. It
 * comes back only when that opened while this one is closed again, so it moves no oftener than the rarer of
 * the two closes, which takes a connection: since two groups share one lane, that makes fewer moves for each
 * connection than the root of the number of lanes. */
static void settle(struct engine_group *group)
{
    struct engine_lane *lane;

    while (group && !is_closed(group) && (lane = next_parked(group)) != NULL)
        place(lane);
    if (group && holds_any(group))
        await(group);
}

static void lane_changed(struct engine_lane *lane)
{
    place(lane);
    for (int i = 0; i < GROUPS; i++)
        settle(lane->groups[i]);
}

static void on_open(void *context)
{
    struct engine_group *group = context;

    group->armed_for = 0;
    settle(group);
    schedule_run(group->audit);
}

void lane_put(struct engine_lane *lane, struct engine_address *address, int urgency)
{
    address->lane = lane;
    address->listed = urgency;
    if (goes_ahead(address, urgency))
        TAILQ_INSERT_HEAD(&lane->waiting[urgency], address, link);
    else
        TAILQ_INSERT_TAIL(&lane->waiting[urgency], address, link);
    lane_changed(lane);
}

void lane_remove(struct engine_address *address)
{
    struct engine_lane *lane = address->lane;

    if (!lane)
        return;
    TAILQ_REMOVE(&lane->waiting[address->listed], address, link);
    address->lane = NULL;
    lane_changed(lane);
}

struct engine_address *lane_next(struct audit *audit, int urgency)
{
    struct engine_lane *lane;

    while ((lane = TAILQ_FIRST(&audit->ready[urgency])) != NULL) {
        if (!barrier_of(lane))
            return TAILQ_FIRST(&lane->waiting[urgency]);
        lane_changed(lane);
    }
    return NULL;
}

static double gap_of(const struct engine_group *group)
{
    unsigned steps = backoff_steps(&group->slow, net_loop_now_ms(group->audit->loop));

    return backoff_stretch(group->audit->options.per_operator_gap, steps, GAP_MOST);
}

/* By the fresh clock, as for addresses. */
static void begin_gap(struct engine_group *group)
{
    uint64_t pause = jitter_ms(&group->audit->jitter, gap_of(group));
    uint64_t open_at = net_clock_us() / 1000 + pause + 1;

    if (pause && open_at > group->open_at_ms)
        group->open_at_ms = open_at;
}

/* It goes behind the other lanes: operators take turns. */
void lane_start(struct engine_lane *lane)
{
    for (int i = 0; i < GROUPS; i++)
        if (lane->groups[i]) {
            lane->groups[i]->running++;
            begin_gap(lane->groups[i]);
        }
    leave_list(lane);
    lane_changed(lane);
}

void lane_release(struct engine_lane *lane)
{
    for (int i = 0; i < GROUPS; i++)
        if (lane->groups[i]) {
            lane->groups[i]->running--;
            settle(lane->groups[i]);
        }
}

/* No more connections at a time than the others that are open now. */
static void take_room(struct engine_group *group, uint64_t now)
{
    unsigned others = group->running > 1 ? group->running - 1 : 1;

    while (room_of(group, now) > others)
        backoff_more(&group->taken, now, group->audit->options.per_operator - others);
}

/* One address alone that cuts connections is that address's own matter. */
static bool is_second_cut(struct engine_group *group, const struct engine_address *address)
{
    const struct engine_address *first = group->cut_by;

    group->cut_by = address;
    return first && first != address;
}

/* The gap that runs is not enough: another begins now. */
static void slow_down(struct engine_group *group, double most)
{
    double gap = group->audit->options.per_operator_gap;

    backoff_more(&group->slow, net_loop_now_ms(group->audit->loop), backoff_reach(gap, most));
    begin_gap(group);
}

void lane_throttled(struct engine_lane *lane)
{
    uint64_t now = net_loop_now_ms(lane->audit->loop);

    for (int i = 0; i < GROUPS; i++)
        if (lane->groups[i]) {
            slow_down(lane->groups[i], GAP_MOST);
            take_room(lane->groups[i], now);
        }
}

void lane_cut(struct engine_lane *lane, const struct engine_address *address)
{
    for (int i = 0; i < GROUPS; i++)
        if (lane->groups[i] && is_second_cut(lane->groups[i], address))
            slow_down(lane->groups[i], GAP_CUT_MOST);
}

void lane_speed_up(struct engine_lane *lane)
{
    uint64_t now = net_loop_now_ms(lane->audit->loop);

    for (int i = 0; i < GROUPS; i++)
        if (lane->groups[i]) {
            backoff_less(&lane->groups[i]->slow, now);
            backoff_less(&lane->groups[i]->taken, now);
            lane->groups[i]->cut_by = NULL;
        }
}

void group_stop(struct engine_group *group)
{
    net_timer_free(group->timer);
    group->timer = NULL;
}

void group_free(void *group)
{
    free(group);
}

void lane_free(void *lane)
{
    free(lane);
}
