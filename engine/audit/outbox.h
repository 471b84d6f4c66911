/* Events from the engine's thread to one other thread: a locked queue and a descriptor that is readable while
 * it holds any. */
#pragma once

#include "engine/model/event.h"

#include <pthread.h>
#include <stdbool.h>
#include <sys/queue.h>

struct outbox_item;

struct outbox {
    pthread_mutex_t lock;
    STAILQ_HEAD(outbox_items, outbox_item) items;
    int descriptor;
};

/* False when the process has no descriptors left. */
bool outbox_init(struct outbox *outbox);
/* Releases the events that nobody took. */
void outbox_release(struct outbox *outbox);
/* Takes the content of `event` over. */
void outbox_put(struct outbox *outbox, const struct event *event);
/* False when it is empty; else the caller releases the event. */
bool outbox_take(struct outbox *outbox, struct event *event);
