#include "engine/report/summary.h"

#include "engine/base/day.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool report_is_problem(const struct target *target)
{
    return target->judgement.verdict >= VERDICT_UNKNOWN;
}

bool report_is_partner(const struct target *target)
{
    return target->spec.class == CLASS_PARTNER || target->spec.connector;
}

static void count_versions(struct report_summary *summary, const struct target *target)
{
    struct summary_versions versions = summary_of_target(target);

    if (versions.clear)
        summary->clear++;
    else if (versions.weakest >= 0)
        summary->versions[versions.weakest]++;
    else
        summary->silent++;
}

static void count_target(struct report_summary *summary, const struct target *target)
{
    bool problem = report_is_problem(target);

    summary->verdicts[target->judgement.verdict]++;
    summary->consequences[target->consequence]++;
    summary->partners += report_is_partner(target);
    summary->problems += problem;
    summary->to_write += verdict_falls_short(target->judgement.verdict);
    summary->contacts[target->spec.contact_state] += problem;
    count_versions(summary, target);
}

void report_summarise(const struct model *model, struct report_summary *summary)
{
    *summary = (struct report_summary){.clear = 0};
    model_counts(model, &summary->counts);
    for (size_t i = 0; i < model_target_count(model); i++)
        if (!model_target_at(model, i)->removed)
            count_target(summary, model_target_at(model, i));
}

unsigned report_class_total(const struct report_summary *summary, enum target_class class)
{
    unsigned total = 0;

    for (unsigned v = 0; v < verdict_count; v++)
        total += summary->counts.verdicts[class][v];
    return total;
}

static int by_domain(const struct target *a, const struct target *b)
{
    int order = strcmp(a->spec.domain, b->spec.domain);

    return order ? order : (a->id > b->id) - (a->id < b->id);
}

static int by_consequence(const void *left, const void *right)
{
    const struct target *a = *(const struct target *const *)left, *b = *(const struct target *const *)right;

    if (a->consequence != b->consequence)
        return a->consequence < b->consequence ? 1 : -1;
    if (a->judgement.verdict != b->judgement.verdict)
        return a->judgement.verdict < b->judgement.verdict ? 1 : -1;
    return by_domain(a, b);
}

static int by_connector(const void *left, const void *right)
{
    const struct target *a = *(const struct target *const *)left, *b = *(const struct target *const *)right;
    int order;

    if (a->spec.class != b->spec.class)
        return a->spec.class < b->spec.class ? -1 : 1;
    if (!a->spec.connector != !b->spec.connector)
        return a->spec.connector ? -1 : 1;
    order = a->spec.connector ? strcmp(a->spec.connector, b->spec.connector) : 0;
    return order ? order : by_domain(a, b);
}

bool report_same_connector(const struct target *a, const struct target *b)
{
    const char *left = a->spec.connector, *right = b->spec.connector;

    return a->spec.class == b->spec.class && (left && right ? strcmp(left, right) == 0 : left == right);
}

static const struct target **gather(const struct model *model, bool (*wanted)(const struct target *),
                                    int (*order)(const void *, const void *), size_t *count)
{
    const struct target **list = NULL;

    *count = 0;
    for (size_t i = 0; i < model_target_count(model); i++) {
        const struct target *target = model_target_at(model, i);

        if (target->removed || !wanted(target))
            continue;
        if ((*count & (*count - 1)) == 0)
            list = mem_resize(list, *count ? *count * 2 : 1, sizeof(const struct target *));
        list[(*count)++] = target;
    }
    if (*count)
        qsort(list, *count, sizeof(const struct target *), order);
    return list;
}

const struct target **report_by_consequence(const struct model *model, bool (*wanted)(const struct target *),
                                            size_t *count)
{
    return gather(model, wanted, by_consequence, count);
}

const struct target **report_by_connector(const struct model *model, bool (*wanted)(const struct target *),
                                          size_t *count)
{
    return gather(model, wanted, by_connector, count);
}

static void take_end(int64_t *first, const struct certificate *certificate)
{
    if (certificate && certificate->not_after && (!*first || certificate->not_after < *first))
        *first = certificate->not_after;
}

int64_t report_first_expiry(const struct target *target)
{
    int64_t first = 0;

    for (size_t h = 0; h < target->host_count; h++) {
        const struct host *host = target->hosts[h].host;

        for (size_t e = 0; e < host->endpoint_count; e++) {
            const struct facts *facts = host->endpoints[e]->facts;

            take_end(&first, facts ? facts->certificate : NULL);
            take_end(&first, facts ? facts->other_certificate : NULL);
        }
    }
    return first;
}

const char *report_weakest(const struct summary_versions *versions)
{
    if (versions->clear)
        return "none";
    return versions->weakest >= 0 ? tls_version_name((enum tls_version)versions->weakest) : NULL;
}

const char *report_strongest(const struct summary_versions *versions)
{
    if (versions->strongest >= 0)
        return tls_version_name((enum tls_version)versions->strongest);
    return versions->clear ? "none" : NULL;
}

void report_span(const struct summary_versions *versions, char out[REPORT_SPAN_SIZE])
{
    int low = versions->weakest, high = versions->strongest;
    const char *title = high < 0 ? "" : tls_version_title((enum tls_version)high);

    if (versions->clear)
        snprintf(out, REPORT_SPAN_SIZE, "none%s%s", high < 0 ? "" : "–", title);
    else if (low < high)
        snprintf(out, REPORT_SPAN_SIZE, "%s–%s", tls_version_title((enum tls_version)low), title + 4);
    else
        snprintf(out, REPORT_SPAN_SIZE, "%s", title);
}

char *report_size(const struct report_summary *summary)
{
    unsigned targets = summary->counts.targets, addresses = summary->counts.endpoints;

    return mem_format("%u %s, %u %s", targets, targets == 1 ? "target" : "targets", addresses,
                      addresses == 1 ? "address" : "addresses");
}

char *report_partner_count(const struct report_summary *summary)
{
    if (summary->partners == 1)
        return mem_string("1 target is a partner or has a connector.");
    return mem_format("%u targets are partners or have a connector.", summary->partners);
}

void report_date(char out[REPORT_DATE_SIZE], int64_t when)
{
    *out = 0;
    if (when)
        text_time(out, when);
    out[10] = 0;
}

void report_due(char out[REPORT_DATE_SIZE], const struct target *target)
{
    *out = 0;
    if (target->spec.due)
        day_text(out, target->spec.due);
}
