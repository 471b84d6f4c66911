#include "engine/audit/engine.h"

#include "engine/audit/contacts.h"
#include "engine/audit/control.h"
#include "engine/audit/preflight_run.h"

#include "engine/base/mem.h"
#include "engine/model/verdict.h"
#include "engine/probe/fold.h"

#include <stdlib.h>

#define TELL_MS 50 /* activities are published this often */

void endpoint_tell(struct engine_endpoint *endpoint, enum stage stage)
{
    struct audit *audit = endpoint->audit;

    endpoint->activity = stage;
    if (endpoint->control || audit->options.no_activity || endpoint->untold || stage == endpoint->told)
        return;
    if (STAILQ_EMPTY(&audit->untold))
        net_timer_start(audit->tell, TELL_MS);
    endpoint->untold = true;
    STAILQ_INSERT_TAIL(&audit->untold, endpoint, told_link);
}

static void tell_now(struct engine_endpoint *endpoint)
{
    struct event event = {.type = EVENT_ACTIVITY, .stage = endpoint->activity};

    endpoint->untold = false;
    if (endpoint->activity == endpoint->told)
        return;
    endpoint->told = endpoint->activity;
    endpoint_key_copy(&event.endpoint, &endpoint->key);
    engine_put(endpoint->audit, &event);
}

void endpoint_tell_all(void *context)
{
    struct audit *audit = context;
    struct engine_endpoint *endpoint;

    while ((endpoint = STAILQ_FIRST(&audit->untold)) != NULL) {
        STAILQ_REMOVE_HEAD(&audit->untold, told_link);
        tell_now(endpoint);
    }
}

/* Takes the facts over. */
void endpoint_publish(struct engine_endpoint *endpoint, struct facts *facts)
{
    struct event event = {.type = EVENT_FACTS, .facts = facts};

    endpoint_key_copy(&event.endpoint, &endpoint->key);
    engine_put(endpoint->audit, &event);
}

static void count_ready(struct engine_endpoint *endpoint, bool done)
{
    if (endpoint->ready_done != done)
        atomic_fetch_add(&endpoint->audit->counts.ready_done, done ? 1U : -1U);
    endpoint->ready_done = done;
}

/* Its readiness is decided by what it has of facts. */
static void decide_readiness(struct engine_endpoint *endpoint)
{
    const struct demand demand = {.requirement = REQUIREMENT_NONE};
    enum verdict verdict =
        judge_endpoint(endpoint->facts, &demand, endpoint->audit->baseline, endpoint->facts->probed_at)
            .verdict;

    endpoint->falls_short = verdict_falls_short(verdict);
    count_ready(endpoint, true);
    contacts_on_readiness(endpoint->audit);
}

static void count_full(struct engine_endpoint *endpoint, bool done)
{
    if (endpoint->full_done != done)
        atomic_fetch_add(&endpoint->audit->counts.full_done, done ? 1U : -1U);
    endpoint->full_done = done;
}

static void rest(struct engine_endpoint *endpoint)
{
    endpoint->work = WORK_REST;
    endpoint_tell(endpoint, STAGE_DONE);
    engine_end(endpoint->audit);
}

/* The engine has no more use for the facts: they go out instead of a copy. */
static void finish(struct engine_endpoint *endpoint)
{
    struct facts *facts = endpoint->facts;

    fold_end(facts, endpoint->audit->options.depth == DEPTH_FULL && !endpoint->given_up);
    preflight_run_keep(endpoint);
    decide_readiness(endpoint);
    count_full(endpoint, true);
    endpoint->facts = NULL;
    endpoint_publish(endpoint, facts);
    rest(endpoint);
}

static void mark_blocked(struct facts *facts)
{
    facts->error = PROBE_PORT_BLOCKED;
    free(facts->error_detail);
    facts->error_detail = NULL;
    for (int v = 0; v < TLS_VERSIONS; v++)
        if (facts->versions[v].state == VERSION_UNKNOWN)
            facts->versions[v].error = PROBE_PORT_BLOCKED;
}

