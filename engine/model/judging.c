#include "engine/model/model_private.h"

#include <stdlib.h>

static const struct demand no_demand = {.requirement = REQUIREMENT_ENCRYPTION};

struct demand model_demand(const struct target *target, const struct host *host)
{
    return (struct demand){
        .requirement = target->spec.requirement,
        .tls_domain = target->spec.tls_domain,
        .host = host->key.name,
        .domain = target->spec.is_endpoint ? NULL : target->spec.domain,
        .name_rule = target->spec.name_rule,
        .floor = target->spec.floor,
    };
}

bool model_lookup_lost(const struct model *model, enum dns_status status)
{
    if (status == DNS_NXDOMAIN || status == DNS_NO_DATA)
        return model->preflight.denies;
    return (status == DNS_SERVFAIL || status == DNS_TIMEOUT || status == DNS_REFUSED) &&
           model->preflight.checks[CHECK_RESOLVER].state == CHECK_TROUBLE;
}

bool model_names_lost(const struct model *model)
{
    size_t t, h;

    for (t = 0; t < model->target_count; t++) {
        const struct target *target = model->targets[t];

        if (target->removed)
            continue;
        if (model_lookup_lost(model, target->dns.status))
            return true;
        for (h = 0; h < target->host_count; h++)
            if (model_lookup_lost(model, target->hosts[h].host->dns.status))
                return true;
    }
    return false;
}

struct judgement model_judge_dns(const struct model *model, enum route route, enum dns_status status,
                                 bool any_address, bool all_resolved)
{
    struct judgement judgement = judge_dns(route, status, any_address, all_resolved);
    bool denied = judgement.reason == REASON_NXDOMAIN || judgement.reason == REASON_NO_ADDRESS ||
                  judgement.reason == REASON_MX_NO_ADDRESS;

    if (denied && model->preflight.denies)
        return (struct judgement){VERDICT_UNREACHABLE, REASON_DNS_UNTRUSTED, PROBE_OK};
    return judgement;
}

bool model_path_rewrites(const struct model *model, const struct endpoint *endpoint)
{
    return endpoint->key.protocol == PROTOCOL_SMTP &&
           model->preflight.checks[CHECK_STARTTLS_PATH].state == CHECK_TROUBLE;
}

/* That STARTTLS is missing says nothing of the server when the way there takes it out. */
static struct judgement judge(const struct model *model, const struct endpoint *endpoint,
                              const struct demand *demand)
{
    struct judgement judgement = judge_endpoint(endpoint->facts, demand, model->baseline, model_time(model));

    if (judgement.verdict == VERDICT_PLAINTEXT && model_path_rewrites(model, endpoint))
        return (struct judgement){VERDICT_UNKNOWN, REASON_TLS_INCONCLUSIVE, PROBE_OK};
    return judgement;
}

enum tls_version model_minimum(const struct model *model, const struct target *target)
{
    enum tls_version minimum = model->baseline->minimum;

    return target->spec.floor > minimum ? target->spec.floor : minimum;
}

/* True when the endpoint's own judgement is the target's too. */
static bool demands_no_more(const struct model *model, const struct target *target)
{
    return target->spec.requirement < REQUIREMENT_CHAIN && target->spec.floor <= model->baseline->minimum;
}

struct judgement model_judge_endpoint(const struct model *model, const struct target *target,
                                      const struct host *host, const struct endpoint *endpoint)
{
    struct demand demand;

    if (demands_no_more(model, target))
        return endpoint_entry(endpoint)->plain;
    demand = model_demand(target, host);
    return judge(model, endpoint, &demand);
}

static void add_host(const struct model *model, const struct target *target, const struct host *host,
                     struct judgement_group *group)
{
    size_t i;

    for (i = 0; i < host->endpoint_count; i++)
        group_add(group, model_judge_endpoint(model, target, host, host->endpoints[i]));
}

struct judgement model_judge_host(const struct model *model, const struct target *target,
                                  const struct host *host)
{
    enum route route = model_is_beside(target, host) ? target->beside.route : target->route;
    struct judgement_group group = {0};

    if (!host->endpoint_count)
        return model_judge_dns(model, route, host->dns.status, false, host->resolved);
    add_host(model, target, host, &group);
    return group_judgement(&group);
}

void model_group(const struct model *model, const struct target *target, struct judgement_group *group)
{
    size_t i;

    for (i = 0; i < target->host_count; i++) {
        const struct host *host = target->hosts[i].host;

        if (!host->endpoint_count && !host->resolved)
            group_add(group, (struct judgement){VERDICT_PENDING, REASON_PENDING, PROBE_OK});
        add_host(model, target, host, group);
    }
}

static int weight_of(enum dns_status status)
{
    return dns_failed(status) ? 2 : dns_left_out(status) ? 1 : 0;
}

/* The status that speaks for all hosts: a failure hides what the others would say, and a host whose addresses
 * are left out has some. */
static struct judgement judge_without_address(const struct model *model, const struct target *target)
{
    enum dns_status status = target->host_count ? target->hosts[0].host->dns.status
                             : dns_failed(target->dns.status) || target->dns.status == DNS_NXDOMAIN
                                 ? target->dns.status
                                 : DNS_NO_DATA;
    bool all_resolved = true;
    size_t i;

