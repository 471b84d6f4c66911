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
    STAILQ_INIT(&outbox->items);
    return true;
}

void outbox_release(struct outbox *outbox)
{
    struct event event;

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
    pthread_mutex_lock(&outbox->lock);
    if (STAILQ_EMPTY(&outbox->items))
        raise_flag(outbox);
    STAILQ_INSERT_TAIL(&outbox->items, item, link);
    pthread_mutex_unlock(&outbox->lock);
}

bool outbox_take(struct outbox *outbox, struct event *event)
{
    struct outbox_item *item;

    pthread_mutex_lock(&outbox->lock);
    item = STAILQ_FIRST(&outbox->items);
    if (item)
        STAILQ_REMOVE_HEAD(&outbox->items, link);
    if (item && STAILQ_EMPTY(&outbox->items))
        lower_flag(outbox);
    pthread_mutex_unlock(&outbox->lock);
    if (!item)
        return false;
    *event = item->event;
    free(item);
    return true;
}
