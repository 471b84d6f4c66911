#include "engine/probe/plan.h"

#include "engine/base/mem.h"

#include <stdlib.h>
#include <string.h>

#define ALERT_CLOSE_NOTIFY      0
#define ALERT_PROTOCOL_VERSION  70
#define ALERT_USER_CANCELED     90
#define ALERT_UNRECOGNIZED_NAME 112

void plan_init(struct plan *plan)
{
    memset(plan, 0, sizeof *plan);
    plan->cap = TLS_1_3;
}

static bool any_in(const struct facts *facts, int lowest, enum version_state state)
{
    for (int v = lowest; v < TLS_VERSIONS; v++)
        if (facts->versions[v].state == state)
            return true;
    return false;
}

/* A suite of the baseline was chosen at or above its floor: it is shared, whatever an offer of just those
 * would bring. */
static bool landed(const struct facts *facts, const struct baseline *baseline)
{
    for (int v = (int)baseline->minimum; v < TLS_VERSIONS; v++)
        if (facts->versions[v].state == VERSION_ACCEPTED &&
            baseline_offers(baseline, facts->versions[v].suite))
            return true;
    return false;
}

static bool floor_settled(const struct plan *plan, const struct facts *facts, const struct baseline *baseline)
{
    if (any_in(facts, (int)baseline->minimum, VERSION_ACCEPTED))
        return true;
    return !(plan->doubts >> baseline->minimum) && plan->cap < (int)baseline->minimum;
}

static bool offer_wanted(const struct plan *plan, const struct facts *facts, const struct baseline *baseline)
{
    if (!baseline->suites || facts->offer != VERSION_NOT_TESTED || landed(facts, baseline))
        return false;
    if (any_in(facts, (int)baseline->minimum, VERSION_ACCEPTED))
        return true;
    return floor_settled(plan, facts, baseline) && any_in(facts, (int)baseline->minimum, VERSION_UNKNOWN);
}

bool plan_decided(const struct plan *plan, const struct facts *facts, const struct baseline *baseline)
{
    if (plan->over)
        return true;
    return plan->handshake_made && floor_settled(plan, facts, baseline) &&
           !offer_wanted(plan, facts, baseline);
}

/* What a server must not stumble over differs: SSL 3.0 knows no extensions, and a name that it does not serve
 * makes one refuse everything. */
static enum hello_shape shape_for(const struct plan *plan, int cap)
{
    if (!plan->first.made)
        return cap == TLS_SSL_3_0 ? HELLO_BARE : HELLO_NORMAL;
    if (plan->first.alert == ALERT_UNRECOGNIZED_NAME || cap == TLS_1_0)
        return HELLO_BARE;
    return HELLO_PLAIN;
}

static void hello_step(const struct plan *plan, int lowest, int highest, struct step *step)
{
    step->kind = STEP_HELLO;
    step->lowest = (enum tls_version)lowest;
    step->highest = (enum tls_version)highest;
    step->shape = shape_for(plan, highest);
}

static void offer_step(const struct plan *plan, const struct baseline *baseline, struct step *step)
{
    int highest = (int)baseline->minimum;

    for (size_t i = 0; i < baseline->suite_count; i++)
        if (baseline->suites[i] >> 8 == 0x13) /* the suites of TLS 1.3 are 0x13NN */
            highest = TLS_1_3;
    if (highest < TLS_1_2)
        highest = TLS_1_2;
    hello_step(plan, (int)baseline->minimum, highest, step);
    step->offer = true;
    step->suites = baseline->suites;
    step->suite_count = baseline->suite_count;
}

static int highest_bit(unsigned bits)
{
    int v = -1;

    for (; bits; bits >>= 1)
        v++;
    return v;
}

static bool injection_due(const struct plan *plan, const struct facts *facts)
{
    return plan->injection_wanted && !plan->injection_asked && facts->starttls == STARTTLS_OFFERED &&
           facts->handshake_completed;
}

