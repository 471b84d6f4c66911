#include "engine/report/report.h"

#include "engine/model/forward.h"
#include "engine/report/connector.h"
#include "engine/report/contacts.h"
#include "engine/report/endpoint.h"
#include "engine/report/fields.h"
#include "engine/report/json_out.h"
#include "engine/tls/suite.h"

#include <stdlib.h>
#include <string.h>

/* One domain a line keeps memory to one domain's tree, and two reports comparable by line. */
static void write_value(json_t *value, struct out *out)
{
    json_out(out, value);
    json_decref(value);
}

static json_t *records_json(const struct trail *trail)
{
    json_t *records = json_array();

    for (size_t i = 0; i < trail->count; i++) {
        const struct trail_record *record = &trail->records[i];
        json_t *object = json_object();

        set_text(object, "type", record_type_name(record->type));
        json_object_set_new(object, "name", field_text(record->name));
        json_object_set_new(object, "data", field_text(record->data));
        set_number(object, "ttl", record->ttl);
        json_array_append_new(records, object);
    }
    return records;
}

static json_t *dns_json(const struct dns_facts *dns)
{
    json_t *object = json_object();

    set_text(object, "status", dns_status_name(dns->status));
    set_bool(object, "authenticated", dns->authenticated);
    set_text(object, "detail", dns->detail);
    json_object_set_new(object, "records", records_json(&dns->trail));
    set_bool(object, "records_cut", dns->trail.cut);
    return object;
}

static json_t *host_json(const struct model *model, const struct target *target,
                         const struct target_host *place, int64_t now)
{
    const struct host *host = place->host;
    struct judgement judgement = model_judge_host(model, target, host);
    json_t *object = json_object(), *endpoints = json_array();
    size_t i;

    set_text(object, "host", host->key.name);
    set_number(object, "port", host->key.port);
    set_text(object, "protocol", protocol_name(host->key.protocol));
    set_count(object, "preference", place->preference);
    set_bool(object, "resolved", host->resolved);
    json_object_set_new(object, "dns", dns_json(&host->dns));
    set_text(object, "verdict", verdict_name(judgement.verdict));
    set_text(object, "reason", judgement_reason(&judgement));
    for (i = 0; i < host->endpoint_count; i++)
        json_array_append_new(endpoints, endpoint_json(model, target, host, host->endpoints[i], now));
    json_object_set_new(object, "endpoints", endpoints);
    set_strings(object, "warnings", &host->warnings);
    return object;
}

static json_t *by_hand_json(unsigned by_hand)
{
    json_t *keys = json_array();

    for (unsigned i = 0; i < hand_count; i++)
        if (by_hand & BY_HAND(i))
            json_array_append_new(keys, json_string(hand_name((enum hand)i)));
    return keys;
}

static void set_spec(json_t *object, const struct target_spec *spec)
{
    set_text(object, "domain", spec->domain);
    set_text(object, "unicode", spec->unicode);
    set_text(object, "class", target_class_name(spec->class));
    set_text(object, "requirement", requirement_name(spec->requirement));
    set_text(object, "tls_domain", spec->tls_domain);
    set_text(object, "connector", spec->connector);
    set_text(object, "source", spec->source);
    set_text(object, "note", spec->note);
    set_text(object, "owner", spec->owner);
    set_text(object, "contact", spec->contact);
    set_text(object, "contact_state", spec->contact_state ? contact_state_name(spec->contact_state) : NULL);
    set_day(object, "due", spec->due);
    json_object_set_new(object, "set_by_hand", by_hand_json(spec->by_hand));
    set_connector(object, spec);
}

static json_t *history_json(const struct target *target)
{
    json_t *history = json_array();

    for (size_t i = 0; i < target->past_count; i++) {
        const struct past *past = &target->past[i];
        json_t *object = json_object();

        set_text(object, "verdict", verdict_name(past->judgement.verdict));
        set_text(object, "reason", judgement_reason(&past->judgement));
        set_time(object, "since", past->when);
        json_array_append_new(history, object);
    }
    return history;
}

static void set_judgement(json_t *object, const struct model *model, const struct target *target)
{
    char *explanation = model_explain(model, target), *message = model_forward(model, target);

    set_text(object, "verdict", verdict_name(target->judgement.verdict));
    set_text(object, "reason", judgement_reason(&target->judgement));
    set_text(object, "explanation", explanation);
    set_text(object, "consequence", consequence_name(target->consequence));
    set_text(object, "message", message);
    json_object_set_new(object, "history", history_json(target));
    free(explanation);
    free(message);
}

