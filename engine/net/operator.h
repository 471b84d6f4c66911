/* Who runs a server, as far as that shows: connections to one operator are bounded, whatever names and
 * addresses it has. Judged twice, since either alone misses some: by network (the /24 of an IPv4 address, the
 * /48 of an IPv6 one) and by registrable domain of the host's name, as the Public Suffix List has it. Pure.
 */
#pragma once

#include "engine/net/address.h"

/* The network, such as "192.0.2.0/24" or "2001:db8::/48"; the caller frees. An IPv4 address within IPv6
 * (::ffff:192.0.2.1) belongs to its IPv4 network. */
char *operator_network(const struct net_address *address);

/* The registrable domain of a host name (A-labels, in any case, with or without the last dot), such as
 * "contoso.co.uk" for "mx1.eu.contoso.co.uk"; a public suffix stands for itself. NULL for "", NULL and an
 * address literal, which no domain shows. The caller frees. */
char *operator_domain(const char *name);
