/* The lab's DNS server: UDP and TCP on one port of 127.0.0.1. Lives on one loop. */
#pragma once

#include "engine/lab/zone.h"

#include <stdatomic.h>
#include <stdint.h>
#include <uv.h>

struct name_server;

/* Opens both sockets; NULL when the port is taken. `zone` and `queries` (counted up per query) are borrowed.
 */
struct name_server *name_server_open(uv_loop_t *loop, uint16_t port, const struct zone *zone,
                                     atomic_ulong *queries);

/* Starts closing everything; the memory goes when the loop has run its close callbacks. NULL is allowed. */
void name_server_close(struct name_server *server);
