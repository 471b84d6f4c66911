#include "engine/audit/engine.h"

#include "engine/audit/backoff.h"
#include "engine/audit/operator.h"
#include "engine/base/mem.h"

#include <stdlib.h>

#define GAP_MOST 30 /* seconds: how far trouble stretches the gap of a group */
#define GROUPS   2

static struct engine_group *group_find(struct audit *audit, const char *key)
{
    struct engine_group *group = map_get(&audit->groups, key);

    if (group)
        return group;
    group = mem_alloc(sizeof *group);
    group->audit = audit;
    group->most = audit->options.per_operator;
    group->slow = 1;
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

static bool is_closed(const struct engine_group *group)
{
    return group->running >= group->most || net_loop_now_ms(group->audit->loop) < group->open_at_ms;
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

static void enter_list(struct engine_lane *lane, int urgency, struct engine_group *barrier)
{
    lane->urgency = urgency;
    lane->barrier = barrier;
    if (barrier) {
        TAILQ_INSERT_TAIL(&barrier->parked[urgency], lane, link);
        await(barrier);
    } else {
        TAILQ_INSERT_TAIL(&lane->audit->ready[urgency], lane, link);
        count_ready(lane, urgency, 1);
    }
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

/* Sends on what the group parks, when it is open. A lane that meets its other group closed moves there. */
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
    return group->audit->options.per_operator_gap * group->slow;
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
static void take_room(struct engine_group *group)
{
    unsigned others = group->running > 1 ? group->running - 1 : 1;

    if (others < group->most)
        group->most = others;
}

/* The gap that runs is not enough: another begins now. */
void lane_slow_down(struct engine_lane *lane, bool throttled)
{
    const struct audit_options *options = &lane->audit->options;

    for (int i = 0; i < GROUPS; i++) {
        struct engine_group *group = lane->groups[i];

        if (!group)
            continue;
        group->slow = backoff_more(group->slow, options->per_operator_gap, GAP_MOST);
        begin_gap(group);
        if (throttled)
            take_room(group);
    }
}

void lane_speed_up(struct engine_lane *lane)
{
    for (int i = 0; i < GROUPS; i++) {
        struct engine_group *group = lane->groups[i];

        if (!group)
            continue;
        group->slow = backoff_less(group->slow);
        if (group->most < lane->audit->options.per_operator)
            group->most++;
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
