#include "tui/filter_private.h"

#include "engine/base/day.h"
#include "engine/net/operator.h"
#include "engine/report/campaign.h"
#include "tui/finder.h"
#include "tui/summary.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static bool begins(const char *word, const char *value)
{
    return word && strncasecmp(word, value, strlen(value)) == 0;
}

static bool caseless(const char *text, const char *value)
{
    return strcasestr(text, value);
}

enum { IN_NAMES = 1, IN_ADDRESSES = 2 };

static bool in_any_host(const struct target *target, unsigned where, const char *value,
                        bool (*in)(const char *text, const char *value))
{
    size_t i, j;

    for (i = 0; i < model_all_hosts(target); i++) {
        const struct host *host = model_any_host(target, i)->host;

        if (where & IN_NAMES && in(host->key.name, value))
            return true;
        for (j = 0; where & IN_ADDRESSES && j < host->endpoint_count; j++)
            if (in(host->endpoints[j]->key.address, value))
                return true;
    }
    return false;
}

/* The operator's name is a part of the host's, which is the quicker one to look at. */
static bool operated_by(const struct target *target, const char *value)
{
    bool found = false;
    size_t i;

    for (i = 0; i < target->host_count && !found; i++) {
        const char *name = target->hosts[i].host->key.name;
        char *domain = strcasestr(name, value) ? operator_domain(name) : NULL;

        found = domain && strcasestr(domain, value);
        free(domain);
    }
    return found;
}

/* Whoever may be written to, but for the postmaster, whom every mail domain has. */
static bool contact_holds(const struct target *target, const char *value)
{
    const struct directory *directory = target->directory;
    size_t scheme = strlen("mailto:");

    if (finder_holds(target->spec.contact, value) || (directory && finder_holds(directory->mailbox, value)))
        return true;
    for (size_t i = 0; directory && i < directory->uris.count; i++)
        if (strncasecmp(directory->uris.items[i], "mailto:", scheme) == 0 &&
            finder_holds(directory->uris.items[i] + scheme, value))
            return true;
    return false;
}

static bool text_in(const struct target *target, const char *value)
{
    const struct target_spec *spec = &target->spec;

    return contact_holds(target, value) || finder_holds(spec->domain, value) ||
           finder_holds(spec->unicode, value) || finder_holds(spec->connector, value) ||
           finder_holds(spec->owner, value) || finder_holds(spec->note, value) ||
           in_any_host(target, IN_NAMES | IN_ADDRESSES, value, finder_holds);
}

static void take_certificate(const struct certificate *certificate, int64_t now, bool *seen, int *least)
{
    int days;

    if (!certificate)
        return;
    days = certificate_days_left(certificate, now);
    if (!*seen || days < *least)
        *least = days;
    *seen = true;
}

static bool certificate_within(const struct filter *filter, const struct term *term,
                               const struct target *target)
{
    int64_t now = filter->model ? model_time(filter->model) : (int64_t)time(NULL);
    bool seen = false;
    int least = 0;
    size_t i, j;

    for (i = 0; i < target->host_count; i++) {
        const struct host *host = target->hosts[i].host;

        for (j = 0; j < host->endpoint_count; j++) {
            const struct facts *facts = host->endpoints[j]->facts;

            take_certificate(facts ? facts->certificate : NULL, now, &seen, &least);
            take_certificate(facts ? facts->other_certificate : NULL, now, &seen, &least);
        }
    }
    return seen && filter_within(&term->bound, least);
}

static bool due_within(const struct filter *filter, const struct term *term, const struct target *target)
{
    int32_t today = day_of(filter->model ? model_time(filter->model) : (int64_t)time(NULL));

    return target->spec.due && filter_within(&term->bound, target->spec.due - today);
}

static bool version_within(const struct term *term, const struct target *target)
{
    int weakest = summary_of_target(target).weakest;

    return weakest >= 0 && filter_within(&term->bound, weakest);
}

