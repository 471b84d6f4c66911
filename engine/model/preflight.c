#include "engine/model/preflight.h"

#include "engine/base/mem.h"

#include <stdlib.h>
#include <string.h>

static bool same(const char *left, const char *right)
{
    return left == right || (left && right && strcmp(left, right) == 0);
}

bool preflight_set(struct preflight *preflight, enum check check, enum check_state state, const char *detail)
{
    struct preflight_check *at = &preflight->checks[check];
    char *copy;

    if (at->state == state && same(at->detail, detail))
        return false;
    copy = mem_string(detail);
    free(at->detail);
    at->state = state;
    at->detail = copy;
    return true;
}

bool preflight_trouble(const struct preflight *preflight, enum check *check)
{
    for (unsigned i = 0; i < check_count; i++) {
        if (preflight->checks[i].state != CHECK_TROUBLE)
            continue;
        *check = (enum check)i;
        return true;
    }
    return false;
}

void preflight_copy(struct preflight *to, const struct preflight *from)
{
    *to = *from;
    for (unsigned i = 0; i < check_count; i++)
        to->checks[i].detail = mem_string(from->checks[i].detail);
}

void preflight_release(struct preflight *preflight)
{
    for (unsigned i = 0; i < check_count; i++)
        free(preflight->checks[i].detail);
    memset(preflight, 0, sizeof *preflight);
}
