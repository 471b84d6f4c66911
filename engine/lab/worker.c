#include "engine/lab/worker.h"

#include "engine/base/thread.h"

bool worker_open(struct worker *worker)
{
    worker->open = uv_loop_init(&worker->loop) == 0;
    return worker->open;
}

static void on_stop(uv_async_t *stop)
{
    struct worker *worker = stop->data;

    worker->on_stop(worker->context);
    uv_close((uv_handle_t *)stop, NULL);
}

static void *run(void *context)
{
    struct worker *worker = context;

    uv_run(&worker->loop, UV_RUN_DEFAULT);
    return NULL;
}

bool worker_start(struct worker *worker, void (*stop)(void *context), void *context)
{
    worker->on_stop = stop;
    worker->context = context;
    uv_async_init(&worker->loop, &worker->stop, on_stop);
    worker->stop.data = worker;
    worker->running = thread_start(&worker->thread, run, worker) == 0;
    if (worker->running)
        return true;
    on_stop(&worker->stop);
    uv_run(&worker->loop, UV_RUN_DEFAULT);
    return false;
}

void worker_stop(struct worker *worker)
{
    if (!worker->running)
        return;
    uv_async_send(&worker->stop);
    pthread_join(worker->thread, NULL);
    worker->running = false;
}

void worker_close(struct worker *worker)
{
    if (worker->open)
        uv_loop_close(&worker->loop);
    worker->open = false;
}
