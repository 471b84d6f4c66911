#include "engine/store/writer.h"

#include "engine/base/mem.h"
#include "engine/base/thread.h"
#include "engine/store/store_private.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#define QUEUE_MOST ((size_t)64 << 20) /* bytes */
#define SLICE      256                /* nodes that are taken at a time */
#define RETRY_MS   2000

struct store_writer {
    struct store *store; /* owned; its database is the thread's, its rows are the owner's; NULL: not begun */
    pthread_t thread;
    int descriptor;

    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t wake;
    struct store_items queue;
    size_t queued; /* bytes, those that are being written too */
    uint64_t saved;
    int64_t taken_at; /* all that the owner's model held then was queued; seconds since 1970, 0: never */
    int64_t saved_at; /* and was on disk */
    bool ending;
    char *trouble; /* why the last commit failed; NULL */
    bool news;     /* `trouble` changed since it was asked for */
};

static int64_t now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void raise_flag(const struct store_writer *writer)
{
    while (eventfd_write(writer->descriptor, 1) < 0 && errno == EINTR)
        continue;
}

/* With the lock held. Returns early only when the end has come. */
static void sleep_until(struct store_writer *writer, int64_t when)
{
    const struct timespec until = {when / 1000, when % 1000 * 1000000};

    while (!writer->ending && now_ms() < when)
        pthread_cond_timedwait(&writer->wake, &writer->lock, &until);
}

static void set_trouble(struct store_writer *writer, char *text)
{
    bool same = text && writer->trouble ? strcmp(text, writer->trouble) == 0 : text == writer->trouble;

    free(writer->trouble);
    writer->trouble = text;
    if (same)
        return;
    writer->news = true;
    raise_flag(writer);
}

static uint64_t count(const struct store_items *items)
{
    const struct store_item *item;
    uint64_t number = 0;

    STAILQ_FOREACH(item, items, link)
    number++;
    return number;
}

static void note_saved(struct store_writer *writer, struct store_items *batch, size_t bytes, int64_t until)
{
    writer->saved += count(batch);
    writer->saved_at = until;
    writer->queued -= bytes;
    store_items_release(batch);
    set_trouble(writer, NULL);
    raise_flag(writer);
}

/* What was not written stands before what came since. */
static void put_back(struct store_writer *writer, struct store_items *batch, char *error)
{
    STAILQ_CONCAT(batch, &writer->queue);
    STAILQ_CONCAT(&writer->queue, batch);
    set_trouble(writer, error);
}

/* With the lock held, and let go while the disk works. */
static bool commit(struct store_writer *writer)
{
    struct store_items batch = STAILQ_HEAD_INITIALIZER(batch);
    size_t bytes = writer->queued;
    int64_t until = writer->taken_at;
    char *error = NULL;
    bool ok;

    STAILQ_CONCAT(&batch, &writer->queue);
    pthread_mutex_unlock(&writer->lock);
    ok = store_write(writer->store, &batch, &error);
    pthread_mutex_lock(&writer->lock);
    if (ok)
        note_saved(writer, &batch, bytes, until);
    else
        put_back(writer, &batch, error);
    return ok;
}

/* A file that was new holds no part of a session before it holds all, as far as that fits into the queue. */
static bool is_due(const struct store_writer *writer)
{
    bool begun = writer->taken_at || writer->queued >= QUEUE_MOST;

    return writer->ending || (begun && !STAILQ_EMPTY(&writer->queue));
}

static void *work(void *context)
{
    struct store_writer *writer = context;
    int64_t next = 0;
    bool over = false;

    pthread_mutex_lock(&writer->lock);
    while (!over) {
        while (!is_due(writer))
            pthread_cond_wait(&writer->wake, &writer->lock);
        sleep_until(writer, next);
        over = writer->ending;
        next = now_ms() + STORE_COMMIT_MS;
        if (!STAILQ_EMPTY(&writer->queue) && !commit(writer))
            next = now_ms() + RETRY_MS;
    }
    pthread_mutex_unlock(&writer->lock);
    return NULL;
}

static void put(struct store_writer *writer, struct store_items *items, size_t bytes)
{
    pthread_mutex_lock(&writer->lock);
    STAILQ_CONCAT(&writer->queue, items);
    writer->queued += bytes;
    pthread_cond_signal(&writer->wake);
    pthread_mutex_unlock(&writer->lock);
}

static bool has_room(struct store_writer *writer)
{
    bool room;

    pthread_mutex_lock(&writer->lock);
    room = writer->queued < QUEUE_MOST;
    pthread_mutex_unlock(&writer->lock);
    return room;
}

/* True when that was not all. */
static bool take(struct store_writer *writer, struct model *model)
{
    struct store_items items = STAILQ_HEAD_INITIALIZER(items);
    size_t taken, bytes = 0;
    uint32_t *ids = model_take_unsaved(model, SLICE, &taken);

    for (size_t i = 0; i < taken; i++)
        bytes += store_collect(writer->store, model, ids[i], &items);
    free(ids);
    if (bytes)
        put(writer, &items, bytes);
    return taken == SLICE;
}

