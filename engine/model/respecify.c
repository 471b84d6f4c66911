#include "engine/model/model_private.h"

#include <stdlib.h>
#include <string.h>

static bool same_text(const char *left, const char *right)
{
    return left == right || (left && right && strcmp(left, right) == 0);
}

static bool same_hosts(const struct target_spec *left, const struct target_spec *right)
{
    if (left->host_count != right->host_count)
        return false;
    for (size_t i = 0; i < left->host_count; i++)
        if (left->hosts[i].port != right->hosts[i].port ||
            !same_text(left->hosts[i].host, right->hosts[i].host))
            return false;
    return true;
}

static bool same_others(const struct target_spec *left, const struct target_spec *right)
{
    if (left->other_count != right->other_count)
        return false;
    for (size_t i = 0; i < left->other_count; i++) {
        const struct connector_ref *a = &left->others[i], *b = &right->others[i];

        if (a->match != b->match || !same_text(a->name, b->name) || !same_text(a->pattern, b->pattern))
            return false;
    }
    return true;
}

static bool same_expectation(const struct expectation *a, const struct expectation *b)
{
    return a->enabled == b->enabled && a->require_tls == b->require_tls &&
           a->by_certificate == b->by_certificate && a->by_address == b->by_address &&
           a->mutual == b->mutual && same_text(a->connector, b->connector) &&
           same_text(a->sender_domain, b->sender_domain) &&
           same_text(a->certificate_name, b->certificate_name);
}

static bool same_inbound(const struct target_spec *left, const struct target_spec *right)
{
    if (left->inbound_count != right->inbound_count)
        return false;
    for (size_t i = 0; i < left->inbound_count; i++)
        if (!same_expectation(&left->inbound[i], &right->inbound[i]))
            return false;
    return true;
}

static bool same_remarks(const struct strings *left, const struct strings *right)
{
    if (left->count != right->count)
        return false;
    for (size_t i = 0; i < left->count; i++)
        if (strcmp(left->items[i], right->items[i]) != 0)
            return false;
    return true;
}

static bool same_demand(const struct target_spec *left, const struct target_spec *right)
{
    return left->requirement == right->requirement && left->name_rule == right->name_rule &&
           left->floor == right->floor && left->domain_secure == right->domain_secure &&
           left->never_tls == right->never_tls && left->match == right->match && left->cost == right->cost &&
           same_text(left->tls_domain, right->tls_domain) && same_text(left->pattern, right->pattern) &&
           same_hosts(left, right) && same_others(left, right) && same_inbound(left, right) &&
           same_remarks(&left->remarks, &right->remarks);
}

/* Of specs that demand the same. */
static bool same_sources(const struct target_spec *left, const struct target_spec *right)
{
    bool same = same_text(left->source, right->source);

    for (size_t i = 0; i < left->other_count; i++)
        same &= same_text(left->others[i].source, right->others[i].source);
    for (size_t i = 0; i < left->inbound_count; i++)
        same &= same_text(left->inbound[i].source, right->inbound[i].source);
    return same;
}

static void swap(char **left, char **right)
{
    char *kept = *left;

    *left = *right;
    *right = kept;
}

/* What people said is with the target already. */
static void keep_words(struct target_spec *fresh, struct target_spec *former)
{
    swap(&fresh->owner, &former->owner);
    swap(&fresh->note, &former->note);
    swap(&fresh->contact, &former->contact);
    fresh->contact_state = former->contact_state;
    fresh->due = former->due;
    fresh->by_hand = former->by_hand;
}

/* Until the engine knows the new one. */
static void forget_route(struct model *model, struct target *target)
{
    static const enum event_type types[] = {EVENT_ROUTE, EVENT_BESIDE};

    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        struct event event = {.type = types[i], .target = target->id, .route = ROUTE_UNRESOLVED};

        event.dns.status = DNS_NOT_QUERIED;
        model_apply(model, &event);
        event_release(&event);
    }
}

static const char *either(const struct target_spec *own, enum hand what, const char *mine, const char *theirs)
{
    bool set = (mine && *mine) || own->by_hand & BY_HAND(what);

    return set || !theirs || !*theirs ? mine : theirs;
}

