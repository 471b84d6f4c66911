/* One TCP connection as a client. */
#pragma once

#include "engine/base/words.h"
#include "engine/net/address.h"
#include "engine/net/local.h"
#include "engine/net/loop.h"

#include <stdbool.h>
#include <stddef.h>

struct net_stream;

/* All run on the loop's thread, never from inside net_stream_open; none after net_stream_close. */
struct net_stream_callbacks {
    void (*connected)(void *context);
    void (*received)(void *context, const void *bytes, size_t length);
    /* The stream is unusable. Before a packet left: PROBE_NO_ROUTE (no route, no address of the family, a
     * local rule against it), PROBE_NO_SOURCE (the source address is not there), PROBE_LOCAL_LIMIT
     * (descriptors, ports, memory). From the way or the peer: PROBE_CONNECT_REFUSED,
     * PROBE_CONNECT_UNREACHABLE, PROBE_CONNECT_TIMEOUT (the kernel's), PROBE_CLOSED (orderly), PROBE_RESET,
     * PROBE_IO_TIMEOUT (the kernel gave up an open connection). */
    void (*ended)(void *context, enum probe_error why);
};

/* Starts connecting; failures, also local ones, come through `ended`. `source` may be NULL. */
struct net_stream *net_stream_open(struct net_loop *loop, const struct net_address *to, uint16_t port,
                                   const struct net_address *source,
                                   const struct net_stream_callbacks *callbacks, void *context);

/* What was missing where it ended with PROBE_LOCAL_LIMIT. */
enum net_shortage net_stream_shortage(const struct net_stream *stream);

/* True when this machine can send from that address. */
bool net_source_usable(const struct net_address *source);

/* Queues bytes (copied). */
void net_stream_write(struct net_stream *stream, const void *bytes, size_t length);

/* Sends what is queued for at most two seconds, then closes; no callback runs any more and the memory goes by
 * itself. NULL is allowed. */
void net_stream_close(struct net_stream *stream);
