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

        if (a->match != b->match || !same_text(a->name, b->name) || !same_text(a->source, b->source) ||
            !same_text(a->pattern, b->pattern))
            return false;
    }
    return true;
}

static bool same_expectation(const struct expectation *a, const struct expectation *b)
{
    return a->enabled == b->enabled && a->require_tls == b->require_tls &&
           a->by_certificate == b->by_certificate && a->by_address == b->by_address &&
           a->mutual == b->mutual && same_text(a->connector, b->connector) &&
           same_text(a->source, b->source) && same_text(a->sender_domain, b->sender_domain) &&
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
           same_text(left->source, right->source) && same_hosts(left, right) && same_others(left, right) &&
           same_inbound(left, right) && same_remarks(&left->remarks, &right->remarks);
}

static void swap(char **left, char **right)
{
    char *kept = *left;

    *left = *right;
    *right = kept;
}

/* What people said stays with whom they said it of; where they said nothing, the input may. */
static void keep_words(struct target_spec *fresh, struct target_spec *former)
{
    if (former->owner)
        swap(&fresh->owner, &former->owner);
    if (former->note)
        swap(&fresh->note, &former->note);
    if (former->contact)
        swap(&fresh->contact, &former->contact);
    if (former->contact_state)
        fresh->contact_state = former->contact_state;
    if (former->due)
        fresh->due = former->due;
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

static const char *either(const char *mine, const char *theirs)
{
    return mine && *mine ? mine : theirs;
}

/* Also of a target that is demanded as before. */
static void fill_words(struct model *model, struct target *target, const struct target_spec *spec)
{
    const struct target_spec *own = &target->spec;
    char *note = mem_string(either(own->note, spec->note)),
         *owner = mem_string(either(own->owner, spec->owner)),
         *contact = mem_string(either(own->contact, spec->contact));
    struct target_notes notes = {.note = note,
                                 .owner = owner,
                                 .contact = contact,
                                 .state = own->contact_state ? own->contact_state : spec->contact_state,
                                 .due = own->due ? own->due : spec->due};

    if (!same_text(note, own->note) || !same_text(owner, own->owner) || !same_text(contact, own->contact) ||
        notes.state != own->contact_state || notes.due != own->due)
        model_set_notes(model, target, &notes);
    free(note);
    free(owner);
    free(contact);
}

bool model_respecify(struct model *model, struct target *target, const struct target_spec *spec)
{
    struct target_spec fresh;
    bool other_way = !same_hosts(&target->spec, spec);

    fill_words(model, target, spec);
    if (same_demand(&target->spec, spec))
        return false;
    target_spec_copy(&fresh, spec);
    swap(&fresh.domain, &target->spec.domain);
    swap(&fresh.unicode, &target->spec.unicode);
    swap(&fresh.connector, &target->spec.connector);
    keep_words(&fresh, &target->spec);
    model_tally_target(model, target, -1);
    target_spec_release(&target->spec);
    target->spec = fresh;
    model_tally_target(model, target, +1);
    model_mark(model, target);
    if (other_way)
        forget_route(model, target);
    else
        model_judge(model, target);
    return other_way;
}
