#include "engine/model/model_private.h"

#include <stdlib.h>
#include <string.h>

static void take_dns(struct dns_facts *to, struct event *event)
{
    dns_facts_release(to);
    *to = event->dns;
    memset(&event->dns, 0, sizeof event->dns);
}

static void take_strings(struct strings *to, struct strings *from)
{
    strings_release(to);
    *to = *from;
    memset(from, 0, sizeof *from);
}

static int by_preference(const void *left, const void *right)
{
    const struct target_host *a = left, *b = right;

    if (a->preference != b->preference)
        return a->preference < b->preference ? -1 : 1;
    return strcmp(a->host->key.name, b->host->key.name);
}

/* The event's hosts in order, each once with its best preference; the caller frees. */
static struct target_host *route_hosts(struct model *model, const struct event *event, size_t *count)
{
    struct target_host *hosts = mem_array(event->host_count, sizeof *hosts);
    size_t i, j, kept = 0;

    for (i = 0; i < event->host_count; i++) {
        hosts[i].host = model_find_host(model, &event->hosts[i].key);
        hosts[i].preference = event->hosts[i].preference;
    }
    if (event->host_count > 1)
        qsort(hosts, event->host_count, sizeof *hosts, by_preference);
    for (i = 0; i < event->host_count; i++) {
        for (j = 0; j < kept && hosts[j].host != hosts[i].host; j++)
            ;
        if (j == kept)
            hosts[kept++] = hosts[i];
    }
    *count = kept;
    return hosts;
}

static bool same_hosts(const struct target_host *before, size_t before_count, const struct target_host *hosts,
                       size_t count)
{
    size_t i;

    for (i = 0; i < count && i < before_count; i++)
        if (before[i].host != hosts[i].host)
            return false;
    return count == before_count;
}

/* The target's hosts in `list` make way for `hosts`, which go over to it. Links are left alone when a new
 * lookup names the same hosts: many targets may share one. */
static void set_hosts(struct model *model, struct target *target, struct target_host **list,
                      size_t *list_count, struct target_host *hosts, size_t count)
{
    bool same = same_hosts(*list, *list_count, hosts, count);
    size_t i;

    for (i = 0; same && i < count; i++)
        hosts[i].place = (*list)[i].place;
    for (i = 0; !same && i < *list_count; i++)
        links_drop(model, target, (*list)[i].host);
    free(*list);
    *list = hosts;
    *list_count = count;
    for (i = 0; !same && i < count; i++)
        links_add(model, target, hosts[i].host);
}

static bool is_among(const struct target_host *hosts, size_t count, const struct host *host)
{
    size_t i;

    for (i = 0; i < count; i++)
        if (hosts[i].host == host)
            return true;
    return false;
}

/* A host that is on the route, as it will be, is not beside it. */
static void clear_route(struct model *model, struct target *target, const struct target_host *hosts,
                        size_t count)
{
    struct beside *beside = &target->beside;
    size_t i, kept = 0;

    for (i = 0; i < beside->host_count; i++)
        if (is_among(hosts, count, beside->hosts[i].host))
            links_drop(model, target, beside->hosts[i].host);
    for (i = 0; i < beside->host_count; i++)
        if (!is_among(hosts, count, beside->hosts[i].host))
            beside->hosts[kept++] = beside->hosts[i];
    beside->host_count = kept;
}

static size_t without_route(const struct target *target, struct target_host *hosts, size_t count)
{
    size_t i, kept = 0;

    for (i = 0; i < count; i++)
        if (!is_among(target->hosts, target->host_count, hosts[i].host))
            hosts[kept++] = hosts[i];
    return kept;
}

static void apply_route(struct model *model, struct event *event)
{
    struct target *target = model_target(model, event->target);
    struct target_host *hosts;
    size_t count;

    if (!target)
        return;
    hosts = route_hosts(model, event, &count);
    clear_route(model, target, hosts, count);
    set_hosts(model, target, &target->hosts, &target->host_count, hosts, count);
    model_tally_target(model, target, -1);
    target->route = event->route;
    take_dns(&target->dns, event);
    model_tally_target(model, target, +1);
    take_strings(&target->warnings, &event->warnings);
    model_mark(model, target);
    model_judge(model, target);
}