void plan_next(const struct plan *plan, const struct facts *facts, const struct baseline *baseline, bool full,
               struct step *step)
{
    int doubt = highest_bit(plan->doubts);

    memset(step, 0, sizeof *step);
    if (plan->over)
        return;
    step->wants_chain = !facts->certificate;
    if (!plan->handshake_made)
        step->kind = STEP_HANDSHAKE;
    else if (doubt >= (int)baseline->minimum && !floor_settled(plan, facts, baseline))
        hello_step(plan, doubt, doubt, step);
    else if (offer_wanted(plan, facts, baseline))
        offer_step(plan, baseline, step);
    else if (!full && plan_decided(plan, facts, baseline))
        return;
    else if (doubt >= 0)
        hello_step(plan, doubt, doubt, step);
    else if (plan->cap >= 0)
        hello_step(plan, TLS_SSL_3_0, plan->cap, step);
    else if (full && injection_due(plan, facts))
        step->kind = STEP_INJECTION;
}

static void settle(struct facts *facts, int v, enum version_state state, const struct answer *answer)
{
    struct version_facts *version = &facts->versions[v];

    if (version->state == VERSION_ACCEPTED)
        return;
    version->state = state;
    version->alert = state == VERSION_REFUSED && answer->kind == ANSWER_ALERT ? answer->alert : -1;
    version->error = state == VERSION_UNKNOWN ? answer->error : PROBE_OK;
    version->suite = state == VERSION_ACCEPTED ? answer->suite : 0;
}

/* Settles the versions of low…high that nothing was learned of yet. */
static void settle_open(struct facts *facts, int low, int high, enum version_state state,
                        const struct answer *answer)
{
    for (int v = low; v <= high; v++)
        if (facts->versions[v].state == VERSION_NOT_TESTED)
            settle(facts, v, state, answer);
}

static void doubt(struct plan *plan, const struct facts *facts, int v)
{
    if (facts->versions[v].state != VERSION_ACCEPTED && !(plan->doubts_settled >> v & 1))
        plan->doubts |= 1U << v;
}

/* A sentinel says that the server holds more than it chose (RFC 8446, section 4.1.3): what it passed over, or
 * said no to before, is asked for alone. */
static void note_sentinel(struct plan *plan, struct facts *facts, const struct answer *answer)
{
    if (answer->sentinel == SENTINEL_NONE)
        return;
    if (facts->sentinel != SENTINEL_TLS_1_2)
        facts->sentinel = answer->sentinel;
    if (answer->sentinel == SENTINEL_TLS_1_1_OR_BELOW && any_in(facts, TLS_1_2, VERSION_ACCEPTED))
        return;
    doubt(plan, facts, TLS_1_3);
    if (answer->sentinel == SENTINEL_TLS_1_1_OR_BELOW)
        doubt(plan, facts, TLS_1_2);
}

static void chose(struct plan *plan, struct facts *facts, const struct step *step,
                  const struct answer *answer)
{
    int version = (int)answer->version;

    for (int v = version + 1; v <= (int)step->highest; v++)
        if (v >= (int)step->lowest)
            settle(facts, v, VERSION_REFUSED, answer);
    settle(facts, version, VERSION_ACCEPTED, answer);
    plan->doubts &= ~(1U << version);
    facts->retry_request |= answer->retry_request;
    note_sentinel(plan, facts, answer);
}

static void note_first(struct plan *plan, const struct answer *answer)
{
    plan->first = (struct plan_try){true, answer->kind == ANSWER_ALERT ? answer->alert : -1, answer->error};
}

/* True while the question must be put once more, in the second shape. A protocol_version alert is plain
 * speech; and a server that was silent in both shapes before is not pressed twice for the old versions. */