void endpoint_block(struct engine_endpoint *endpoint)
{
    endpoint->blocked = true;
    endpoint->insists = false;
    if (endpoint->work == WORK_REST && !endpoint->facts) {
        struct facts *facts = endpoint->kept ? endpoint->kept : facts_new();

        endpoint->kept = NULL;
        mark_blocked(facts);
        endpoint_publish(endpoint, facts);
        return;
    }
    mark_blocked(endpoint->facts);
    if (endpoint->work == WORK_WAITING)
        address_unqueue(endpoint);
    if (endpoint->work == WORK_PAUSING || endpoint->work == WORK_LATER)
        retry_end_pause(endpoint);
    finish(endpoint);
}

static enum urgency urgency_of(const struct engine_endpoint *endpoint, bool decided)
{
    if (decided)
        return URGENCY_REST;
    return endpoint->routes ? URGENCY_READINESS : URGENCY_BESIDE;
}

/* Looks for the next step and queues it. */
static void advance(struct engine_endpoint *endpoint)
{
    struct audit *audit = endpoint->audit;
    bool decided = plan_decided(&endpoint->plan, endpoint->facts, audit->baseline);

    plan_next(&endpoint->plan, endpoint->facts, audit->baseline, audit->options.depth == DEPTH_FULL,
              &endpoint->step);
    endpoint->tries = endpoint->starved = 0;
    endpoint->starved_ms = 0;
    endpoint->answer = (struct answer){.kind = ANSWER_NONE};
    if (endpoint->step.kind == STEP_DONE) {
        finish(endpoint);
        return;
    }
    if (decided && !endpoint->ready_done) {
        decide_readiness(endpoint);
        endpoint_publish(endpoint, facts_copy(endpoint->facts));
    }
    if (preflight_run_stops(endpoint)) {
        endpoint_block(endpoint);
        return;
    }
    endpoint->urgency = urgency_of(endpoint, decided);
    endpoint_tell(endpoint, STAGE_QUEUED);
    address_queue(endpoint);
}

static void begin(struct engine_endpoint *endpoint)
{
    if (endpoint->work == WORK_LEAVING) {
        endpoint->wanted_again = true;
        return;
    }
    endpoint->came_later = endpoint->given_up = false;
    if (endpoint->audit->options.resolve_only) {
        engine_begin(endpoint->audit);
        count_ready(endpoint, true);
        count_full(endpoint, true);
        rest(endpoint);
        return;
    }
    if (!endpoint->facts) {
        endpoint->facts = facts_new();
        plan_init(&endpoint->plan, hello_may_name(endpoint->key.server_name));
        endpoint->plan.injection_wanted =
            endpoint->audit->options.check_injection &&
            (endpoint->key.protocol == PROTOCOL_SMTP || endpoint->key.protocol == PROTOCOL_SUBMISSION);
    }
    engine_begin(endpoint->audit);
    advance(endpoint);
}

static void on_staged(void *context, enum stage stage)
{
    endpoint_tell(context, stage);
}

/* What a handshake showed goes out ahead of its goodbye where it decides readiness. What the engine knows and
 * counts follows the end, which tells all of it anew. */
static void on_shown(void *context, struct probe_result *result)
{
    struct engine_endpoint *endpoint = context;
    const struct baseline *baseline = endpoint->audit->baseline;
    struct plan plan = endpoint->plan;
    struct facts *facts;

    if (endpoint->control || endpoint->ready_done || endpoint->work != WORK_RUNNING)
        return;
    facts = facts_copy(endpoint->facts);
    fold_result(facts, baseline, &endpoint->step, result);
    plan_apply(&plan, facts, baseline, &endpoint->step, &result->answer);
    endpoint->shown = plan_decided(&plan, facts, baseline);
    if (endpoint->shown)
        endpoint_publish(endpoint, facts);
    else
        facts_free(facts);
}

static void take_result(struct engine_endpoint *endpoint, struct probe_result *result)
{
    struct audit *audit = endpoint->audit;
    bool undecided = retry_wanted(endpoint, result);

    fold_result(endpoint->facts, audit->baseline, &endpoint->step, result);
    if (preflight_run_took(endpoint, result)) {
        endpoint_block(endpoint);
        return;
    }
    if (result->answer.kind == ANSWER_CHOSE || endpoint->answer.kind != ANSWER_CHOSE)
        endpoint->answer = result->answer;
    if (undecided && retry_ask(endpoint))
        return;
    plan_apply(&endpoint->plan, endpoint->facts, audit->baseline, &endpoint->step, &endpoint->answer);
    advance(endpoint);
}

