/* The session: targets → hosts → endpoints → facts, and the verdicts over them. One thread owns a model.
 * Judgements and counts are true whenever no model_ function runs: each event judges just the targets that
 * its host or endpoint leads to. */
#pragma once

#include "engine/model/baseline.h"
#include "engine/model/contact.h"
#include "engine/model/directory.h"
#include "engine/model/event.h"
#include "engine/model/target.h"
#include "engine/model/verdict.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Ids are given once, from 1 up, across all kinds, and never given again in the life of the model. */
struct endpoint {
    uint32_t id;
    struct endpoint_key key;
    struct facts *facts; /* owned; NULL before the first */
    enum stage activity; /* what it does now: STAGE_QUEUED, a running stage, STAGE_DONE at rest */
    struct host **hosts; /* hosts that lead here (borrowed) */
    size_t host_count;
    unsigned shared_by; /* targets that lead here, or have it beside their route */
};

struct host {
    uint32_t id;
    struct host_key key;
    struct dns_facts dns;
    bool resolved;
    uint32_t leading; /* the first so many of `targets` are not removed, and their mail goes there; the others
                         are, or have it beside the route */
    struct strings warnings;
    struct endpoint **endpoints; /* borrowed from the model */
    size_t endpoint_count;
    struct target **targets; /* who leads here, or has it beside the route (borrowed) */
    size_t target_count;
};

struct target_host {
    struct host *host; /* borrowed */
    int preference;    /* -1 when it has none */
    uint32_t place;    /* of the target in `host->targets` */
};

/* Where the MX of a domain lead whose mail goes by smart host: information. No verdict, consequence or
 * warning of the target looks at it. */
struct beside {
    enum route route; /* ROUTE_UNRESOLVED: not known, or nothing to know */
    struct dns_facts dns;
    struct strings warnings;   /* of that lookup */
    struct target_host *hosts; /* by preference, then name; none that is on the route */
    size_t host_count;
};

/* A settled verdict, and since when it is so. */
struct past {
    struct judgement judgement;
    int64_t when; /* seconds since 1970 */
};

struct target {
    uint32_t id;
    enum route route;
    struct target_spec spec;
    struct dns_facts dns;
    struct strings
        warnings; /* of DNS and of what DNS led to; endpoint warnings are made by target_warnings */
    struct target_host *hosts; /* by preference, then name */
    size_t host_count;
    struct beside beside;
    struct judgement judgement; /* kept true by the model */
    enum verdict former;        /* the verdict before it was looked at anew; VERDICT_PENDING: none */
    enum consequence consequence;
    bool removed;                /* by the user; kept for undo, not counted, not exported */
    struct directory *directory; /* whom to write to, as DNS says; owned; NULL: not asked */
    struct past *past;           /* the oldest first; owned */
    size_t past_count;
};

struct model;

/* Takes ownership of the baseline. */
struct model *model_new(struct baseline *baseline);
void model_free(struct model *model);

const struct baseline *model_baseline(const struct model *model);
/* What reading the inputs left to say: who gives no target and why, what was assumed, what was wrong. Adds
 * copies.
 */
void model_add_notes(struct model *model, const struct strings *notes);
/* The same without those that are there already: inputs that are read again say the same again. */
void model_add_new_notes(struct model *model, const struct strings *notes);
const struct strings *model_notes(const struct model *model);

/* Whether a verdict that differs from the last of the target's history is added to that once nothing is under
 * way that could change it: so it is in a new model. Turned on, it is done at once for all targets, and one
 * without a history has its first verdict since its last probe. */
void model_keep_past(struct model *model, bool on);
/* Adds to the history as a snapshot holds it. */
void model_restore_past(struct target *target, const struct past *past);

/* Replaces the baseline (owned) and judges everything again. */
void model_set_baseline(struct model *model, struct baseline *baseline);

/* The same, but the former one comes back, and is the caller's. */
struct baseline *model_exchange_baseline(struct model *model, struct baseline *baseline);

/* Adds a target (the spec is copied). A target with the same key is there already:
 * returns that one as it is and sets *existed; a removed one comes back, and did not exist. `existed` may be
 * NULL. */
struct target *model_add(struct model *model, const struct target_spec *spec, bool *existed);

/* What an input says of a target that is known, against what is known: nothing else; words that people have
 * not got; another demand; another way for its mail, of which the engine is to be told. */
enum respecified { RESPECIFIED_NOT, RESPECIFIED_WORDS, RESPECIFIED_DEMAND, RESPECIFIED_WAY };
enum respecified model_would_respecify(const struct target *target, const struct target_spec *spec);

/* From now on the target is demanded, and mail goes to it, as `spec` (copied) has it, whose key leads to it;
 * where `spec` names no connector and the target has one only its words count, and where it names one and the
 * target has none, that and its class become the target's (engine/model/carried.h).
 * What people keep of the target stays; where they keep nothing, `spec` may say it, unless they emptied it by
 * hand. A class that they set stays, and with it the requirement where `spec` has another class. Where the
 * input says it is taken over in any case. */
enum respecified model_respecify(struct model *model, struct target *target, const struct target_spec *spec);

/* Takes that back: demand, way, class and connector are as in `former` (copied); words stay as they are. */
enum respecified model_specify_back(struct model *model, struct target *target,
                                    const struct target_spec *former);

/* What makes a target one: class, domain and connector as one text; the caller frees. A target whose class
 * somebody set has two keys: that class's, and the other's, under which inputs may have it still. */
char *model_key(const struct target_spec *spec);
/* The key of the target that `spec` names, with the class that it has; of `spec` where there is none. */
char *model_key_here(const struct model *model, const struct target_spec *spec);

