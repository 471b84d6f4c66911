#include "engine/model/verdict.h"

#include "engine/model/name_match.h"
#include "engine/tls/suite.h"

#include <string.h>

static struct judgement judged(enum verdict verdict, enum reason reason)
{
    return (struct judgement){verdict, reason, PROBE_OK};
}

/* What the versions at or above the floor say together. */
struct floor {
    bool accepted; /* one is accepted */
    bool refused;  /* all are refused */
    bool open;     /* one was not tested yet */
};

enum tls_version demand_minimum(const struct demand *demand, const struct baseline *baseline)
{
    return demand->floor > baseline->minimum ? demand->floor : baseline->minimum;
}

static struct floor look_at_floor(const struct facts *facts, enum tls_version minimum)
{
    struct floor floor = {.refused = true};
    enum tls_version v;

    floor.accepted = facts->tls && facts->tls_version >= minimum;
    for (v = minimum; v < TLS_VERSIONS; v++) {
        enum version_state state = facts->versions[v].state;

        floor.accepted |= state == VERSION_ACCEPTED;
        floor.refused &= state == VERSION_REFUSED;
        floor.open |= state == VERSION_NOT_TESTED;
    }
    floor.refused &= !floor.accepted;
    return floor;
}

static bool tls_answered(const struct facts *facts)
{
    int v;

    for (v = 0; v < TLS_VERSIONS; v++)
        if (facts->versions[v].state == VERSION_ACCEPTED || facts->versions[v].state == VERSION_REFUSED)
            return true;
    return facts->tls;
}

static bool is_tls_error(enum probe_error error)
{
    return error == PROBE_NOT_TLS || error == PROBE_TLS_ALERT || error == PROBE_TLS_CLOSED;
}

static bool reached_tls(const struct facts *facts)
{
    return tls_answered(facts) || facts->stage == STAGE_HELLO || facts->stage == STAGE_CERTIFICATE ||
           is_tls_error(facts->error) || facts->starttls == STARTTLS_MASKED;
}

static struct judgement judge_no_conclusion(const struct facts *facts, const struct floor *floor)
{
    enum probe_error error = facts->error;
    bool over;

    if (error == PROBE_OK && facts->starttls == STARTTLS_REJECTED)
        error = PROBE_STARTTLS_REJECTED;
    over = error != PROBE_OK || facts->stage == STAGE_DONE || facts->starttls == STARTTLS_MASKED;
    if (!over && floor->open)
        return judged(VERDICT_PENDING, REASON_PENDING);
    if (reached_tls(facts) || error == PROBE_OK)
        return judged(VERDICT_UNKNOWN, REASON_TLS_INCONCLUSIVE);
    return (struct judgement){VERDICT_UNREACHABLE, REASON_PROBE_ERROR, error};
}

/* REASON_NONE when the rule holds or the requirement has none. */
static enum reason certificate_fault(const struct certificate *certificate, const struct demand *demand,
                                     int64_t now)
{
    if (demand->requirement < REQUIREMENT_CHAIN || !certificate)
        return REASON_NONE;
    if (certificate->expired || now < certificate->not_before || now > certificate->not_after)
        return REASON_CERTIFICATE_EXPIRED;
    if (!certificate->trusted)
        return REASON_CERTIFICATE_UNTRUSTED;
    if (demand->requirement == REQUIREMENT_NAME && !demand_name_matches(demand, certificate))
        return REASON_CERTIFICATE_NAME_MISMATCH;
    return REASON_NONE;
}

/* A suite of the list was chosen at or above the floor: it is shared, whatever any hello said. */
static bool shares_suite(const struct facts *facts, const struct baseline *baseline)
{
    enum tls_version v;

    if (facts->tls && facts->tls_version >= baseline->minimum && baseline_offers(baseline, facts->tls_suite))
        return true;
    for (v = baseline->minimum; v < TLS_VERSIONS; v++) {
        const struct version_facts *version = &facts->versions[v];

        if (version->state == VERSION_ACCEPTED && version->suite && baseline_offers(baseline, version->suite))
            return true;
    }
    return false;
}

enum version_state judge_suite(const struct facts *facts, const struct baseline *baseline)
{
    bool offered = facts->offer_baseline && strcmp(facts->offer_baseline, baseline->name) == 0;

    if (!baseline->suites || shares_suite(facts, baseline))
        return VERSION_ACCEPTED;
    return offered && facts->offer != VERSION_NOT_TESTED ? facts->offer : VERSION_UNKNOWN;
}

static bool handshake_failed(const struct facts *facts, const struct baseline *baseline)
{
    const struct tls_suite *suite = facts->tls ? tls_suite_find(facts->tls_suite) : NULL;

    return suite && suite->boringssl && !facts->handshake_completed &&
           facts->handshake_cause != PROBE_IO_TIMEOUT && facts->tls_version >= baseline->minimum;
}

/* It chose, and then fell silent: whether a handshake would come to its end is not known. */
static bool handshake_open(const struct facts *facts)
{
    return facts->tls && !facts->handshake_completed && facts->handshake_cause == PROBE_IO_TIMEOUT;
}