static bool ask_again(struct plan *plan, const struct step *step, const struct answer *answer)
{
    bool plain = answer->kind == ANSWER_ALERT && answer->alert == ALERT_PROTOCOL_VERSION;
    bool silent = answer->kind == ANSWER_SILENCE && plan->silent && step->highest < TLS_1_2;

    if (plan->first.made || plain || silent)
        return false;
    note_first(plan, answer);
    return true;
}

/* After both shapes: refused when both were alerts, or one was protocol_version. */
static enum version_state believed(const struct plan *plan, const struct answer *answer)
{
    if (answer->kind != ANSWER_ALERT)
        return VERSION_UNKNOWN;
    if (answer->alert == ALERT_PROTOCOL_VERSION || plan->first.alert >= 0)
        return VERSION_REFUSED;
    return VERSION_UNKNOWN;
}

/* Alert and silence together are no clear no; the silence is the reason why. */
static struct answer reason_of(const struct plan *plan, const struct answer *answer)
{
    struct answer reason = *answer;

    if (plan->first.made && plan->first.alert < 0 && answer->kind == ANSWER_ALERT)
        reason.error = plan->first.error;
    return reason;
}

static void descend(struct plan *plan, struct facts *facts, const struct answer *answer)
{
    enum version_state state = believed(plan, answer);
    struct answer reason = reason_of(plan, answer);
    int cap = plan->cap;

    if (any_in(facts, cap + 1, VERSION_ACCEPTED) ||
        (state == VERSION_UNKNOWN && reason.error == PROBE_IO_TIMEOUT)) {
        settle_open(facts, TLS_SSL_3_0, cap, state, &reason);
        plan->cap = -1;
        return;
    }
    settle(facts, cap, state, &reason);
    plan->silent |= state == VERSION_UNKNOWN;
    plan->cap = cap - 1; /* a server that can't bear this cap may bear a lower one */
}

static void apply_rung(struct plan *plan, struct facts *facts, const struct step *step,
                       const struct answer *answer)
{
    if (answer->kind == ANSWER_CHOSE) {
        chose(plan, facts, step, answer);
        if (answer->version > step->highest)
            settle_open(facts, TLS_SSL_3_0, plan->cap, VERSION_REFUSED, answer);
        plan->cap = answer->version > step->highest ? -1 : (int)answer->version - 1;
        if (facts->versions[TLS_1_3].state == VERSION_UNKNOWN)
            doubt(plan, facts, TLS_1_3);
    } else if (ask_again(plan, step, answer)) {
        return;
    } else {
        descend(plan, facts, answer);
    }
    plan->first.made = false;
}

static void apply_doubt(struct plan *plan, struct facts *facts, const struct step *step,
                        const struct answer *answer)
{
    int v = (int)step->highest;

    if (answer->kind == ANSWER_CHOSE)
        chose(plan, facts, step, answer);
    else if (ask_again(plan, step, answer))
        return;
    else {
        struct answer reason = reason_of(plan, answer);

        settle(facts, v, believed(plan, answer), &reason);
    }
    plan->doubts_settled |= 1U << v;
    plan->doubts &= ~plan->doubts_settled;
    plan->first.made = false;
}

static bool offer_met(const struct baseline *baseline, const struct answer *answer)
{
    return answer->version >= baseline->minimum && baseline_offers(baseline, answer->suite);
}

static void apply_offer(struct plan *plan, struct facts *facts, const struct baseline *baseline,
                        const struct step *step, const struct answer *answer)
{
    if (answer->kind == ANSWER_CHOSE) {
        facts->offer = offer_met(baseline, answer) ? VERSION_ACCEPTED : VERSION_REFUSED;
        facts->offer_suite = facts->offer == VERSION_ACCEPTED ? answer->suite : 0;
        settle(facts, (int)answer->version, VERSION_ACCEPTED, answer);
    } else if (ask_again(plan, step, answer)) {
        return;
    } else {
        facts->offer = believed(plan, answer);
    }
    free(facts->offer_baseline);
    facts->offer_baseline = mem_string(baseline->name);
    plan->first.made = false;
}

