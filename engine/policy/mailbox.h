/* Mail addresses that DNS records name. What comes out is plain (RFC 5321's Dot-string at a domain of two
 * labels or more, none that is reserved for what is no domain), so that it may be shown and written to; all
 * else gives none. Pure. */
#pragma once

#include <stdbool.h>

/* "a.nurse@contoso.com"; not "root@localhost", "\"a b\"@contoso.com", "a@192.0.2.1". */
bool mailbox_ok(const char *text);

/* The address in the RNAME of a SOA (RFC 1035, section 3.3.13), spelled as dns_name_normal spells names: the
 * first label is the mailbox, and may hold dots (\046). The caller frees; NULL when it is none. */
char *mailbox_of_name(const char *name);

/* The one address of a mailto URI (RFC 6068), without what follows a "?"; the caller frees. NULL for any
 * other URI, for several addresses and for one that is not plain. */
char *mailbox_of_uri(const char *uri);
