#include "engine/model/explain.h"

#include "engine/model/model_private.h"

#include <string.h>

/* Who demands TLS, by class; a connector says so itself. */
static const char *const demanders[target_class_count] = {
    [CLASS_PARTNER] = "mail to this partner requires",
    [CLASS_OPPORTUNISTIC] = "mail to this domain requires",
    [CLASS_RELAY] = "what is sent through it requires",
    [CLASS_SERVICE] = "its clients require",
};

/* What happens, by what flows (mail, mail through a relay, a service's clients), by whether TLS is required,
 * and by verdict. {needs}: "this connector requires TLS 1.2". */
enum flow { FLOW_MAIL, FLOW_RELAY, FLOW_SERVICE, flow_count };

static const char *const outcomes[flow_count][2][verdict_count] = {
    [FLOW_MAIL] =
        {
            {
                [VERDICT_READY] = "mail goes encrypted",
                [VERDICT_AT_RISK] = "TLS is not required here, so mail may at times go in clear",
                [VERDICT_NOT_READY] = "TLS is not required here, so mail may go in clear",
                [VERDICT_PLAINTEXT] = "TLS is not required here, so mail goes in clear",
            },
            {
                [VERDICT_READY] = "{needs}, so mail flows, encrypted",
                [VERDICT_AT_RISK] = "{needs}, so mail is delayed or stops at times",
                [VERDICT_NOT_READY] = "{needs}, so mail stops: it queues and then returns to the sender",
                [VERDICT_PLAINTEXT] = "{needs}, so mail stops: it queues and then returns to the sender",
            },
        },
    [FLOW_RELAY] =
        {
            {
                [VERDICT_READY] = "mail through it goes encrypted",
                [VERDICT_AT_RISK] = "TLS is not required here, so mail through it may at times go in clear",
                [VERDICT_NOT_READY] = "TLS is not required here, so mail through it may go in clear",
                [VERDICT_PLAINTEXT] = "TLS is not required here, so mail through it goes in clear",
            },
            {
                [VERDICT_READY] = "{needs}, so mail through it flows, encrypted",
                [VERDICT_AT_RISK] = "{needs}, so mail through it is delayed or stops at times",
                [VERDICT_NOT_READY] = "{needs}, so mail through it stops: it stays with the applications",
                [VERDICT_PLAINTEXT] = "{needs}, so mail through it stops: it stays with the applications",
            },
        },
    [FLOW_SERVICE] =
        {
            {
                [VERDICT_READY] = "connections are encrypted",
                [VERDICT_AT_RISK] = "TLS is not required here, so connections may at times be in clear",
                [VERDICT_NOT_READY] = "TLS is not required here, so connections may be in clear",
                [VERDICT_PLAINTEXT] = "TLS is not required here, so connections are in clear",
            },
            {
                [VERDICT_READY] = "{needs}, so connections work, encrypted",
                [VERDICT_AT_RISK] = "{needs}, so connections fail at times",
                [VERDICT_NOT_READY] = "{needs}, so connections fail",
                [VERDICT_PLAINTEXT] = "{needs}, so connections fail",
            },
        },
};

/* Where the requirement makes no difference. */
static const char *const plain_outcomes[flow_count][verdict_count] = {
    [FLOW_MAIL] =
        {
            [VERDICT_PENDING] = "what happens to mail is not known yet",
            [VERDICT_NO_MAIL] = "no mail flows",
            [VERDICT_UNKNOWN] = "what happens to mail is not known",
            [VERDICT_UNREACHABLE] = "what happens to mail is not known",
        },
    [FLOW_RELAY] =
        {
            [VERDICT_PENDING] = "what happens to mail through it is not known yet",
            [VERDICT_NO_MAIL] = "no mail flows through it",
            [VERDICT_UNKNOWN] = "what happens to mail through it is not known",
            [VERDICT_UNREACHABLE] = "what happens to mail through it is not known",
        },
    [FLOW_SERVICE] =
        {
            [VERDICT_PENDING] = "what happens to connections is not known yet",
            [VERDICT_NO_MAIL] = "no connection can be made",
            [VERDICT_UNKNOWN] = "what happens to connections is not known",
            [VERDICT_UNREACHABLE] = "what happens to connections is not known",
        },
};

static enum flow flow_of(enum target_class class)
{
    if (class == CLASS_SERVICE)
        return FLOW_SERVICE;
    return class == CLASS_RELAY ? FLOW_RELAY : FLOW_MAIL;
}

static void say_needs(const struct model *model, const struct target *target, struct buf *out)
{
    const struct target_spec *spec = &target->spec;

    buf_printf(out, "%s %s", spec->connector ? "this connector requires" : demanders[spec->class],
               tls_version_title(model_minimum(model, target)));
    if (spec->requirement >= REQUIREMENT_CHAIN)
        buf_add_string(out, " with a trusted certificate");
    if (spec->requirement == REQUIREMENT_NAME && spec->tls_domain)
        buf_printf(out, " for %s", spec->tls_domain);
    else if (spec->requirement == REQUIREMENT_NAME)
        buf_add_string(out, " for its name");
}

