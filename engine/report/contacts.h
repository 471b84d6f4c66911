/* Whom to write to about a target, as reports tell it. */
#pragma once

#include "engine/model/model.h"

#include <jansson.h>

/* All addresses with their sources, the best for a letter first: [{"source", "address"}]. */
json_t *contacts_json(const struct target *target);

/* What the zone's SOA, and TLS-RPT, were found to be: null as long as nobody asked; a status that says
 * nothing stands beside nulls, and is no "none". */
json_t *contacts_zone_json(const struct target *target);
json_t *contacts_tls_rpt_json(const struct target *target);
