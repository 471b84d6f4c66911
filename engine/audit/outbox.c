#include "engine/audit/outbox.h"

#include "engine/base/mem.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct outbox_item {
    struct event event;
    STAILQ_ENTRY(outbox_item) link;
};

bool outbox_init(struct outbox *outbox)
{
    outbox->descriptor = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (outbox->descriptor < 0)
        return false;
    pthread_mutex_init(&outbox->lock, NULL);
    STAILQ_INIT(&outbox->put);
    STAILQ_INIT(&outbox->flushed);
    STAILQ_INIT(&outbox->taken);
    return true;
}

void outbox_release(struct outbox *outbox)
{
    struct event event;

    outbox_flush(outbox);
    while (outbox_take(outbox, &event))
        event_release(&event);
    pthread_mutex_destroy(&outbox->lock);
    close(outbox->descriptor);
}

/* Only the first event of a batch pays for the system call. */
static void raise_flag(struct outbox *outbox)
{
    const uint64_t one = 1;

    while (write(outbox->descriptor, &one, sizeof one) < 0 && errno == EINTR)
        continue;
}

static void lower_flag(struct outbox *outbox)
{
    uint64_t count;

    while (read(outbox->descriptor, &count, sizeof count) < 0 && errno == EINTR)
        continue;
}

void outbox_put(struct outbox *outbox, const struct event *event)
{
    struct outbox_item *item = mem_alloc(sizeof *item);

    item->event = *event;
    STAILQ_INSERT_TAIL(&outbox->put, item, link);
}

void outbox_flush(struct outbox *outbox)
{
    if (STAILQ_EMPTY(&outbox->put))
        return;
    pthread_mutex_lock(&outbox->lock);
    if (STAILQ_EMPTY(&outbox->flushed))
        raise_flag(outbox);
    STAILQ_CONCAT(&outbox->flushed, &outbox->put);
    pthread_mutex_unlock(&outbox->lock);
}

/* The flag stays up until the last event was taken. */
static void fetch(struct outbox *outbox)
{
    pthread_mutex_lock(&outbox->lock);
    STAILQ_CONCAT(&outbox->taken, &outbox->flushed);
    pthread_mutex_unlock(&outbox->lock);
}

static void settle_flag(struct outbox *outbox)
{
    pthread_mutex_lock(&outbox->lock);
    if (STAILQ_EMPTY(&outbox->flushed))
        lower_flag(outbox);
    pthread_mutex_unlock(&outbox->lock);
}

bool outbox_take(struct outbox *outbox, struct event *event)
{
    struct outbox_item *item;

    if (STAILQ_EMPTY(&outbox->taken))
        fetch(outbox);
    item = STAILQ_FIRST(&outbox->taken);
    if (!item)
        return false;
    STAILQ_REMOVE_HEAD(&outbox->taken, link);
    if (STAILQ_EMPTY(&outbox->taken))
        settle_flag(outbox);
    *event = item->event;
    free(item);
    return true;
}
