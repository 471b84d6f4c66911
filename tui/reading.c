#include "tui/reading.h"

#include "engine/base/mem.h"
#include "engine/base/thread.h"
#include "engine/report/compare.h"
#include "engine/report/read.h"
#include "tui/report_session.h"
#include "tui/snapshot_file.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define ROWS_AT_A_TIME    64
#define TARGETS_AT_A_TIME 4 /* of a report: each may have many endpoints */

struct reading {
    char *path;                /* owned; like all but the three atomic ones the thread's until the end */
    struct baseline *baseline; /* owned */
    struct earlier earlier;
    char *error; /* owned */
    pthread_t thread;
    int descriptor;
    atomic_bool cancelled, over;
    atomic_uint share;
};

void earlier_release(struct earlier *earlier)
{
    model_free(earlier->model);
    store_session_release(&earlier->session);
    free(earlier->baseline);
    *earlier = (struct earlier){0};
}

static void raise_flag(const struct reading *reading)
{
    while (eventfd_write(reading->descriptor, 1) < 0 && errno == EINTR)
        continue;
}

/* False when the rest is not to be had or not wanted. */
static bool read_rows(struct reading *reading, struct store_loading *loading)
{
    bool over = false, ok = true;

    while (ok && !over && !reading->cancelled) {
        ok = store_load_more(loading, ROWS_AT_A_TIME, &over, &reading->error);
        reading->share = store_load_share(loading);
    }
    return ok && over;
}

/* A part of a session is none. */
static void keep_whole(struct reading *reading, bool whole)
{
    if (whole)
        return;
    model_free(reading->earlier.model);
    reading->earlier.model = NULL;
}

static void read_session(struct reading *reading, struct store *store)
{
    struct store_loading *loading =
        store_load_begin(store, &reading->earlier.session, &reading->earlier.model, &reading->error);
    bool whole;

    if (!loading)
        return;
    whole = read_rows(reading, loading);
    store_load_end(loading);
    keep_whole(reading, whole);
}

static void read_report(struct reading *reading)
{
    struct report_about about;
    bool over = false, ok = true;
    struct report_reading *report =
        report_read_begin(reading->path, &about, &reading->earlier.model, &reading->error);

    reading->earlier.session = report_session(&about);
    if (!report)
        return;
    while (ok && !over && !reading->cancelled) {
        ok = report_read_more(report, TARGETS_AT_A_TIME, &over, &reading->error);
        reading->share = report_read_share(report);
    }
    reading->earlier.session.complete &= report_read_complete(report);
    report_read_end(report);
    keep_whole(reading, ok && over);
}

static void align(struct reading *reading)
{
    struct earlier *earlier = &reading->earlier;

    earlier->baseline = mem_string(model_baseline(earlier->model)->name);
    compare_align(earlier->model, earlier->session.finished_at, reading->baseline);
}

static void *work(void *context)
{
    struct reading *reading = context;
    bool report = report_is_json(reading->path);
    struct store *store = report ? NULL : snapshot_open(reading->path, &reading->error);

    if (report)
        read_report(reading);
    if (store)
        read_session(reading, store);
    store_close(store);
    if (reading->earlier.model)
        align(reading);
    if (reading->cancelled)
        earlier_release(&reading->earlier);
    reading->over = true;
    raise_flag(reading);
    return NULL;
}

static void release(struct reading *reading)
{
    baseline_free(reading->baseline);
    if (reading->descriptor >= 0)
        close(reading->descriptor);
    free(reading->path);
    free(reading);
}

struct disposal {
    struct earlier earlier;
    pthread_t thread;
};

static void *dispose(void *context)
{
    struct disposal *disposal = context;

    earlier_release(&disposal->earlier);
    return NULL;
}

struct disposal *earlier_dispose(struct earlier *earlier)
{
    struct disposal *disposal = mem_alloc(sizeof *disposal);

    disposal->earlier = *earlier;
    *earlier = (struct earlier){0};
    if (thread_start(&disposal->thread, dispose, disposal) == 0)
        return disposal;
    dispose(disposal);
    free(disposal);
    return NULL;
}

void disposal_end(struct disposal *disposal)
{
    if (disposal)
        pthread_join(disposal->thread, NULL);
    free(disposal);
}

struct reading *reading_begin(const char *path, struct baseline *baseline, char **error)
{
    struct reading *reading = mem_alloc(sizeof *reading);
    int err;

    reading->path = mem_string(path);
    reading->baseline = baseline;
    reading->descriptor = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    err = reading->descriptor < 0 ? errno : thread_start(&reading->thread, work, reading);
    if (!err)
        return reading;
    *error = mem_format("%s: can't be read now: %s", path, strerror(err));
    release(reading);
    return NULL;
}

int reading_descriptor(const struct reading *reading)
{
    return reading->descriptor;
}

bool reading_over(const struct reading *reading)
{
    return reading->over;
}

unsigned reading_share(const struct reading *reading)
{
    return reading->share;
}

void reading_cancel(struct reading *reading)
{
    reading->cancelled = true;
}

bool reading_end(struct reading *reading, struct earlier *earlier, char **error)
{
    bool read;

    pthread_join(reading->thread, NULL);
    read = reading->earlier.model && !reading->cancelled;
    *error = reading->cancelled ? NULL : reading->error;
    if (read)
        *earlier = reading->earlier;
    else
        earlier_release(&reading->earlier);
    if (reading->cancelled)
        free(reading->error);
    release(reading);
    return read;
}
