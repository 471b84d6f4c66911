/* What this machine has for connections: local ports, descriptors. */
#pragma once

#include <stdbool.h>

/* What was missing when a connection could not be begun. */
enum net_shortage { NET_SHORT_OF_NOTHING, NET_SHORT_OF_FILES, NET_SHORT_OF_PORTS, NET_SHORT_OF_MEMORY };

/* What an error of the kernel (errno) says is missing; NET_SHORT_OF_NOTHING for all others. Pure. */
enum net_shortage net_shortage_of(int error);

/* True where that is so for sure: EADDRNOTAVAIL stands for a missing address as well. Pure. */
bool net_lacks_room(int error);

/* Local ports that connections to one address and port of a peer can have at once, by what the kernel is set
 * to; other peers can share them. 0 when it does not tell. */
unsigned net_local_ports(void);

/* The same from the kernel's words: a range as "32768\t60999\n", and what is kept back of it as
 * "8080,9000-9010\n"; "" and NULL for none. 0 when the range can't be read. Pure. */
unsigned net_ports_in(const char *range, const char *reserved);

/* True when the process can open a socket now. */
bool net_descriptor_left(void);