static void set_policy(json_t *object, const struct target *target)
{
    json_t *policy = json_object();

    set_null(policy, "mta_sts");
    set_null(policy, "dane");
    json_object_set_new(policy, "tls_rpt", contacts_tls_rpt_json(target));
    json_object_set_new(object, "policy", policy);
}

static json_t *hosts_json(const struct model *model, const struct target *target,
                          const struct target_host *places, size_t count, int64_t now)
{
    json_t *hosts = json_array();

    for (size_t i = 0; i < count; i++)
        json_array_append_new(hosts, host_json(model, target, &places[i], now));
    return hosts;
}

static json_t *beside_json(const struct model *model, const struct target *target, int64_t now)
{
    const struct beside *beside = &target->beside;
    json_t *object;

    if (beside->route == ROUTE_UNRESOLVED)
        return json_null();
    object = json_object();
    set_text(object, "route", route_name(beside->route));
    json_object_set_new(object, "dns", dns_json(&beside->dns));
    set_strings(object, "warnings", &beside->warnings);
    json_object_set_new(object, "hosts", hosts_json(model, target, beside->hosts, beside->host_count, now));
    return object;
}

/* `judged` stands in every element, and is made once. */
static json_t *domain_json(const struct model *model, const struct target *target, json_t *judged,
                           int64_t now)
{
    json_t *object = json_object();
    struct strings warnings = {0};

    set_spec(object, &target->spec);
    set_judgement(object, model, target);
    json_object_set(object, "judged", judged);
    set_text(object, "route", target->route == ROUTE_UNRESOLVED ? NULL : route_name(target->route));
    json_object_set_new(object, "dns", dns_json(&target->dns));
    model_warnings(model, target, &warnings);
    set_strings(object, "warnings", &warnings);
    strings_release(&warnings);
    set_strings(object, "route_warnings", &target->warnings);
    json_object_set_new(object, "contacts", contacts_json(target));
    json_object_set_new(object, "zone", contacts_zone_json(target));
    set_policy(object, target);
    json_object_set_new(object, "hosts", hosts_json(model, target, target->hosts, target->host_count, now));
    json_object_set_new(object, "beside", beside_json(model, target, now));
    return object;
}

static json_t *baseline_json(const struct baseline *baseline)
{
    json_t *object = json_object(), *suites = json_null();
    size_t i;

    set_text(object, "name", baseline->name);
    set_text(object, "minimum_version", tls_version_name(baseline->minimum));
    set_text(object, "title", baseline->title);
    set_text(object, "since", baseline->since);
    if (baseline->suites)
        suites = json_array();
    for (i = 0; i < baseline->suite_count; i++) {
        char scratch[TLS_SUITE_NAME_SIZE];

        json_array_append_new(suites, field_text(tls_suite_name(baseline->suites[i], scratch)));
    }
    json_object_set_new(object, "suites", suites);
    return object;
}

/* The name of one that is built in says all of it. */
static json_t *baseline_named(const struct baseline *baseline)
{
    struct baseline *known = baseline_builtin(baseline->name);
    bool same = known && baseline_same(known, baseline);

    baseline_free(known);
    return same ? field_text(baseline->name) : baseline_json(baseline);
}

/* What a verdict follows from beside the element that it stands in. */
static json_t *judged_json(const struct model *model)
{
    const struct preflight *preflight = model_preflight(model);
    json_t *object = json_object();

    json_object_set_new(object, "baseline", baseline_named(model_baseline(model)));
    set_text(object, "resolver", check_state_name(preflight->checks[CHECK_RESOLVER].state));
    set_bool(object, "resolver_denies", preflight->denies);
    set_text(object, "starttls_path", check_state_name(preflight->checks[CHECK_STARTTLS_PATH].state));
    return object;
}

static json_t *verdicts_json(const struct model_counts *counts)
{
    json_t *classes = json_object();
    unsigned c, v;

    for (c = 0; c < target_class_count; c++) {
        json_t *verdicts = json_object();

        for (v = 0; v < verdict_count; v++)
            if (counts->verdicts[c][v])
                set_number(verdicts, verdict_name((enum verdict)v), counts->verdicts[c][v]);
        if (json_object_size(verdicts))
            json_object_set(classes, target_class_name((enum target_class)c), verdicts);
        json_decref(verdicts);
    }
    return classes;
}

