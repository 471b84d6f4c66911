#include "engine/audit/engine.h"

#include "engine/audit/control.h"
#include "engine/audit/preflight_run.h"

#include "engine/base/mem.h"
#include "engine/probe/fold.h"

#include <stdlib.h>

#define TELL_MS       50    /* activities are published this often */
#define PAUSE_MOST_MS 60000 /* between two tries */
#define STARVED_MS    100   /* before the second try when this machine has no room, then twice as long … */
#define STARVED_MOST  8     /* … and so many times: 25 seconds in all */

static void tell(struct engine_endpoint *endpoint, enum stage stage)
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
static void publish(struct engine_endpoint *endpoint, struct facts *facts)
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

static void count_full(struct engine_endpoint *endpoint, bool done)
{
    if (endpoint->full_done != done)
        atomic_fetch_add(&endpoint->audit->counts.full_done, done ? 1U : -1U);
    endpoint->full_done = done;
}

static void rest(struct engine_endpoint *endpoint)
{
    endpoint->work = WORK_REST;
    tell(endpoint, STAGE_DONE);
    engine_end(endpoint->audit);
}

/* The engine has no more use for the facts: they go out instead of a copy. */
static void finish(struct engine_endpoint *endpoint)
{
    struct facts *facts = endpoint->facts;

    fold_end(facts, endpoint->audit->options.depth == DEPTH_FULL);
    preflight_run_keep(endpoint);
    count_ready(endpoint, true);
    count_full(endpoint, true);
    endpoint->facts = NULL;
    publish(endpoint, facts);
    rest(endpoint);
}

static void end_pause(struct engine_endpoint *endpoint)
{
    if (endpoint->work == WORK_LATER)
        atomic_fetch_sub(&endpoint->audit->counts.waiting_later, 1);
    net_timer_stop(endpoint->pause);
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
        publish(endpoint, facts);
        return;
    }
    mark_blocked(endpoint->facts);
    if (endpoint->work == WORK_WAITING)
        address_unqueue(endpoint);
    if (endpoint->work == WORK_PAUSING || endpoint->work == WORK_LATER)
        end_pause(endpoint);
    finish(endpoint);
}

/* Looks for the next step and queues it. */
static void advance(struct engine_endpoint *endpoint)
{
    struct audit *audit = endpoint->audit;
    bool decided = plan_decided(&endpoint->plan, endpoint->facts, audit->baseline);

    plan_next(&endpoint->plan, endpoint->facts, audit->baseline, audit->options.depth == DEPTH_FULL,
              &endpoint->step);
    endpoint->tries = endpoint->starved = 0;
    endpoint->answer = (struct answer){.kind = ANSWER_NONE};
    if (endpoint->step.kind == STEP_DONE) {
        finish(endpoint);
        return;
    }
    if (decided && !endpoint->ready_done) {
        count_ready(endpoint, true);
        publish(endpoint, facts_copy(endpoint->facts));
    }
    if (preflight_run_stops(endpoint)) {
        endpoint_block(endpoint);
        return;
    }
    endpoint->urgency = decided ? URGENCY_REST : URGENCY_READINESS;
    tell(endpoint, STAGE_QUEUED);
    address_queue(endpoint);
}