void explain_outcome(const struct model *model, const struct target *target, enum verdict verdict,
                     struct buf *out)
{
    static const char needs[] = "{needs}";
    bool required = target->spec.requirement != REQUIREMENT_NONE;
    const char *text = outcomes[flow_of(target->spec.class)][required][verdict];

    if (!text)
        text = plain_outcomes[flow_of(target->spec.class)][verdict];
    buf_add_string(out, "; ");
    if (target->spec.never_tls && consequence_without_tls(verdict) == CONSEQUENCE_PLAINTEXT)
        text = "the sender uses no TLS here, so mail goes in clear whatever is offered";
    if (strncmp(text, needs, sizeof needs - 1) == 0) {
        say_needs(model, target, out);
        text += sizeof needs - 1;
    }
    buf_printf(out, "%s.", text);
}

/* The member that shows best what the verdict says. */
struct witness {
    const struct host *host;
    const struct endpoint *endpoint;
    struct judgement judgement;
};

static bool testifies(const struct judgement *verdict, const struct judgement *member)
{
    if (verdict->reason == REASON_SOME_ENDPOINTS_BELOW_FLOOR)
        return member->verdict == VERDICT_NOT_READY || member->verdict == VERDICT_PLAINTEXT ||
               member->verdict == VERDICT_AT_RISK;
    return member->reason == verdict->reason && member->error == verdict->error;
}

static bool find_witness(const struct model *model, const struct target *target, struct witness *found)
{
    size_t h, e;

    for (h = 0; h < target->host_count; h++) {
        found->host = target->hosts[h].host;
        for (e = 0; e < found->host->endpoint_count; e++) {
            found->endpoint = found->host->endpoints[e];
            found->judgement = model_judge_endpoint(model, target, found->host, found->endpoint);
            if (testifies(&target->judgement, &found->judgement))
                return true;
        }
    }
    return false;
}

static void say_share(const struct target *target, const struct judgement_group *group, struct buf *out)
{
    unsigned all = group_judged(group), ready = group->count[VERDICT_READY];
    const char *domain = target->spec.unicode;

    if (!all)
        buf_printf(out, "None of the %u servers of %s could be judged, for example: ", group->members,
                   domain);
    else if (ready)
        buf_printf(out, "%u of %u servers of %s %s not ready: ", all - ready, all, domain,
                   all - ready == 1 ? "is" : "are");
    else
        buf_printf(out, "None of the %u servers of %s is ready, for example: ", all, domain);
}

static void say_all_ready(const struct model *model, const struct target *target,
                          const struct judgement_group *group, struct buf *out)
{
    enum tls_version minimum = model_minimum(model, target);
    unsigned all = group_judged(group);

    if (all == 2)
        buf_add_string(out, "Both");
    else
        buf_printf(out, "All %u", all);
    buf_printf(out, " servers of %s%s accept %s%s", target->spec.unicode,
               all < group->members ? " that could be judged" : "", tls_version_title(minimum),
               minimum < TLS_VERSIONS - 1 ? " or newer" : "");
}

/* The host whose lookup says what the verdict says; NULL when it was the domain's own. */
static const struct host *find_unresolved(const struct model *model, const struct target *target)
{
    size_t h;

    for (h = 0; h < target->host_count; h++) {
        const struct host *host = target->hosts[h].host;
        struct judgement said =
            model_judge_dns(model, target->route, host->dns.status, false, host->resolved);

        if (!host->endpoint_count && said.verdict != VERDICT_PENDING &&
            said.reason == target->judgement.reason && said.error == target->judgement.error)
            return host;
    }
    return NULL;
}

static void say_why(const struct model *model, const struct target *target, struct buf *out)
{
    struct judgement_group group = {0};
    struct witness witness;
    unsigned speakers;

    model_group(model, target, &group);
    if (target->judgement.verdict == VERDICT_PENDING || !find_witness(model, target, &witness)) {
        if (target->judgement.reason == REASON_MX_NO_ADDRESS)
            buf_printf(out, "No MX exchange of %s has an address in DNS", target->spec.unicode);
        else
            explain_clause(model, target, find_unresolved(model, target), NULL, &target->judgement, out);
        return;
    }
    speakers = group_judged(&group) ? group_judged(&group) : group.members;
    if (speakers > 1 && target->judgement.verdict == VERDICT_READY) {
        say_all_ready(model, target, &group, out);
        return;
    }
    if (speakers > 1)
        say_share(target, &group, out);
    explain_clause(model, target, witness.host, witness.endpoint, &witness.judgement, out);
}

char *model_explain(const struct model *model, const struct target *target)
{
    struct buf out;

    buf_init(&out, 0);
    say_why(model, target, &out);
    explain_outcome(model, target, target->judgement.verdict, &out);
    return buf_take_string(&out);
}

char *model_explain_endpoint(const struct model *model, const struct target *target, const struct host *host,
                             const struct endpoint *endpoint)
{
    struct judgement judgement = model_judge_endpoint(model, target, host, endpoint);
    struct buf out;

    buf_init(&out, 0);
    explain_clause(model, target, host, endpoint, &judgement, &out);
    if (model_is_beside(target, host))
        buf_printf(&out, "; mail to %s does not go there.", target->spec.unicode);
    else
        explain_outcome(model, target, judgement.verdict, &out);
    return buf_take_string(&out);
}
