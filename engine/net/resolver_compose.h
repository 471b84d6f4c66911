/* What DNS answered → what callers of the resolver see. Pure. Strings stay the DNS answer's, the arrays are
 * the caller's to free. */
#pragma once

#include "engine/net/dns_message.h"
#include "engine/net/resolver.h"

void compose_mx(struct mx_answer *mx, const struct dns_answer *answer);
void compose_names(struct names_answer *names, const struct dns_answer *answer);
void compose_zone(struct zone_answer *zone, const struct dns_answer *answer);
/* `a`, `aaaa`: NULL for what was not asked. Of a name that has addresses of one family, only that family's
 * answer need be authenticated. */
void compose_address(struct address_answer *address, const struct dns_answer *a,
                     const struct dns_answer *aaaa);