static void begin(struct engine_endpoint *endpoint)
{
    if (endpoint->work == WORK_LEAVING) {
        endpoint->wanted_again = true;
        return;
    }
    endpoint->came_later = false;
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

static void on_pause_over(void *context)
{
    struct engine_endpoint *endpoint = context;

    end_pause(endpoint);
    address_queue(endpoint);
    schedule_run(endpoint->audit);
}

static void begin_pause(struct engine_endpoint *endpoint, enum work work, uint64_t milliseconds)
{
    if (!endpoint->pause)
        endpoint->pause = net_timer_new(endpoint->audit->loop, on_pause_over, endpoint);
    endpoint->work = work;
    tell(endpoint, STAGE_QUEUED);
    net_timer_start(endpoint->pause, milliseconds + 1);
}

/* Before another try of the same step. It grows with the tries. */
static void pause_for(struct engine_endpoint *endpoint, double pause, unsigned tries)
{
    for (unsigned i = 1; i < tries && pause < PAUSE_MOST_MS; i++)
        pause *= 2;
    if (pause > PAUSE_MOST_MS)
        pause = PAUSE_MOST_MS;
    begin_pause(endpoint, WORK_PAUSING, (uint64_t)pause);
}

/* Before the last try at one that put us off. */
static void wait_for_later(struct engine_endpoint *endpoint)
{
    struct audit *audit = endpoint->audit;

    endpoint->came_later = true;
    atomic_fetch_add(&audit->counts.waiting_later, 1);
    begin_pause(endpoint, WORK_LATER, jitter_ms(&audit->jitter, audit->options.retry_later));
}

static bool may_pass(enum probe_error error)
{
    switch (error) {
    case PROBE_CONNECT_REFUSED:
    case PROBE_CONNECT_TIMEOUT:
    case PROBE_LOCAL_LIMIT:
    case PROBE_CLOSED:
    case PROBE_RESET:
    case PROBE_BANNER_TIMEOUT:
    case PROBE_IO_TIMEOUT:
    case PROBE_GREYLISTED:
    case PROBE_THROTTLED:
    case PROBE_TLS_CLOSED:
        return true;
    case PROBE_OK:
    case PROBE_CONNECT_UNREACHABLE:
    case PROBE_NO_ROUTE:
    case PROBE_NO_SOURCE:
    case PROBE_PORT_BLOCKED:
    case PROBE_SMTP_REJECTED:
    case PROBE_STARTTLS_REJECTED:
    case PROBE_NOT_SMTP:
    case PROBE_REPLY_TOO_LONG:
    case PROBE_NOT_TLS:
    case PROBE_TLS_ALERT:
    case probe_error_count:
        break;
    }
    return false;
}

/* The connection broke before it said anything, or in the middle of a handshake that had begun well. */
static bool inconclusive(const struct engine_endpoint *endpoint, const struct probe_result *result)
{
    bool handshake = endpoint->step.kind == STEP_HANDSHAKE;

    if (endpoint->step.auth != AUTH_ANY)
        return false;
    if (result->answer.kind == ANSWER_NONE)
        return may_pass(result->answer.error);
    return handshake && result->answer.kind == ANSWER_CHOSE && !result->tls.established &&
           may_pass(result->error);
}

/* Too many connections for this machine: say so once, and go on with as many as there are. */
static void note_limit(struct audit *audit)
{
    if (audit->running && audit->running < audit->most_running)
        audit->most_running = audit->running;
    if (audit->told_limit)
        return;
    audit->told_limit = true;
    engine_trouble(audit, mem_format("This machine could not open more than %u connections at once; "
                                     "going on with fewer.",
                                     audit->running + 1));
}

/* No connection was made, so it is no attempt: it is made once there is room again. Only when there is none
 * for long the endpoint is given up. */
static bool starve(struct engine_endpoint *endpoint)
{
    note_limit(endpoint->audit);
    atomic_fetch_sub(&endpoint->audit->counts.connections, 1);
    return endpoint->starved++ < STARVED_MOST;
}

static void on_staged(void *context, enum stage stage)
{
    tell(context, stage);
}

static bool put_off(const struct engine_endpoint *endpoint)
{
    return endpoint->answer.kind == ANSWER_NONE &&
           (endpoint->answer.error == PROBE_THROTTLED || endpoint->answer.error == PROBE_GREYLISTED);
}

/* Asks once more, soon or much later; false when the answer stands. */
static bool ask_again(struct engine_endpoint *endpoint)
{
    const struct audit_options *options = &endpoint->audit->options;
    bool soon = endpoint->tries < options->retries;

    if (!soon && (endpoint->came_later || !put_off(endpoint) || options->retry_later <= 0))
        return false;
    endpoint->tries++;
    if (!endpoint->ready_done || !soon)
        publish(endpoint, facts_copy(endpoint->facts));
    if (soon)
        pause_for(endpoint, options->per_host_gap * 1000 * 2, endpoint->tries); /* it put us off */
    else
        wait_for_later(endpoint);
    return true;
}

static void take_result(struct engine_endpoint *endpoint, struct probe_result *result)
{
    struct audit *audit = endpoint->audit;
    bool undecided = inconclusive(endpoint, result);

    fold_result(endpoint->facts, audit->baseline, &endpoint->step, result);
    if (preflight_run_took(endpoint, result)) {
        endpoint_block(endpoint);
        return;
    }
    if (result->answer.kind == ANSWER_CHOSE || endpoint->answer.kind != ANSWER_CHOSE)
        endpoint->answer = result->answer;
    if (undecided && ask_again(endpoint))
        return;
    plan_apply(&endpoint->plan, endpoint->facts, audit->baseline, &endpoint->step, &endpoint->answer);
    advance(endpoint);
}

/* The goodbye is said. What was wanted meanwhile begins before this ends, so that no idle moment is told. */
static void left(struct engine_endpoint *endpoint)
{
    endpoint->work = WORK_REST;
    if (endpoint->wanted_again && endpoint->users)
        begin(endpoint);
    else
        tell(endpoint, STAGE_DONE);
    endpoint->wanted_again = false;
    engine_end(endpoint->audit);
}

static void on_done(void *context, struct probe_result *result)
{
    struct engine_endpoint *endpoint = context;
    struct audit *audit = endpoint->audit;

    endpoint->probe = NULL;
    address_note(endpoint, result);
    address_release(endpoint);
    if (endpoint->control)
        control_took(endpoint->control, result);
    else if (endpoint->work == WORK_LEAVING)
        left(endpoint);
    else if (result->error == PROBE_LOCAL_LIMIT && starve(endpoint))
        pause_for(endpoint, STARVED_MS, endpoint->starved);
    else
        take_result(endpoint, result);
    schedule_run(audit);
}

static const struct probe_callbacks probe_events = {on_staged, on_done};

void endpoint_start(struct engine_endpoint *endpoint)
{
    struct probe_place place = {.address = endpoint->address->address,
                                .port = (uint16_t)endpoint->key.port,
                                .protocol = endpoint->key.protocol,
                                .server_name = endpoint->key.server_name};

    endpoint->work = WORK_RUNNING;
    tell(endpoint, STAGE_CONNECT);
    endpoint->probe = probe_start(&endpoint->audit->setup, &place, &endpoint->step, &probe_events, endpoint);
}

bool endpoint_withdraw(struct engine_endpoint *endpoint)
{
    if (endpoint->work == WORK_WAITING)
        address_unqueue(endpoint);
    if (endpoint->work == WORK_PAUSING || endpoint->work == WORK_LATER)
        end_pause(endpoint);
    if (endpoint->work != WORK_RUNNING)
        return true;
    if (probe_leave(endpoint->probe))
        return false;
    endpoint->probe = NULL;
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
    if (endpoint->facts->connections) {
        struct facts *known = facts_copy(endpoint->facts);

        fold_cut(known);
        publish(endpoint, known);
    }
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

void endpoint_resume(struct engine_endpoint *endpoint)
{
    if ((endpoint->work == WORK_REST || endpoint->work == WORK_LEAVING) && !endpoint->full_done)
        begin(endpoint);
}

struct engine_endpoint *endpoint_take(struct audit *audit, const struct net_address *address,
                                      const struct host_key *host, bool literal)
{
    char text[NET_ADDRESS_SIZE];
    struct endpoint_key key = {.address = text,
                               .port = host->port,
                               .protocol = host->protocol,
                               .server_name = (char *)(uintptr_t)(literal ? "" : host->name)};
    struct engine_endpoint *endpoint;

    net_address_print(address, text);
    endpoint = find(audit, address, &key);
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

void endpoint_drop(struct engine_endpoint *endpoint)
{
    struct audit *audit = endpoint->audit;

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
    end_pause(endpoint);
    endpoint->work = WORK_REST;
    begin(endpoint);
    engine_end(endpoint->audit);
}

/* One that is being probed already gives fresh facts anyway. Who asks takes it for queued from now on, so its
 * rest is told again even when it comes before the next telling. */
void endpoint_reprobe(struct engine_endpoint *endpoint)
{
    endpoint->told = STAGE_QUEUED;
    tell(endpoint, endpoint->activity);
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
    probe_cancel(endpoint->probe);
    endpoint->probe = NULL;
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
