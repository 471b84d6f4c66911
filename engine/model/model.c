#include "engine/model/model_private.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

struct model *model_new(struct baseline *baseline)
{
    struct model *model = mem_alloc(sizeof *model);

    model->baseline = baseline;
    map_init(&model->target_keys);
    map_init(&model->host_keys);
    map_init(&model->endpoint_keys);
    model->nodes = array_room(NULL, 0, sizeof *model->nodes);
    model->nodes[model->node_count++] = (struct node){NODE_NONE};
    return model;
}

static void free_target(struct target *target)
{
    target_spec_release(&target->spec);
    strings_release(&target->warnings);
    dns_facts_release(&target->dns);
    free(target->hosts);
    strings_release(&target->beside.warnings);
    dns_facts_release(&target->beside.dns);
    free(target->beside.hosts);
    free(target->past);
    directory_free(target->directory);
    free(target);
}

static void free_host(void *value)
{
    struct host *host = value;

    host_key_release(&host->key);
    strings_release(&host->warnings);
    dns_facts_release(&host->dns);
    free(host->endpoints);
    free(host->targets);
    free(host);
}

static void free_endpoint(struct endpoint *endpoint)
{
    endpoint_key_release(&endpoint->key);
    facts_free(endpoint->facts);
    free(endpoint->hosts);
    free(endpoint);
}

void model_free(struct model *model)
{
    size_t i;

    if (!model)
        return;
    for (i = 0; i < model->target_count; i++)
        free_target(model->targets[i]);
    for (i = 0; i < model->endpoint_count; i++)
        free_endpoint(model->endpoints[i]);
    map_release(&model->target_keys, NULL);
    map_release(&model->host_keys, free_host);
    map_release(&model->endpoint_keys, NULL);
    baseline_free(model->baseline);
    preflight_release(&model->preflight);
    strings_release(&model->notes);
    free(model->targets);
    free(model->endpoints);
    free(model->nodes);
    free(model->changed);
    free(model->unsaved);
    free(model);
}

static uint32_t new_id(struct model *model, enum node_kind kind, void *object)
{
    model->nodes = array_room(model->nodes, model->node_count, sizeof *model->nodes);
    model->nodes[model->node_count] = (struct node){(uintptr_t)object | kind};
    return (uint32_t)model->node_count++;
}

static void *node_of(const struct model *model, uint32_t id, enum node_kind kind)
{
    if (id >= model->node_count || (model->nodes[id].word & NODE_KIND) != kind)
        return NULL;
    return (void *)(model->nodes[id].word & ~(NODE_KIND | NODE_UNSAVED));
}

struct target *model_target(const struct model *model, uint32_t id)
{
    return node_of(model, id, NODE_TARGET);
}

struct host *model_host(const struct model *model, uint32_t id)
{
    return node_of(model, id, NODE_HOST);
}

struct endpoint *model_endpoint(const struct model *model, uint32_t id)
{
    return node_of(model, id, NODE_ENDPOINT);
}

size_t model_target_count(const struct model *model)
{
    return model->target_count;
}

struct target *model_target_at(const struct model *model, size_t index)
{
    return model->targets[index];
}

size_t model_endpoint_count(const struct model *model)
{
    return model->endpoint_count;
}

struct endpoint *model_endpoint_at(const struct model *model, size_t index)
{
    return model->endpoints[index];
}

size_t model_all_hosts(const struct target *target)
{
    return target->host_count + target->beside.host_count;
}

const struct target_host *model_any_host(const struct target *target, size_t index)
{
    if (index < target->host_count)
        return &target->hosts[index];
    return &target->beside.hosts[index - target->host_count];
}

bool model_is_beside(const struct target *target, const struct host *host)
{
    size_t i;

    for (i = 0; i < target->beside.host_count; i++)
        if (target->beside.hosts[i].host == host)
            return true;
    return false;
}

const struct baseline *model_baseline(const struct model *model)
{
    return model->baseline;
}

int64_t model_time(const struct model *model)
{
    return model->now ? model->now : (int64_t)time(NULL);
}

struct host *model_find_host(struct model *model, const struct host_key *key)
{
    char *text = host_key_text(key);
    struct host *host = map_get(&model->host_keys, text);

    if (!host) {
        host = mem_alloc(sizeof *host);
        host->id = new_id(model, NODE_HOST, host);
        host_key_copy(&host->key, key);
        map_put(&model->host_keys, text, host);
    }
    free(text);
    return host;
}

static struct endpoint *add_endpoint(struct model *model, const struct endpoint_key *key)
{
    struct endpoint_entry *entry = mem_alloc(sizeof *entry);
    struct endpoint *endpoint = &entry->endpoint;

    endpoint->id = new_id(model, NODE_ENDPOINT, endpoint);
    endpoint_key_copy(&endpoint->key, key);
    entry->plain = (struct judgement){VERDICT_PENDING, REASON_PENDING, PROBE_OK};
    model->endpoints = array_room(model->endpoints, model->endpoint_count, sizeof *model->endpoints);
    model->endpoints[model->endpoint_count++] = endpoint;
    return endpoint;
}

struct endpoint *model_find_endpoint(struct model *model, const struct endpoint_key *key)
{
    char *text = endpoint_key_text(key);
    struct endpoint *endpoint = map_get(&model->endpoint_keys, text);

    if (!endpoint) {
        endpoint = add_endpoint(model, key);
        map_put(&model->endpoint_keys, text, endpoint);
    }
    free(text);
    return endpoint;
}

