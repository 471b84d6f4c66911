/* Whom to write to where nobody noted a contact. */
#pragma once

#include "engine/model/target.h"

/* "postmaster@contoso.com", which every domain that takes mail has (RFC 5321, section 4.5.1); the caller
 * frees. NULL for an endpoint URL, whose host need not take mail for its name. */
char *contact_fallback(const struct target_spec *spec);
