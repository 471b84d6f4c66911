/* One DNS server as c-ares speaks to it: bytes of a query out, bytes of its answer in, over UDP or TCP. What
 * to send, when to repeat and what an answer means is the caller's. */
#pragma once

#include "engine/net/dns_servers.h"
#include "engine/net/loop.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dns_channel;

/* `bytes` NULL: no answer will come (unreachable, time is up, or the channel was freed). May run inside
 * dns_channel_send and dns_channel_free; must call no function of this unit. */
typedef void dns_channel_answer_cb(void *query, const uint8_t *bytes, size_t length);

/* Runs after answers were given out, outside of c-ares: here everything is allowed, freeing the channel too.
 */
typedef void dns_channel_after_cb(void *context);

/* `milliseconds`: how long to wait for an answer. NULL when c-ares can't start. */
struct dns_channel *dns_channel_new(struct net_loop *loop, const struct dns_server *server, bool tcp,
                                    unsigned milliseconds, dns_channel_after_cb *after, void *context);

/* Sends a query, once. `answer` runs exactly once with `query`. */
void dns_channel_send(struct dns_channel *channel, const uint8_t *bytes, size_t length,
                      dns_channel_answer_cb *answer, void *query);

/* Gives up queries whose time is up; to be called now and then while any are out. */
void dns_channel_tick(struct dns_channel *channel);

/* Ends all queries that are out. NULL is allowed. */
void dns_channel_free(struct dns_channel *channel);