/* What is left of the ladder is not known, for want of room here: it would be waited for at each step. */
static void give_up(struct engine_endpoint *endpoint, struct probe_result *result)
{
    const struct audit *audit = endpoint->audit;
    const struct answer none = {.kind = ANSWER_NONE, .error = PROBE_LOCAL_LIMIT};
    bool full = audit->options.depth == DEPTH_FULL;

    fold_result(endpoint->facts, audit->baseline, &endpoint->step, result);
    while (endpoint->step.kind != STEP_DONE) {
        plan_apply(&endpoint->plan, endpoint->facts, audit->baseline, &endpoint->step, &none);
        plan_next(&endpoint->plan, endpoint->facts, audit->baseline, full, &endpoint->step);
    }
    endpoint->given_up = true;
    finish(endpoint);
}

/* True when it waits for room. */
static bool starves(struct engine_endpoint *endpoint, struct probe_result *result)
{
    if (result->error != PROBE_LOCAL_LIMIT)
        return false;
    if (!retry_starved(endpoint, result->shortage))
        give_up(endpoint, result);
    return true;
}

/* The goodbye is said. What was wanted meanwhile begins before this ends, so that no idle moment is told. */
static void left(struct engine_endpoint *endpoint)
{
    endpoint->work = WORK_REST;
    if (endpoint->wanted_again && endpoint->users)
        begin(endpoint);
    else
        endpoint_tell(endpoint, STAGE_DONE);
    endpoint->wanted_again = false;
    engine_end(endpoint->audit);
}

static void on_done(void *context, struct probe_result *result)
{
    struct engine_endpoint *endpoint = context;
    struct audit *audit = endpoint->audit;

    endpoint->errand = NULL;
    endpoint->shown = false;
    address_note(endpoint, result);
    address_release(endpoint);
    if (endpoint->control)
        control_took(endpoint->control, result);
    else if (endpoint->work == WORK_LEAVING)
        left(endpoint);
    else if (!starves(endpoint, result))
        take_result(endpoint, result);
    schedule_run(audit);
}

static const struct probe_callbacks probe_events = {on_staged, on_done, on_shown};

void endpoint_start(struct engine_endpoint *endpoint)
{
    struct probe_place place = {.address = endpoint->address->address,
                                .port = (uint16_t)endpoint->key.port,
                                .protocol = endpoint->key.protocol,
                                .server_name = endpoint->key.server_name};

    endpoint->work = WORK_RUNNING;
    endpoint_tell(endpoint, STAGE_CONNECT);
    endpoint->errand = crew_probe(endpoint->audit->crew, &place, &endpoint->step, &probe_events, endpoint);
}

bool endpoint_withdraw(struct engine_endpoint *endpoint)
{
    if (endpoint->work == WORK_WAITING)
        address_unqueue(endpoint);
    if (endpoint->work == WORK_PAUSING || endpoint->work == WORK_LATER)
        retry_end_pause(endpoint);
    if (endpoint->work != WORK_RUNNING)
        return true;
    if (errand_leave(endpoint->errand))
        return false;
    endpoint->errand = NULL;
    address_release(endpoint);
    return true;
}

void endpoint_cancel(struct engine_endpoint *endpoint)
{
    bool gone;

    endpoint->wanted_again = false;
    if (endpoint->work == WORK_REST || endpoint->work == WORK_LEAVING)
        return;
    gone = endpoint_withdraw(endpoint);
    if (endpoint->facts->connections && !endpoint->shown) {
        struct facts *known = facts_copy(endpoint->facts);

        fold_cut(known);
        endpoint_publish(endpoint, known);
    }
    endpoint->shown = false;
    if (gone)
        rest(endpoint);
    else
        endpoint->work = WORK_LEAVING;
}

struct engine_endpoint *endpoint_new(struct audit *audit, const struct net_address *address,
                                     const struct endpoint_key *key)
{
    struct engine_endpoint *endpoint = mem_alloc(sizeof *endpoint);

    endpoint->audit = audit;
    endpoint_key_copy(&endpoint->key, key);
    endpoint->address = address_find(audit, address);
    endpoint->lane = lane_find(audit, address, key->server_name);
    endpoint->activity = endpoint->told = STAGE_QUEUED;
    return endpoint;
}

