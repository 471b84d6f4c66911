#include "engine/probe/plan.h"

#include "engine/base/mem.h"
#include "engine/probe/plan_private.h"

#include <stdlib.h>
#include <string.h>

#define LOOKS_NEGATIVE 2 /* offers of all versions before a no counts */
#define LOOKS_HOLE     4 /* … when a version is missing between others, at or above the floor */
#define LOOKS_OLD_HOLE 3 /* … below it, where some servers are set up so */

void plan_init(struct plan *plan, bool named)
{
    memset(plan, 0, sizeof *plan);
    plan->cap = TLS_1_3;
    plan->nameless = !named;
}

bool plan_any_in(const struct facts *facts, int lowest, enum version_state state)
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
    if (plan_any_in(facts, (int)baseline->minimum, VERSION_ACCEPTED))
        return true;
    return !(plan->doubts >> baseline->minimum) && plan->cap < (int)baseline->minimum;
}

static bool offer_wanted(const struct plan *plan, const struct facts *facts, const struct baseline *baseline)
{
    if (!baseline->suites || facts->offer != VERSION_NOT_TESTED || landed(facts, baseline))
        return false;
    if (plan_any_in(facts, (int)baseline->minimum, VERSION_ACCEPTED))
        return true;
    return floor_settled(plan, facts, baseline) &&
           plan_any_in(facts, (int)baseline->minimum, VERSION_UNKNOWN);
}

static int lowest_accepted(const struct facts *facts)
{
    int v = 0;

    while (v < TLS_VERSIONS && facts->versions[v].state != VERSION_ACCEPTED)
        v++;
    return v;
}

bool plan_is_hole(const struct facts *facts, int v)
{
    return facts->versions[v].state == VERSION_REFUSED && v < facts_highest(facts) &&
           v > lowest_accepted(facts);
}

static int highest_hole(const struct facts *facts)
{
    int v = TLS_VERSIONS - 1;

    while (v >= 0 && !plan_is_hole(facts, v))
        v--;
    return v;
}

static bool is_negative(const struct plan *plan, const struct facts *facts, const struct baseline *baseline)
{
    return floor_settled(plan, facts, baseline) &&
           !plan_any_in(facts, (int)baseline->minimum, VERSION_ACCEPTED) &&
           !plan_any_in(facts, (int)baseline->minimum, VERSION_UNKNOWN);
}

/* How many answered offers of all versions it takes to believe what is known. */
static unsigned looks_needed(const struct plan *plan, const struct facts *facts,
                             const struct baseline *baseline)
{
    int missing = highest_hole(facts), floor = (int)baseline->minimum;

    if (plan->disputed || facts_versions_mixed(facts, baseline->minimum))
        return PLAN_LOOKS_MOST;
    if (missing >= 0 && plan->doubts)
        return 0; /* what is missing is asked for alone first */
    if (missing >= 0)
        return missing >= floor ? LOOKS_HOLE : LOOKS_OLD_HOLE;
    return is_negative(plan, facts, baseline) ? LOOKS_NEGATIVE : 0;
}

bool plan_doubts_no(const struct plan *plan, const struct facts *facts, const struct baseline *baseline)
{
    return is_negative(plan, facts, baseline) && facts_full_offers(facts) < LOOKS_NEGATIVE;
}

static bool look_wanted(const struct plan *plan, const struct facts *facts, const struct baseline *baseline)
{
    unsigned needed = looks_needed(plan, facts, baseline);

    return plan->looks < needed && facts_full_offers(facts) < needed;
}

bool plan_decided(const struct plan *plan, const struct facts *facts, const struct baseline *baseline)
{
    if (plan->over)
        return true;
    return plan->handshake_made && floor_settled(plan, facts, baseline) &&
           !offer_wanted(plan, facts, baseline) && !look_wanted(plan, facts, baseline);
}

/* What a server must not stumble over differs: SSL 3.0 knows no extensions, and a name that it does not serve
 * makes one refuse everything. */
static enum hello_shape shape_for(const struct plan *plan, int cap)
{
    if (!plan->tries.made)
        return cap == TLS_SSL_3_0 ? HELLO_BARE : HELLO_NORMAL;
    if (plan->tries.made > 1 || plan->tries.alert == ALERT_UNRECOGNIZED_NAME || cap == TLS_1_0)
        return HELLO_BARE;
    return HELLO_PLAIN;
}

