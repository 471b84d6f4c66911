/* The content of a snapshot's rows: whatever the bytes are, what they give can be judged, told and reported,
 * and is written and read again as it is. The first byte says which table they are of. */
#include "engine/base/mem.h"
#include "engine/model/model.h"
#include "engine/report/report.h"
#include "engine/store/store_facts.h"
#include "engine/store/store_target.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void learn_all(struct vocabulary *words)
{
    const char *kind, *name;
    uint8_t code;

    vocabulary_init(words);
    while (vocabulary_grow(words, &kind, &code, &name))
        continue;
}

static struct model *new_model(void)
{
    char *error = NULL;

    return model_new(baseline_load("exchange-online", &error));
}

static void report(const struct model *model)
{
    const struct report_options options = {.generator = "fuzz"};
    char *text = report_json(model, &options);

    if (!strstr(text, "\"domains\""))
        abort();
    free(text);
}

static struct target *add_target(struct model *model)
{
    struct target_spec spec;
    struct target *target;

    target_spec_init(&spec);
    spec.domain = mem_string("a.example");
    spec.unicode = mem_string("a.example");
    spec.class = CLASS_PARTNER;
    spec.requirement = REQUIREMENT_NAME;
    target = model_restore(model, &spec, false);
    target_spec_release(&spec);
    return target;
}

static void apply_route(struct model *model, uint32_t target)
{
    struct event event = {.type = EVENT_ROUTE, .target = target, .route = ROUTE_MX, .host_count = 1};

    event.hosts = mem_alloc(sizeof *event.hosts);
    event.hosts->key = (struct host_key){mem_string("mx.a.example"), 25, PROTOCOL_SMTP};
    model_apply(model, &event);
    event_release(&event);
    event = (struct event){.type = EVENT_ADDRESSES, .host = {mem_string("mx.a.example"), 25, PROTOCOL_SMTP}};
    strings_add(&event.addresses, "192.0.2.1");
    model_apply(model, &event);
    event_release(&event);
}

static void check_facts(struct reader *in, const struct vocabulary *words)
{
    struct event event = {.type = EVENT_FACTS, .facts = unpack_facts(in, words)};
    const struct host_key host = {(char *)(uintptr_t) "mx.a.example", 25, PROTOCOL_SMTP};
    struct model *model;
    struct buf again;
    struct reader back;
    struct facts *facts;

    if (!event.facts)
        return;
    buf_init(&again, 0);
    pack_facts(&again, words, event.facts);
    back = reader_of(again.bytes, again.length);
    facts = unpack_facts(&back, words);
    if (!facts || !reader_done(&back))
        abort();
    facts_free(facts);
    buf_release(&again);
    model = new_model();
    apply_route(model, add_target(model)->id);
    endpoint_key_make(&event.endpoint, &host, "192.0.2.1");
    model_apply(model, &event);
    report(model);
    event_release(&event);
    model_free(model);
}

static void check_target(struct reader *in, const struct vocabulary *words)
{
    struct kept_target kept;
    struct model *model;

    unpack_target(in, words, &kept);
    if (!in->failed) {
        model = new_model();
        kept.route.target = kept.beside.target = model_restore(model, &kept.spec, kept.removed)->id;
        model_apply(model, &kept.route);
        model_apply(model, &kept.beside);
        report(model);
        model_free(model);
    }
    kept_target_release(&kept);
}

static void check_event(struct reader *in, const struct vocabulary *words,
                        void (*unpack)(struct reader *, const struct vocabulary *, struct event *))
{
    struct model *model = new_model();
    struct event event;

    apply_route(model, add_target(model)->id);
    unpack(in, words, &event);
    if (!in->failed) {
        model_apply(model, &event);
        report(model);
    }
    event_release(&event);
    model_free(model);
}

static void check_baseline(struct reader *in)
{
    struct baseline *baseline = unpack_baseline(in);
    struct model *model;

    if (!baseline)
        return;
    model = new_model();
    apply_route(model, add_target(model)->id);
    model_set_baseline(model, baseline);
    report(model);
    model_free(model);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct reader in = reader_of(length ? bytes + 1 : NULL, length ? length - 1 : 0);
    struct vocabulary words;

    if (!length)
        return 0;
    learn_all(&words);
    switch (*bytes % 5) {
    case 0:
        check_facts(&in, &words);
        break;
    case 1:
        check_target(&in, &words);
        break;
    case 2:
        check_event(&in, &words, unpack_host);
        break;
    case 3:
        check_event(&in, &words, unpack_preflight);
        break;
    default:
        check_baseline(&in);
        break;
    }
    return 0;
}
