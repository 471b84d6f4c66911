/* A thread that runs a libuv loop until it is told to stop. */
#pragma once

#include <pthread.h>
#include <stdbool.h>
#include <uv.h>

struct worker {
    uv_loop_t loop; /* handles are made before worker_start, later only on its thread */
    uv_async_t stop;
    pthread_t thread;
    bool open, running;
    void (*on_stop)(void *context);
    void *context;
};

/* Makes the loop; false when there are no descriptors left. */
bool worker_open(struct worker *worker);

/* Starts the thread, which takes no signals: they are for the program around it. False when there is none to
 * be had; `on_stop` was then called. */
bool worker_start(struct worker *worker, void (*on_stop)(void *context), void *context);

/* Runs `on_stop` on the thread, which must close every handle; waits for the thread. */
void worker_stop(struct worker *worker);

/* Frees the loop; a worker that was never opened is allowed. */
void worker_close(struct worker *worker);