static json_t *summary_json(const struct model *model)
{
    json_t *object = json_object();
    struct model_counts counts;

    model_counts(model, &counts);
    set_number(object, "targets", counts.targets);
    set_number(object, "endpoints", counts.endpoints);
    json_object_set_new(object, "verdicts", verdicts_json(&counts));
    return object;
}

static json_t *preflight_json(const struct preflight *preflight)
{
    json_t *object = json_object();

    for (unsigned i = 0; i < check_count; i++) {
        const struct preflight_check *check = &preflight->checks[i];
        json_t *entry = json_object();

        set_text(entry, "state", check_state_name(check->state));
        set_text(entry, "detail", check->detail);
        json_object_set_new(object, check_name((enum check)i), entry);
    }
    return object;
}

/* How many were chosen is the summary's. */
static json_t *selection_json(const struct report_options *options)
{
    json_t *object;

    if (!options->selection)
        return json_null();
    object = json_object();
    set_text(object, "filter", options->selection);
    set_number(object, "of", options->selected_of);
    return object;
}

static void set_session(json_t *object, const struct report_options *options)
{
    set_text(object, "generator", options->generator);
    set_text(object, "vantage", options->vantage);
    set_text(object, "options", options->options);
    set_time(object, "started_at", options->started_at);
    set_time(object, "finished_at", options->finished_at);
    set_bool(object, "complete", options->complete);
}

/* What a line of JSONL says of the session that it is from, and of how many lines it is one. */
static json_t *session_json(const struct model *model, const struct report_options *options)
{
    json_t *object = json_object();
    struct model_counts counts;

    model_counts(model, &counts);
    set_session(object, options);
    json_object_set_new(object, "selection", selection_json(options));
    set_number(object, "targets", counts.targets);
    return object;
}

static json_t *head_json(const struct model *model, const struct report_options *options)
{
    json_t *object = json_object();

    set_text(object, "format", "mxscope");
    set_number(object, "version", 1);
    set_session(object, options);
    json_object_set_new(object, "baseline", baseline_json(model_baseline(model)));
    json_object_set_new(object, "preflight", preflight_json(model_preflight(model)));
    set_bool(object, "resolver_denies", model_preflight(model)->denies);
    set_strings(object, "input_notes", model_notes(model));
    json_object_set_new(object, "selection", selection_json(options));
    json_object_set_new(object, "summary", summary_json(model));
    return object;
}

/* Every target that is not removed, each on its line behind `separator` (but not before the first). `session`
 * is owned, and stands in each of them; NULL: in none. */
static bool write_domains(const struct model *model, json_t *session, const char *separator, struct out *out)
{
    json_t *judged = judged_json(model);
    int64_t now = model_time(model);
    bool any = false;
    size_t i;

    for (i = 0; i < model_target_count(model); i++) {
        const struct target *target = model_target_at(model, i);
        json_t *domain;

        if (target->removed)
            continue;
        if (any)
            out_string(out, separator);
        any = true;
        domain = domain_json(model, target, judged, now);
        if (session)
            json_object_set(domain, "session", session);
        write_value(domain, out);
    }
    json_decref(judged);
    json_decref(session);
    return any;
}

void json_write(const struct model *model, const struct report_options *options, struct out *out)
{
    json_t *head = head_json(model, options);
    struct out own;
    char *text;

    out_init(&own, NULL, NULL);
    json_out(&own, head);
    text = out_text(&own);
    out_add(out, text, strlen(text) - 1); /* without the brace that ends the head: the domains follow */
    out_string(out, ",\"domains\":[\n");
    write_domains(model, NULL, ",\n", out);
    out_string(out, "\n]}\n");
    free(text);
    json_decref(head);
}

void jsonl_write(const struct model *model, const struct report_options *options, struct out *out)
{
    if (write_domains(model, options ? session_json(model, options) : NULL, "\n", out))
        out_string(out, "\n");
}

char *report_json(const struct model *model, const struct report_options *options)
{
    struct out out;

    out_init(&out, NULL, NULL);
    json_write(model, options, &out);
    return out_text(&out);
}

char *report_jsonl(const struct model *model, const struct report_options *options)
{
    struct out out;

    out_init(&out, NULL, NULL);
    jsonl_write(model, options, &out);
    return out_text(&out);
}
