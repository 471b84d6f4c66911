/* Whom to write to about a target, as DNS says: the SOA of its zone and its TLS-RPT record, two questions a
 * domain. They are asked for partners, whom somebody will write to whatever comes of it; for other domains
 * once something on their route falls short, since of the rest nothing is asked; and on request. Not before
 * readiness of all endpoints is decided, a few at a time, and not where the domain's own lookup just failed.
 * Private to this room; runs on the engine's thread. */
#pragma once

#include "engine/audit/engine.h"

/* It is looked at once its lookups and its readiness are over. */
void contacts_consider(struct engine_target *target);
/* On request: without waiting for the readiness of others. */
void contacts_ask(struct engine_target *target);
/* It is not asked about any more, but that an answer under way is told. */
void contacts_leave(struct engine_target *target);
/* The next lookup asks anew. */
void contacts_forget(const struct engine_target *target);

/* Hosts or endpoints are probed again in this round, of which those who lead there were not asked for. */
void contacts_on_renewal(struct audit *audit);
/* One endpoint more is decided: when it was the last, those who deserve it are asked about. */
void contacts_on_readiness(struct audit *audit);
/* All work is done: likewise, and begins more work when there are any. */
void contacts_on_rest(struct audit *audit);

void contacts_cancel(struct audit *audit);
void contacts_stop(struct audit *audit); /* once the resolver is gone */
