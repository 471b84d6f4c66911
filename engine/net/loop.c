#include "engine/net/loop.h"

#include "engine/base/mem.h"
#include "engine/base/thread.h"
#include "engine/net/loop_private.h"

#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define COUNTED     1024 /* descriptors that are looked at */
#define DESCRIPTORS 8    /* that a loop needs, and the first one's signals */

struct net_timer {
    uv_timer_t uv;
    net_timer_cb *callback;
    void *context;
};

static void on_wake(uv_async_t *wake)
{
    struct net_loop *loop = wake->data;

    loop->on_wake(loop->context);
}

/* libuv ends the process where it gets none for its signals. */
static bool has_descriptors(void)
{
    int held[DESCRIPTORS], count = 0;
    bool enough;

    while (count < DESCRIPTORS && (held[count] = eventfd(0, EFD_CLOEXEC)) >= 0)
        count++;
    enough = count == DESCRIPTORS;
    while (count)
        close(held[--count]);
    return enough;
}

struct net_loop *net_loop_new(net_wake_cb *callback, void *context)
{
    struct net_loop *loop = mem_alloc(sizeof *loop);

    loop->on_wake = callback;
    loop->context = context;
    TAILQ_INIT(&loop->draining);
    if (!has_descriptors() || uv_loop_init(&loop->uv)) {
        free(loop);
        return NULL;
    }
    if (uv_async_init(&loop->uv, &loop->wake, on_wake)) {
        uv_loop_close(&loop->uv);
        free(loop);
        return NULL;
    }
    loop->wake.data = loop;
    uv_timer_init(&loop->uv, &loop->sweep);
    loop->sweep.data = loop;
    return loop;
}

/* libuv and c-ares write to sockets whose peer may be gone. The signal is held back on this thread only: the
 * rest of the process keeps its own ways. */
static void run_without_sigpipe(struct net_loop *loop)
{
    const struct timespec none = {0, 0};
    sigset_t pipe_signal, before;

    sigemptyset(&pipe_signal);
    sigaddset(&pipe_signal, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_signal, &before);
    uv_run(&loop->uv, UV_RUN_DEFAULT);
    if (sigismember(&before, SIGPIPE))
        return;
    while (sigtimedwait(&pipe_signal, NULL, &none) == SIGPIPE)
        continue;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void net_loop_run(struct net_loop *loop)
{
    run_without_sigpipe(loop);
}

static void *run(void *loop)
{
    net_loop_run(loop);
    return NULL;
}

bool net_loop_start(struct net_loop *loop, const char *name, pthread_t *thread)
{
    int err = thread_start(thread, run, loop);

    if (!err)
        pthread_setname_np(*thread, name);
    return err == 0;
}

void net_loop_stop(struct net_loop *loop)
{
    if (loop->stopping)
        return;
    loop->stopping = true;
    uv_close((uv_handle_t *)&loop->wake, NULL);
    if (uv_is_active((uv_handle_t *)&loop->sweep))
        uv_timer_start(&loop->sweep, loop->on_sweep, NET_LAST_DRAIN_MS, 0);
}

void net_loop_wake(struct net_loop *loop)
{
    uv_async_send(&loop->wake);
}

void net_loop_free(struct net_loop *loop)
{
    net_loop_stop(loop);
    uv_close((uv_handle_t *)&loop->sweep, NULL);
    run_without_sigpipe(loop);
    if (uv_loop_close(&loop->uv) == 0)
        free(loop);
}

uint64_t net_loop_now_ms(const struct net_loop *loop)
{
    return uv_now(&loop->uv);
}

uint64_t net_clock_us(void)
{
    return uv_hrtime() / 1000;
}

struct net_timer *net_timer_new(struct net_loop *loop, net_timer_cb *callback, void *context)
{
    struct net_timer *timer = mem_alloc(sizeof *timer);

    uv_timer_init(&loop->uv, &timer->uv);
    timer->callback = callback;
    timer->context = context;
    return timer;
}

static void on_timer(uv_timer_t *uv)
{
    struct net_timer *timer = (struct net_timer *)uv;

    timer->callback(timer->context);
}

void net_timer_start(struct net_timer *timer, uint64_t milliseconds)
{
    uv_timer_start(&timer->uv, on_timer, milliseconds, 0);
}

void net_timer_stop(struct net_timer *timer)
{
    uv_timer_stop(&timer->uv);
}

static void on_timer_closed(uv_handle_t *handle)
{
    free(handle);
}

void net_timer_free(struct net_timer *timer)
{
    if (timer)
        uv_close((uv_handle_t *)&timer->uv, on_timer_closed);
}

unsigned net_descriptor_limit(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit))
        return 0;
    if (limit.rlim_cur < limit.rlim_max) {
        rlim_t soft = limit.rlim_cur;

        limit.rlim_cur = limit.rlim_max;
        if (setrlimit(RLIMIT_NOFILE, &limit))
            limit.rlim_cur = soft;
    }
    return limit.rlim_cur > UINT_MAX ? UINT_MAX : (unsigned)limit.rlim_cur;
}

unsigned net_descriptors_open(void)
{
    unsigned count = 0;

    for (int fd = 0; fd < COUNTED; fd++)
        count += fcntl(fd, F_GETFD) >= 0;
    return count;
}

unsigned net_processors(void)
{
    return uv_available_parallelism();
}
