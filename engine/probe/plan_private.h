/* What the two halves of the plan share: plan.c names the next step, plan_apply.c takes the answers. */
#pragma once

#include "engine/probe/plan.h"

#define ALERT_UNRECOGNIZED_NAME 112
#define PLAN_LOOKS_MOST         5 /* offers of all versions to a server that contradicts itself */
#define PLAN_ALONE_MOST         3 /* times that such a server is asked for one version alone */
#define PLAN_OTHER_MOST         2 /* times that a second certificate is asked for, while nothing answers */
#define PLAN_BARREN_SURE        2 /* connections without STARTTLS that are believed, where none had it */

/* True when every version at or above the floor is refused, and not enough offers of all versions say so. */
bool plan_doubts_no(const struct plan *plan, const struct facts *facts, const struct baseline *baseline);

/* True when a version from `lowest` up has that state. */
bool plan_any_in(const struct facts *facts, int lowest, enum version_state state);

/* True when the version is refused though one above it and one below it are accepted. */
bool plan_is_hole(const struct facts *facts, int v);

/* True when the present question is to be put in one more shape, should the last one have said nothing. */
bool plan_shapes_left(const struct plan *plan, const struct step *step);
