#include "engine/base/buf.h"
#include "engine/base/map.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/model/merge_private.h"

#include <stdlib.h>
#include <string.h>

bool merge_same_place(const struct merge_source *left, const struct merge_source *right)
{
    if (!left->vantage || !right->vantage)
        return left->vantage == right->vantage;
    return strcmp(left->vantage, right->vantage) == 0;
}

bool merge_differs(const struct merge *merge, const bool *have, size_t index, size_t winner)
{
    const struct merge_source *source = &merge->sources[index];

    if (!have[index] || merge_same_place(source, &merge->sources[winner]))
        return false;
    for (size_t i = index + 1; i < merge->count; i++)
        if (have[i] && merge_same_place(source, &merge->sources[i]))
            return false;
    return true;
}

void merge_warn(struct strings *warnings, const struct merge_source *source, int64_t when, const char *saw)
{
    char time[TEXT_TIME_SIZE];
    char *line;

    text_time(time, when);
    line = mem_format("from %s at %s: %s", source->vantage ? source->vantage : "elsewhere", time, saw);
    strings_add_once(warnings, line);
    free(line);
}

bool merge_told(const char *line)
{
    const char *end = strstr(line, ": "), *at = strstr(line, " at ");
    char time[TEXT_TIME_SIZE] = "";
    int64_t when;

    if (strncmp(line, "from ", strlen("from ")) != 0 || !end || !at || at > end)
        return false;
    for (const char *next; (next = strstr(at + 1, " at ")) && next < end;)
        at = next;
    at += strlen(" at ");
    if ((size_t)(end - at) >= sizeof time)
        return false;
    memcpy(time, at, (size_t)(end - at));
    return text_time_parse(time, &when);
}

/* "from a.example at ", which begins what is told of a place. */
static bool tells_of(const char *line, const struct merge_source *source)
{
    char *start = mem_format("from %s at ", source->vantage ? source->vantage : "elsewhere");
    bool so = strncmp(line, start, strlen(start)) == 0;

    free(start);
    return so;
}

static bool tells_of_any(const char *line, const struct merge *merge)
{
    for (size_t i = 0; i < merge->count; i++)
        if (tells_of(line, &merge->sources[i]))
            return true;
    return false;
}

void merge_keep_told(const struct merge *merge, const struct strings *from, struct strings *to)
{
    size_t before = to->count;

    for (size_t i = 0; i < from->count; i++)
        if (strncmp(from->items[i], "from ", strlen("from ")) == 0 && !tells_of_any(from->items[i], merge))
            strings_add(to, from->items[i]);
    if (to->count > before)
        strings_drop_repeated(to);
}

void merge_dns(struct dns_facts *to, const struct dns_facts *from)
{
    *to = (struct dns_facts){.status = from->status, .authenticated = from->authenticated};
    to->detail = mem_string(from->detail);
    trail_append(&to->trail, &from->trail);
    to->trail.cut |= from->trail.cut;
}

/* A source that has it no more has it removed. */
static void find_views(const struct merge *merge, const struct target_spec *spec, struct views *views)
{
    char *key = model_key(spec);

    views->newest = views->newest_removed = merge->count;
    for (size_t i = 0; i < merge->count; i++) {
        const struct target *target = model_find_like(merge->sources[i].model, spec);

        views->removed[i] = model_find_removed(merge->sources[i].model, key);
        views->targets[i] = target;
        if (target)
            views->newest = i;
        if (views->removed[i])
            views->newest_removed = i;
    }
    free(key);
}

/* What no session has any more is joined as it was removed. */
static void look_at_removed(const struct merge *merge, struct views *views)
{
    for (size_t i = 0; i < merge->count; i++) {
        views->targets[i] = views->removed[i];
        views->removed[i] = NULL;
    }
    views->newest = views->newest_removed;
}

