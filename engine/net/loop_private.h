/* The inside of a loop, for the units of this room that hold libuv handles. */
#pragma once

#include "engine/net/loop.h"

#include <sys/queue.h>
#include <uv.h>

#define NET_LAST_DRAIN_MS 200 /* for streams that still drain when the loop is to stop */

struct net_stream;

TAILQ_HEAD(net_streams, net_stream);

struct net_loop {
    uv_loop_t uv;
    uv_async_t wake;
    uv_timer_t sweep;            /* ends streams that drain for too long; runs while there are any */
    uv_timer_cb on_sweep;        /* set by the first stream that drains */
    struct net_streams draining; /* oldest first */
    net_wake_cb *on_wake;
    void *context;
    bool stopping;
    char buffer[65536]; /* what was just read, by whichever stream; valid during its callback */
};
