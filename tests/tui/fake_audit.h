/* Stands in for the engine behind engine/audit/audit.h in screen tests: no sockets, no DNS. A thread makes
 * the events. */
#pragma once

#include "engine/audit/audit.h"
#include "engine/model/model.h"

/* At SIGUSR1 (blocked in all threads but its own from here on) hosts arrive below each partner that `model`
 * holds now; with `stream` facts then change without end. */
struct audit *fake_audit_new(const struct model *model, bool stream);
/* Who asks for contacts (audit_contacts) hears of hostmaster@sample.example at once. */

/* Local trouble, as the engine would tell it. */
void fake_audit_tell(struct audit *audit, const char *text);

void fake_audit_free(struct audit *audit); /* NULL is allowed */
