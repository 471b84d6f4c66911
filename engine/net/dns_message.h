/* DNS messages as bytes: builds a query, reads an answer (RFC 1035, section 4). No socket, no clock; whatever
 * the bytes hold, time and memory are bounded by their number. */
#pragma once

#include "engine/base/buf.h"
#include "engine/base/trail.h"
#include "engine/base/words.h"
#include "engine/net/address.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum dns_type {
    DNS_TYPE_A = 1,
    DNS_TYPE_CNAME = 5,
    DNS_TYPE_SOA = 6,
    DNS_TYPE_PTR = 12,
    DNS_TYPE_MX = 15,
    DNS_TYPE_TXT = 16,
    DNS_TYPE_AAAA = 28
};

enum dns_rcode {
    DNS_RCODE_OK = 0,
    DNS_RCODE_FORMERR,
    DNS_RCODE_SERVFAIL,
    DNS_RCODE_NXDOMAIN,
    DNS_RCODE_NOTIMP,
    DNS_RCODE_REFUSED
};

#define DNS_UDP_PAYLOAD 1232 /* fits IPv6's least MTU */

/* The one spelling of a name, which the caller frees: lower case, no trailing dot ("" is the root), letters,
 * digits, '-' and '_' as they are, every other byte as \DDD. Accepts \DDD and \X. NULL when a label is empty
 * or longer than 63 bytes or the name is longer than 255. */
char *dns_name_normal(const char *name);

/* Appends a recursive query with the AD bit set, which asks for that bit in the answer (RFC 6840,
 * section 5.7). `payload`, unless 0, goes into an OPT record (RFC 6891), the last 11 bytes. False when the
 * name can't be sent. */
bool dns_query_build(struct buf *out, uint16_t id, const char *name, enum dns_type type, unsigned payload);

struct dns_record {
    char *name; /* MX: the exchange, PTR: the name, SOA: the primary server, spelled as dns_name_normal does;
                   TXT: its strings as one, printable ASCII as it is but the backslash, all else as \DDD */
    unsigned preference;        /* MX */
    struct net_address address; /* A, AAAA */
    uint32_t ttl;               /* seconds */
};

struct dns_answer {
    enum dns_status status;
    unsigned rcode;     /* as sent; 0 when the header could not be read */
    bool authenticated; /* the AD bit */
    bool truncated;     /* the TC bit: ask again over TCP */
    bool unfinished;    /* the server followed the CNAMEs only so far: ask for `canonical` */
    char *canonical;    /* the name after CNAMEs; NULL when there were none */
    struct dns_record
        *records; /* names by preference, then name; addresses in the order sent; no record twice */
    size_t count;
    size_t malformed;     /* records of the type that could not be read */
    char *zone, *mailbox; /* of a question for a SOA: the zone that the name is in, be it as the authority
                             section of a no has it, and its RNAME, spelled likewise; NULL: not told */
    struct trail trail;   /* the CNAMEs that were followed, then `records` (MX, A and AAAA) */
};

/* Reads the answer to a query for `name` (spelled as dns_name_normal does). DNS_SERVFAIL stands for a circle
 * of CNAMEs, for a mere referral and for every rcode that has no status of its own; DNS_MALFORMED for bytes
 * that are no answer to this query. */
void dns_answer_parse(struct dns_answer *answer, const void *bytes, size_t length, const char *name,
                      enum dns_type type);

void dns_answer_release(struct dns_answer *answer);
