#include "engine/base/buf.h"
#include "engine/base/mem.h"
#include "engine/model/merge_private.h"

#include <stdlib.h>
#include <string.h>

static bool answered(const struct host *host)
{
    return host && host->resolved && !dns_failed(host->dns.status);
}

/* The newest that was answered, else the newest that asked; `count` when there is none. */
static size_t best_host(const struct merge *merge, const struct host **hosts, bool *have)
{
    size_t best = merge->count;

    for (size_t i = 0; i < merge->count; i++) {
        have[i] = hosts[i] && hosts[i]->resolved;
        if (have[i] && (answered(hosts[i]) || best == merge->count || !answered(hosts[best])))
            best = i;
    }
    return best;
}

static bool has(const struct strings *list, const char *text)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->items[i], text) == 0)
            return true;
    return false;
}

/* Joins the addresses that another place saw, and says which. */
static void join_addresses(const struct merge_source *source, const struct host *host, struct event *event)
{
    struct buf saw;

    buf_init(&saw, 0);
    for (size_t i = 0; i < host->endpoint_count; i++) {
        const char *address = host->endpoints[i]->key.address;

        if (has(&event->addresses, address))
            continue;
        buf_printf(&saw, "%s%s", saw.length ? ", " : "", address);
        strings_add(&event->addresses, address);
    }
    if (dns_failed(host->dns.status))
        buf_add_string(&saw, dns_status_title(host->dns.status));
    if (saw.length)
        merge_warn(&event->warnings, source, source->when, buf_string(&saw));
    buf_release(&saw);
}

static void merge_host(const struct merge *merge, const struct host *added, const struct host **hosts,
                       bool *have)
{
    struct event event = {.type = EVENT_ADDRESSES};
    size_t best;

    for (size_t i = 0; i < merge->count; i++)
        hosts[i] = model_known_host(merge->sources[i].model, &added->key);
    best = best_host(merge, hosts, have);
    if (best == merge->count)
        return;
    host_key_copy(&event.host, &added->key);
    merge_dns(&event.dns, &hosts[best]->dns);
    strings_copy(&event.warnings, &hosts[best]->warnings);
    for (size_t i = 0; i < hosts[best]->endpoint_count; i++)
        strings_add(&event.addresses, hosts[best]->endpoints[i]->key.address);
    for (size_t i = 0; i < merge->count; i++)
        if (merge_differs(merge, have, i, best))
            join_addresses(&merge->sources[i], hosts[i], &event);
    for (size_t i = 0; i < merge->count; i++)
        if (have[i])
            merge_keep_told(merge, &hosts[i]->warnings, &event.warnings);
    model_apply(merge->model, &event);
    event_release(&event);
}

void merge_hosts(struct merge *merge)
{
    const struct host **hosts = mem_array(merge->count, sizeof(struct host *));
    bool *have = mem_array(merge->count, sizeof *have);

    for (size_t t = 0; t < model_target_count(merge->model); t++) {
        const struct target *target = model_target_at(merge->model, t);

        for (size_t h = 0; h < model_all_hosts(target); h++) {
            const struct host *host = model_any_host(target, h)->host;

            if (!host->resolved)
                merge_host(merge, host, hosts, have);
        }
    }
    free(hosts);
    free(have);
}

/* Facts that are still being gathered stand behind those of a probe that ended. */
static bool is_newer(const struct facts *facts, const struct facts *than)
{
    if (facts->ended != than->ended)
        return facts->ended;
    return facts->probed_at >= than->probed_at;
}

static struct judgement judge(const struct merge_source *source, const struct endpoint *endpoint)
{
    const struct target anyone = {.spec.requirement = REQUIREMENT_ENCRYPTION};

    return model_judge_endpoint(source->model, &anyone, NULL, endpoint);
}

/* "not ready (every version at or above the floor is refused)". */
static void add_verdict(struct buf *saw, const struct judgement *judgement)
{
    const char *why = judgement->reason == REASON_PROBE_ERROR ? probe_error_title(judgement->error)
                                                              : reason_title(judgement->reason);

    buf_printf(saw, "%s (%s)", verdict_title(judgement->verdict), why);
}

