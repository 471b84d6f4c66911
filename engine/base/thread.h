/* Threads beside those that the program knows: signals are for these. */
#pragma once

#include <pthread.h>

/* Runs body(context) on a thread that no signal comes to; what the caller's thread lets through stays as it
 * is. 0, or why there can be no thread (errno.h). The caller joins it. */
int thread_start(pthread_t *thread, void *(*body)(void *context), void *context);
