/* Events from the engine's thread to one other thread: a locked queue and a descriptor that is readable while
 * it holds any. */
#pragma once

#include "engine/model/event.h"

#include <pthread.h>
#include <stdbool.h>
#include <sys/queue.h>

struct outbox_item;

STAILQ_HEAD(outbox_items, outbox_item);

struct outbox {
    struct outbox_items put; /* the engine's thread: not flushed yet */
    pthread_mutex_t lock;
    struct outbox_items flushed; /* under the lock */
    struct outbox_items taken;   /* the other thread: what it takes next */
    int descriptor;
};

/* False when the process has no descriptors left. */
bool outbox_init(struct outbox *outbox);
/* Releases the events that nobody took. */
void outbox_release(struct outbox *outbox);
/* Takes the content of `event` over; the other thread sees it after outbox_flush. */
void outbox_put(struct outbox *outbox, const struct event *event);
void outbox_flush(struct outbox *outbox);
/* False when nothing was flushed that was not taken; else the caller releases the event. */
bool outbox_take(struct outbox *outbox, struct event *event);
