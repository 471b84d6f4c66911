#include "engine/report/campaign.h"

#include "engine/base/buf.h"
#include "engine/base/day.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"

#include <stdlib.h>
#include <string.h>

#define DATE_LENGTH  10 /* of RFC 3339 */
#define HISTORY_MOST 6  /* verdicts that are told */

bool campaign_has(const struct target *target)
{
    const struct target_spec *spec = &target->spec;

    return !target->removed &&
           (spec->class == CLASS_PARTNER || spec->connector || spec->contact_state || spec->due);
}

bool campaign_is_open(const struct target *target)
{
    enum verdict verdict = target->judgement.verdict;

    return campaign_has(target) && target->spec.contact_state != CONTACT_WAIVED && verdict != VERDICT_READY &&
           verdict != VERDICT_NO_MAIL;
}

const char *campaign_contradiction(const struct target *target)
{
    enum contact_state state = target->spec.contact_state;

    if (!campaign_has(target))
        return NULL;
    if (state == CONTACT_FIXED && verdict_falls_short(target->judgement.verdict))
        return "noted as fixed, and still falls short";
    if ((state == CONTACT_TO_CONTACT || state == CONTACT_CONTACTED || state == CONTACT_PROMISED) &&
        target->judgement.verdict == VERDICT_READY)
        return "ready, and not noted as fixed";
    return NULL;
}

int campaign_days_left(const struct model *model, const struct target *target)
{
    return target->spec.due - day_of(model_time(model));
}

static bool is_overdue(const struct model *model, const struct target *target)
{
    return target->spec.due && campaign_days_left(model, target) < 0;
}

static bool is_soon(const struct model *model, const struct target *target)
{
    int left = campaign_days_left(model, target);

    return target->spec.due && left >= 0 && left <= CAMPAIGN_SOON_DAYS;
}

static void count(struct campaign_count *count, const struct model *model, const struct target *target)
{
    count->all++;
    if (!campaign_is_open(target))
        return;
    count->open++;
    count->stops += target->consequence == CONSEQUENCE_STOPS;
    count->overdue += is_overdue(model, target);
    count->soon += is_soon(model, target);
}

static void keep(const struct target ***list, size_t *length, const struct target *target)
{
    if ((*length & (*length - 1)) == 0)
        *list = mem_resize(*list, *length ? *length * 2 : 1, sizeof **list);
    (*list)[(*length)++] = target;
}

static int by_domain(const void *left, const void *right)
{
    const struct target *a = *(const struct target *const *)left, *b = *(const struct target *const *)right;
    int order = strcmp(a->spec.domain, b->spec.domain);

    return order ? order : (a->id > b->id) - (a->id < b->id);
}

static int by_due(const void *left, const void *right)
{
    const struct target *a = *(const struct target *const *)left, *b = *(const struct target *const *)right;

    return a->spec.due != b->spec.due ? (a->spec.due > b->spec.due) - (a->spec.due < b->spec.due)
                                      : by_domain(left, right);
}

/* Text that says nothing is no owner. */
static const char *owner_of(const struct target *target)
{
    const char *owner = target->spec.owner;

    return owner && owner[strspn(owner, " \t\r\n")] ? owner : NULL;
}

static int compare_names(const char *a, const char *b)
{
    if (!a || !b)
        return !a - !b;
    return strcmp(a, b);
}

static int by_owner(const void *left, const void *right)
{
    const struct target *a = *(const struct target *const *)left, *b = *(const struct target *const *)right;
    int order = compare_names(owner_of(a), owner_of(b));

    return order ? order : by_domain(left, right);
}

static int by_load(const void *left, const void *right)
{
    const struct campaign_owner *a = left, *b = right;

    if (!a->name || !b->name)
        return !a->name - !b->name;
    if (a->count.open != b->count.open)
        return a->count.open < b->count.open ? 1 : -1;
    return strcmp(a->name, b->name);
}

static void sort(const struct target **list, size_t length, int (*order)(const void *, const void *))
{
    if (length)
        qsort(list, length, sizeof *list, order);
}

/* `open` is put in order of owners. */
static void count_owners(struct campaign *campaign, const struct model *model, const struct target **open,
                         size_t length)
{
    sort(open, length, by_owner);
    campaign->owners = length ? mem_array(length, sizeof *campaign->owners) : NULL;
    for (size_t i = 0; i < length; i++) {
        const char *name = owner_of(open[i]);

        if (i == 0 || compare_names(owner_of(open[i - 1]), name) != 0)
            campaign->owners[campaign->owner_count++] = (struct campaign_owner){.name = name};
        count(&campaign->owners[campaign->owner_count - 1].count, model, open[i]);
    }
    if (campaign->owner_count)
        qsort(campaign->owners, campaign->owner_count, sizeof *campaign->owners, by_load);
}

void campaign_look(const struct model *model, struct campaign *campaign)
{
    const struct target **open = NULL;
    size_t open_count = 0;

    *campaign = (struct campaign){.owners = NULL};
    for (size_t i = 0; i < model_target_count(model); i++) {
        const struct target *target = model_target_at(model, i);

        if (!campaign_has(target))
            continue;
        count(&campaign->total, model, target);
        count(&campaign->states[target->spec.contact_state], model, target);
        if (campaign_contradiction(target))
            keep(&campaign->contradictions, &campaign->contradiction_count, target);
        if (!campaign_is_open(target))
            continue;
        keep(&open, &open_count, target);
        if (is_overdue(model, target) || is_soon(model, target))
            keep(&campaign->due, &campaign->due_count, target);
    }
    sort(campaign->due, campaign->due_count, by_due);
    sort(campaign->contradictions, campaign->contradiction_count, by_domain);
    count_owners(campaign, model, open, open_count);
    free(open);
}

void campaign_release(struct campaign *campaign)
{
    free(campaign->owners);
    free(campaign->due);
    free(campaign->contradictions);
    *campaign = (struct campaign){.owners = NULL};
}

char *campaign_words(const struct campaign *campaign)
{
    const struct campaign_count *total = &campaign->total;

    const char *noun = total->all == 1 ? "target" : "targets";

    if (!total->open)
        return mem_format("%u %s, none of them open", total->all, noun);
    return mem_format("%u %s, %u of them open: %u overdue, %u due within %d days", total->all, noun,
                      total->open, total->overdue, total->soon, CAMPAIGN_SOON_DAYS);
}

char *campaign_history(const struct target *target)
{
    size_t from = target->past_count > HISTORY_MOST ? target->past_count - HISTORY_MOST : 0;
    struct buf out;

    if (!target->past_count)
        return NULL;
    buf_init(&out, 0);
    if (from)
        buf_printf(&out, "%zu earlier, ", from);
    for (size_t i = from; i < target->past_count; i++) {
        char when[TEXT_TIME_SIZE];

        text_time(when, target->past[i].when);
        buf_printf(&out, "%s%.*s %s", i == from ? "" : ", ", DATE_LENGTH, when,
                   verdict_title(target->past[i].judgement.verdict));
    }
    return buf_take_string(&out);
}
