#include "engine/report/expiring.h"

#include "engine/base/mem.h"
#include "engine/report/summary.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define DAY 86400

static bool ends_soon(const struct target *target, int64_t now)
{
    int64_t end = report_first_expiry(target);

    return target->spec.requirement >= REQUIREMENT_CHAIN && end > now &&
           end <= now + (int64_t)EXPIRING_DAYS * DAY;
}

static int by_end(const void *left, const void *right)
{
    const struct target *a = *(const struct target *const *)left, *b = *(const struct target *const *)right;
    int64_t first = report_first_expiry(a), second = report_first_expiry(b);

    return first == second ? strcmp(a->spec.domain, b->spec.domain) : first < second ? -1 : 1;
}

const struct target **report_expiring(const struct model *model, size_t *count)
{
    const struct target **list = NULL;
    int64_t now = model_time(model);

    *count = 0;
    for (size_t i = 0; i < model_target_count(model); i++) {
        const struct target *target = model_target_at(model, i);

        if (target->removed || !ends_soon(target, now))
            continue;
        if ((*count & (*count - 1)) == 0)
            list = mem_resize(list, *count ? *count * 2 : 1, sizeof(const struct target *));
        list[(*count)++] = target;
    }
    if (*count)
        qsort(list, *count, sizeof(const struct target *), by_end);
    return list;
}

int expiring_days_left(const struct model *model, const struct target *target)
{
    return (int)((report_first_expiry(target) - model_time(model)) / DAY);
}

char *expiring_words(size_t count)
{
    return mem_format(
        "%zu %s a valid certificate and %s one that ends within %d days; when it ends, mail stops.", count,
        count == 1 ? "target has to have" : "targets have to have", count == 1 ? "has" : "have",
        EXPIRING_DAYS);
}