static void find_known(const struct merge *merge, struct views *views)
{
    for (size_t i = 0; i < merge->count; i++) {
        const struct target *target = views->targets[i];

        views->known[i] =
            target && (target->route != ROUTE_UNRESOLVED || target->dns.status != DNS_NOT_QUERIED);
        views->told[i] = views->known[i] && !dns_failed(target->dns.status);
    }
}

/* The newest that was answered, else the newest that asked; `count` when there is none. */
static size_t best_view(const struct views *views, size_t count)
{
    size_t best = count;

    for (size_t i = 0; i < count; i++)
        if (views->told[i] || (views->known[i] && (best == count || !views->told[best])))
            best = i;
    return best;
}

static struct target *add_target(struct merge *merge, const struct target *target, const struct views *views)
{
    struct target_spec spec;
    struct target *added;

    target_spec_init(&spec);
    target_spec_copy(&spec, &target->spec);
    merge_people(merge, views, &spec);
    added = model_restore(merge->model, &spec, target->removed);
    target_spec_release(&spec);
    return added;
}

static void take_hosts(struct event *event, const struct target_host *hosts, size_t count)
{
    event->hosts = mem_array(count, sizeof *event->hosts);
    event->host_count = count;
    for (size_t i = 0; i < count; i++) {
        host_key_copy(&event->hosts[i].key, &hosts[i].host->key);
        event->hosts[i].preference = hosts[i].preference;
    }
}

/* "MX a.example, b.example", or why there is no host; the caller frees. */
static char *way_of(const struct target *target)
{
    struct buf text;

    buf_init(&text, 0);
    if (dns_failed(target->dns.status) || target->dns.status == DNS_NXDOMAIN)
        buf_add_string(&text, dns_status_title(target->dns.status));
    else
        buf_add_string(&text, route_title(target->route));
    for (size_t i = 0; i < target->host_count; i++)
        buf_printf(&text, "%s%s", i ? ", " : " ", target->hosts[i].host->key.name);
    return buf_take_string(&text);
}

static void tell_other_ways(const struct merge *merge, const struct views *views, size_t best,
                            struct strings *warnings)
{
    char *way = way_of(views->targets[best]);

    for (size_t i = 0; i < merge->count; i++) {
        char *other;

        if (!merge_differs(merge, views->known, i, best))
            continue;
        other = way_of(views->targets[i]);
        if (strcmp(way, other) != 0)
            merge_warn(warnings, &merge->sources[i], merge->sources[i].when, other);
        free(other);
    }
    free(way);
}

static void merge_route(const struct merge *merge, struct target *added, const struct target *from,
                        const struct views *views, size_t best)
{
    struct event event = {.type = EVENT_ROUTE, .target = added->id, .route = from->route};

    merge_dns(&event.dns, &from->dns);
    strings_copy(&event.warnings, &from->warnings);
    tell_other_ways(merge, views, best, &event.warnings);
    for (size_t i = 0; i < merge->count; i++)
        if (views->known[i])
            merge_keep_told(merge, &views->targets[i]->warnings, &event.warnings);
    take_hosts(&event, from->hosts, from->host_count);
    model_apply(merge->model, &event);
    event_release(&event);
}

static void merge_beside(const struct merge *merge, struct target *added, const struct target *from)
{
    struct event event = {.type = EVENT_BESIDE, .target = added->id, .route = from->beside.route};

    if (from->beside.route == ROUTE_UNRESOLVED)
        return;
    merge_dns(&event.dns, &from->beside.dns);
    strings_copy(&event.warnings, &from->beside.warnings);
    take_hosts(&event, from->beside.hosts, from->beside.host_count);
    model_apply(merge->model, &event);
    event_release(&event);
}

/* What the oldest session that was answered says, then what each newer one does. */
static void merge_contacts(const struct merge *merge, struct target *added, const struct views *views)
{
    for (size_t i = 0; i < merge->count; i++) {
        struct event event = {.type = EVENT_CONTACTS, .target = added->id};

        if (!views->targets[i] || !views->targets[i]->directory)
            continue;
        event.directory = directory_copy(views->targets[i]->directory);
        model_apply(merge->model, &event);
        event_release(&event);
    }
}

