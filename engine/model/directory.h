/* What DNS says of whom a domain's mail may be talked about with: the SOA of its zone and its TLS-RPT record.
 * A lookup that failed says nothing; one that was answered without an address says that there is none. */
#pragma once

#include "engine/base/strings.h"
#include "engine/base/words.h"

#include <stdbool.h>

struct directory {
    enum dns_status zone_status; /* DNS_OK: the answer told a zone that speaks for the domain */
    char *zone;                  /* "contoso.com": the domain's own, or a parent's below the public suffix */
    char *mailbox;               /* the address in its SOA; NULL: none that mail could go to */
    enum dns_status report_status; /* of the TXT records at _smtp._tls. the domain */
    char *record;                  /* the TLS-RPT record; NULL: none, or a broken one */
    struct strings uris;           /* of its rua: "mailto:…", "https://…" */
};

/* A zeroed one: nothing was asked. */
struct directory *directory_new(void);
void directory_free(struct directory *directory); /* NULL is allowed */
struct directory *directory_copy(const struct directory *from);

/* Takes over from `from` what was answered there, and what was asked where `to` knows nothing: a failure
 * does not take away what is known. */
void directory_renew(struct directory *to, struct directory *from);

/* True when that lookup was answered, be it with a no. */
bool directory_told(enum dns_status status);