    for (i = 0; i < target->host_count; i++) {
        const struct host *host = target->hosts[i].host;

        all_resolved &= host->resolved;
        if (weight_of(host->dns.status) > weight_of(status))
            status = host->dns.status;
    }
    return model_judge_dns(model, target->route, status, false, all_resolved);
}

static bool has_address(const struct target *target)
{
    size_t i;

    for (i = 0; i < target->host_count; i++)
        if (target->hosts[i].host->endpoint_count)
            return true;
    return false;
}

static struct judgement judge_target(const struct model *model, const struct target *target)
{
    struct judgement_group group = {0};

    if (target->route == ROUTE_UNRESOLVED)
        return model_judge_dns(model, target->route, target->dns.status, false, true);
    if (!has_address(target))
        return judge_without_address(model, target);
    model_group(model, target, &group);
    return group_judgement(&group);
}

static bool tells_nothing(enum verdict verdict)
{
    return verdict == VERDICT_UNKNOWN || verdict == VERDICT_UNREACHABLE;
}

enum verdict_change model_change(const struct target *target)
{
    enum verdict now = target->judgement.verdict, before = target->former;

    if (now == VERDICT_PENDING || before == VERDICT_PENDING || now == before)
        return CHANGE_NONE;
    if (tells_nothing(now) || (tells_nothing(before) && now > before))
        return CHANGE_UNCLEAR;
    return now < before ? CHANGE_BETTER : CHANGE_WORSE;
}

void model_judge(struct model *model, struct target *target)
{
    model_mark_said(model, target);
    if (target->removed)
        return;
    model_tally_target(model, target, -1);
    target->judgement = judge_target(model, target);
    target->consequence = target->spec.never_tls
                              ? consequence_without_tls(target->judgement.verdict)
                              : consequence_of(target->spec.requirement, target->judgement.verdict);
    model_tally_target(model, target, +1);
    model_note_past(model, target);
}

/* The verdict stays; that nothing more is asked may settle it. */
static void look_again(struct model *model, struct target *target)
{
    model_mark_said(model, target);
    model_note_past(model, target);
}

static bool judge_plain(struct model *model, struct endpoint *endpoint)
{
    struct judgement *plain = &endpoint_entry(endpoint)->plain, before = *plain;

    *plain = judge(model, endpoint, &no_demand);
    return before.verdict != plain->verdict || before.reason != plain->reason || before.error != plain->error;
}

/* A target that looks at no certificate is judged again only when the endpoint's own judgement moved. */
void model_judge_facts(struct model *model, struct endpoint *endpoint)
{
    bool moved = judge_plain(model, endpoint);
    size_t h, t;

    for (h = 0; h < endpoint->host_count; h++) {
        const struct host *host = endpoint->hosts[h];

        for (t = 0; t < host->target_count; t++) {
            struct target *target = host->targets[t];

            if (moved || !demands_no_more(model, target))
                model_judge(model, target);
            else
                look_again(model, target);
        }
    }
}

void model_judge_all(struct model *model)
{
    size_t i;

    for (i = 0; i < model->endpoint_count; i++)
        judge_plain(model, model->endpoints[i]);
    for (i = 0; i < model->target_count; i++)
        model_judge(model, model->targets[i]);
}

struct baseline *model_exchange_baseline(struct model *model, struct baseline *baseline)
{
    struct baseline *before = model->baseline;
    size_t i;

    model->baseline = baseline;
    model_mark_unsaved(model, 0);
    for (i = 0; i < model->target_count; i++)
        model->targets[i]->former = VERDICT_PENDING;
    model_judge_all(model);
    return before;
}

void model_set_baseline(struct model *model, struct baseline *baseline)
{
    baseline_free(model_exchange_baseline(model, baseline));
}

void model_set_now(struct model *model, int64_t now)
{
    model->now = now;
    model_judge_all(model);
}

static bool unresolved(const struct target *target)
{
    return target->route == ROUTE_UNRESOLVED && target->dns.status == DNS_NOT_QUERIED;
}

void model_tally_target(struct model *model, const struct target *target, int sign)
{
    unsigned one = (unsigned)sign;

    if (target->removed)
        return;
    model->counts.targets += one;
    model->counts.verdicts[target->spec.class][target->judgement.verdict] += one;
    if (unresolved(target))
        model->counts.unresolved += one;
}

void model_tally_endpoint(struct model *model, const struct endpoint *endpoint, int sign)
{
    struct model_counts *counts = &model->counts;
    unsigned one = (unsigned)sign;

    if (!endpoint->shared_by)
        return;
    counts->endpoints += one;
    if (endpoint->activity == STAGE_QUEUED)
        counts->endpoints_queued += one;
    else if (endpoint->activity == STAGE_DONE)
        counts->endpoints_done += one;
    else
        counts->endpoints_running += one;
}

void model_share(struct model *model, struct host *host, int sign)
{
    size_t i;

    for (i = 0; i < host->endpoint_count; i++) {
        struct endpoint *endpoint = host->endpoints[i];

        model_tally_endpoint(model, endpoint, -1);
        endpoint->shared_by += (unsigned)sign;
        model_tally_endpoint(model, endpoint, +1);
    }
}

void model_counts(const struct model *model, struct model_counts *counts)
{
    *counts = model->counts;
}
