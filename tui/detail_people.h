/* What people here keep of a target, and how its verdict came to be what it is, as parts of its page. */
#pragma once

#include "engine/model/model.h"
#include "tui/page.h"

#include <stdint.h>

/* Owner, contact with the state, due date (what is over is marked unless it is fixed or waived), note. Where
 * no contact is noted and something is asked of a domain, its postmaster is named, whom every domain that
 * takes mail has (RFC 5321, section 4.5.1). Behind it what DNS says: the SOA's mailbox and where TLS reports
 * go, or that it is not known. `now` in seconds since 1970. */
void detail_people(struct page *page, const struct target *target, int64_t now);

/* "History": settled verdicts, the newest first, at most ten; nothing where there is none. */
void detail_history(struct page *page, const struct target *target);