static void join_target(struct merge *merge, const struct target *target, struct views *views)
{
    struct target *added;
    size_t best;

    views->targets[views->newest] = target;
    find_known(merge, views);
    added = add_target(merge, target, views);
    merge_past(merge, added, views->targets);
    merge_contacts(merge, added, views);
    best = best_view(views, merge->count);
    if (best == merge->count)
        return;
    merge_route(merge, added, views->targets[best], views, best);
    merge_beside(merge, added, views->targets[best]);
}

/* Each target once, where its newest session has it; one that stands there twice with its key stays so. */
static void merge_target(struct merge *merge, size_t index, const struct target *target, struct views *views)
{
    find_views(merge, &target->spec, views);
    if (target->removed && (views->newest != merge->count || views->removed[index] != target))
        return;
    if (target->removed)
        look_at_removed(merge, views);
    if (views->newest == index)
        join_target(merge, target, views);
}

static void merge_targets(struct merge *merge)
{
    struct views views = {
        .targets = mem_array(merge->count, sizeof(struct target *)),
        .removed = mem_array(merge->count, sizeof(struct target *)),
        .known = mem_array(merge->count, sizeof(bool)),
        .told = mem_array(merge->count, sizeof(bool)),
    };

    for (size_t i = 0; i < merge->count; i++) {
        const struct model *model = merge->sources[i].model;

        for (size_t t = 0; t < model_target_count(model); t++)
            merge_target(merge, i, model_target_at(model, t), &views);
    }
    free(views.targets);
    free(views.removed);
    free(views.known);
    free(views.told);
}

/* Trouble most; of what is in the same state, that which is told of at all. */
static int gravity(const struct preflight_check *check)
{
    int state = check->state == CHECK_TROUBLE ? 2 : check->state == CHECK_OK;

    return 2 * state + (check->detail != NULL);
}

static void merge_preflight(struct merge *merge)
{
    struct event event = {.type = EVENT_PREFLIGHT};

    for (size_t i = merge->count; i-- > 0;) {
        const struct preflight *from = model_preflight(merge->sources[i].model);

        event.preflight.denies |= from->denies;
        for (unsigned c = 0; c < check_count; c++)
            if (gravity(&from->checks[c]) > gravity(&event.preflight.checks[c]))
                preflight_set(&event.preflight, (enum check)c, from->checks[c].state, from->checks[c].detail);
    }
    model_apply(merge->model, &event);
    event_release(&event);
}

/* Each note once, in order. */
static void merge_notes(struct merge *merge)
{
    struct strings notes = {0};
    struct map seen;

    map_init(&seen);
    for (size_t i = 0; i < merge->count; i++) {
        const struct strings *from = model_notes(merge->sources[i].model);

        for (size_t n = 0; n < from->count; n++)
            if (!map_put(&seen, from->items[n], merge))
                strings_add(&notes, from->items[n]);
    }
    map_release(&seen, NULL);
    model_add_notes(merge->model, &notes);
    strings_release(&notes);
}

struct model *merge_models(const struct merge_source *sources, size_t count)
{
    const struct baseline *baseline = model_baseline(sources[count - 1].model);
    struct merge merge = {sources, count, model_new(baseline_copy(baseline))};

    model_keep_past(merge.model, false); /* what is joined piece by piece is no history */
    for (size_t i = 0; i < count; i++)
        if (!baseline_same(model_baseline(sources[i].model), baseline))
            model_set_baseline(sources[i].model, baseline_copy(baseline));
    merge_preflight(&merge);
    merge_notes(&merge);
    merge_targets(&merge);
    merge_hosts(&merge);
    merge_endpoints(&merge);
    model_set_now(merge.model, sources[count - 1].when);
    model_keep_past(merge.model, true);
    return merge.model;
}
