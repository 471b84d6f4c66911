/* What an input says of a target that it did not say before, in words. Pure. */
#pragma once

#include "engine/model/model.h"

/* "name instead of encryption, smart host gw.example instead of MX, owner Ann": what model_respecify would
 * change; "" when that is nothing. The caller frees. */
char *demand_words(const struct target *target, const struct target_spec *spec);
