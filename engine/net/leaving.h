/* The place that connections leave from, as this machine's kernel tells: routes, source addresses, and who
 * listens here. Nothing is sent to anybody. */
#pragma once

#include "engine/net/address.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum net_way {
    NET_WAY_NONE, /* no route, or the source is not there */
    NET_WAY_LEADS,
    NET_WAY_UNTOLD, /* no descriptor or port was left to ask with */
};

/* The address that a connection to `to` would leave from; all zero unless a way leads there. `source` (NULL:
 * the kernel's choice) must be of the same family. */
enum net_way net_leaving_address(const struct net_address *to, const struct net_address *source,
                                 struct net_address *from);

enum net_scope {
    NET_SCOPE_LOOPBACK, /* this machine; connections to 0.0.0.0 and :: end there too */
    NET_SCOPE_PRIVATE,  /* of a network behind others: RFC 1918, 6598 (carrier NAT), 4193, link-local */
    NET_SCOPE_GLOBAL,
};
/* An IPv4-mapped address (RFC 4291, 2.5.5.2) has the scope of its IPv4 address. */
enum net_scope net_address_scope(const struct net_address *address);

/* True when a program of this machine listens at `port` of `address`, or of all addresses. False as well
 * when the kernel does not tell. */
bool net_listens(const struct net_address *address, uint16_t port);

enum net_told {
    NET_TOLD_ON, /* not so far: more follows */
    NET_TOLD_YES,
    NET_TOLD_ALL, /* not so far, and that was all */
};

/* The same by one datagram of the kernel's answer to a question of NETLINK_SOCK_DIAG; whatever it holds, it
 * is read once. */
enum net_told net_sockets_tell(const void *bytes, size_t length, const struct net_address *address,
                               uint16_t port);
