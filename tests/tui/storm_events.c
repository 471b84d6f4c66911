#include "tests/tui/storm_events.h"

#include "engine/base/mem.h"
#include "tests/tui/sample.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAMES     400 /* domains, some in two classes, some of connectors */
#define HOSTS     60
#define ADDRESSES 90

unsigned storm_random(uint64_t *state, unsigned below)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return (unsigned)(*state >> 33) % below;
}

static char *some_host(uint64_t *random)
{
    unsigned number = storm_random(random, HOSTS);

    return mem_format(number % 9 ? "mx%u.operator%u.example" : "mx%u.\xe6\x97\xa5\xe6\x9c\xac%u.example",
                      number, number % 7);
}

static struct sample_endpoint some_endpoint(uint64_t *random, char address[32])
{
    static const enum probe_error errors[] = {PROBE_OK, PROBE_OK, PROBE_OK, PROBE_CONNECT_TIMEOUT,
                                              PROBE_GREYLISTED};
    int highest = (int)storm_random(random, TLS_VERSIONS + 1) - 1;
    struct sample_endpoint endpoint = {address, highest < 0 ? -1 : highest / 2, highest,
                                       errors[storm_random(random, 5)]};
    unsigned number = storm_random(random, ADDRESSES);

    snprintf(address, 32, number % 3 ? "192.0.2.%u" : "2001:db8::%u", number);
    return endpoint;
}

static struct target *some_target(struct model *model, uint64_t *random, uint32_t wanted)
{
    size_t count = model_target_count(model);
    struct target *target = wanted ? model_target(model, wanted) : NULL;

    if (target || !count)
        return target;
    return model_target_at(model, storm_random(random, (unsigned)count));
}

static void add(struct model *model, uint64_t *random)
{
    unsigned number = storm_random(random, NAMES);
    struct target_spec spec;

    target_spec_init(&spec);
    spec.domain = mem_format("domain%u.example", number);
    spec.unicode = mem_format(number % 5 ? "domain%u.example" : "d\xc3\xb6main%u.example", number);
    spec.class = (enum target_class)(number % 11 ? number % 2 : number % target_class_count);
    spec.requirement = spec.class == CLASS_OPPORTUNISTIC ? REQUIREMENT_NONE : REQUIREMENT_ENCRYPTION;
    spec.protocol = PROTOCOL_SMTP;
    spec.source = mem_string("storm");
    if (number % 3 == 0)
        spec.connector = mem_format("To \033[31mgroup %u", number % 6);
    model_add(model, &spec, NULL);
    target_spec_release(&spec);
}

static void route(struct model *model, uint64_t *random, uint32_t wanted)
{
    struct target *target = some_target(model, random, wanted);
    char *host = some_host(random), address[32], other[32];
    struct sample_endpoint endpoints[] = {some_endpoint(random, address), some_endpoint(random, other)};

    if (target && storm_random(random, 8))
        sample_route(model, target, host, (int)storm_random(random, 20) - 1);
    else if (target)
        sample_beside(model, target, host, 10);
    sample_addresses(model, host, endpoints, storm_random(random, 3));
    free(host);
}

/* Of an endpoint that is there, most often. */
static void facts(struct model *model, uint64_t *random)
{
    size_t count = model_endpoint_count(model);
    char address[32], *host = some_host(random);
    struct sample_endpoint endpoint = some_endpoint(random, address);
    const struct endpoint *there =
        count ? model_endpoint_at(model, storm_random(random, (unsigned)count)) : NULL;

    if (there) {
        free(host);
        host = mem_string(there->key.server_name);
        endpoint.address = there->key.address;
    }
    sample_facts(model, host, &endpoint);
    free(host);
}

static void activity(struct model *model, uint64_t *random)
{
    size_t count = model_endpoint_count(model);
    struct event event = {.type = EVENT_ACTIVITY};

    if (!count)
        return;
    endpoint_key_copy(&event.endpoint, &model_endpoint_at(model, storm_random(random, (unsigned)count))->key);
    event.stage = (enum stage)storm_random(random, STAGE_DONE + 1);
    model_apply(model, &event);
    event_release(&event);
}

static void note(struct model *model, uint64_t *random)
{
    static const char *const notes[] = {"\033[2J\033]0;owned\007",   "a\nb\tc",  NULL,
                                        "\xe2\x80\xaeright to left", "\xff\xfe", "called, will see to it"};
    struct target *target = some_target(model, random, 0);

    if (target)
        model_set_notes(model, target, &(struct target_notes){.note = notes[storm_random(random, 6)]});
}

static void change(struct model *model, uint64_t *random)
{
    struct target *target = some_target(model, random, 0);
    enum target_class class = (enum target_class)storm_random(random, 2);

    if (!target || target->removed)
        return;
    if (storm_random(random, 2))
        model_remove(model, target);
    else if (target->spec.class <= CLASS_OPPORTUNISTIC)
        model_reclass(model, target, class,
                      class == CLASS_PARTNER ? REQUIREMENT_ENCRYPTION : REQUIREMENT_NONE);
    else
        model_forget_target(model, target);
}

void storm_event(struct model *model, uint64_t *random, uint32_t wanted)
{
    unsigned what = storm_random(random, 100);

    if (wanted || what < 25)
        route(model, random, wanted);
    else if (what < 60)
        facts(model, random);
    else if (what < 75)
        activity(model, random);
    else if (what < 90)
        add(model, random);
    else if (what < 94)
        note(model, random);
    else
        change(model, random);
}
