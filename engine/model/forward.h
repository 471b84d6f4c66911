/* What to write to those whose servers fall short: "Your gateway gw.fabrikam.example offers TLS 1.0 only;
 * once the rules of Exchange Online (Office 365), in force since 2020-10-15, hold for our mail, our connector
 * will queue mail for 24 hours and then return it. Please enable TLS 1.2 or newer." */
#pragma once

#include "engine/model/model.h"

/* At most three sentences on one line, made anew, the caller frees; or NULL when there is nothing to ask:
 * ready, no mail, pending, and where the sender uses no TLS whatever is offered. Who could not be judged is
 * asked, never blamed. What only the baseline's floor makes a fault counts once that is in force for the
 * sender, what fails by the sender's own rules counts now. How long mail waits is the sender's system's:
 * Exchange 24 hours, Postfix maximal_queue_lifetime (5 days by default), others unsaid. */
char *model_forward(const struct model *model, const struct target *target);

/* The parts of that for a longer letter. What one server does wrong, to go behind its name: "offers TLS 1.0
 * only"; the caller frees, NULL when it does nothing wrong or was not judged. */
char *model_forward_fault(const struct model *model, const struct target *target, const struct host *host,
                          const struct endpoint *endpoint);
/* Adds what helps, to go behind "Please": "enable TLS 1.2 or newer"; nothing where no server falls short. */
void model_forward_remedies(const struct model *model, const struct target *target, struct strings *out);
