/* Which DNS servers to ask: given as text, or the system's. */
#pragma once

#include "engine/net/address.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DNS_SERVERS_MOST 16

struct dns_server {
    struct net_address address;
    uint16_t port;
};

struct dns_servers {
    struct dns_server items[DNS_SERVERS_MOST];
    unsigned count;
};

/* "ADDR", "ADDR:PORT", "[V6]" or "[V6]:PORT" each; port 53 when not said. False and *error (one sentence, the
 * caller frees) when one can't be read or there are more than DNS_SERVERS_MOST. */
bool dns_servers_parse(struct dns_servers *servers, const char *const *texts, size_t count, char **error);

/* The servers that the resolver configuration in `path` names (NULL = the system's), without repeats. False
 * and *error when it names none. */
bool dns_servers_system(struct dns_servers *servers, const char *path, char **error);