static struct judgement judge_above_floor(const struct facts *facts, const struct demand *demand,
                                          const struct baseline *baseline, int64_t now)
{
    enum reason fault = certificate_fault(facts->certificate, demand, now);

    if (fault != REASON_NONE)
        return judged(VERDICT_NOT_READY, fault);
    if (facts_starttls_mixed(facts) || facts_versions_mixed(facts, demand_minimum(demand, baseline)))
        return judged(VERDICT_AT_RISK, REASON_MIXED);
    if (judge_suite(facts, baseline) == VERSION_REFUSED)
        return judged(VERDICT_AT_RISK, REASON_NO_SHARED_SUITE);
    if (handshake_failed(facts, baseline))
        return judged(VERDICT_AT_RISK, REASON_HANDSHAKE_FAILED);
    if (handshake_open(facts))
        return judged(VERDICT_UNKNOWN, REASON_TLS_INCONCLUSIVE);
    if (demand->requirement >= REQUIREMENT_CHAIN && !facts->certificate)
        return judged(VERDICT_UNKNOWN, REASON_TLS_INCONCLUSIVE);
    return judged(VERDICT_READY, REASON_ALL_READY);
}

/* A no above the baseline's floor, which was met: the prober asks for no second look at it. */
static bool seen_once(const struct facts *facts, const struct demand *demand, const struct baseline *baseline)
{
    return demand->floor > baseline->minimum && look_at_floor(facts, baseline->minimum).accepted &&
           facts_full_offers(facts) < 2;
}

struct judgement judge_endpoint(const struct facts *facts, const struct demand *demand,
                                const struct baseline *baseline, int64_t now)
{
    struct floor floor;

    if (!facts)
        return judged(VERDICT_PENDING, REASON_PENDING);
    if (facts->unconfirmed)
        return facts->stage == STAGE_DONE ? judged(VERDICT_UNKNOWN, REASON_UNCONFIRMED)
                                          : judged(VERDICT_PENDING, REASON_PENDING);
    if (facts->starttls == STARTTLS_NOT_OFFERED)
        return judged(VERDICT_PLAINTEXT, REASON_NO_STARTTLS);
    floor = look_at_floor(facts, demand_minimum(demand, baseline));
    if (floor.accepted)
        return judge_above_floor(facts, demand, baseline, now);
    if (floor.refused && seen_once(facts, demand, baseline))
        return facts->stage == STAGE_DONE ? judged(VERDICT_UNKNOWN, REASON_UNCONFIRMED)
                                          : judged(VERDICT_PENDING, REASON_PENDING);
    if (floor.refused)
        return judged(VERDICT_NOT_READY, REASON_VERSION_BELOW_FLOOR);
    return judge_no_conclusion(facts, &floor);
}

/* What stops all goes before what stops some; and what another place would see too says more of a group than
 * this machine's own trouble. */
static bool speaks_better(const struct judgement *member, const struct judgement *first)
{
    if (member->error == PROBE_PORT_BLOCKED || first->error == PROBE_PORT_BLOCKED)
        return member->error == PROBE_PORT_BLOCKED;
    return probe_error_is_local(first->error) && !probe_error_is_local(member->error);
}

void group_add(struct judgement_group *group, struct judgement member)
{
    bool first = !group->count[member.verdict]++;

    if (first || speaks_better(&member, &group->first[member.verdict]))
        group->first[member.verdict] = member;
    group->members++;
}

unsigned group_judged(const struct judgement_group *group)
{
    return group->count[VERDICT_READY] + group->count[VERDICT_AT_RISK] + group->count[VERDICT_PLAINTEXT] +
           group->count[VERDICT_NOT_READY];
}

static struct judgement judge_unjudged(const struct judgement_group *group)
{
    if (group->count[VERDICT_PENDING] || !group->members)
        return judged(VERDICT_PENDING, REASON_PENDING);
    if (group->count[VERDICT_UNKNOWN])
        return group->first[VERDICT_UNKNOWN];
    if (group->count[VERDICT_UNREACHABLE])
        return group->first[VERDICT_UNREACHABLE];
    return group->first[VERDICT_NO_MAIL];
}

struct judgement group_judgement(const struct judgement_group *group)
{
    unsigned all = group_judged(group);

    if (!all)
        return judge_unjudged(group);
    if (group->count[VERDICT_READY] == all)
        return judged(VERDICT_READY, REASON_ALL_READY);
    if (group->count[VERDICT_READY])
        return judged(VERDICT_AT_RISK, REASON_SOME_ENDPOINTS_BELOW_FLOOR);
    if (group->count[VERDICT_PLAINTEXT] == all)
        return group->first[VERDICT_PLAINTEXT];
    if (group->count[VERDICT_AT_RISK] == all)
        return group->first[VERDICT_AT_RISK];
    if (group->count[VERDICT_NOT_READY])
        return group->first[VERDICT_NOT_READY];
    return judged(VERDICT_NOT_READY, group->first[VERDICT_PLAINTEXT].reason);
}