static void apply_beside(struct model *model, struct event *event)
{
    struct target *target = model_target(model, event->target);
    struct target_host *hosts;
    size_t count;

    if (!target)
        return;
    hosts = route_hosts(model, event, &count);
    count = without_route(target, hosts, count);
    set_hosts(model, target, &target->beside.hosts, &target->beside.host_count, hosts, count);
    target->beside.route = event->route;
    take_dns(&target->beside.dns, event);
    take_strings(&target->beside.warnings, &event->warnings);
    model_mark(model, target);
}

static void share_by(struct model *model, struct endpoint *endpoint, int difference)
{
    model_tally_endpoint(model, endpoint, -1);
    endpoint->shared_by += (unsigned)difference;
    model_tally_endpoint(model, endpoint, +1);
}

static void drop_endpoints(struct model *model, struct host *host)
{
    int live = (int)links_live(host);
    size_t i, h;

    for (i = 0; i < host->endpoint_count; i++) {
        struct endpoint *endpoint = host->endpoints[i];

        for (h = 0; endpoint->hosts[h] != host; h++)
            ;
        endpoint->hosts[h] = endpoint->hosts[--endpoint->host_count];
        share_by(model, endpoint, -live);
    }
    free(host->endpoints);
    host->endpoints = NULL;
    host->endpoint_count = 0;
}

static bool leads_to(const struct host *host, const struct endpoint *endpoint)
{
    size_t i;

    for (i = 0; i < endpoint->host_count; i++)
        if (endpoint->hosts[i] == host)
            return true;
    return false;
}

static void add_endpoint(struct model *model, struct host *host, const char *address)
{
    struct endpoint_key key;
    struct endpoint *endpoint;

    endpoint_key_make(&key, &host->key, address);
    endpoint = model_find_endpoint(model, &key);
    endpoint_key_release(&key);
    if (leads_to(host, endpoint))
        return;
    host->endpoints = array_room(host->endpoints, host->endpoint_count, sizeof *host->endpoints);
    host->endpoints[host->endpoint_count++] = endpoint;
    endpoint->hosts = array_room(endpoint->hosts, endpoint->host_count, sizeof *endpoint->hosts);
    endpoint->hosts[endpoint->host_count++] = host;
    share_by(model, endpoint, (int)links_live(host));
}

static void judge_host(struct model *model, struct host *host)
{
    size_t i;

    for (i = 0; i < host->target_count; i++)
        model_judge(model, host->targets[i]);
}

static void apply_addresses(struct model *model, struct event *event)
{
    struct host *host = model_find_host(model, &event->host);
    size_t i;

    drop_endpoints(model, host);
    for (i = 0; i < event->addresses.count; i++)
        add_endpoint(model, host, event->addresses.items[i]);
    take_dns(&host->dns, event);
    take_strings(&host->warnings, &event->warnings);
    host->resolved = true;
    model_mark_unsaved(model, host->id);
    judge_host(model, host);
}

static void apply_activity(struct model *model, const struct event *event)
{
    struct endpoint *endpoint = model_known_endpoint(model, &event->endpoint);
    size_t h, t;

    if (!endpoint)
        return;
    model_tally_endpoint(model, endpoint, -1);
    endpoint->activity = event->stage;
    model_tally_endpoint(model, endpoint, +1);
    for (h = 0; h < endpoint->host_count; h++)
        for (t = 0; t < endpoint->hosts[h]->target_count; t++)
            model_mark_said(model, endpoint->hosts[h]->targets[t]);
}

static void set_facts(struct model *model, struct endpoint *endpoint, struct facts *facts)
{
    facts_free(endpoint->facts);
    endpoint->facts = facts;
    model_mark_unsaved(model, endpoint->id);
    model_judge_facts(model, endpoint);
}

static void apply_facts(struct model *model, struct event *event)
{
    struct endpoint *endpoint = model_known_endpoint(model, &event->endpoint);

    if (!endpoint || !event->facts)
        return;
    set_facts(model, endpoint, event->facts);
    event->facts = NULL;
}