/* With what `spec` says where they said nothing; borrowed from both. */
static struct target_notes filled(const struct target_spec *own, const struct target_spec *spec)
{
    struct target_notes notes = {
        .note = either(own, HAND_NOTE, own->note, spec->note),
        .owner = either(own, HAND_OWNER, own->owner, spec->owner),
        .contact = either(own, HAND_CONTACT, own->contact, spec->contact),
        .state = own->contact_state,
        .due = own->due,
    };

    if (!notes.state && !(own->by_hand & BY_HAND(HAND_STATE)))
        notes.state = spec->contact_state;
    if (!notes.due && !(own->by_hand & BY_HAND(HAND_DUE)))
        notes.due = spec->due;
    return notes;
}

static bool same_words(const struct target_spec *own, const struct target_notes *notes)
{
    return own->note == notes->note && own->owner == notes->owner && own->contact == notes->contact &&
           own->contact_state == notes->state && own->due == notes->due;
}

/* A connector carries it from now on. */
static bool is_carried(const struct target *target, const struct target_spec *spec)
{
    return !target->spec.connector && spec->connector;
}

/* The demand of `spec`, with the class that the target has unless its connector says that; borrowed from it.
 */
static struct target_spec demand_of(const struct target *target, const struct target_spec *spec)
{
    struct target_spec wanted = *spec;

    if (is_carried(target, spec) && !(target->spec.by_hand & BY_HAND(HAND_CLASS)))
        return wanted;
    if (wanted.class != target->spec.class)
        wanted.requirement = target->spec.requirement;
    wanted.class = target->spec.class;
    return wanted;
}

/* How a connector's target is demanded its connector says. */
static bool says_words_only(const struct target *target, const struct target_spec *spec)
{
    return target->spec.connector && !spec->connector;
}

enum respecified model_would_respecify(const struct target *target, const struct target_spec *spec)
{
    struct target_spec wanted = demand_of(target, spec);
    struct target_notes notes = filled(&target->spec, spec);
    bool demands = !says_words_only(target, spec);

    if (demands && !same_hosts(&target->spec, spec))
        return RESPECIFIED_WAY;
    if (is_carried(target, spec) || (demands && !same_demand(&target->spec, &wanted)))
        return RESPECIFIED_DEMAND;
    return same_words(&target->spec, &notes) ? RESPECIFIED_NOT : RESPECIFIED_WORDS;
}

/* Also of a target that is demanded as before. */
static void fill_words(struct model *model, struct target *target, const struct target_spec *spec)
{
    struct target_notes notes = filled(&target->spec, spec);

    if (!same_words(&target->spec, &notes))
        model_set_notes(model, target, &notes);
}

/* Class and connector may be others. */
static void take_demand(struct model *model, struct target *target, const struct target_spec *wanted)
{
    struct target_spec fresh, said = *wanted;

    said.owner = said.note = said.contact = NULL;
    target_spec_copy(&fresh, &said);
    model_leave_key(model, target);
    swap(&fresh.domain, &target->spec.domain);
    swap(&fresh.unicode, &target->spec.unicode);
    keep_words(&fresh, &target->spec);
    model_tally_target(model, target, -1);
    target_spec_release(&target->spec);
    target->spec = fresh;
    model_take_key(model, target);
    model_tally_target(model, target, +1);
    model_mark(model, target);
}

enum respecified model_respecify(struct model *model, struct target *target, const struct target_spec *spec)
{
    enum respecified outcome = model_would_respecify(target, spec);
    struct target_spec wanted = demand_of(target, spec);

    fill_words(model, target, spec);
    if (says_words_only(target, spec))
        return outcome;
    if (outcome >= RESPECIFIED_DEMAND || !same_sources(&target->spec, spec))
        take_demand(model, target, &wanted);
    if (outcome == RESPECIFIED_WAY)
        forget_route(model, target);
    else if (outcome == RESPECIFIED_DEMAND)
        model_judge(model, target);
    return outcome;
}

enum respecified model_specify_back(struct model *model, struct target *target,
                                    const struct target_spec *former)
{
    bool other_way = !same_hosts(&target->spec, former);

    take_demand(model, target, former);
    if (other_way)
        forget_route(model, target);
    else
        model_judge(model, target);
    return other_way ? RESPECIFIED_WAY : RESPECIFIED_DEMAND;
}
