/* What was found out about the place that probes leave from: a list of checks, each with a state and, where
 * there is something to say, one sentence. No judgement of targets is in here. */
#pragma once

#include "engine/base/words.h"

#include <stdbool.h>

struct preflight_check {
    enum check_state state; /* CHECK_UNKNOWN until something told */
    char *detail;           /* one sentence for people, escaped; NULL */
};

struct preflight {
    struct preflight_check checks[check_count];
    bool denies; /* the resolver knows only its own names: that it denies others says nothing of them */
};

/* Sets one check; `detail` is copied and may be NULL. True when that changed anything. */
bool preflight_set(struct preflight *preflight, enum check check, enum check_state state, const char *detail);

/* The first check in trouble, in the order of the list; false when there is none. */
bool preflight_trouble(const struct preflight *preflight, enum check *check);

void preflight_copy(struct preflight *to,
                    const struct preflight *from); /* `to` is overwritten, not released */
void preflight_release(struct preflight *preflight);
