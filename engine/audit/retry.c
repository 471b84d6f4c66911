#include "engine/audit/engine.h"

#include "engine/audit/preflight_run.h"
#include "engine/base/mem.h"

#define PAUSE_MOST_MS   60000 /* between two tries */
#define STARVED_MS      100  /* before the second try when this machine has no room, then twice as long … */
#define STARVED_MOST_MS 5000 /* … up to so long, until all pauses are `local_wait` */

static atomic_uint *waiting(struct audit *audit, enum net_shortage shortage)
{
    return shortage == NET_SHORT_OF_PORTS ? &audit->counts.waiting_ports : &audit->counts.waiting_files;
}

void retry_end_pause(struct engine_endpoint *endpoint)
{
    if (endpoint->work == WORK_LATER)
        atomic_fetch_sub(&endpoint->audit->counts.waiting_later, 1);
    endpoint->audit->put_off -= endpoint->put_off;
    endpoint->put_off = false;
    if (endpoint->waits_for != NET_SHORT_OF_NOTHING)
        atomic_fetch_sub(waiting(endpoint->audit, endpoint->waits_for), 1);
    endpoint->waits_for = NET_SHORT_OF_NOTHING;
    net_timer_stop(endpoint->pause);
}

static void on_pause_over(void *context)
{
    struct engine_endpoint *endpoint = context;

    retry_end_pause(endpoint);
    address_queue(endpoint);
    schedule_run(endpoint->audit);
}

static void begin_pause(struct engine_endpoint *endpoint, enum work work, uint64_t milliseconds)
{
    if (!endpoint->pause)
        endpoint->pause = net_timer_new(endpoint->audit->loop, on_pause_over, endpoint);
    endpoint->work = work;
    endpoint_tell(endpoint, STAGE_QUEUED);
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
    endpoint->put_off = !endpoint->ready_done;
    audit->put_off += endpoint->put_off;
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
    case PROBE_LEFT_OUT:
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
bool retry_wanted(const struct engine_endpoint *endpoint, const struct probe_result *result)
{
    bool handshake = endpoint->step.kind == STEP_HANDSHAKE;

    if (endpoint->step.auth != AUTH_ANY)
        return false;
    if (result->answer.kind == ANSWER_NONE)
        return may_pass(result->answer.error);
    return handshake && result->answer.kind == ANSWER_CHOSE && !result->tls.established &&
           may_pass(result->error);
}

static void set_limit(struct audit *audit, unsigned most)
{
    audit->most_running = most;
    audit->roomy = 0;
    atomic_store(&audit->counts.most_running, most);
    atomic_store(&audit->counts.few_files, most < audit->options.concurrency);
}

/* Ports are short at one address only; of everything else this machine has enough for those that are open. */
static void note_limit(struct audit *audit, enum net_shortage shortage)
{
    if (shortage != NET_SHORT_OF_PORTS && audit->running && audit->running < audit->most_running)
        set_limit(audit, audit->running);
}

void retry_found_room(struct audit *audit)
{
    if (audit->most_running < audit->most_ever && audit->running >= audit->most_running &&
        ++audit->roomy >= audit->most_running)
        set_limit(audit, audit->most_running + 1);
}

/* As long as others find room it will too. Ports are each address's own; all else is everybody's. */
static void note_room(struct engine_endpoint *endpoint, enum net_shortage shortage)
{
    unsigned long all = endpoint->audit->made, here = endpoint->address->made;

    if (shortage == NET_SHORT_OF_PORTS ? endpoint->made_here != here : endpoint->made != all)
        endpoint->starved_ms = 0;
    endpoint->made = all;
    endpoint->made_here = here;
}

/* The pause before the next try; 0 when it waited for as long as it may. */
static uint64_t starved_pause(const struct engine_endpoint *endpoint)
{
    double most = endpoint->audit->options.local_wait * 1000 - (double)endpoint->starved_ms;
    uint64_t pause = STARVED_MS;

    for (unsigned i = 0; i < endpoint->starved && pause < STARVED_MOST_MS; i++)
        pause *= 2;
    pause = pause < STARVED_MOST_MS ? pause : STARVED_MOST_MS;
    return most < 1 ? 0 : most < (double)pause ? (uint64_t)most : pause;
}

/* No connection was made, so it is no attempt: it is made once there is room again. Only when there is none
 * for anybody for `local_wait` the endpoint is given up. */
bool retry_starved(struct engine_endpoint *endpoint, enum net_shortage shortage)
{
    struct audit *audit = endpoint->audit;
    uint64_t pause;

    note_limit(audit, shortage);
    preflight_run_short(audit, shortage, endpoint->address);
    note_room(endpoint, shortage);
    pause = starved_pause(endpoint);
    if (!pause) {
        preflight_run_gave_up(audit, shortage);
        return false;
    }
    endpoint->starved++;
    endpoint->starved_ms += pause;
    endpoint->waits_for = shortage;
    atomic_fetch_add(waiting(audit, shortage), 1);
    begin_pause(endpoint, WORK_PAUSING, pause);
    return true;
}

static bool put_off(const struct engine_endpoint *endpoint)
{
    return endpoint->answer.kind == ANSWER_NONE &&
           (endpoint->answer.error == PROBE_THROTTLED || endpoint->answer.error == PROBE_GREYLISTED);
}

/* Asks once more, soon or much later; false when the answer stands. */
bool retry_ask(struct engine_endpoint *endpoint)
{
    const struct audit_options *options = &endpoint->audit->options;
    bool soon = endpoint->tries < options->retries;

    if (!soon && (endpoint->came_later || !put_off(endpoint) || options->retry_later <= 0))
        return false;
    endpoint->tries++;
    if (!endpoint->ready_done || !soon)
        endpoint_publish(endpoint, facts_copy(endpoint->facts));
    if (soon)
        pause_for(endpoint, options->per_host_gap * 1000 * 2, endpoint->tries); /* it put us off */
    else
        wait_for_later(endpoint);
    return true;
}
