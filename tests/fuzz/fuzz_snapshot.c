/* The content of a snapshot's rows: whatever the bytes are, what they give can be judged, told and reported,
 * and is written and read again as it is. The first byte says which table they are of, and which name the row
 * has. */
#include "engine/base/mem.h"
#include "engine/model/model.h"
#include "engine/report/report.h"
#include "engine/store/store_facts.h"
#include "engine/store/store_head.h"
#include "engine/store/store_target.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

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

static void check_facts(struct reader *in, const struct vocabulary *words, const char *name)
{
    struct event event = {.type = EVENT_FACTS, .facts = unpack_facts(in, words)};
    const struct host_key host = {(char *)(uintptr_t) "mx.a.example", 25, PROTOCOL_SMTP};
    struct model *model;
    struct buf again;
    struct reader back;
    struct facts *facts;

    (void)name;
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

static void check_target_again(const struct target *target, const struct vocabulary *words)
{
    struct kept_target kept;
    struct reader back;
    struct buf again;

    buf_init(&again, 0);
    pack_target(&again, words, target);
    back = reader_of(again.bytes, again.length);
    unpack_target(&back, words, target->spec.domain, &kept);
    if (!reader_done(&back) || strcmp(kept.spec.domain, target->spec.domain) != 0 ||
        strcmp(kept.spec.unicode, target->spec.unicode) != 0)
        abort();
    kept_target_release(&kept);
    buf_release(&again);
}

static void check_target(struct reader *in, const struct vocabulary *words, const char *name)
{
    struct kept_target kept;
    struct target *target;
    struct model *model;

    unpack_target(in, words, name, &kept);
    if (!in->failed) {
        model = new_model();
        target = model_restore(model, &kept.spec, kept.removed);
        kept.route.target = kept.beside.target = kept.contacts.target = target->id;
        model_apply(model, &kept.route);
        model_apply(model, &kept.beside);
        model_apply(model, &kept.contacts);
        report(model);
        check_target_again(target, words);
        model_free(model);
    }
    kept_target_release(&kept);
}

/* Takes the event over. */
static void check_event(const struct reader *in, struct event *event)
{
    struct model *model = new_model();

    apply_route(model, add_target(model)->id);
    if (!in->failed) {
        model_apply(model, event);
        report(model);
    }
    event_release(event);
    model_free(model);
}

static void check_host(struct reader *in, const struct vocabulary *words, const char *name)
{
    struct event event;

    unpack_host(in, words, name, &event);
    check_event(in, &event);
}

static void check_preflight(struct reader *in, const struct vocabulary *words, const char *name)
{
    struct event event;

    (void)name;
    unpack_preflight(in, words, &event);
    check_event(in, &event);
}

static void check_key(struct reader *in, const struct vocabulary *words, const char *name)
{
    struct endpoint_key key = {0}, same = {0};
    struct reader back;
    struct buf again;

    unpack_endpoint_key(in, words, name, &key);
    if (!in->failed) {
        buf_init(&again, 0);
        pack_endpoint_key(&again, words, &key);
        back = reader_of(again.bytes, again.length);
        unpack_endpoint_key(&back, words, key.address, &same);
        if (!reader_done(&back) || strcmp(key.address, same.address) != 0 || key.port != same.port)
            abort();
        buf_release(&again);
    }
    endpoint_key_release(&key);
    endpoint_key_release(&same);
}

static void check_baseline(struct reader *in, const struct vocabulary *words, const char *name)
{
    struct baseline *baseline = unpack_baseline(in);
    struct model *model;

    (void)words;
    (void)name;
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
    static const char *const names[] = {"mx.a.example", "192.0.2.1", "", "a b", "\x1b[2J", "\xff"};
    static void (*const checks[])(struct reader *, const struct vocabulary *, const char *) = {
        check_facts, check_target, check_host, check_preflight, check_baseline, check_key};
    struct reader in = reader_of(length ? bytes + 1 : NULL, length ? length - 1 : 0);
    struct vocabulary words;

    if (!length)
        return 0;
    learn_all(&words);
    checks[*bytes % COUNT(checks)](&in, &words, names[*bytes / COUNT(checks) % COUNT(names)]);
    return 0;
}
