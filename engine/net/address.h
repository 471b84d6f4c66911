/* IP addresses and ports as values. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#define NET_ADDRESS_SIZE 64 /* room for any address text with scope */

struct net_address {
    uint8_t family; /* 4 or 6; 0 = none */
    uint8_t bytes[16];
};

/* Dotted IPv4 or IPv6 text, without brackets; false otherwise. */
bool net_address_parse(const char *text, struct net_address *address);
/* Canonical text (RFC 5952). */
void net_address_print(const struct net_address *address, char text[NET_ADDRESS_SIZE]);
/* The IPv4 address that an IPv6 one of the form ::ffff:192.0.2.1 stands for (RFC 4291 §2.5.5.2), since it
 * leads to the same machine; any other address as it is. */
struct net_address net_address_unmapped(const struct net_address *address);
bool net_address_equal(const struct net_address *a, const struct net_address *b);
/* Returns the length of the sockaddr. */
socklen_t net_address_sockaddr(const struct net_address *address, uint16_t port,
                               struct sockaddr_storage *out);
