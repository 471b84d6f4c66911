/* What the units of the model share. */
#pragma once

#include "engine/base/map.h"
#include "engine/base/mem.h"
#include "engine/model/model.h"

/* The judgement of most targets needs no look at the certificate: it is made once an endpoint. */
struct endpoint_entry {
    struct endpoint endpoint;
    struct judgement plain; /* for requirements none and encryption */
};

struct target_entry {
    struct target target;
    bool changed; /* listed in model->changed */
};

/* What an id names, in one word: the object's address, and in its lowest bits, which are 0 in all addresses
 * of allocated memory, the object's kind and whether it is listed in model->unsaved. */
enum node_kind { NODE_NONE, NODE_TARGET, NODE_HOST, NODE_ENDPOINT };

#define NODE_KIND    ((uintptr_t)3)
#define NODE_UNSAVED ((uintptr_t)4)

struct node {
    uintptr_t word;
};

struct model {
    struct baseline *baseline;
    int64_t now;        /* 0: the clock's */
    struct node *nodes; /* by id; id 0 is nobody's */
    size_t node_count;
    struct target **targets; /* owned */
    size_t target_count;
    struct endpoint **endpoints; /* owned */
    size_t endpoint_count;
    struct map target_keys, host_keys, endpoint_keys; /* host_keys owns the hosts */
    struct model_counts counts;
    struct preflight preflight;
    struct strings notes;
    uint32_t *changed;
    size_t changed_count;
    bool silent;  /* no history is kept */
    bool watched; /* `unsaved` is kept */
    uint32_t *unsaved;
    size_t unsaved_count;
};

/* The array with room for one more behind `count`; its capacity is always the next power of two. */
static inline void *array_room(void *array, size_t count, size_t size)
{
    if (count & (count - 1))
        return array;
    return mem_resize(array, count ? count * 2 : 1, size);
}

static inline struct endpoint_entry *endpoint_entry(const struct endpoint *endpoint)
{
    return (struct endpoint_entry *)(uintptr_t)endpoint;
}

/* The two finders make what is not there yet. */
struct host *model_find_host(struct model *model, const struct host_key *key);
struct endpoint *model_find_endpoint(struct model *model, const struct endpoint_key *key);

/* The target can be found by its key from now on, or not any longer. Of several with one key a live one comes
 * before a removed one, then one whose class it is before one that had it until somebody set another, then
 * the first. */
void model_take_key(struct model *model, struct target *target);
void model_leave_key(struct model *model, const struct target *target);

/* links.c: a host's list of those who lead there. Each of the target's lists names a host once, and no host
 * is in both. */
/* One more, which has the host in a list already; one less, which has it there still. */
void links_add(struct model *model, struct target *target, struct host *host);
void links_drop(struct model *model, const struct target *target, struct host *host);
/* After `removed` changed. */
void links_settle(struct host *host, const struct target *target);
/* Targets that are not removed. */
size_t links_live(const struct host *host);

/* Notes a change of what a target is, for model_take_changed and model_take_unsaved. */
void model_mark(struct model *model, struct target *target);

/* Notes a change of what is said of a target only: a verdict, an activity. */
void model_mark_said(struct model *model, struct target *target);

/* Adds the target's verdict to its history where it is settled and new (model_keep_past). */
void model_note_past(struct model *model, struct target *target);

/* Notes a change of a node's content for model_take_unsaved; id 0: of the session's own. */
void model_mark_unsaved(struct model *model, uint32_t id);

/* Adds (+1) or takes away (-1) a target or an endpoint in the counts; every change of what is counted stands
 * between the two. */
void model_tally_target(struct model *model, const struct target *target, int sign);
void model_tally_endpoint(struct model *model, const struct endpoint *endpoint, int sign);

/* Judges a target again, counts it, marks it. */
void model_judge(struct model *model, struct target *target);
void model_judge_facts(struct model *model, struct endpoint *endpoint);
void model_judge_all(struct model *model);

/* judge_dns in the light of preflight: what a resolver denies that knows only its own names may well exist.
 */
struct judgement model_judge_dns(const struct model *model, enum route route, enum dns_status status,
                                 bool any_address, bool all_resolved);

/* True when a lookup ended so because of the resolver here. */
bool model_lookup_lost(const struct model *model, enum dns_status status);

/* True when the way to the endpoint is known to rewrite STARTTLS. */
bool model_path_rewrites(const struct model *model, const struct endpoint *endpoint);

/* One more or one fewer live target leads to the endpoints of `host`. */
void model_share(struct model *model, struct host *host, int sign);

/* The lowest version that will do for a target. */
enum tls_version model_minimum(const struct model *model, const struct target *target);

/* What a target demands at `host`; borrowed strings. */
struct demand model_demand(const struct target *target, const struct host *host);

/* What the endpoints and hosts of a target say together. */
void model_group(const struct model *model, const struct target *target, struct judgement_group *group);
