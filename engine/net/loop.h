/* The event loop of one engine (libuv), its clock, its timers and its door for other threads. Everything else
 * in this room belongs to one loop and is used on the loop's thread only, except net_loop_wake. Callbacks are
 * never run from inside the call that registered them. */
#pragma once

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

struct net_loop;

/* Called on the loop's thread after net_loop_wake; several wakes may come as one call. */
typedef void net_wake_cb(void *context);

/* NULL only when the process has no descriptors left. */
struct net_loop *net_loop_new(net_wake_cb *on_wake, void *context);

/* Runs until net_loop_stop was called and every handle of this loop is closed. */
void net_loop_run(struct net_loop *loop);

/* Runs it in a thread of its own, of that name (15 bytes at most), which takes no signals: those are for the
 * threads that the program knows. False when the process may start no more threads; else the caller joins it.
 */
bool net_loop_start(struct net_loop *loop, const char *name, pthread_t *thread);

/* No more wakes; net_loop_run returns when the streams, timers and resolvers of this loop are gone. */
void net_loop_stop(struct net_loop *loop);

/* Safe from any thread while the loop exists. */
void net_loop_wake(struct net_loop *loop);

/* After net_loop_run returned (or was never called). */
void net_loop_free(struct net_loop *loop);

/* Monotonic milliseconds, cached per loop turn; microseconds, fresh. */
uint64_t net_loop_now_ms(const struct net_loop *loop);
uint64_t net_clock_us(void);

/* A one-shot timer inside its owner's memory is not possible with libuv's closing rules, so timers are
 * objects: `net_timer_free` may be called any time on the loop's thread, also from its own callback. */
struct net_timer;
typedef void net_timer_cb(void *context);
struct net_timer *net_timer_new(struct net_loop *loop, net_timer_cb *callback, void *context);
void net_timer_start(struct net_timer *timer, uint64_t milliseconds); /* restarts when running */
void net_timer_stop(struct net_timer *timer);
void net_timer_free(struct net_timer *timer); /* NULL is allowed */

/* Raises the soft limit of open descriptors to the hard limit, for the whole process; returns the limit now
 * in force. */
unsigned net_descriptor_limit(void);

/* How many the process has open, of those with the lowest numbers (1024): a program begins with few. */
unsigned net_descriptors_open(void);

/* Processors that this process may use, 1 at least. */
unsigned net_processors(void);
