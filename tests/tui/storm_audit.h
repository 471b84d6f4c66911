/* Stands in for the engine behind engine/audit/audit.h in key storms: no thread. It makes no events; what it
 * is told to add or probe again is remembered for whoever does. */
#pragma once

#include "engine/audit/audit.h"

struct audit *storm_audit_new(void);
void storm_audit_free(struct audit *audit);

/* A target that was added or is to be probed again, the latest; 0 when there is none that was not taken. */
uint32_t storm_audit_wanted(struct audit *audit);
