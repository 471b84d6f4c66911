#include "engine/audit/audit.h"

#include "engine/audit/engine.h"
#include "engine/audit/options.h"
#include "engine/audit/preflight_run.h"
#include "engine/base/mem.h"

#include <stdlib.h>
#include <string.h>

#define LOOP_TAKES 8 /* descriptors of the engine's loop */

static void init_lists(struct audit *audit)
{
    map_init(&audit->targets);
    map_init(&audit->hosts);
    map_init(&audit->endpoints);
    map_init(&audit->addresses);
    map_init(&audit->groups);
    map_init(&audit->lanes);
    LIST_INIT(&audit->all_targets);
    STAILQ_INIT(&audit->untold);
    TAILQ_INIT(&audit->undecided);
    TAILQ_INIT(&audit->contacts_line);
    LIST_INIT(&audit->lookups);
    for (int i = 0; i < URGENCIES; i++)
        TAILQ_INIT(&audit->ready[i]);
}

static bool open_resolver(struct audit *audit, const struct audit_options *options, char **error)
{
    const struct resolver_options wanted = {.servers = options->dns_servers,
                                            .server_count = options->dns_server_count,
                                            .timeout = options->dns_timeout,
                                            .most_in_flight = audit->most_queries};

    audit->resolver = resolver_new(audit->loop, &wanted, error);
    return audit->resolver != NULL;
}

static void open_crew(struct audit *audit)
{
    unsigned wanted = audit->options.threads, count;

    audit->setup.loop = audit->loop;
    audit->setup.tls = audit->tls;
    audit->crew =
        crew_new(&audit->setup, audit->options.resolve_only ? 1 : audit->threads, audit->options.no_activity);
    count = crew_count(audit->crew);
    if (count < wanted && !audit->options.resolve_only)
        engine_trouble(audit,
                       mem_format("This machine lets the program open %u files, which leaves room for %u "
                                  "of %u threads (ulimit -n gives more).",
                                  audit->limits.descriptors, count, wanted));
}

static bool open_parts(struct audit *audit, const struct audit_options *options, char **error)
{
    const char *note;

    if (!options_take(audit, options, error))
        return false;
    if (!limits_suffice(&audit->limits)) {
        *error = limits_least_text(0);
        return false;
    }
    audit->tls = tls_context_new(options->trust_store, error);
    if (!audit->tls)
        return false;
    note = tls_context_trust_note(audit->tls);
    if (note)
        engine_trouble(audit, mem_string(note));
    if (!open_resolver(audit, options, error))
        return false;
    open_crew(audit);
    audit->tell = net_timer_new(audit->loop, endpoint_tell_all, audit);
    audit->flush = net_timer_new(audit->loop, engine_flush, audit);
    preflight_run_start(audit);
    engine_flush(audit);
    return true;
}

static void release(struct audit *audit)
{
    struct engine_target *target;

    crew_free(audit->crew);
    if (audit->loop)
        net_loop_free(audit->loop);
    tls_context_free(audit->tls);
    while ((target = LIST_FIRST(&audit->all_targets)) != NULL)
        target_free(target);
    preflight_run_free(audit);
    map_release(&audit->targets, NULL);
    map_release(&audit->hosts, host_free);
    map_release(&audit->endpoints, endpoint_free);
    map_release(&audit->addresses, address_free);
    map_release(&audit->lanes, lane_free);
    map_release(&audit->groups, group_free);
    options_release(audit);
    inbox_release(&audit->inbox);
    outbox_release(&audit->outbox);
    free(audit);
}

/* What was opened before the thread could start. */
static struct audit *give_up(struct audit *audit, const char *why, char **error)
{
    if (why)
        *error = mem_string(why);
    crew_stop(audit->crew);
    preflight_run_stop(audit);
    net_timer_free(audit->tell);
    net_timer_free(audit->flush);
    audit->flush = NULL;
    if (audit->resolver)
        resolver_free(audit->resolver);
    release(audit);
    return NULL;
}

struct audit *audit_new(const struct audit_options *options, char **error)
{
    struct audit *audit = mem_alloc(sizeof *audit);

    net_descriptor_limit(); /* raised before anything is opened */
    if (!outbox_init(&audit->outbox)) {
        *error = limits_least_text(LOOP_TAKES);
        free(audit);
        return NULL;
    }
    init_lists(audit);
    inbox_init(&audit->inbox);
    audit->loop = net_loop_new(engine_wake, audit);
    if (!audit->loop) {
        *error = limits_least_text(LOOP_TAKES);
        return give_up(audit, NULL, error);
    }
    if (!open_parts(audit, options, error))
        return give_up(audit, NULL, error);
    if (!net_loop_start(audit->loop, "engine", &audit->thread))
        return give_up(audit, "the engine's thread could not be started", error);
    return audit;
}

