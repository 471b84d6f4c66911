#include "tests/scenario/world.h"

#include "engine/audit/test_threads.h"
#include "engine/input/input.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <poll.h>

#define TOO_LATE_MS 120000
#define AT_ONCE     24 /* so few that none of them waits for a processor as long as for a time-out */

static void set_options(struct world *world, struct audit_options *options)
{
    audit_options_init(options);
    options->threads = test_threads();
    options->concurrency = AT_ONCE;
    options->baseline = model_baseline(world->model);
    options->smtp_port = lab_port(world->lab, PROTOCOL_SMTP);
    options->trust_store = lab_trust_store(world->lab);
    options->helo_name = "probe.lab.example";
    options->per_host_gap = 0.02;
    options->per_operator = 0;
    options->retry_later = 0.5;
    options->connect_timeout = options->io_timeout = 2;
    options->banner_timeout = 4;
    options->dns_timeout = 3;
    options->world4 = "127.0.0.1";
    options->world6 = "::1";
}

void world_open(struct world *world, const char *zone, struct audit_options *options)
{
    const struct lab_options lab = {.zone = zone};

    world_open_lab(world, &lab, options);
}

void world_open_lab(struct world *world, const struct lab_options *lab, struct audit_options *options)
{
    char *error = NULL;

    world->lab = lab_new(lab, &error);
    if (!world->lab)
        fail_msg("%s", error);
    world->model = model_new(baseline_load("exchange-online", &error));
    set_options(world, options);
}

void world_begin(struct world *world, const struct audit_options *options)
{
    struct audit_options given = *options;
    const char *dns = lab_dns(world->lab);
    char *error = NULL;

    given.dns_servers = &dns;
    given.dns_server_count = 1;
    world->audit = audit_new(&given, &error);
    if (!world->audit)
        fail_msg("%s", error);
}

void world_start(struct world *world)
{
    struct audit_options options;

    world_open(world, NULL, &options);
    world_begin(world, &options);
}

void world_start_in(struct world *world, const struct lab_options *lab,
                    void (*adjust)(struct audit_options *options))
{
    const struct lab_options built_in = {0};
    struct audit_options options;

    world_open_lab(world, lab ? lab : &built_in, &options);
    if (adjust)
        adjust(&options);
    world_begin(world, &options);
}

struct target *world_add(struct world *world, const struct target_spec *spec)
{
    bool existed;
    struct target *target = model_add(world->model, spec, &existed);

    if (existed)
        return NULL;
    audit_add(world->audit, target->id, spec);
    return target;
}

struct target *world_add_text(struct world *world, const char *text)
{
    struct target_spec spec;
    struct target *target;
    char *error = NULL;

    if (!input_target(text, CLASS_OPPORTUNISTIC, "test", &spec, &error))
        fail_msg("%s", error);
    target = world_add(world, &spec);
    target_spec_release(&spec);
    return target;
}

const struct facts *world_facts(const struct target *target)
{
    assert_int_equal(target->host_count, 1);
    assert_int_equal(target->hosts[0].host->endpoint_count, 1);
    assert_non_null(target->hosts[0].host->endpoints[0]->facts);
    return target->hosts[0].host->endpoints[0]->facts;
}

void world_await(struct world *world, struct event *event)
{
    struct pollfd wait = {audit_descriptor(world->audit), POLLIN, 0};

    while (!audit_next(world->audit, event))
        if (poll(&wait, 1, TOO_LATE_MS) <= 0)
            fail_msg("no event in %d ms", TOO_LATE_MS);
}

bool world_step(struct world *world)
{
    struct event event;
    bool idle;

    world_await(world, &event);
    idle = event.type == EVENT_IDLE && !audit_busy(world->audit);
    model_apply(world->model, &event);
    event_release(&event);
    return !idle;
}

void world_end(struct world *world)
{
    audit_free(world->audit);
    lab_free(world->lab);
    model_free(world->model);
}
