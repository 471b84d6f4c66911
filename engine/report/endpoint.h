/* One element of `endpoints[]`, as one target sees the endpoint. */
#pragma once

#include "engine/model/model.h"

#include <jansson.h>

/* A new reference. `now`: seconds since 1970, for days_left. */
json_t *endpoint_json(const struct model *model, const struct target *target, const struct host *host,
                      const struct endpoint *endpoint, int64_t now);