static struct engine_endpoint *find(struct audit *audit, const struct net_address *address,
                                    const struct endpoint_key *key)
{
    char *text = endpoint_key_text(key);
    struct engine_endpoint *endpoint = map_get(&audit->endpoints, text);

    if (!endpoint) {
        endpoint = endpoint_new(audit, address, key);
        map_put(&audit->endpoints, text, endpoint);
    }
    free(text);
    return endpoint;
}

void endpoint_keep(struct audit *audit, const struct net_address *address, const struct endpoint_key *key)
{
    struct engine_endpoint *endpoint = find(audit, address, key);

    if (!endpoint->users && endpoint->work == WORK_REST)
        endpoint->full_done = endpoint->ready_done = true;
}

void endpoint_resume(struct engine_endpoint *endpoint)
{
    if ((endpoint->work == WORK_REST || endpoint->work == WORK_LEAVING) && !endpoint->full_done)
        begin(endpoint);
}

/* One that waited among those beside the routes takes its place with the others. */
void endpoint_set_routed(struct engine_endpoint *endpoint, bool routed)
{
    bool waits = endpoint->work == WORK_WAITING;

    endpoint->routes += routed ? 1U : -1U;
    if (!endpoint->routes || endpoint->urgency != URGENCY_BESIDE)
        return;
    if (waits)
        address_unqueue(endpoint);
    endpoint->urgency = URGENCY_READINESS;
    if (waits)
        address_queue(endpoint);
}

struct engine_endpoint *endpoint_take(struct audit *audit, const struct net_address *address,
                                      const struct host_key *host, bool literal, bool routed)
{
    char text[NET_ADDRESS_SIZE];
    struct endpoint_key key = {.address = text,
                               .port = host->port,
                               .protocol = host->protocol,
                               .server_name = (char *)(uintptr_t)(literal ? "" : host->name)};
    struct engine_endpoint *endpoint;

    net_address_print(address, text);
    endpoint = find(audit, address, &key);
    if (routed)
        endpoint_set_routed(endpoint, true);
    if (endpoint->users++) {
        endpoint_resume(endpoint);
        return endpoint;
    }
    atomic_fetch_add(&audit->counts.endpoints, 1);
    if (endpoint->full_done) {
        endpoint->full_done = endpoint->ready_done = false; /* counted again below */
        count_ready(endpoint, true);
        count_full(endpoint, true);
    } else {
        begin(endpoint);
    }
    return endpoint;
}

void endpoint_drop(struct engine_endpoint *endpoint, bool routed)
{
    struct audit *audit = endpoint->audit;

    if (routed)
        endpoint_set_routed(endpoint, false);
    if (--endpoint->users)
        return;
    atomic_fetch_sub(&audit->counts.endpoints, 1);
    if (endpoint->full_done)
        atomic_fetch_sub(&audit->counts.full_done, 1);
    if (endpoint->ready_done)
        atomic_fetch_sub(&audit->counts.ready_done, 1);
    if (!endpoint->full_done)
        endpoint->ready_done = false;
    endpoint_cancel(endpoint); /* last: it may tell that all is idle */
}

/* It need not wait any longer: what is asked from now on is asked of it anew. */
static void forget_later(struct engine_endpoint *endpoint)
{
    retry_end_pause(endpoint);
    endpoint->work = WORK_REST;
    begin(endpoint);
    engine_end(endpoint->audit);
}

/* One that is being probed already gives fresh facts anyway. Who asks takes it for queued from now on, so its
 * rest is told again even when it comes before the next telling. */
void endpoint_reprobe(struct engine_endpoint *endpoint)
{
    endpoint->told = STAGE_QUEUED;
    endpoint_tell(endpoint, endpoint->activity);
    if (!endpoint->users ||
        (endpoint->work != WORK_REST && endpoint->work != WORK_LEAVING && endpoint->work != WORK_LATER))
        return;
    count_ready(endpoint, false);
    count_full(endpoint, false);
    facts_free(endpoint->facts);
    endpoint->facts = NULL;
    endpoint->insists = true;
    if (endpoint->work == WORK_LATER)
        forget_later(endpoint);
    else
        begin(endpoint);
}

void endpoint_stop(struct engine_endpoint *endpoint)
{
    net_timer_free(endpoint->pause);
    endpoint->pause = NULL;
}

void endpoint_free(void *context)
{
    struct engine_endpoint *endpoint = context;

    endpoint_key_release(&endpoint->key);
    facts_free(endpoint->facts);
    facts_free(endpoint->kept);
    free(endpoint);
}