/* What both know, and otherwise. */
static void add_versions(struct buf *saw, const struct facts *mine, const struct facts *other)
{
    int here = facts_highest(mine), there = facts_highest(other);

    if (here >= 0 && there >= 0 && here != there)
        buf_printf(saw, "%s%s at best", saw->length ? "; " : "", tls_version_title((enum tls_version)there));
}

static void add_certificate(struct buf *saw, const struct certificate *mine, const struct certificate *other)
{
    if (!mine || !other)
        return;
    if (strcmp(mine->sha256, other->sha256) != 0)
        buf_printf(saw, "%sanother certificate, %s, SHA-256 %.16s…", saw->length ? "; " : "", other->subject,
                   other->sha256);
    if (mine->trusted != other->trusted)
        buf_printf(saw, "%sthe certificate %s trusted", saw->length ? "; " : "",
                   other->trusted ? "is" : "is not");
}

/* What the one saw otherwise than the other; the caller frees. */
static char *differences(const struct merge *merge, const struct endpoint **endpoints, size_t best, size_t i)
{
    const struct facts *mine = endpoints[best]->facts, *other = endpoints[i]->facts;
    struct judgement judgement = judge(&merge->sources[i], endpoints[i]);
    struct buf saw;

    buf_init(&saw, 0);
    if (judgement.verdict != VERDICT_PENDING &&
        judgement.verdict != judge(&merge->sources[best], endpoints[best]).verdict)
        add_verdict(&saw, &judgement);
    add_versions(&saw, mine, other);
    add_certificate(&saw, mine->certificate, other->certificate);
    return buf_take_string(&saw);
}

static void tell_others(const struct merge *merge, const struct endpoint **endpoints, const bool *have,
                        size_t best, struct facts *facts)
{
    for (size_t i = 0; i < merge->count; i++) {
        char *saw;

        if (!merge_differs(merge, have, i, best))
            continue;
        saw = differences(merge, endpoints, best, i);
        if (*saw)
            merge_warn(&facts->warnings, &merge->sources[i], endpoints[i]->facts->probed_at, saw);
        free(saw);
    }
}

static void apply_facts(struct merge *merge, const struct endpoint_key *key, struct facts *facts)
{
    struct event event = {.type = EVENT_FACTS, .facts = facts, .stage = STAGE_DONE};
    bool ended = facts->ended;

    endpoint_key_copy(&event.endpoint, key);
    model_apply(merge->model, &event);
    event.type = EVENT_ACTIVITY;
    if (ended)
        model_apply(merge->model, &event);
    event_release(&event);
}

static void merge_endpoint(struct merge *merge, const struct endpoint *added,
                           const struct endpoint **endpoints, bool *have)
{
    size_t best = merge->count;
    struct facts *facts;

    for (size_t i = 0; i < merge->count; i++) {
        endpoints[i] = model_known_endpoint(merge->sources[i].model, &added->key);
        have[i] = endpoints[i] && endpoints[i]->facts;
        if (have[i] && (best == merge->count || is_newer(endpoints[i]->facts, endpoints[best]->facts)))
            best = i;
    }
    if (best == merge->count)
        return;
    facts = facts_copy(endpoints[best]->facts);
    tell_others(merge, endpoints, have, best, facts);
    for (size_t i = 0; i < merge->count; i++)
        if (have[i])
            merge_keep_told(merge, &endpoints[i]->facts->warnings, &facts->warnings);
    apply_facts(merge, &added->key, facts);
}

void merge_endpoints(struct merge *merge)
{
    const struct endpoint **endpoints = mem_array(merge->count, sizeof(struct endpoint *));
    bool *have = mem_array(merge->count, sizeof *have);

    for (size_t i = 0; i < model_endpoint_count(merge->model); i++)
        merge_endpoint(merge, model_endpoint_at(merge->model, i), endpoints, have);
    free(endpoints);
    free(have);
}
