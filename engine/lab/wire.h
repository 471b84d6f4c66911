/* The sending side of one connection: output that goes out after a delay, in drops, or as the kernel takes
 * it, and what happens when all of it is sent. Sits inside its owner, whose memory must last until `gone` has
 * run. */
#pragma once

#include "engine/base/buf.h"

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#define WIRE_OUTPUT_MOST (1024 * 1024)

enum wire_after { WIRE_STAY, WIRE_CLOSE, WIRE_RESET };

struct wire {
    uv_tcp_t tcp;                 /* `tcp.data` is the wire */
    struct buf output;            /* to be sent; the owner appends and calls wire_send */
    unsigned drip_bytes, drip_ms; /* at most that many bytes at a time, with that pause; 0 = all at once */
    enum wire_after after;        /* when all is sent */
    void *owner;
    void (*sent)(void *owner);        /* all is sent and the wire stays */
    void (*closing_now)(void *owner); /* once, as closing begins */
    void (*gone)(void *owner);        /* last call: the memory may go */
    /* private */
    uv_timer_t timer;
    uv_write_t write;
    struct buf flight; /* being written */
    bool writing, waiting, closing;
    unsigned handles;
};

/* Everything else in `wire` zeroed, owner and callbacks set. */
void wire_init(struct wire *wire, uv_loop_t *loop);

/* Sends what is in `output`, now or after `delay` milliseconds, unless it is on its way anyway. */
void wire_send(struct wire *wire, unsigned delay);

/* Forgets output and delay. */
void wire_hush(struct wire *wire);

/* Idempotent. */
void wire_close(struct wire *wire, bool reset);
