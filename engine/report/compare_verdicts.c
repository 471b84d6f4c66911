#include "engine/report/compare_private.h"

#define COMPARE_WORD(code, name, title) {name, title},

static const struct {
    const char *name, *title;
} changes[] = {COMPARE_CHANGES(COMPARE_WORD)}, facts[] = {COMPARE_FACTS(COMPARE_WORD)};

const char *change_name(enum change change)
{
    return changes[change].name;
}

const char *change_title(enum change change)
{
    return changes[change].title;
}

const char *changed_fact_name(enum changed_fact fact)
{
    return facts[fact].name;
}

const char *changed_fact_title(enum changed_fact fact)
{
    return facts[fact].title;
}

/* From the best to the worst, 0 where there is nothing to compare. No STARTTLS and no version that will do
 * are alike: mail stops, or goes in clear. */
static int rank(enum verdict verdict)
{
    static const int ranks[verdict_count] = {
        [VERDICT_READY] = 1, [VERDICT_AT_RISK] = 2, [VERDICT_PLAINTEXT] = 3, [VERDICT_NOT_READY] = 3};

    return ranks[verdict];
}

bool compare_is_unknown(enum verdict verdict)
{
    return verdict == VERDICT_PENDING || verdict == VERDICT_UNKNOWN || verdict == VERDICT_UNREACHABLE;
}

enum change compare_verdicts(enum verdict before, enum verdict after)
{
    if (before == after || (compare_is_unknown(before) && compare_is_unknown(after)))
        return change_count;
    if (compare_is_unknown(after))
        return CHANGE_NEWLY_UNKNOWN;
    if (compare_is_unknown(before))
        return CHANGE_NEWLY_KNOWN;
    if (!rank(before) || !rank(after) || rank(before) == rank(after))
        return CHANGE_FACTS;
    return rank(after) < rank(before) ? CHANGE_IMPROVED : CHANGE_REGRESSED;
}

int64_t compare_time(const struct model *model)
{
    int64_t last = 0;

    for (size_t i = 0; i < model_endpoint_count(model); i++) {
        const struct facts *known = model_endpoint_at(model, i)->facts;

        if (known && known->probed_at > last)
            last = known->probed_at;
    }
    return last;
}

void compare_align(struct model *before, int64_t when, const struct baseline *baseline)
{
    if (!baseline_same(model_baseline(before), baseline))
        model_set_baseline(before, baseline_copy(baseline));
    model_set_now(before, when ? when : compare_time(before));
}
