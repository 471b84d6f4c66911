/* What comes from elsewhere in a storm: targets, routes, facts, removals, notes. */
#pragma once

#include "engine/model/model.h"

#include <stdint.h>

/* Deterministic: xorshift of *state, which is never 0. */
unsigned storm_random(uint64_t *state, unsigned below);

/* Does one thing to the model. `wanted`: a target to tell of, 0 for any. */
void storm_event(struct model *model, uint64_t *random, uint32_t wanted);
