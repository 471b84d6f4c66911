#include "engine/report/compare_write.h"
#include "engine/report/fields.h"
#include "engine/report/json_out.h"

#include <jansson.h>
#include <stdlib.h>

static void set_pair(json_t *object, const char *key, const char *before, const char *after)
{
    json_t *pair = json_object();

    set_text(pair, "old", before);
    set_text(pair, "new", after);
    json_object_set_new(object, key, pair);
}

static json_t *session_json(const struct compare_session *session)
{
    json_t *object = json_object();

    set_text(object, "name", session->name);
    set_text(object, "vantage", session->vantage);
    set_time(object, "started_at", session->started_at);
    set_time(object, "finished_at", session->finished_at);
    set_bool(object, "complete", session->complete);
    return object;
}

static json_t *counts_json(const unsigned *changes, unsigned unchanged)
{
    json_t *object = json_object();

    for (unsigned i = 0; i < change_count; i++)
        set_number(object, change_name((enum change)i), changes[i]);
    set_number(object, "unchanged", unchanged);
    return object;
}

static json_t *head_json(const struct comparison *comparison, const struct compare_options *options)
{
    json_t *object = json_object(), *summary = json_object();

    set_text(object, "format", "mxscope-diff");
    set_number(object, "version", 1);
    set_text(object, "generator", options->generator);
    json_object_set_new(object, "old", session_json(&options->before));
    json_object_set_new(object, "new", session_json(&options->after));
    set_text(object, "baseline", options->baseline->name);
    set_text(object, "former_baseline", options->former_baseline);
    set_bool(object, "regressed", comparison_regressed(comparison));
    json_object_set_new(summary, "targets",
                        counts_json(comparison->target_changes, comparison->targets_unchanged));
    json_object_set_new(summary, "endpoints",
                        counts_json(comparison->endpoint_changes, comparison->endpoints_unchanged));
    json_object_set_new(object, "summary", summary);
    return object;
}

static json_t *facts_json(const struct difference *difference)
{
    json_t *facts = json_array();

    for (size_t i = 0; i < difference->fact_count; i++) {
        const struct fact_change *change = &difference->facts[i];
        json_t *object = json_object();

        set_text(object, "fact", changed_fact_name(change->fact));
        set_text(object, "old", change->before);
        set_text(object, "new", change->after);
        set_text(object, "sentence", change->sentence);
        json_array_append_new(facts, object);
    }
    return facts;
}

/* Where it is not there is neither verdict nor reason. */
static void set_change(json_t *object, const struct difference *difference, bool was, bool is)
{
    set_pair(object, "verdict", was ? verdict_name(difference->before.verdict) : NULL,
             is ? verdict_name(difference->after.verdict) : NULL);
    set_pair(object, "reason", was ? judgement_reason(&difference->before) : NULL,
             is ? judgement_reason(&difference->after) : NULL);
    set_text(object, "sentence", difference->sentence);
    json_object_set_new(object, "facts", facts_json(difference));
}

static json_t *target_json(const struct difference *difference)
{
    const struct target *target = difference->target ? difference->target : difference->target_before;
    json_t *object = json_object();

    set_text(object, "change", change_name(difference->change));
    set_text(object, "domain", target->spec.domain);
    set_text(object, "unicode", target->spec.unicode);
    set_text(object, "class", target_class_name(target->spec.class));
    set_text(object, "connector", target->spec.connector);
    set_text(object, "owner", target->spec.owner);
    set_pair(object, "consequence",
             difference->target_before ? consequence_name(difference->target_before->consequence) : NULL,
             difference->target ? consequence_name(difference->target->consequence) : NULL);
    set_change(object, difference, difference->target_before, difference->target);
    return object;
}

static json_t *endpoint_json_of(const struct difference *difference)
{
    const struct endpoint *endpoint =
        difference->endpoint ? difference->endpoint : difference->endpoint_before;
    json_t *object = json_object();

    set_text(object, "change", change_name(difference->change));
    set_text(object, "host", endpoint->key.server_name);
    set_text(object, "address", endpoint->key.address);
    set_number(object, "port", endpoint->key.port);
    set_text(object, "protocol", protocol_name(endpoint->key.protocol));
    set_number(object, "shared_by", endpoint->shared_by);
    set_change(object, difference, difference->endpoint_before, difference->endpoint);
    return object;
}

/* One difference a line. */
static void put_list(struct out *out, const char *key, const struct difference *list, size_t count,
                     json_t *(*make)(const struct difference *))
{
    out_printf(out, ",\"%s\":[", key);
    for (size_t i = 0; i < count; i++) {
        json_t *value = make(&list[i]);

        out_string(out, i ? ",\n" : "\n");
        json_out(out, value);
        json_decref(value);
    }
    out_string(out, "\n]");
}

char *compare_json(const struct comparison *comparison, const struct compare_options *options)
{
    json_t *head = head_json(comparison, options);
    struct out out;

    out_init(&out, NULL, NULL);
    json_out(&out, head);
    out.length--; /* the brace that ends the head: the lists follow */
    put_list(&out, "targets", comparison->targets, comparison->target_count, target_json);
    put_list(&out, "endpoints", comparison->endpoints, comparison->endpoint_count, endpoint_json_of);
    out_string(&out, "}\n");
    json_decref(head);
    return out_text(&out);
}