/* Silence is the first word on TLS 1.3, and the next hello has the second shape. After a time-out it is a
 * smaller one still, since some servers choke on size. */
static void handshake_silent(struct plan *plan, struct facts *facts, const struct answer *answer)
{
    if (answer->error == PROBE_IO_TIMEOUT) {
        settle(facts, TLS_1_3, VERSION_UNKNOWN, answer);
        plan->cap = TLS_1_2;
    } else {
        note_first(plan, answer);
    }
}

static void apply_handshake(struct plan *plan, struct facts *facts, const struct answer *answer)
{
    const struct step whole = {.kind = STEP_HANDSHAKE, .highest = TLS_1_3};

    plan->handshake_made = true;
    if (answer->kind == ANSWER_NO_TLS) {
        plan->over = true;
    } else if (answer->kind == ANSWER_CHOSE) {
        chose(plan, facts, &whole, answer);
        plan->cap = (int)answer->version - 1;
    } else if (answer->kind == ANSWER_SILENCE) {
        handshake_silent(plan, facts, answer);
    }
}

static void give_up(struct plan *plan, struct facts *facts, const struct baseline *baseline,
                    const struct step *step, const struct answer *answer)
{
    if (step->offer) {
        facts->offer = VERSION_UNKNOWN;
        free(facts->offer_baseline);
        facts->offer_baseline = mem_string(baseline->name);
    }
    settle_open(facts, TLS_SSL_3_0, TLS_1_3, VERSION_UNKNOWN, answer);
    for (int v = 0; v < TLS_VERSIONS; v++)
        if (plan->doubts >> v & 1)
            settle(facts, v, VERSION_UNKNOWN, answer);
    plan->over = true;
}

static void apply_injection(struct plan *plan, struct facts *facts, const struct answer *answer)
{
    plan->injection_asked = true;
    facts->injection = answer->injection;
}

/* These two alerts end a connection (RFC 8446, section 6.1); they refuse nothing. */
static struct answer weigh(const struct answer *answer)
{
    bool closes = answer->alert == ALERT_CLOSE_NOTIFY || answer->alert == ALERT_USER_CANCELED;
    struct answer weighed = *answer;

    if (answer->kind == ANSWER_ALERT && closes) {
        weighed.kind = ANSWER_SILENCE;
        weighed.error = PROBE_TLS_CLOSED;
    }
    return weighed;
}

void plan_apply(struct plan *plan, struct facts *facts, const struct baseline *baseline,
                const struct step *step, const struct answer *said)
{
    const struct answer weighed = weigh(said), *answer = &weighed;

    if (step->kind == STEP_INJECTION)
        apply_injection(plan, facts, answer);
    else if (answer->kind == ANSWER_NONE || (answer->kind == ANSWER_NO_TLS && step->kind == STEP_HELLO))
        give_up(plan, facts, baseline, step, answer);
    else if (step->kind == STEP_HANDSHAKE)
        apply_handshake(plan, facts, answer);
    else if (step->offer)
        apply_offer(plan, facts, baseline, step, answer);
    else if (step->lowest == step->highest && step->highest != TLS_SSL_3_0)
        apply_doubt(plan, facts, step, answer);
    else
        apply_rung(plan, facts, step, answer);
}

char *plan_purpose(const struct step *step, const struct baseline *baseline)
{
    if (step->kind == STEP_HANDSHAKE)
        return mem_string("handshake");
    if (step->kind == STEP_INJECTION)
        return mem_string("check for injection behind STARTTLS");
    if (step->offer)
        return mem_format("hello with the suites of %s", baseline->name);
    if (step->lowest == step->highest)
        return mem_format("hello with %s alone", tls_version_title(step->highest));
    return mem_format("hello up to %s", tls_version_title(step->highest));
}
