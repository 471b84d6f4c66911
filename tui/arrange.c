#include "tui/arrange.h"

#include "engine/base/mem.h"
#include "tui/since.h"
#include "tui/summary.h"

#include <ctype.h>

#define UNKNOWN_VERSION 100 /* stands behind every version */

const char *grouping_name(enum grouping grouping)
{
    static const char *const names[grouping_count] = {
        [GROUP_BY_CLASS] = "class",
        [GROUP_BY_VERDICT] = "verdict",
        [GROUP_BY_CONSEQUENCE] = "consequence",
        [GROUP_BY_OPERATOR] = "operator",
        [GROUP_BY_CHANGE] = "change",
    };

    return names[grouping];
}

unsigned grouping_value(enum grouping grouping, const struct target *target)
{
    return grouping == GROUP_BY_VERDICT       ? (unsigned)target->judgement.verdict
           : grouping == GROUP_BY_CONSEQUENCE ? (unsigned)target->consequence
                                              : (unsigned)target->spec.class;
}

int consequence_rank(enum consequence consequence)
{
    static const int ranks[consequence_count] = {
        [CONSEQUENCE_STOPS] = 0,        [CONSEQUENCE_PLAINTEXT] = 1, [CONSEQUENCE_SOMETIMES_PLAINTEXT] = 2,
        [CONSEQUENCE_INTERMITTENT] = 3, [CONSEQUENCE_UNKNOWN] = 4,   [CONSEQUENCE_ENCRYPTED] = 5,
        [CONSEQUENCE_NONE] = 6,
    };

    return ranks[consequence];
}

int grouping_rank(enum grouping grouping, unsigned value)
{
    if (grouping == GROUP_BY_CHANGE)
        return value == SINCE_NOT_COMPARED ? since_count : (int)value;
    return grouping == GROUP_BY_VERDICT       ? verdict_count - (int)value
           : grouping == GROUP_BY_CONSEQUENCE ? consequence_rank((enum consequence)value)
                                              : (int)value;
}

char *grouping_title(enum grouping grouping, unsigned value)
{
    const char *title = grouping == GROUP_BY_VERDICT       ? verdict_title((enum verdict)value)
                        : grouping == GROUP_BY_CONSEQUENCE ? consequence_title((enum consequence)value)
                        : grouping == GROUP_BY_CHANGE      ? since_title((enum since)value)
                                                           : target_class_title((enum target_class)value);
    char *copy = mem_string(title);

    *copy = (char)toupper((unsigned char)*copy);
    return copy;
}

const char *sorting_name(enum sorting sorting)
{
    static const char *const names[sorting_count] = {
        [SORT_ADDED] = "order of adding", [SORT_NAME] = "name",
        [SORT_VERDICT] = "verdict",       [SORT_CONSEQUENCE] = "consequence",
        [SORT_TLS] = "TLS version",       [SORT_CERTIFICATE] = "certificate's end",
        [SORT_DUE] = "due date",
    };

    return names[sorting];
}

/* The beginning of a name as a number in the same order. */
static int64_t rank_of_name(const char *name)
{
    uint64_t rank = 0;
    int i;

    for (i = 0; i < 7; i++) {
        rank = rank << 8 | (uint8_t)*name;
        name += *name != 0;
    }
    return (int64_t)rank;
}

static int64_t rank_of_versions(const struct target *target)
{
    struct summary_versions versions = summary_of_target(target);

    return versions.weakest >= 0 ? versions.weakest : versions.clear ? -1 : UNKNOWN_VERSION;
}

/* The first end of a certificate on the target's route, seconds since 1970; INT64_MAX when none was seen. */
static int64_t rank_of_certificates(const struct target *target)
{
    int64_t first = INT64_MAX;
    size_t i, j;

    for (i = 0; i < target->host_count; i++) {
        const struct host *host = target->hosts[i].host;

        for (j = 0; j < host->endpoint_count; j++) {
            const struct facts *facts = host->endpoints[j]->facts;

            if (facts && facts->certificate && facts->certificate->not_after < first)
                first = facts->certificate->not_after;
        }
    }
    return first;
}

int64_t sorting_rank(enum sorting sorting, const struct target *target)
{
    switch (sorting) {
    case SORT_NAME:
        return rank_of_name(target->spec.domain);
    case SORT_VERDICT:
        return verdict_count - (int64_t)target->judgement.verdict;
    case SORT_CONSEQUENCE:
        return consequence_rank(target->consequence);
    case SORT_TLS:
        return rank_of_versions(target);
    case SORT_CERTIFICATE:
        return rank_of_certificates(target);
    case SORT_DUE:
        return target->spec.due ? target->spec.due : INT64_MAX;
    case SORT_ADDED:
    case sorting_count:
        break;
    }
    return (int64_t)target->id;
}