static void note_taken(struct store_writer *writer)
{
    pthread_mutex_lock(&writer->lock);
    writer->taken_at = (int64_t)time(NULL);
    if (!writer->queued)
        writer->saved_at = writer->taken_at;
    pthread_cond_signal(&writer->wake);
    pthread_mutex_unlock(&writer->lock);
}

bool store_writer_take(struct store_writer *writer, struct model *model)
{
    if (!has_room(writer))
        return false;
    if (take(writer, model))
        return true;
    note_taken(writer);
    return false;
}

static void init_lock(struct store_writer *writer)
{
    pthread_condattr_t clock;

    pthread_mutex_init(&writer->lock, NULL);
    pthread_condattr_init(&clock);
    pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    pthread_cond_init(&writer->wake, &clock);
    pthread_condattr_destroy(&clock);
}

static void release(struct store_writer *writer)
{
    store_items_release(&writer->queue);
    pthread_mutex_destroy(&writer->lock);
    pthread_cond_destroy(&writer->wake);
    if (writer->descriptor >= 0)
        close(writer->descriptor);
    free(writer->trouble);
    free(writer);
}

void store_writer_tell(struct store_writer *writer, const struct store_session *session)
{
    struct store_items items = STAILQ_HEAD_INITIALIZER(items);
    size_t bytes = store_collect_session(session, &items);

    put(writer, &items, bytes);
}

/* What makes a session of the file goes there in one commit. */
static void put_first(struct store_writer *writer, struct model *model, bool loaded,
                      const struct store_session *session)
{
    struct store_items items = STAILQ_HEAD_INITIALIZER(items);
    size_t bytes = store_collect_session(session, &items);

    if (loaded) {
        bytes += store_collect_history(writer->store, model, &items);
    } else {
        bytes += store_collect(writer->store, model, 0, &items);
        model_watch(model, true);
        model_mark_all_unsaved(model);
    }
    put(writer, &items, bytes);
}

struct store_writer *store_writer_prepare(const char *path, char **error)
{
    struct store_writer *writer = mem_alloc(sizeof *writer);
    int err = 0;

    STAILQ_INIT(&writer->queue);
    init_lock(writer);
    writer->descriptor = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (writer->descriptor < 0)
        err = errno;
    if (!err)
        err = thread_start(&writer->thread, work, writer);
    if (!err)
        return writer;
    *error = mem_format("%s: can't be kept: %s", path, strerror(err));
    release(writer);
    return NULL;
}

static void end_thread(struct store_writer *writer)
{
    pthread_mutex_lock(&writer->lock);
    writer->ending = true;
    pthread_cond_signal(&writer->wake);
    pthread_mutex_unlock(&writer->lock);
    pthread_join(writer->thread, NULL);
}

void store_writer_cancel(struct store_writer *writer)
{
    end_thread(writer);
    release(writer);
}

void store_writer_begin(struct store_writer *writer, struct store *store, struct model *model, bool loaded,
                        const struct store_session *session)
{
    writer->store = store;
    put_first(writer, model, loaded, session);
}

struct store_writer *store_writer_new(struct store *store, struct model *model, bool loaded,
                                      const struct store_session *session, char **error)
{
    struct store_writer *writer = store_writer_prepare(store->path, error);

    if (writer)
        store_writer_begin(writer, store, model, loaded, session);
    return writer;
}

int store_writer_descriptor(const struct store_writer *writer)
{
    return writer->descriptor;
}

bool store_writer_trouble(struct store_writer *writer, char **text)
{
    eventfd_t value;
    bool news;

    (void)eventfd_read(writer->descriptor, &value);
    pthread_mutex_lock(&writer->lock);
    news = writer->news;
    writer->news = false;
    *text = news ? mem_string(writer->trouble) : NULL;
    pthread_mutex_unlock(&writer->lock);
    return news;
}

uint64_t store_writer_saved(struct store_writer *writer)
{
    uint64_t saved;

    pthread_mutex_lock(&writer->lock);
    saved = writer->saved;
    pthread_mutex_unlock(&writer->lock);
    return saved;
}

int64_t store_writer_saved_at(struct store_writer *writer, bool *trouble)
{
    int64_t saved_at;

    pthread_mutex_lock(&writer->lock);
    saved_at = writer->saved_at;
    *trouble = writer->trouble;
    pthread_mutex_unlock(&writer->lock);
    return saved_at;
}

const char *store_writer_path(const struct store_writer *writer)
{
    return writer->store->path;
}

bool store_writer_end(struct store_writer *writer, struct model *model, const struct store_session *session,
                      char **error)
{
    bool ok;

    while (take(writer, model))
        continue;
    store_writer_tell(writer, session);
    end_thread(writer);
    ok = STAILQ_EMPTY(&writer->queue);
    if (!ok)
        *error = mem_string(writer->trouble);
    store_close(writer->store);
    release(writer);
    return ok;
}