static bool in_state(const struct filter *filter, enum filter_state state, const struct target *target)
{
    switch (state) {
    case IS_TAGGED:
        return filter->rows && rows_is_tagged(filter->rows, target->id);
    case IS_PROBLEM:
        return rows_is_problem(target->judgement.verdict);
    case IS_OPEN:
        return campaign_is_open(target);
    case IS_CONTRADICTED:
        return campaign_contradiction(target);
    case IS_CHANGED:
        return model_change(target) != CHANGE_NONE;
    case IS_BETTER:
        return model_change(target) == CHANGE_BETTER;
    case IS_WORSE:
        return model_change(target) == CHANGE_WORSE;
    case IS_NOTED:
        return target->spec.note && *target->spec.note;
    case filter_state_count:
        break;
    }
    return false;
}

static bool in_any_state(const struct filter *filter, const char *value, const struct target *target)
{
    unsigned i;

    for (i = 0; i < filter_state_count; i++)
        if (begins(filter_state_word(i), value) && in_state(filter, (enum filter_state)i, target))
            return true;
    return false;
}

/* What is there no more is not judged. */
static bool is_of_now(enum filter_kind kind)
{
    return kind == FILTER_VERDICT || kind == FILTER_CONSEQUENCE || kind == FILTER_REASON ||
           kind == FILTER_IS || kind == FILTER_TLS || kind == FILTER_CERT || kind == FILTER_DUE;
}

static bool stands_so(const struct filter *filter, const char *value, const struct target *target)
{
    enum since since = filter->rows ? rows_since(filter->rows, target->id) : SINCE_NOT_COMPARED;

    return since != SINCE_NOT_COMPARED && begins(since_name(since), value);
}

static bool holds(const struct filter *filter, const struct term *term, const struct target *target)
{
    if (rows_is_ghost(target->id) && is_of_now(term->kind))
        return false;
    switch (term->kind) {
    case FILTER_TEXT:
        return text_in(target, term->value);
    case FILTER_VERDICT:
        return begins(verdict_name(target->judgement.verdict), term->value);
    case FILTER_CLASS:
        return begins(target_class_name(target->spec.class), term->value);
    case FILTER_CONSEQUENCE:
        return begins(consequence_name(target->consequence), term->value);
    case FILTER_ROUTE:
        return begins(route_name(target->route), term->value);
    case FILTER_REASON:
        return begins(judgement_reason(&target->judgement), term->value);
    case FILTER_IS:
        return in_any_state(filter, term->value, target);
    case FILTER_CHANGE:
        return stands_so(filter, term->value, target);
    case FILTER_CONNECTOR:
        return finder_holds(target->spec.connector, term->value);
    case FILTER_OPERATOR:
        return operated_by(target, term->value);
    case FILTER_OWNER:
        return finder_holds(target->spec.owner, term->value);
    case FILTER_CONTACT:
        return contact_holds(target, term->value);
    case FILTER_STATE:
        return begins(contact_state_name(target->spec.contact_state), term->value);
    case FILTER_NOTE:
        return finder_holds(target->spec.note, term->value);
    case FILTER_HOST:
        return in_any_host(target, IN_NAMES, term->value, caseless);
    case FILTER_ADDRESS:
        return in_any_host(target, IN_ADDRESSES, term->value, caseless);
    case FILTER_TLS:
        return version_within(term, target);
    case FILTER_CERT:
        return certificate_within(filter, term, target);
    case FILTER_DUE:
        return due_within(filter, term, target);
    case filter_kind_count:
        break;
    }
    return false;
}

bool filter_keeps(const struct filter *filter, const struct target *target)
{
    size_t i;

    for (i = 0; i < filter->count; i++)
        if (holds(filter, &filter->terms[i], target) == filter->terms[i].inverse)
            return false;
    return true;
}

void filter_look_in(struct filter *filter, const struct model *model, const struct rows *rows)
{
    filter->model = model;
    filter->rows = rows;
}

bool filter_minds_tags(const struct filter *filter)
{
    size_t i;

    for (i = 0; i < filter->count; i++)
        if (filter->terms[i].kind == FILTER_IS &&
            begins(filter_state_word(IS_TAGGED), filter->terms[i].value))
            return true;
    return false;
}

static bool has_kind(const struct filter *filter, enum filter_kind kind)
{
    for (size_t i = 0; i < filter->count; i++)
        if (filter->terms[i].kind == kind)
            return true;
    return false;
}

bool filter_minds_due(const struct filter *filter)
{
    return has_kind(filter, FILTER_DUE);
}

bool filter_minds_changes(const struct filter *filter)
{
    return has_kind(filter, FILTER_CHANGE);
}
