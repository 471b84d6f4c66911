#include "engine/base/thread.h"

#include <signal.h>

int thread_start(pthread_t *thread, void *(*body)(void *context), void *context)
{
    sigset_t all, before;
    int err;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    err = pthread_create(thread, NULL, body, context);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return err;
}
