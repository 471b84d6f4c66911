/* The names of the lab's DNS and the addresses of its mail servers, read from text (data/lab/zone.txt
 * explains the format). Pure; immutable after zone_parse. */
#pragma once

#include "engine/base/map.h"
#include "engine/base/strings.h"
#include "engine/net/address.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum zone_type {
    ZONE_ANY_TYPE = 0,
    ZONE_A = 1,
    ZONE_CNAME = 5,
    ZONE_SOA = 6,
    ZONE_PTR = 12,
    ZONE_MX = 15,
    ZONE_TXT = 16,
    ZONE_AAAA = 28
};

struct zone_record {
    enum zone_type type;
    unsigned preference; /* MX */
    char *text; /* MX, CNAME, PTR: a name in lower case without trailing dot, "" is the root; SOA: the
                   mailbox as a name; TXT: its strings, a line each. In these two \DDD is a byte, and \. a dot
                   within a label */
    struct net_address address; /* A, AAAA */
};

enum zone_fault { ZONE_ANSWERS, ZONE_SERVFAIL, ZONE_REFUSED, ZONE_DROP, ZONE_MALFORMED, ZONE_NXDOMAIN };

struct zone_name {
    char *name;
    struct zone_record *records; /* owned; none for an empty non-terminal */
    size_t count;
    enum zone_fault fault;
    enum zone_type fault_type; /* the only type that the fault strikes; ZONE_ANY_TYPE = all */
    unsigned delay;            /* milliseconds before an answer */
    bool authenticated;        /* answers carry the AD bit */
};

struct zone_server {
    struct net_address address;
    char *persona;
    struct strings names; /* host names whose A or AAAA lead here, in the order of the alphabet */
    unsigned line;        /* where the zone says so */
};

struct zone {
    struct map names;            /* name → struct zone_name */
    struct zone_server *servers; /* owned; each address once */
    size_t server_count;
};

/* NULL and *error (source, line, what was expected; the caller frees) for text that is no zone. */
struct zone *zone_parse(const char *source, const char *text, char **error);
void zone_free(struct zone *zone);

/* The name's entry, or NULL (NXDOMAIN). `name` in lower case without trailing dot. */
const struct zone_name *zone_find(const struct zone *zone, const char *name);
