#include "engine/report/compare.h"

#include "engine/base/buf.h"
#include "engine/base/mem.h"
#include "engine/report/compare_private.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void difference_note(struct difference *difference, enum changed_fact fact, char *before, char *after,
                     const char *format, ...)
{
    struct fact_change *change;
    va_list arguments;
    char *sentence = NULL;

    va_start(arguments, format);
    if (vasprintf(&sentence, format, arguments) < 0)
        sentence = mem_string(changed_fact_name(fact));
    va_end(arguments);
    difference->facts = mem_resize(difference->facts, difference->fact_count + 1, sizeof *difference->facts);
    change = &difference->facts[difference->fact_count++];
    *change = (struct fact_change){fact, before, after, sentence};
}

static int by_text(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

/* In order, with commas between; NULL when there is none. Takes the list over. */
static char *joined(struct strings *names)
{
    struct buf text;

    buf_init(&text, 0);
    if (names->count > 1)
        qsort(names->items, names->count, sizeof *names->items, by_text);
    for (size_t i = 0; i < names->count; i++)
        buf_printf(&text, "%s%s", i ? ", " : "", names->items[i]);
    strings_release(names);
    return text.length ? buf_take_string(&text) : NULL;
}

static char *host_names(const struct target *target)
{
    struct strings names = {0};

    for (size_t i = 0; i < target->host_count; i++)
        strings_add_once(&names, target->hosts[i].host->key.name);
    return joined(&names);
}

static char *addresses_of(const struct host *host)
{
    struct strings names = {0};

    for (size_t i = 0; i < host->endpoint_count; i++)
        strings_add(&names, host->endpoints[i]->key.address);
    return joined(&names);
}

static bool same(const char *left, const char *right)
{
    return left && right ? strcmp(left, right) == 0 : left == right;
}

/* Takes both over. */
static void note_other(struct difference *out, enum changed_fact fact, const char *what, char *before,
                       char *after)
{
    if (same(before, after)) {
        free(before);
        free(after);
        return;
    }
    difference_note(out, fact, before, after, "%s changed from %s to %s", what, before ? before : "none",
                    after ? after : "none");
}

/* A failed lookup says nothing of the route. */
static bool route_known(const struct target *target)
{
    return target->route != ROUTE_UNRESOLVED && !dns_failed(target->dns.status);
}

static void compare_routes(struct difference *out)
{
    const struct target *before = out->target_before, *after = out->target;
    const char *what = after->route == ROUTE_MX ? "MX" : "the way of its mail";

    if (!route_known(before) || !route_known(after))
        return;
    if (before->route != after->route)
        difference_note(out, CHANGED_ROUTE, mem_string(route_name(before->route)),
                        mem_string(route_name(after->route)), "its mail went by %s and goes by %s",
                        route_title(before->route), route_title(after->route));
    note_other(out, CHANGED_MX, what, host_names(before), host_names(after));
}

static const struct host *host_like(const struct target *target, const struct host *wanted)
{
    for (size_t i = 0; i < target->host_count; i++) {
        const struct host_key *key = &target->hosts[i].host->key;

        if (key->port == wanted->key.port && key->protocol == wanted->key.protocol &&
            strcmp(key->name, wanted->key.name) == 0)
            return target->hosts[i].host;
    }
    return NULL;
}

static bool addresses_known(const struct host *host)
{
    return host && host->resolved && host->endpoint_count && !dns_failed(host->dns.status);
}

static void compare_addresses(struct difference *out)
{
    for (size_t i = 0; i < out->target->host_count; i++) {
        const struct host *after = out->target->hosts[i].host;
        const struct host *before = host_like(out->target_before, after);
        char *what;

        if (!addresses_known(before) || !addresses_known(after))
            continue;
        what = mem_format("the address of %s", after->key.name);
        note_other(out, CHANGED_ADDRESS, what, addresses_of(before), addresses_of(after));
        free(what);
    }
}

/* The verdict where it says neither better nor worse, or why it is as before. */
static void compare_judgements(struct difference *out)
{
    const char *before = judgement_reason(&out->before), *after = judgement_reason(&out->after);

    enum change change = compare_verdicts(out->before.verdict, out->after.verdict);
    bool told = change != CHANGE_FACTS && change != change_count;

    if (told)
        return;
    if (out->before.verdict != out->after.verdict)
        difference_note(out, CHANGED_VERDICT, mem_string(verdict_name(out->before.verdict)),
                        mem_string(verdict_name(out->after.verdict)), "it was %s and is %s",
                        verdict_title(out->before.verdict), verdict_title(out->after.verdict));
    else if (!compare_is_unknown(out->after.verdict) && !same(before, after))
        difference_note(out, CHANGED_REASON, mem_string(before), mem_string(after),
                        "it is %s for another reason: %s", verdict_title(out->after.verdict),
                        after ? after : "none");
}

/* How it stands among the changes; false when there is none. */
static bool settle(struct difference *out)
{
    out->change = compare_verdicts(out->before.verdict, out->after.verdict);
    if (out->change == change_count && out->fact_count)
        out->change = compare_only_words(out) ? CHANGE_NOTED : CHANGE_FACTS;
    return out->change != change_count;
}

/* "It was ready and is not ready: gw.contoso.com accepts TLS 1.0 only; mail stops." Takes `why` over. */
static char *say_both(const struct difference *out, char *why)
{
    struct buf text;

    buf_init(&text, 0);
    if (out->before.verdict != out->after.verdict)
        buf_printf(&text, "It was %s and is %s: ", verdict_title(out->before.verdict),
                   verdict_title(out->after.verdict));
    else
        buf_printf(&text, "It is %s as before: ", verdict_title(out->after.verdict));
    buf_add_string(&text, why);
    free(why);
    return buf_take_string(&text);
}

/* With its verb: that of no mail is another one. */
static char *say_gone(enum verdict verdict)
{
    return verdict == VERDICT_NO_MAIL
               ? mem_string("It is not there any more; it took no mail.")
               : mem_format("It is not there any more; it was %s.", verdict_title(verdict));
}

static char *say_new(enum verdict verdict, const char *why)
{
    return verdict == VERDICT_NO_MAIL ? mem_format("It is new and takes no mail: %s", why)
                                      : mem_format("It is new and %s: %s", verdict_title(verdict), why);
}

static void only_here(struct difference *out, enum change change, enum verdict verdict, char *why)
{
    out->change = change;
    out->sentence = change == CHANGE_GONE ? say_gone(verdict) : say_new(verdict, why);
    free(why);
}

static bool both_targets(const struct model *model, struct difference *out)
{
    const struct target *before = out->target_before, *after = out->target;

    out->before = before->judgement;
    compare_judgements(out);
    compare_demands(out);
    compare_routes(out);
    compare_addresses(out);
    compare_words(out);
    if (!settle(out))
        return false;
    out->sentence = say_both(out, model_explain(model, after));
    return true;
}

struct target *compare_like(const struct model *model, const struct target *target)
{
    return model_find_like(model, &target->spec);
}

static const struct judgement nothing = {VERDICT_PENDING, REASON_PENDING, PROBE_OK};

bool compare_target(const struct model *before, const struct model *after, const struct target *target,
                    struct difference *out)
{
    *out = (struct difference){.target = target, .before = nothing, .after = target->judgement};
    if (target->removed)
        return false;
    out->target_before = compare_like(before, target);
    if (out->target_before)
        return both_targets(after, out);
    only_here(out, CHANGE_APPEARED, target->judgement.verdict, model_explain(after, target));
    return true;
}

bool compare_gone_target(const struct model *after, const struct target *then, struct difference *out)
{
    *out = (struct difference){.target_before = then, .before = then->judgement, .after = nothing};
    if (then->removed || compare_like(after, then))
        return false;
    only_here(out, CHANGE_GONE, then->judgement.verdict, NULL);
    return true;
}

/* A target whose mail goes there; NULL when there is none. */
static const struct target *who_leads(const struct endpoint *endpoint, const struct host **host)
{
    for (size_t h = 0; h < endpoint->host_count; h++)
        if (endpoint->hosts[h]->leading) {
            *host = endpoint->hosts[h];
            return (*host)->targets[0];
        }
    return NULL;
}

bool compare_on_route(const struct endpoint *endpoint)
{
    const struct host *host;

    return endpoint && who_leads(endpoint, &host);
}

static struct judgement judge_plainly(const struct model *model, const struct endpoint *endpoint)
{
    const struct target anyone = {.spec.requirement = REQUIREMENT_ENCRYPTION};

    return model_judge_endpoint(model, &anyone, endpoint->hosts[0], endpoint);
}

static char *explain(const struct model *model, const struct endpoint *endpoint)
{
    const struct host *host = NULL;
    const struct target *target = who_leads(endpoint, &host);

    return model_explain_endpoint(model, target, host, endpoint);
}

static bool both_endpoints(const struct side *before, const struct side *after, struct difference *out)
{
    out->endpoint_before = before->endpoint;
    out->before = judge_plainly(before->model, before->endpoint);
    compare_judgements(out);
    compare_facts(out, before, after);
    if (!settle(out))
        return false;
    out->sentence = say_both(out, explain(after->model, after->endpoint));
    return true;
}

bool compare_endpoint(const struct model *before, const struct model *after, const struct endpoint *endpoint,
                      struct difference *out)
{
    const struct side left = {before, model_known_endpoint(before, &endpoint->key)};
    const struct side right = {after, endpoint};

    *out = (struct difference){.endpoint = endpoint, .before = nothing, .after = nothing};
    if (!compare_on_route(endpoint))
        return false;
    out->after = judge_plainly(after, endpoint);
    if (compare_on_route(left.endpoint))
        return both_endpoints(&left, &right, out);
    only_here(out, CHANGE_APPEARED, out->after.verdict, explain(after, endpoint));
    return true;
}

bool compare_gone_endpoint(const struct model *before, const struct model *after, const struct endpoint *then,
                           struct difference *out)
{
    *out = (struct difference){.endpoint_before = then, .before = nothing, .after = nothing};
    if (!compare_on_route(then) || compare_on_route(model_known_endpoint(after, &then->key)))
        return false;
    out->before = judge_plainly(before, then);
    only_here(out, CHANGE_GONE, out->before.verdict, NULL);
    return true;
}

void difference_release(struct difference *difference)
{
    for (size_t i = 0; i < difference->fact_count; i++) {
        free(difference->facts[i].before);
        free(difference->facts[i].after);
        free(difference->facts[i].sentence);
    }
    free(difference->facts);
    free(difference->sentence);
}
