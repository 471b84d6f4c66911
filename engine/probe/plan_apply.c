#include "engine/probe/plan.h"

#include "engine/base/mem.h"
#include "engine/probe/plan_private.h"

#include <stdlib.h>

#define ALERT_CLOSE_NOTIFY          0
#define ALERT_HANDSHAKE_FAILURE     40
#define ALERT_PROTOCOL_VERSION      70
#define ALERT_INSUFFICIENT_SECURITY 71
#define ALERT_INTERNAL_ERROR        80
#define ALERT_USER_CANCELED         90

#define BARREN_MOST 5 /* connections without STARTTLS that are put up with, where another had it */
#define CLOSES_SURE 2 /* connections that are closed behind a command in clear */
#define ALIEN_SURE  3 /* answers that were no TLS, in a row, that are believed */

/* RFC 8446, section 6.2: only these speak of versions and suites. Others tell of a hello that was not
 * understood, of a name, of trouble inside the server, or just end the connection. */
static bool refuses(const struct answer *answer)
{
    return answer->kind == ANSWER_ALERT &&
           (answer->alert == ALERT_PROTOCOL_VERSION || answer->alert == ALERT_HANDSHAKE_FAILURE ||
            answer->alert == ALERT_INSUFFICIENT_SECURITY);
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

static void doubt(struct plan *plan, const struct facts *facts, int v, unsigned most)
{
    if (facts->versions[v].state != VERSION_ACCEPTED && plan->asked[v] < most)
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
    if (answer->sentinel == SENTINEL_TLS_1_1_OR_BELOW && plan_any_in(facts, TLS_1_2, VERSION_ACCEPTED))
        return;
    doubt(plan, facts, TLS_1_3, 1);
    if (answer->sentinel == SENTINEL_TLS_1_1_OR_BELOW)
        doubt(plan, facts, TLS_1_2, 1);
}

static void chose(struct plan *plan, struct facts *facts, const struct step *step,
                  const struct answer *answer)
{
    int version = (int)answer->version;
    bool refused = facts->versions[version].state == VERSION_REFUSED;

    for (int v = version + 1; v <= (int)step->highest; v++)
        if (v >= (int)step->lowest)
            settle(facts, v, VERSION_REFUSED, answer);
    settle(facts, version, VERSION_ACCEPTED, answer);
    plan->doubts &= ~(1U << version);
    facts->retry_request |= answer->retry_request;
    note_sentinel(plan, facts, answer);
    plan->disputed |= refused && facts->sentinel == SENTINEL_NONE;
}

/* It answers without a name what it did not answer with one: the name is left out from now on. */
static void drop_name(struct plan *plan, struct facts *facts)
{
    plan->nameless = facts->name_refused = true;
    if (!facts->tls)
        plan->handshake_made = false;
}

static void weigh_name(struct plan *plan, struct facts *facts, const struct step *step)
{
    bool named = !step->nameless && step->shape != HELLO_BARE;
    bool only_name = plan->tries.made > 1 || plan->tries.alert == ALERT_UNRECOGNIZED_NAME;

    if (named)
        plan->named = true;
    else if (step->shape == HELLO_BARE && only_name && !plan->named && !plan->nameless)
        drop_name(plan, facts);
}

static void note_try(struct plan *plan, const struct answer *answer)
{
    bool doubtful = !refuses(answer);

    if (doubtful && !plan->tries.doubtful)
        plan->tries.error = answer->error;
    plan->tries.doubtful |= doubtful;
    plan->tries.alert = answer->kind == ANSWER_ALERT ? answer->alert : -1;
    plan->tries.made++;
}

static void end_tries(struct plan *plan)
{
    plan->tries = (struct plan_tries){.alert = -1};
}

/* True while the question must be put once more, in the next shape. A protocol_version alert is plain speech;
 * and a server that was silent, or refused, in all shapes before is not pressed for the old versions, which
 * were among those offered then. */
static bool ask_again(struct plan *plan, const struct step *step, const struct answer *answer)
{
    bool plain = answer->kind == ANSWER_ALERT && answer->alert == ALERT_PROTOCOL_VERSION;
    bool known = refuses(answer) ? plan->refused : plan->silent;

    if (plain || (known && step->highest < TLS_1_2) || !plan_shapes_left(plan, step))
        return false;
    note_try(plan, answer);
    return true;
}

/* After all shapes: refused when all were refusals, or the last one was protocol_version. */
static enum version_state believed(const struct plan *plan, const struct answer *answer)
{
    if (!refuses(answer))
        return VERSION_UNKNOWN;
    return answer->alert == ALERT_PROTOCOL_VERSION || !plan->tries.doubtful ? VERSION_REFUSED
                                                                            : VERSION_UNKNOWN;
}

/* Alert and silence together are no clear no; the silence is the reason why. */
static struct answer reason_of(const struct plan *plan, const struct answer *answer)
{
    struct answer reason = *answer;

    if (plan->tries.doubtful && answer->kind == ANSWER_ALERT)
        reason.error = plan->tries.error;
    return reason;
}

static void descend(struct plan *plan, struct facts *facts, const struct answer *answer)
{
    enum version_state state = believed(plan, answer);
    struct answer reason = reason_of(plan, answer);
    int cap = plan->cap;

    if (plan_any_in(facts, cap + 1, VERSION_ACCEPTED) ||
        (state == VERSION_UNKNOWN && reason.error == PROBE_IO_TIMEOUT)) {
        settle_open(facts, TLS_SSL_3_0, cap, state, &reason);
        plan->cap = -1;
        return;
    }
    settle(facts, cap, state, &reason);
    plan->silent |= state == VERSION_UNKNOWN;
    plan->refused |= state == VERSION_REFUSED;
    plan->cap = cap - 1; /* a server that can't bear this cap may bear a lower one */
}

static void apply_rung(struct plan *plan, struct facts *facts, const struct step *step,
                       const struct answer *answer)
{
    if (answer->kind == ANSWER_CHOSE) {
        weigh_name(plan, facts, step);
        chose(plan, facts, step, answer);
        if (answer->version > step->highest)
            settle_open(facts, TLS_SSL_3_0, plan->cap, VERSION_REFUSED, answer);
        plan->cap = answer->version > step->highest ? -1 : (int)answer->version - 1;
        if (facts->versions[TLS_1_3].state == VERSION_UNKNOWN)
            doubt(plan, facts, TLS_1_3, 1);
    } else if (ask_again(plan, step, answer)) {
        return;
    } else {
        descend(plan, facts, answer);
    }
    end_tries(plan);
}

static void apply_doubt(struct plan *plan, struct facts *facts, const struct step *step,
                        const struct answer *answer)
{
    int v = (int)step->highest;

    if (answer->kind == ANSWER_CHOSE) {
        weigh_name(plan, facts, step);
        chose(plan, facts, step, answer);
    } else if (ask_again(plan, step, answer)) {
        return;
    } else {
        struct answer reason = reason_of(plan, answer);

        settle(facts, v, believed(plan, answer), &reason);
    }
    plan->asked[v]++;
    plan->doubts &= ~(1U << v);
    end_tries(plan);
}

static bool offer_met(const struct baseline *baseline, const struct answer *answer)
{
    return answer->version >= baseline->minimum && baseline_offers(baseline, answer->suite);
}

static void apply_offer(struct plan *plan, struct facts *facts, const struct baseline *baseline,
                        const struct step *step, const struct answer *answer)
{
    if (answer->kind == ANSWER_CHOSE) {
        weigh_name(plan, facts, step);
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
    end_tries(plan);
}

static void apply_look(struct plan *plan, struct facts *facts, const struct step *step,
                       const struct answer *answer)
{
    plan->looks++;
    if (answer->kind == ANSWER_CHOSE)
        chose(plan, facts, step, answer);
}

/* Silence is the first word on TLS 1.3, and the next hello has the second shape. After a time-out it is a
 * smaller one still, since some servers choke on size. */
static void handshake_silent(struct plan *plan, struct facts *facts, const struct answer *answer)
{
    if (answer->error == PROBE_IO_TIMEOUT) {
        settle(facts, TLS_1_3, VERSION_UNKNOWN, answer);
        plan->cap = TLS_1_2;
    } else if (!plan->tries.made) {
        note_try(plan, answer);
    }
}

static void apply_handshake(struct plan *plan, struct facts *facts, const struct answer *answer)
{
    const struct step whole = {.kind = STEP_HANDSHAKE, .highest = TLS_1_3};

    plan->handshake_made = true;
    if (answer->kind == ANSWER_CHOSE) {
        plan->named |= !plan->nameless;
        chose(plan, facts, &whole, answer);
        plan->cap = (int)answer->version - 1;
        end_tries(plan);
    } else if (answer->kind == ANSWER_ALERT && answer->alert == ALERT_UNRECOGNIZED_NAME && !plan->nameless) {
        drop_name(plan, facts);
    } else if (answer->kind == ANSWER_SILENCE && plan->cap == TLS_1_3) {
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
    for (int v = facts_highest(facts) + 1; facts->unconfirmed && v < TLS_VERSIONS; v++)
        settle(facts, v, VERSION_UNKNOWN, answer);
    for (int v = 0; v < TLS_VERSIONS; v++)
        if (plan->doubts >> v & 1)
            settle(facts, v, VERSION_UNKNOWN, answer);
    plan->over = true;
}

/* No STARTTLS: believed on the second connection. Where others saw it offered, the question is put again for
 * a while. */
static void without_tls(struct plan *plan, struct facts *facts, const struct baseline *baseline,
                        const struct step *step, const struct answer *answer)
{
    plan->barren++;
    if (!facts->tally.offered && plan->barren >= PLAN_BARREN_SURE)
        plan->over = true;
    else if (plan->barren >= BARREN_MOST)
        give_up(plan, facts, baseline, step, answer);
}

static bool offers_everything(const struct step *step)
{
    if (step->kind == STEP_HANDSHAKE)
        return true;
    return !step->suites && step->lowest == TLS_SSL_3_0 && step->highest == TLS_1_3;
}

static void count(struct facts *facts, const struct step *step, const struct answer *answer)
{
    if (!offers_everything(step))
        return;
    if (answer->kind == ANSWER_CHOSE)
        facts->tally.chose[answer->version]++;
    else if (step->kind == STEP_HELLO && refuses(answer))
        facts->tally.chose_none++;
}

/* Each machine behind an address has its own versions: what one of them refused is asked for alone, in the
 * hope of another. So is, once, what only a second machine would explain. */
static void doubt_refusals(struct plan *plan, const struct facts *facts, const struct baseline *baseline)
{
    bool mixed = facts_versions_mixed(facts, baseline->minimum);

    for (int v = TLS_1_0; v < TLS_VERSIONS; v++)
        if (facts->versions[v].state == VERSION_REFUSED && (mixed || plan_is_hole(facts, v)))
            doubt(plan, facts, v, mixed ? PLAN_ALONE_MOST : 1);
}

/* Something else than TLS is spoken there, whatever the hello. */
static bool is_alien(struct plan *plan, const struct answer *answer)
{
    bool alien = answer->kind == ANSWER_SILENCE && answer->error == PROBE_NOT_TLS;

    plan->alien = alien ? plan->alien + 1 : 0;
    return plan->alien >= ALIEN_SURE;
}

static void dispatch(struct plan *plan, struct facts *facts, const struct baseline *baseline,
                     const struct step *step, const struct answer *answer)
{
    if (step->kind == STEP_HANDSHAKE)
        apply_handshake(plan, facts, answer);
    else if (step->look)
        apply_look(plan, facts, step, answer);
    else if (step->offer)
        apply_offer(plan, facts, baseline, step, answer);
    else if (step->lowest == step->highest && step->highest != TLS_SSL_3_0)
        apply_doubt(plan, facts, step, answer);
    else
        apply_rung(plan, facts, step, answer);
}

/* A connection that is just closed may have been so for another reason: it counts when that is seen twice. */
static void apply_injection(struct plan *plan, struct facts *facts, const struct answer *answer)
{
    bool closed = answer->kind == ANSWER_SILENCE;

    plan->injection_closes += closed;
    plan->injection_asked = !closed || plan->injection_closes >= CLOSES_SURE;
    facts->injection = plan->injection_asked ? answer->injection : INJECTION_NOT_TESTED;
}

/* An alert says no, whatever it says, but for those that tell of trouble or of the end; so does a ServerHello
 * where no certificate of the kind came with it. */
static void apply_other(struct plan *plan, struct facts *facts, const struct answer *answer)
{
    bool alert = answer->kind == ANSWER_ALERT && answer->alert != ALERT_CLOSE_NOTIFY &&
                 answer->alert != ALERT_INTERNAL_ERROR && answer->alert != ALERT_USER_CANCELED;
    bool no = alert || answer->kind == ANSWER_CHOSE;

    plan->other_asked++;
    facts->other = facts->other_certificate ? VERSION_ACCEPTED : no ? VERSION_REFUSED : VERSION_UNKNOWN;
}

/* Seen once is not believed yet. */
static bool is_unconfirmed(const struct plan *plan, const struct facts *facts,
                           const struct baseline *baseline)
{
    bool bare = plan->barren && plan->barren < PLAN_BARREN_SURE && !facts->tally.offered;

    return bare || plan_doubts_no(plan, facts, baseline);
}

static void take(struct plan *plan, struct facts *facts, const struct baseline *baseline,
                 const struct step *step, const struct answer *answer)
{
    if (step->kind == STEP_INJECTION) {
        apply_injection(plan, facts, answer);
    } else if (answer->kind == ANSWER_NO_TLS) {
        without_tls(plan, facts, baseline, step, answer);
    } else if (answer->kind == ANSWER_NONE || is_alien(plan, answer)) {
        give_up(plan, facts, baseline, step, answer);
    } else {
        count(facts, step, answer);
        dispatch(plan, facts, baseline, step, answer);
        doubt_refusals(plan, facts, baseline);
    }
}

/* What a look that failed leaves unconfirmed stays so. */
void plan_apply(struct plan *plan, struct facts *facts, const struct baseline *baseline,
                const struct step *step, const struct answer *answer)
{
    if (step->auth != AUTH_ANY) {
        apply_other(plan, facts, answer);
        return;
    }
    take(plan, facts, baseline, step, answer);
    if (answer->kind != ANSWER_NONE)
        facts->unconfirmed = is_unconfirmed(plan, facts, baseline);
}
