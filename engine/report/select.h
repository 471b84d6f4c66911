/* Reports of a selection are reports of a model that holds no more: whatever counts or lists, counts and
 * lists these. */
#pragma once

#include "engine/model/model.h"

#include <stdbool.h>

/* Removes every target that `wanted` does not hold for, and returns how many there were before. For a model
 * that is not kept, or a copy: the removals are those of model_remove. */
unsigned report_select(struct model *model, bool (*wanted)(const struct target *target, const void *data),
                       const void *data);
