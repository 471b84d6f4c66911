/* Several sessions made one: shards of a list, looks from several places, looks at several times. Pure.
 *
 * Of each endpoint the newest facts win, those of a probe that came to its end before others; of a target's
 * route and a host's addresses what the newest session knows, where its lookup did not fail. What another
 * place saw otherwise is kept: addresses are joined, and another verdict, best version, certificate, route or
 * address is a warning, "from a.example at 2026-11-23T10:00:00Z: not ready (…)". What the same place saw
 * earlier is the past, no conflict. A note, an owner, a contact, a state, a day or a demand that another
 * session has otherwise is a remark, "from a.example at 2026-11-23T10:00:00Z: owner: Ann". What an earlier
 * merge told so stays.
 *
 * Histories of verdicts are joined in order of time. A check of the preflight that is in trouble for one is
 * so for all: what it casts doubt on is among the facts. Targets that were removed stay so, with what is
 * known of them, unless another session has them; then a remark tells who removed them later. */
#pragma once

#include "engine/model/model.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct merge_source {
    struct model *model; /* gets the baseline of the last source, and is else as it was */
    const char *vantage; /* NULL: not known */
    int64_t began, when; /* it began, and its last word; seconds since 1970; 0 for `began`: not known */
};

/* A new model from one source or more, the oldest first. A target is as the newest session has it; note,
 * owner, contact, state and day that it lacks come from the one before. Judged as of the last source's time.
 */
struct model *merge_models(const struct merge_source *sources, size_t count);

/* True for a warning or a remark that tells what another place saw, or another session has. */
bool merge_told(const char *line);
