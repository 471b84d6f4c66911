/* Whatever servers answer, the plan comes to its end, and every version is settled at full depth. The first
 * byte chooses depth, name and floor; each further one is an answer. */
#include "engine/base/mem.h"
#include "engine/probe/plan.h"

#include <stdlib.h>

#define STEPS_MOST 40

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint16_t listed[] = {0x1301, 0x1302, 0xC02F, 0xC030};

static struct answer silence(uint8_t byte)
{
    static const enum probe_error errors[] = {PROBE_TLS_CLOSED, PROBE_RESET, PROBE_IO_TIMEOUT, PROBE_NOT_TLS};

    return (struct answer){.kind = ANSWER_SILENCE, .error = errors[byte & 3], .alert = -1};
}

static struct answer choice(uint8_t byte, const struct step *step)
{
    static const uint16_t suites[] = {0x1301, 0xC030, 0xC014, 0x009F};
    unsigned version = byte % TLS_VERSIONS;
    bool beyond = step->kind == STEP_HELLO && version > step->highest && !(byte & 0x40);

    return (struct answer){.kind = ANSWER_CHOSE,
                           .version = beyond ? step->highest : (enum tls_version)version,
                           .suite = suites[byte >> 3 & 3],
                           .sentinel = byte & 0x20 ? SENTINEL_TLS_1_2 : SENTINEL_NONE,
                           .alert = -1};
}

static struct answer answer_of(uint8_t byte, const struct step *step)
{
    static const int alerts[] = {40, 70, 71, 112, 80, 0, 47, 50};

    switch (byte >> 5) {
    case 0:
        return (struct answer){.kind = ANSWER_NONE, .error = PROBE_THROTTLED, .alert = -1};
    case 1:
        return (struct answer){.kind = ANSWER_NO_TLS, .error = PROBE_STARTTLS_REJECTED, .alert = -1};
    case 2:
        return (struct answer){.kind = ANSWER_ALERT, .error = PROBE_TLS_ALERT, .alert = alerts[byte & 7]};
    case 3:
        return silence(byte);
    default:
        return choice(byte, step);
    }
}

/* What the reading of dialogue and handshake adds. */
static void fold(struct facts *facts, const struct step *step, const struct answer *answer)
{
    facts->tally.not_offered += answer->kind == ANSWER_NO_TLS;
    facts->tally.offered += answer->kind >= ANSWER_CHOSE;
    if (answer->kind != ANSWER_CHOSE)
        return;
    facts->starttls = STARTTLS_OFFERED;
    facts->tls |= step->kind == STEP_HANDSHAKE;
    facts->handshake_completed |= step->kind == STEP_HANDSHAKE;
    if (facts->certificate || !step->wants_chain)
        return;
    facts->certificate = mem_alloc(sizeof *facts->certificate);
    facts->certificate->key = mem_string(answer->suite == 0xC014 ? "ECDSA P-256" : "RSA 2048");
}

static void check_end(const struct plan *plan, const struct facts *facts, bool full)
{
    for (int v = 0; v < TLS_VERSIONS; v++)
        if (full && !plan->over && facts->versions[v].state == VERSION_NOT_TESTED)
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t how = size ? data[0] : 0;
    struct baseline baseline = {.name = (char *)(uintptr_t) "fuzz",
                                .minimum = how & 4 ? TLS_1_3 : TLS_1_2,
                                .suites = how & 8 ? NULL : (uint16_t *)(uintptr_t)listed,
                                .suite_count = how & 8 ? 0 : 4};
    struct facts *facts = facts_new();
    struct plan plan;
    struct step step;
    size_t steps = 0;

    plan_init(&plan, how & 1);
    plan.injection_wanted = how & 2;
    for (plan_next(&plan, facts, &baseline, how & 16, &step); step.kind != STEP_DONE;
         plan_next(&plan, facts, &baseline, how & 16, &step)) {
        struct answer answer = answer_of(size > 1 ? data[1 + steps % (size - 1)] : 0xff, &step);

        if (++steps > STEPS_MOST)
            abort();
        fold(facts, &step, &answer);
        plan_apply(&plan, facts, &baseline, &step, &answer);
    }
    check_end(&plan, facts, how & 16);
    facts_free(facts);
    return 0;
}