/* Nearly all domains are written the same for people: that is kept once. */
static void share_name(struct target_spec *spec)
{
    if (!spec->unicode || !spec->domain || strcmp(spec->unicode, spec->domain) != 0)
        return;
    free(spec->unicode);
    spec->unicode = spec->domain;
}

static struct target *add_target(struct model *model, const struct target_spec *spec)
{
    struct target_entry *entry = mem_alloc(sizeof *entry);
    struct target *target = &entry->target;

    target->id = new_id(model, NODE_TARGET, target);
    target_spec_copy(&target->spec, spec);
    share_name(&target->spec);
    target->judgement = (struct judgement){VERDICT_PENDING, REASON_PENDING, PROBE_OK};
    target->consequence = consequence_of(spec->requirement, VERDICT_PENDING);
    model->targets = array_room(model->targets, model->target_count, sizeof *model->targets);
    model->targets[model->target_count++] = target;
    model_take_key(model, target);
    model_tally_target(model, target, +1);
    model_mark(model, target);
    return target;
}

static void set_removed(struct model *model, struct target *target, bool removed)
{
    size_t i;

    if (target->removed == removed)
        return;
    model_tally_target(model, target, -1);
    target->removed = removed;
    model_tally_target(model, target, +1);
    for (i = 0; i < model_all_hosts(target); i++) {
        struct host *host = model_any_host(target, i)->host;

        links_settle(host, target);
        model_share(model, host, removed ? -1 : +1);
    }
    model_mark(model, target);
    model_judge(model, target);
}

struct target *model_add(struct model *model, const struct target_spec *spec, bool *existed)
{
    char *key = model_key(spec);
    struct target *target = map_get(&model->target_keys, key);

    if (existed)
        *existed = target && !target->removed;
    if (target)
        set_removed(model, target, false);
    else
        target = add_target(model, spec);
    free(key);
    return target;
}

struct target *model_restore(struct model *model, const struct target_spec *spec, bool removed)
{
    struct target *target = add_target(model, spec);

    set_removed(model, target, removed);
    return target;
}

void model_bring_back(struct model *model, struct target *target)
{
    set_removed(model, target, false);
    model_take_key(model, target);
}

void model_remove(struct model *model, struct target *target)
{
    set_removed(model, target, true);
}

void model_reclass(struct model *model, struct target *target, enum target_class class,
                   enum requirement requirement)
{
    model_leave_key(model, target);
    model_tally_target(model, target, -1);
    target->spec.class = class;
    target->spec.requirement = requirement;
    target->former = VERDICT_PENDING;
    model_tally_target(model, target, +1);
    model_take_key(model, target);
    model_mark(model, target);
    model_judge(model, target);
}

void model_set_by_hand(struct model *model, struct target *target, unsigned by_hand)
{
    if (target->spec.by_hand == by_hand)
        return;
    model_leave_key(model, target);
    target->spec.by_hand = by_hand;
    model_take_key(model, target);
    model_mark(model, target);
}

static void replace(char **text, const char *with)
{
    char *copy = with && *with ? mem_string(with) : NULL;

    free(*text);
    *text = copy;
}

void model_set_notes(struct model *model, struct target *target, const struct target_notes *notes)
{
    replace(&target->spec.note, notes->note);
    replace(&target->spec.owner, notes->owner);
    replace(&target->spec.contact, notes->contact);
    target->spec.contact_state = notes->state;
    target->spec.due = notes->due;
    model_mark(model, target);
}

struct target_notes model_notes_of(const struct target *target)
{
    const struct target_spec *spec = &target->spec;

    return (struct target_notes){spec->note, spec->owner, spec->contact, spec->contact_state, spec->due};
}

void model_contacts(const struct target *target, struct contacts *out)
{
    contacts_list(out, &target->spec, target->directory, target->judgement.verdict != VERDICT_NO_MAIL);
}

void model_mark_said(struct model *model, struct target *target)
{
    struct target_entry *entry = (struct target_entry *)target;

    if (entry->changed)
        return;
    entry->changed = true;
    model->changed = array_room(model->changed, model->changed_count, sizeof *model->changed);
    model->changed[model->changed_count++] = target->id;
}

void model_mark(struct model *model, struct target *target)
{
    model_mark_said(model, target);
    model_mark_unsaved(model, target->id);
}

uint32_t *model_take_changed(struct model *model, size_t *count)
{
    uint32_t *changed = model->changed;
    size_t i;

    for (i = 0; i < model->changed_count; i++)
        ((struct target_entry *)model_target(model, changed[i]))->changed = false;
    *count = model->changed_count;
    model->changed = NULL;
    model->changed_count = 0;
    return changed;
}

const struct preflight *model_preflight(const struct model *model)
{
    return &model->preflight;
}

void model_add_notes(struct model *model, const struct strings *notes)
{
    strings_copy(&model->notes, notes);
    model_mark_unsaved(model, 0);
}

void model_add_new_notes(struct model *model, const struct strings *notes)
{
    struct strings fresh = {0};
    struct map there;

    map_init(&there);
    for (size_t i = 0; i < model->notes.count; i++)
        map_put(&there, model->notes.items[i], &there);
    for (size_t i = 0; i < notes->count; i++)
        if (!map_put(&there, notes->items[i], &there))
            strings_add(&fresh, notes->items[i]);
    if (fresh.count)
        model_add_notes(model, &fresh);
    map_release(&there, NULL);
    strings_release(&fresh);
}

const struct strings *model_notes(const struct model *model)
{
    return &model->notes;
}