struct judgement judge_group(const struct judgement *members, size_t count)
{
    struct judgement_group group = {0};
    size_t i;

    for (i = 0; i < count; i++)
        group_add(&group, members[i]);
    return group_judgement(&group);
}

static const enum reason dns_failures[dns_status_count] = {
    [DNS_SERVFAIL] = REASON_DNS_SERVFAIL,
    [DNS_TIMEOUT] = REASON_DNS_TIMEOUT,
    [DNS_REFUSED] = REASON_DNS_REFUSED,
    [DNS_MALFORMED] = REASON_DNS_MALFORMED,
};

bool dns_failed(enum dns_status status)
{
    return dns_failures[status] != REASON_NONE;
}

bool dns_left_out(enum dns_status status)
{
    return status == DNS_OK || status == DNS_NOT_QUERIED;
}

struct judgement judge_dns(enum route route, enum dns_status status, bool any_address, bool all_resolved)
{
    bool routed = route != ROUTE_NONE && route != ROUTE_UNRESOLVED;
    enum reason reason = status == DNS_NXDOMAIN ? REASON_NXDOMAIN : REASON_NO_ADDRESS;

    if (route == ROUTE_NULL_MX)
        return judged(VERDICT_NO_MAIL, REASON_NULL_MX);
    if (any_address || (routed && !all_resolved))
        return judged(VERDICT_PENDING, REASON_PENDING);
    if (dns_failed(status))
        return judged(VERDICT_UNREACHABLE, dns_failures[status]);
    if (route == ROUTE_UNRESOLVED && (status == DNS_NOT_QUERIED || status == DNS_OK))
        return judged(VERDICT_PENDING, REASON_PENDING);
    if (routed && dns_left_out(status))
        return (struct judgement){VERDICT_UNREACHABLE, REASON_PROBE_ERROR, PROBE_LEFT_OUT};
    if (route == ROUTE_MX)
        return judged(VERDICT_UNREACHABLE, REASON_MX_NO_ADDRESS);
    return judged(route == ROUTE_SMART_HOST ? VERDICT_UNREACHABLE : VERDICT_NO_MAIL, reason);
}

/* Rows: TLS not required, TLS required. */
static const enum consequence consequences[2][verdict_count] = {
    {
        [VERDICT_NO_MAIL] = CONSEQUENCE_NONE,
        [VERDICT_READY] = CONSEQUENCE_ENCRYPTED,
        [VERDICT_AT_RISK] = CONSEQUENCE_SOMETIMES_PLAINTEXT,
        [VERDICT_PLAINTEXT] = CONSEQUENCE_PLAINTEXT,
        [VERDICT_NOT_READY] = CONSEQUENCE_SOMETIMES_PLAINTEXT,
    },
    {
        [VERDICT_NO_MAIL] = CONSEQUENCE_NONE,
        [VERDICT_READY] = CONSEQUENCE_ENCRYPTED,
        [VERDICT_AT_RISK] = CONSEQUENCE_INTERMITTENT,
        [VERDICT_PLAINTEXT] = CONSEQUENCE_STOPS,
        [VERDICT_NOT_READY] = CONSEQUENCE_STOPS,
    },
};

enum consequence consequence_of(enum requirement requirement, enum verdict verdict)
{
    return consequences[requirement != REQUIREMENT_NONE][verdict];
}

const char *judgement_reason(const struct judgement *judgement)
{
    if (judgement->verdict == VERDICT_READY || judgement->reason == REASON_NONE)
        return NULL;
    if (judgement->reason == REASON_PROBE_ERROR)
        return probe_error_name(judgement->error);
    return reason_name(judgement->reason);
}

enum consequence consequence_without_tls(enum verdict verdict)
{
    if (verdict == VERDICT_PENDING)
        return CONSEQUENCE_UNKNOWN;
    return verdict == VERDICT_NO_MAIL ? CONSEQUENCE_NONE : CONSEQUENCE_PLAINTEXT;
}

static bool stands_for_target(const struct demand *demand, const struct certificate *certificate)
{
    if (demand->name_rule != NAME_RULE_EXCHANGE || !demand->domain)
        return (demand->host && certificate_matches(certificate, demand->host)) ||
               (demand->domain && certificate_matches(certificate, demand->domain));
    return name_match_exchange(certificate, demand->domain, true);
}

bool demand_name_matches(const struct demand *demand, const struct certificate *certificate)
{
    if (!demand->tls_domain)
        return stands_for_target(demand, certificate);
    if (demand->name_rule == NAME_RULE_POSTFIX)
        return name_match_postfix(certificate, demand->tls_domain, demand->host);
    if (demand->name_rule == NAME_RULE_EXCHANGE || strncmp(demand->tls_domain, "*.", 2) == 0)
        return name_match_exchange(certificate, demand->tls_domain, false);
    return name_match_strict(certificate, demand->tls_domain) == NAME_YES;
}
