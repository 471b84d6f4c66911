#include "engine/audit/engine.h"

#include "engine/audit/contacts.h"
#include "engine/audit/preflight_run.h"

#include <stdlib.h>

#define FLUSH_MS                                                                                             \
    10 /* between batches of events: nobody sees more; the first one after a rest goes out at once */

void engine_flush(void *context)
{
    struct audit *audit = context;

    audit->flushing = false;
    audit->flushed_ms = net_loop_now_ms(audit->loop);
    outbox_flush(&audit->outbox);
}

void engine_put(struct audit *audit, const struct event *event)
{
    uint64_t now = net_loop_now_ms(audit->loop), next = audit->flushed_ms + FLUSH_MS;

    outbox_put(&audit->outbox, event);
    if (audit->flushing || !audit->flush)
        return;
    audit->flushing = true;
    net_timer_start(audit->flush, next > now ? next - now : 0);
}

void engine_begin(struct audit *audit)
{
    atomic_store(&audit->counts.open, ++audit->open);
    audit->idle_due = false;
}

static void tell_idle(struct audit *audit)
{
    const struct event event = {.type = EVENT_IDLE, .target = audit->taken};

    audit->told = audit->taken;
    endpoint_tell_all(audit);
    preflight_run_tell(audit);
    engine_put(audit, &event);
    engine_flush(audit);
}

void engine_rest(struct audit *audit)
{
    if (audit->open || !audit->idle_due || preflight_run_busy(audit))
        return;
    audit->idle_due = false;
    tell_idle(audit);
}

void engine_end(struct audit *audit)
{
    if (--audit->open == 0)
        contacts_on_rest(audit);
    atomic_store(&audit->counts.open, audit->open);
    if (audit->open)
        return;
    audit->idle_due = true;
    engine_rest(audit);
}

void engine_trouble(struct audit *audit, char *text)
{
    const struct event event = {.type = EVENT_TROUBLE, .text = text};

    engine_put(audit, &event);
}

void engine_count_queries(struct audit *audit)
{
    struct resolver_counts counts;

    resolver_counts(audit->resolver, &counts);
    atomic_store(&audit->counts.queries, counts.queries);
    preflight_run_paced(audit, counts.answers);
}

static void cancel(struct audit *audit)
{
    bool idle = !audit->open;
    struct engine_target *target;
    struct engine_host *host;
    struct engine_endpoint *endpoint;
    size_t at = 0;

    atomic_store(&audit->counts.cancelled, true);
    preflight_run_cancel(audit);
    contacts_cancel(audit);
    LIST_FOREACH(target, &audit->all_targets, all)
    target_cancel(target);
    while ((host = map_next(&audit->hosts, &at)) != NULL)
        host_cancel(host);
    at = 0;
    while ((endpoint = map_next(&audit->endpoints, &at)) != NULL)
        endpoint_cancel(endpoint);
    audit->idle_due |= idle;
    engine_rest(audit);
}

static void set_paused(struct audit *audit, bool paused)
{
    audit->paused = paused;
    atomic_store(&audit->counts.paused, paused);
}

/* Work was asked for after a cancel: the engine is at work again. */
static void uncancel(struct audit *audit)
{
    atomic_store(&audit->counts.cancelled, false);
    preflight_run_resume(audit);
}

static void reprobe_host(struct audit *audit, const struct host_key *key)
{
    char *text = host_key_text(key);
    struct engine_host *host = map_get(&audit->hosts, text);

    if (host)
        host_reprobe(host, audit->round);
    audit->renewed |= host != NULL;
    free(text);
}

static void reprobe_endpoint(struct audit *audit, const struct endpoint_key *key)
{
    char *text = endpoint_key_text(key);
    struct engine_endpoint *endpoint = map_get(&audit->endpoints, text);

    if (endpoint) {
        endpoint->round = audit->round;
        endpoint_reprobe(endpoint);
    }
    audit->renewed |= endpoint != NULL;
    free(text);
}

static void keep(struct audit *audit, const struct endpoint_key *key)
{
    struct net_address address;

    if (net_address_parse(key->address, &address))
        endpoint_keep(audit, &address, key);
}

/* Ends everything that could call back; the loop's thread returns when the handles are closed. */
static void stop(struct audit *audit)
{
    struct engine_endpoint *endpoint;
    struct engine_address *address;
    struct engine_group *group;
    size_t at = 0;

    audit->stopped = true;
    crew_stop(audit->crew);
    preflight_run_stop(audit);
    while ((endpoint = map_next(&audit->endpoints, &at)) != NULL)
        endpoint_stop(endpoint);
    at = 0;
    while ((address = map_next(&audit->addresses, &at)) != NULL)
        address_stop(address);
    at = 0;
    while ((group = map_next(&audit->groups, &at)) != NULL)
        group_stop(group);
    net_timer_free(audit->tell);
    net_timer_free(audit->flush);
    audit->flush = NULL;
    resolver_free(audit->resolver);
    contacts_stop(audit);
    net_loop_stop(audit->loop);
}

static void run_command(struct audit *audit, struct command *command)
{
    switch (command->kind) {
    case COMMAND_ADD:
        uncancel(audit);
        target_add(audit, command->id, &command->spec);
        break;
    case COMMAND_REMOVE:
        target_remove(audit, command->id);
        break;
    case COMMAND_REPROBE_TARGET:
        uncancel(audit);
        preflight_run_again(audit);
        target_reprobe(audit, command->id);
        break;
    case COMMAND_REPROBE_HOST:
        uncancel(audit);
        preflight_run_again(audit);
        reprobe_host(audit, &command->host);
        break;
    case COMMAND_REPROBE_ENDPOINT:
        uncancel(audit);
        reprobe_endpoint(audit, &command->endpoint);
        break;
    case COMMAND_KEEP:
        keep(audit, &command->endpoint);
        break;
    case COMMAND_CONTACTS:
        uncancel(audit);
        target_ask_contacts(audit, command->id);
        break;
    case COMMAND_CANCEL:
        cancel(audit);
        break;
    case COMMAND_PAUSE:
    case COMMAND_RESUME:
        set_paused(audit, command->kind == COMMAND_PAUSE);
        break;
    case COMMAND_STOP:
        stop(audit);
        break;
    }
}

/* What came to nothing, such as a target that is gone, is answered too. */
static void answer(struct audit *audit)
{
    if (audit->stopped || audit->open || audit->told == audit->taken)
        return;
    audit->idle_due = true;
    engine_rest(audit);
}

static void run_commands(struct audit *audit)
{
    struct commands commands;
    struct command *command;

    audit->round++;
    inbox_take(&audit->inbox, &commands);
    while ((command = STAILQ_FIRST(&commands)) != NULL) {
        STAILQ_REMOVE_HEAD(&commands, link);
        audit->taken += command_makes_work(command);
        if (!audit->stopped)
            run_command(audit, command);
        command_free(command);
    }
    if (audit->renewed && !audit->stopped)
        contacts_on_renewal(audit);
    audit->renewed = false;
    answer(audit);
}

void engine_wake(void *context)
{
    struct audit *audit = context;

    if (!audit->stopped)
        crew_deliver(audit->crew);
    run_commands(audit);
    if (!audit->stopped)
        schedule_run(audit);
}
