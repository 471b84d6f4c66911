/* What the sender's connectors say of a target, as members of its JSON object. */
#pragma once

#include "engine/model/target.h"

#include <jansson.h>

/* Sets match, pattern, floor, never_tls, other_connectors, inbound and remarks. */
void set_connector(json_t *object, const struct target_spec *spec);
