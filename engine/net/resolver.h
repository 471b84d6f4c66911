/* MX, A, AAAA, PTR, TXT and SOA through c-ares on the loop. Answers are cached and shared for the run:
 * a name asked twice is sent once. Every callback runs later, never from inside the call, exactly once unless
 * the resolver is freed first. A server that fails or stays silent makes way for the next one. DNS_TIMEOUT
 * also stands for servers that can't be reached, DNS_SERVFAIL also for a circle of CNAMEs, DNS_MALFORMED for
 * an answer that can't be read, not over TCP either. */
#pragma once

#include "engine/base/trail.h"
#include "engine/base/words.h"
#include "engine/net/address.h"
#include "engine/net/loop.h"

#include <stdbool.h>
#include <stddef.h>

struct resolver;

struct resolver_options {
    const char *const *servers; /* "ADDR", "ADDR:PORT" or "[V6]:PORT"; NULL = the system's */
    size_t server_count;
    double timeout; /* seconds from its first send until a query is given up, retries included; default 10; up
                       to eight times as long while queries get lost */
    unsigned tries; /* per server; default 3 */
    unsigned most_in_flight; /* queries on the wire at once at most, fewer where they get lost; others wait
                                their turn; default 500 */
};

/* NULL and *error (one sentence, the caller frees) when a server can't be parsed or the system has none. */
struct resolver *resolver_new(struct net_loop *loop, const struct resolver_options *options, char **error);

/* Drops waiting queries without calling back; closes sockets; the memory goes when libuv is done with it. */
void resolver_free(struct resolver *resolver);

struct mx_record {
    char *exchange;      /* lower-case A-labels without trailing dot; "" for the null MX "." */
    unsigned preference; /* 0–65535 */
};

struct mx_answer {
    enum dns_status status;
    bool authenticated;        /* the AD bit */
    char *canonical;           /* the name after CNAMEs of the domain itself, or NULL when there were none */
    struct mx_record *records; /* by preference, then name; all of them, none twice */
    size_t count;
    size_t malformed;          /* MX records that could not be read */
    const struct trail *trail; /* the records it was made of; NULL: none */
};

struct address_answer {
    enum dns_status status; /* of both: OK when either gave an address; else the more worrying */
    enum dns_status status4, status6;
    bool authenticated;            /* AD on every answer that was used */
    char *canonical;               /* the name after CNAMEs, or NULL when there were none */
    struct net_address *addresses; /* IPv4 first, each in resolver order, without duplicates */
    size_t count;
    const struct trail
        *trails[2]; /* the records it was made of, of A and of AAAA; NULL for what was not asked */
};

struct names_answer {
    enum dns_status status;
    bool authenticated;
    const char **names; /* in the order of the alphabet; none twice. Names in lower case, without trailing
                           dot; texts as dns_message.h spells them */
    size_t count;
};

struct zone_answer {
    enum dns_status status; /* of the SOA at the name itself: DNS_NO_DATA within a zone is usual */
    bool authenticated;
    const char *zone;    /* that the name is in: it or a parent, in lower case; NULL: not told */
    const char *mailbox; /* its RNAME, spelled as names are; NULL likewise */
};

/* The answer belongs to the resolver's cache and is valid until resolver_free. */
typedef void resolver_mx_cb(void *context, const struct mx_answer *answer);
typedef void resolver_address_cb(void *context, const struct address_answer *answer);

/* `name`: A-labels, with or without trailing dot, never through a search list. `want4`, `want6`: which to ask
 * for (status of one not asked is DNS_NOT_QUERIED); neither stands for both. A name that can't be put into a
 * query is answered with DNS_MALFORMED. */
void resolver_mx(struct resolver *resolver, const char *name, resolver_mx_cb *callback, void *context);
void resolver_address(struct resolver *resolver, const char *name, bool want4, bool want6,
                      resolver_address_cb *callback, void *context);

typedef void resolver_names_cb(void *context, const struct names_answer *answer);

/* The SOA of the root, which every resolver knows and which is signed: whether the resolver answers, and
 * whether it validates (RFC 6840, section 5.7). The name is the root's primary server. */
void resolver_root(struct resolver *resolver, resolver_names_cb *callback, void *context);

typedef void resolver_zone_cb(void *context, const struct zone_answer *answer);

/* Which zone the name is in, by one query for its SOA: a name within a zone has none, and the no tells whose
 * it is (RFC 2308, section 3). */
void resolver_zone(struct resolver *resolver, const char *name, resolver_zone_cb *callback, void *context);

/* The TXT records of a name, each as one text. */
void resolver_text(struct resolver *resolver, const char *name, resolver_names_cb *callback, void *context);

/* The names that an address has in reverse DNS (RFC 1035, section 3.5; RFC 3596, section 2.5). */
void resolver_pointer(struct resolver *resolver, const struct net_address *address,
                      resolver_names_cb *callback, void *context);

/* Forgets what was cached for a name, so that a re-probe asks again ("" is the root). Answers handed out
 * before stay valid. */
void resolver_forget(struct resolver *resolver, const char *name);

struct resolver_counts {
    unsigned long queries; /* sent */
    unsigned long answers; /* of any status */
    unsigned long timeouts;
    unsigned long hits; /* served from the cache */
};
void resolver_counts(const struct resolver *resolver, struct resolver_counts *counts);

/* How many queries may be out at once: fewer than at most when more than these got lost. */
struct resolver_pace {
    unsigned most, allowed;
    unsigned cuts; /* times that it became fewer */
    bool waits;    /* queries are in line */
};
void resolver_pace(const struct resolver *resolver, struct resolver_pace *pace);
