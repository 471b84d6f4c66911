/* Whom to write to about a target, and where that is known from. */
#pragma once

#include "engine/model/directory.h"
#include "engine/model/target.h"

struct contact {
    enum contact_source source;
    char *address; /* owned; as noted, else a plain mail address */
};

struct contacts {
    struct contact *items; /* owned; the best for a letter first */
    size_t count;
};

/* All that is known, each address once. `directory` may be NULL. The order is that of letters: what is noted
 * here; postmaster, who reads mail about mail and is there wherever a domain takes any (RFC 5321,
 * section 4.5.1); the SOA's mailbox, which may be a DNS provider's; last those of TLS-RPT, where mostly a
 * machine reads. Where a domain takes no mail (`takes_mail` false) it has no postmaster, nor has an endpoint
 * URL, whose host need not take mail for its name. */
void contacts_list(struct contacts *out, const struct target_spec *spec, const struct directory *directory,
                   bool takes_mail);
void contacts_release(struct contacts *contacts);

/* "postmaster@contoso.com"; NULL for an endpoint URL. The caller frees. */
char *contact_fallback(const struct target_spec *spec);