static void post(struct audit *audit, struct command *command)
{
    audit->asked += command_makes_work(command);
    inbox_put(&audit->inbox, command);
    net_loop_wake(audit->loop);
}

void audit_free(struct audit *audit)
{
    if (!audit)
        return;
    post(audit, command_new(COMMAND_STOP));
    pthread_join(audit->thread, NULL);
    release(audit);
}

int audit_descriptor(const struct audit *audit)
{
    return audit->outbox.descriptor;
}

bool audit_next(struct audit *audit, struct event *event)
{
    bool any = outbox_take(&audit->outbox, event);

    if (any && event->type == EVENT_IDLE)
        audit->done = event->target;
    return any;
}

bool audit_busy(struct audit *audit)
{
    return audit->done != audit->asked || atomic_load(&audit->counts.open);
}

static void post_id(struct audit *audit, enum command_kind kind, uint32_t id)
{
    struct command *command = command_new(kind);

    command->id = id;
    post(audit, command);
}

void audit_add(struct audit *audit, uint32_t id, const struct target_spec *spec)
{
    struct command *command = command_new(COMMAND_ADD);

    command->id = id;
    target_spec_copy(&command->spec, spec);
    post(audit, command);
}

void audit_remove(struct audit *audit, uint32_t id)
{
    post_id(audit, COMMAND_REMOVE, id);
}

void audit_reprobe_target(struct audit *audit, uint32_t id)
{
    post_id(audit, COMMAND_REPROBE_TARGET, id);
}

void audit_reprobe_host(struct audit *audit, const struct host_key *key)
{
    struct command *command = command_new(COMMAND_REPROBE_HOST);

    host_key_copy(&command->host, key);
    post(audit, command);
}

void audit_contacts(struct audit *audit, uint32_t id)
{
    post_id(audit, COMMAND_CONTACTS, id);
}

static void post_endpoint(struct audit *audit, enum command_kind kind, const struct endpoint_key *key)
{
    struct command *command = command_new(kind);

    endpoint_key_copy(&command->endpoint, key);
    post(audit, command);
}

void audit_reprobe_endpoint(struct audit *audit, const struct endpoint_key *key)
{
    post_endpoint(audit, COMMAND_REPROBE_ENDPOINT, key);
}

void audit_keep(struct audit *audit, const struct endpoint_key *key)
{
    post_endpoint(audit, COMMAND_KEEP, key);
}

void audit_cancel(struct audit *audit)
{
    post_id(audit, COMMAND_CANCEL, 0);
}

void audit_pause(struct audit *audit)
{
    post_id(audit, COMMAND_PAUSE, 0);
}

void audit_resume(struct audit *audit)
{
    post_id(audit, COMMAND_RESUME, 0);
}

static enum limit limit_now(const struct engine_counts *counts)
{
    bool full = atomic_load(&counts->running) >= atomic_load(&counts->most_running);

    if (atomic_load(&counts->waiting_ports))
        return LIMIT_LOCAL_PORTS;
    if (atomic_load(&counts->waiting_files) ||
        (full && atomic_load(&counts->few_files) && atomic_load(&counts->queued)))
        return LIMIT_OPEN_FILES;
    return atomic_load(&counts->resolver_behind) ? LIMIT_RESOLVER : LIMIT_NONE;
}

void audit_progress(struct audit *audit, struct audit_progress *progress)
{
    const struct engine_counts *counts = &audit->counts;

    *progress = (struct audit_progress){
        .targets = atomic_load(&counts->targets),
        .targets_resolved = atomic_load(&counts->targets_resolved),
        .endpoints = atomic_load(&counts->endpoints),
        .ready_done = atomic_load(&counts->ready_done),
        .full_done = atomic_load(&counts->full_done),
        .running = atomic_load(&counts->running),
        .queued = atomic_load(&counts->queued),
        .waiting_later = atomic_load(&counts->waiting_later),
        .connections = atomic_load(&counts->connections),
        .queries = atomic_load(&counts->queries),
        .limit = limit_now(counts),
        .paused = atomic_load(&counts->paused),
        .cancelled = atomic_load(&counts->cancelled),
    };
}

const struct limits *audit_limits(const struct audit *audit)
{
    return &audit->limits;
}

const char *audit_helo_name(const struct audit *audit)
{
    return audit->helo_name;
}