bool plan_shapes_left(const struct plan *plan, const struct step *step)
{
    bool name_may_spoil = !plan->named && !plan->nameless && step->shape != HELLO_BARE;

    return plan->tries.made == 0 || (plan->tries.made == 1 && name_may_spoil);
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

static void look_step(const struct plan *plan, struct step *step)
{
    hello_step(plan, TLS_SSL_3_0, TLS_1_3, step);
    step->shape = HELLO_NORMAL;
    step->look = true;
}

static int highest_bit(unsigned bits)
{
    int v = -1;

    for (; bits; bits >>= 1)
        v++;
    return v;
}

/* The kind of key that the certificate at hand does not have; AUTH_ANY when that can't be said. */
static enum tls_auth other_kind(const struct facts *facts)
{
    const char *key = facts->certificate ? facts->certificate->key : NULL;

    if (!key)
        return AUTH_ANY;
    return strncmp(key, "RSA", 3) == 0 ? AUTH_ECDSA : strncmp(key, "ECDSA", 5) == 0 ? AUTH_RSA : AUTH_ANY;
}

/* TLS 1.2 and below show their certificate to a mere hello; TLS 1.3 wants a handshake for it. */
static bool other_step(const struct plan *plan, const struct facts *facts, struct step *step)
{
    bool settled = facts->other == VERSION_ACCEPTED || facts->other == VERSION_REFUSED ||
                   plan->other_asked >= PLAN_OTHER_MOST;
    int cap = TLS_1_2;

    step->auth = settled ? AUTH_ANY : other_kind(facts);
    if (step->auth == AUTH_ANY)
        return false;
    while (cap >= TLS_1_0 && facts->versions[cap].state != VERSION_ACCEPTED)
        cap--;
    if (cap >= TLS_1_0)
        hello_step(plan, TLS_SSL_3_0, cap, step);
    else
        step->kind = STEP_HANDSHAKE;
    step->wants_chain = true;
    return true;
}

static bool injection_due(const struct plan *plan, const struct facts *facts)
{
    return plan->injection_wanted && !plan->injection_asked && facts->starttls == STARTTLS_OFFERED &&
           facts->handshake_completed;
}

/* What is asked for a verdict; false when nothing is. */
static bool next_for_verdict(const struct plan *plan, const struct facts *facts,
                             const struct baseline *baseline, struct step *step)
{
    int doubt = highest_bit(plan->doubts);

    if (!plan->handshake_made)
        step->kind = STEP_HANDSHAKE;
    else if (doubt >= (int)baseline->minimum && !floor_settled(plan, facts, baseline))
        hello_step(plan, doubt, doubt, step);
    else if (offer_wanted(plan, facts, baseline))
        offer_step(plan, baseline, step);
    else if (look_wanted(plan, facts, baseline))
        look_step(plan, step);
    else
        return false;
    return true;
}

void plan_next(const struct plan *plan, const struct facts *facts, const struct baseline *baseline, bool full,
               struct step *step)
{
    int doubt = highest_bit(plan->doubts);

    memset(step, 0, sizeof *step);
    if (plan->over)
        return;
    step->wants_chain = !facts->certificate;
    step->nameless = plan->nameless;
    if (next_for_verdict(plan, facts, baseline, step) || (!full && plan_decided(plan, facts, baseline)))
        return;
    if (doubt >= 0)
        hello_step(plan, doubt, doubt, step);
    else if (plan->cap >= 0)
        hello_step(plan, TLS_SSL_3_0, plan->cap, step);
    else if (full && !other_step(plan, facts, step) && injection_due(plan, facts))
        step->kind = STEP_INJECTION;
}

static char *purpose_of(const struct step *step, const struct baseline *baseline)
{
    const char *kind = step->kind == STEP_HANDSHAKE ? "handshake" : "hello";

    if (step->auth != AUTH_ANY)
        return mem_format("%s for an %s certificate", kind, step->auth == AUTH_RSA ? "RSA" : "ECDSA");
    if (step->kind == STEP_HANDSHAKE)
        return mem_string(kind);
    if (step->kind == STEP_INJECTION)
        return mem_string("check for injection behind STARTTLS");
    if (step->look)
        return mem_string("another look at all versions");
    if (step->offer)
        return mem_format("hello with the suites of %s", baseline->name);
    if (step->lowest == step->highest)
        return mem_format("hello with %s alone", tls_version_title(step->highest));
    return mem_format("hello up to %s", tls_version_title(step->highest));
}

char *plan_purpose(const struct step *step, const struct baseline *baseline)
{
    static const char *const shapes[] = {[HELLO_NORMAL] = "",
                                         [HELLO_PLAIN] = ", without the newest extensions",
                                         [HELLO_BARE] = ", without the server name"};
    bool plain_old = step->kind != STEP_HELLO || step->highest == TLS_SSL_3_0;
    char *what = purpose_of(step, baseline);
    char *text = mem_format("%s%s", what, plain_old ? "" : shapes[step->shape]);

    free(what);
    return text;
}
