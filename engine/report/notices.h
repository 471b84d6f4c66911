/* The warnings of a target as reports for people have them. */
#pragma once

#include "engine/model/model.h"

/* Those of model_warnings that `model_explain` does not begin with: beside the explanation they tell more. */
void report_notices(const struct model *model, const struct target *target, struct strings *out);