/* The checks that judgements and explanations look at. */
static bool judges_otherwise(const struct preflight *before, const struct preflight *now)
{
    return before->checks[CHECK_STARTTLS_PATH].state != now->checks[CHECK_STARTTLS_PATH].state ||
           before->checks[CHECK_RESOLVER].state != now->checks[CHECK_RESOLVER].state ||
           before->denies != now->denies;
}

static void apply_preflight(struct model *model, struct event *event)
{
    bool again = judges_otherwise(&model->preflight, &event->preflight);

    preflight_release(&model->preflight);
    model->preflight = event->preflight;
    memset(&event->preflight, 0, sizeof event->preflight);
    model_mark_unsaved(model, 0);
    if (again)
        model_judge_all(model);
}

static void apply_contacts(struct model *model, struct event *event)
{
    struct target *target = model_target(model, event->target);

    if (!target || !event->directory)
        return;
    if (!target->directory)
        target->directory = directory_new();
    directory_renew(target->directory, event->directory);
    model_mark(model, target);
}

void model_apply(struct model *model, struct event *event)
{
    switch (event->type) {
    case EVENT_ROUTE:
        apply_route(model, event);
        break;
    case EVENT_BESIDE:
        apply_beside(model, event);
        break;
    case EVENT_ADDRESSES:
        apply_addresses(model, event);
        break;
    case EVENT_ACTIVITY:
        apply_activity(model, event);
        break;
    case EVENT_FACTS:
        apply_facts(model, event);
        break;
    case EVENT_PREFLIGHT:
        apply_preflight(model, event);
        break;
    case EVENT_CONTACTS:
        apply_contacts(model, event);
        break;
    case EVENT_IDLE:
    case EVENT_TROUBLE:
        break;
    }
}

static bool is_forgotten(const struct endpoint *endpoint)
{
    return !endpoint->facts && endpoint->activity == STAGE_QUEUED;
}

static void forget(struct model *model, struct endpoint *endpoint)
{
    if (is_forgotten(endpoint))
        return;
    model_tally_endpoint(model, endpoint, -1);
    endpoint->activity = STAGE_QUEUED;
    model_tally_endpoint(model, endpoint, +1);
    set_facts(model, endpoint, NULL);
}

static void remember(struct target *target)
{
    if (target->judgement.verdict != VERDICT_PENDING)
        target->former = target->judgement.verdict;
}

/* Of all whose mail goes to the host, before something of it is forgotten. */
static void remember_sharers(struct host *host)
{
    size_t i, known = 0;

    for (i = 0; i < host->endpoint_count; i++)
        known += !is_forgotten(host->endpoints[i]);
    for (i = 0; i < host->target_count && known; i++)
        remember(host->targets[i]);
}

static void forget_addresses(struct model *model, struct host *host)
{
    size_t i;

    for (i = 0; i < host->endpoint_count; i++)
        forget(model, host->endpoints[i]);
}

void model_forget_endpoint(struct model *model, struct endpoint *endpoint)
{
    size_t i;

    for (i = 0; i < endpoint->host_count; i++)
        remember_sharers(endpoint->hosts[i]);
    forget(model, endpoint);
}

void model_forget_host(struct model *model, struct host *host)
{
    remember_sharers(host);
    forget_addresses(model, host);
}

void model_forget_target(struct model *model, struct target *target)
{
    size_t i;

    remember(target);
    for (i = 0; i < model_all_hosts(target); i++)
        remember_sharers(model_any_host(target, i)->host);
    for (i = 0; i < model_all_hosts(target); i++)
        forget_addresses(model, model_any_host(target, i)->host);
    model_tally_target(model, target, -1);
    target->route = ROUTE_UNRESOLVED;
    dns_facts_release(&target->dns);
    model_tally_target(model, target, +1);
    strings_release(&target->warnings);
    target->beside.route = ROUTE_UNRESOLVED;
    dns_facts_release(&target->beside.dns);
    strings_release(&target->beside.warnings);
    model_mark(model, target);
    model_judge(model, target);
}
