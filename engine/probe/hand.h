/* One thread with a loop of its own that probes for another thread, its owner. Errands go there and come back
 * through lists under one lock; who puts something there wakes the other's loop. Private to this room: see
 * crew.h. */
#pragma once

#include "engine/probe/probe.h"

#include <pthread.h>
#include <sys/queue.h>

struct hand;

enum errand_says { ERRAND_STAGED = 1, ERRAND_SHOWN = 2, ERRAND_OVER = 4 };

/* One probe that is out. Its memory is the owner's, from before hand_send until it came back. */
struct errand {
    struct probe_place place;
    struct step step;
    struct probe_callbacks callbacks; /* on the owner's thread */
    void *context;
    struct seat *seat; /* crew.c's */
    struct hand *hand; /* NULL: it was never sent */
    LIST_ENTRY(errand) all;
    bool forsaken; /* called off by the owner: of what it still says, only the end counts */

    struct probe *probe; /* of the thread that probes; NULL before and after */
    LIST_ENTRY(errand) out;

    /* under the hand's lock */
    bool asked, told; /* in its list of that name */
    bool called_off;
    bool over;               /* it came back, with `result` */
    unsigned news;           /* bits of enum errand_says: not yet read */
    enum stage stage;        /* the latest that began */
    TAILQ_ENTRY(errand) ask; /* owner → hand */
    STAILQ_ENTRY(errand) tell;

    struct probe_result shown;  /* the owner's once it was told of it */
    struct probe_result result; /* zeroed where it was called off before it had one */
};

LIST_HEAD(errand_list, errand);
STAILQ_HEAD(errand_news, errand);

/* Starts the thread. Setup and what it leads to are borrowed, its loop is the owner's: that is woken when
 * there is news. `quiet`: nobody wants to hear of stages. NULL when there is no descriptor or thread for it.
 */
struct hand *hand_new(const struct probe_setup *setup, bool quiet);

/* To begin the errand; it comes back once, after this call. */
void hand_send(struct hand *hand, struct errand *errand);

/* As probe_leave, but the errand comes back in any case. */
void hand_call_off(struct hand *hand, struct errand *errand);

/* Moves those to `news` that came back, began a stage or showed something since; each of them is to be read
 * by hand_read. */
void hand_fetch(struct hand *hand, struct errand_news *news);

/* What it says, as bits: that it is over, and then it is the owner's alone; that a stage began, or that
 * something was shown. */
unsigned hand_read(struct hand *hand, struct errand *errand, enum stage *stage);

/* Closes every connection and ends the thread, soon; errands that are out do not come back. Once. */
void hand_stop(struct hand *hand);

/* After hand_stop: waits for the end of the thread. The errands that are out are the owner's then. */
void hand_free(struct hand *hand);