/* The target with this key, or NULL; a removed one is not there. */
struct target *model_find(const struct model *model, const char *key);
/* The removed one that model_add would bring back; NULL when there is none. */
struct target *model_find_removed(const struct model *model, const char *key);
/* The one that `spec`, of another session, is here, whichever of the two has had its class set; or NULL. */
struct target *model_find_like(const struct model *model, const struct target_spec *spec);

/* Adds a target as a snapshot holds it (the spec is copied), beside another one with its key too: the user
 * may have made two alike. */
struct target *model_restore(struct model *model, const struct target_spec *spec, bool removed);

/* What model_change compares with, from now on: the verdicts as they are. */
void model_remember_verdicts(struct model *model);

/* Changes class and requirement, judges again. */
void model_reclass(struct model *model, struct target *target, enum target_class class,
                   enum requirement requirement);
/* People set just this of it (target_spec.by_hand), whatever its values. */
void model_set_by_hand(struct model *model, struct target *target, unsigned by_hand);
void model_remove(struct model *model, struct target *target);
void model_bring_back(struct model *model, struct target *target); /* a removed one */

/* What people keep of a target; NULL and "" are nothing. Copied. */
struct target_notes {
    const char *note, *owner, *contact;
    enum contact_state state;
    int32_t due; /* as in target_spec */
};
void model_set_notes(struct model *model, struct target *target, const struct target_notes *notes);
struct target_notes model_notes_of(const struct target *target); /* borrowed from the target */

/* Whom to write to about a target (contacts_list); the caller releases. One that was found to take no mail
 * has no postmaster. */
void model_contacts(const struct target *target, struct contacts *out);

/* How the verdict has changed since it was looked at anew. What can't be told any more, or was bad when it
 * could be told, is unclear: neither better nor worse. */
enum verdict_change { CHANGE_NONE, CHANGE_BETTER, CHANGE_WORSE, CHANGE_UNCLEAR };
enum verdict_change model_change(const struct target *target);

/* Applies an event; takes what it needs out of it, the caller still releases it. Events for unknown targets
 * are ignored. */
void model_apply(struct model *model, struct event *event);

/* Clears what is known below a node so that it reads as pending until new events come. Hosts and endpoints
 * stay with their ids; facts of shared endpoints go for all who share them. */
void model_forget_target(struct model *model, struct target *target);
void model_forget_host(struct model *model, struct host *host);
void model_forget_endpoint(struct model *model, struct endpoint *endpoint);

size_t model_target_count(const struct model *model);                    /* removed ones included */
struct target *model_target_at(const struct model *model, size_t index); /* in order of adding */
size_t model_endpoint_count(const struct model *model);
struct endpoint *model_endpoint_at(const struct model *model, size_t index);
struct target *model_target(const struct model *model, uint32_t id); /* NULL when there is none */
struct host *model_host(const struct model *model, uint32_t id);
struct endpoint *model_endpoint(const struct model *model, uint32_t id);

/* The host and the endpoint with that key; NULL when there is none. */
struct host *model_known_host(const struct model *model, const struct host_key *key);
struct endpoint *model_known_endpoint(const struct model *model, const struct endpoint_key *key);

/* Hosts of a target's route, then those beside it; `index` is below the count. */
size_t model_all_hosts(const struct target *target);
const struct target_host *model_any_host(const struct target *target, size_t index);

/* True when the target's mail does not go to `host`, which its domain's MX name. */
bool model_is_beside(const struct target *target, const struct host *host);

/* Verdicts of parts, as one target sees them; of hosts beside its route, as if its mail went there. */
struct judgement model_judge_endpoint(const struct model *model, const struct target *target,
                                      const struct host *host, const struct endpoint *endpoint);
struct judgement model_judge_host(const struct model *model, const struct target *target,
                                  const struct host *host);

/* One sentence for people, made anew, the caller frees: why, naming the endpoint, and what happens to mail
 * (to endpoints beside the route none goes). */
char *model_explain(const struct model *model, const struct target *target);
char *model_explain_endpoint(const struct model *model, const struct target *target, const struct host *host,
                             const struct endpoint *endpoint);

/* All warnings of a target, each once: the remarks of its spec, its own, its hosts' and its endpoints' (each
 * named). The caller releases. */
void model_warnings(const struct model *model, const struct target *target, struct strings *out);

struct model_counts {
    unsigned targets; /* not removed */
    unsigned verdicts[target_class_count][verdict_count];
    unsigned endpoints, endpoints_done, endpoints_running, endpoints_queued;
    unsigned unresolved; /* targets whose route is not known yet */
};
void model_counts(const struct model *model, struct model_counts *counts);

/* What is known of the place that probes leave from; the model's own. */
const struct preflight *model_preflight(const struct model *model);

/* True when a target, or a host of one, could not be looked up for want of a resolver here. */
bool model_names_lost(const struct model *model);

/* Changed targets since the last call, by id; the caller frees. For screens that repaint what changed. */
uint32_t *model_take_changed(struct model *model, size_t *count);

/* From now on the model notes what a snapshot has to write, or does not any longer; what was noted stays. */
void model_watch(struct model *model, bool on);
void model_mark_all_unsaved(struct model *model); /* all that it holds, while it is watched */
bool model_any_unsaved(const struct model *model);

/* Targets, hosts and endpoints whose own content changed since the last call, by id, each once; 0 stands for
 * what belongs to none: baseline, preflight, notes. A verdict is no content: it follows from that. At most
 * `most` of them, the others stay for the next call. The caller frees. */
uint32_t *model_take_unsaved(struct model *model, size_t most, size_t *count);

/* Seconds since 1970 by which certificates are judged; 0 = now. For tests. */
void model_set_now(struct model *model, int64_t now);

/* The time certificates are judged by, seconds since 1970. */
int64_t model_time(const struct model *model);
