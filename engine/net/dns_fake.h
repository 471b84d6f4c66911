/* For tests: DNS answers built by hand, and a DNS server on loopback whose answers go by the name asked for.
 */
#pragma once

#include "engine/base/buf.h"

#include <stddef.h>
#include <stdint.h>

enum {
    FAKE_QR = 0x8000,
    FAKE_AA = 0x0400,
    FAKE_TC = 0x0200,
    FAKE_RD = 0x0100,
    FAKE_RA = 0x0080,
    FAKE_AD = 0x0020
};
enum fake_section { FAKE_ANSWER = 6, FAKE_AUTHORITY = 8, FAKE_ADDITIONAL = 10 }; /* where its count stands */

/* Header and question. `name`: labels as they are, between dots. */
void fake_begin(struct buf *out, unsigned id, unsigned flags, const char *name, unsigned type);
void fake_name(struct buf *out, const char *name);
/* A record up to its data; what is added until fake_end is the data. */
size_t fake_record(struct buf *out, enum fake_section section, const char *owner, unsigned type);
void fake_end(struct buf *out, size_t mark);
void fake_mx(struct buf *out, const char *owner, unsigned preference, const char *exchange);
void fake_cname(struct buf *out, const char *owner, const char *target);
void fake_ptr(struct buf *out, const char *owner, const char *name);
void fake_soa(struct buf *out, const char *owner, const char *primary);
void fake_zone(struct buf *out, enum fake_section section, const char *owner, const char *mailbox);
void fake_txt(struct buf *out, const char *owner, const char *text);     /* as two strings */
void fake_a(struct buf *out, const char *owner, const char *address);    /* dotted */
void fake_aaaa(struct buf *out, const char *owner, const char *address); /* colons */

enum { FAKE_BUSY_MOST = 8, FAKE_BUSY_MS = 50 };

struct fake_dns;

enum fake_manner {
    FAKE_BY_NAME,
    FAKE_SERVFAIL, /* whatever is asked */
    FAKE_SILENT,
    FAKE_NO_ROOT, /* by name, but refuses the root */
    FAKE_BUSY,    /* by name, FAKE_BUSY_MOST in FAKE_BUSY_MS; what comes besides is dropped */
};

/* Names: normal, nx, nodata, servfail, refused, notimp, old (FORMERR to EDNS), drop, dropped-once, big (60 MX
 * over TCP only), garbage, noise (another question), alias, circle, partial, partial-late (the first answer
 * comes behind the second), null, zoned (null MX, a zone of
 * its own), signed, mixed, ip
 * (ip.192.0.2.1.test has an MX that is an address), anything else; each under ".test", which is
 * a zone and has the TXT "v=TLSRPTv1; rua=mailto:tls@mail.test" at each name. The root's SOA is signed;
 * 192.0.2.1 and 2001:db8::1 have names in reverse DNS. */
struct fake_dns *fake_dns_new(enum fake_manner manner);
void fake_dns_turn(struct fake_dns *fake, enum fake_manner manner); /* from the next query on */
void fake_dns_free(struct fake_dns *fake);
unsigned fake_dns_port(const struct fake_dns *fake);
unsigned fake_dns_queries(const struct fake_dns *fake);
unsigned fake_dns_tcp_queries(const struct fake_dns *fake);
unsigned fake_dns_dropped(const struct fake_dns *fake); /* for being too many */
