/* Whom to write to about a target, as text for a cell. */
#pragma once

#include "engine/model/model.h"

/* "hostmaster@contoso.com (soa); tls@contoso.com (tls-rpt)", the best for a letter first; the caller frees.
 * NULL when there is none. */
char *contacts_text(const struct target *target);

/* The same in words: "hostmaster@contoso.com (who runs its DNS zone)". */
char *contacts_people_text(const struct target *target);

/* What is noted by itself, else in words what DNS says: of a postmaster everybody knows. */
char *contacts_best_text(const struct target *target);
