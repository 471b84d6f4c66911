#include "engine/probe/hand.h"

#include "engine/base/mem.h"

#include <stdlib.h>

#define TELL_MS 20 /* stages are told this often: nobody sees more than that */

TAILQ_HEAD(errand_queue, errand);

struct hand {
    pthread_t thread;
    struct net_loop *owner;
    pthread_mutex_t lock;
    struct errand_queue asked; /* under the lock: to be begun, or called off */
    struct errand_news told;   /* under the lock */
    bool stopping;             /* under the lock */

    /* the thread's own */
    struct probe_setup setup;
    struct errand_list out; /* those whose probe runs */
    struct net_timer *tell;
    bool telling; /* `tell` runs */
    bool quiet;
};

static void put_told(struct hand *hand, struct errand *errand, enum errand_says what)
{
    errand->news |= what;
    if (!errand->told)
        STAILQ_INSERT_TAIL(&hand->told, errand, tell);
    errand->told = true;
}

static void on_tell(void *context)
{
    struct hand *hand = context;

    hand->telling = false;
    net_loop_wake(hand->owner);
}

static void tell_soon(struct hand *hand)
{
    if (!hand->telling)
        net_timer_start(hand->tell, TELL_MS);
    hand->telling = true;
}

static void on_staged(void *context, enum stage stage)
{
    struct errand *errand = context;
    struct hand *hand = errand->hand;

    if (hand->quiet)
        return;
    pthread_mutex_lock(&hand->lock);
    errand->stage = stage;
    put_told(hand, errand, ERRAND_STAGED);
    pthread_mutex_unlock(&hand->lock);
    tell_soon(hand);
}

static void on_shown(void *context, struct probe_result *result)
{
    struct errand *errand = context;
    struct hand *hand = errand->hand;

    if (!errand->callbacks.shown)
        return;
    probe_result_move(&errand->shown, result);
    pthread_mutex_lock(&hand->lock);
    put_told(hand, errand, ERRAND_SHOWN);
    pthread_mutex_unlock(&hand->lock);
    tell_soon(hand);
}

/* From here on it is the owner's. A wish that is not read yet is void. */
static void come_back(struct hand *hand, struct errand *errand)
{
    LIST_REMOVE(errand, out);
    errand->probe = NULL;
    pthread_mutex_lock(&hand->lock);
    if (errand->asked)
        TAILQ_REMOVE(&hand->asked, errand, ask);
    errand->asked = false;
    errand->over = true;
    put_told(hand, errand, ERRAND_OVER);
    pthread_mutex_unlock(&hand->lock);
    net_loop_wake(hand->owner);
}

static void on_done(void *context, struct probe_result *result)
{
    struct errand *errand = context;

    probe_result_move(&errand->result, result);
    come_back(errand->hand, errand);
}

static const struct probe_callbacks probe_events = {on_staged, on_done, on_shown};

static void do_as_asked(struct hand *hand, struct errand *errand, bool called_off)
{
    if (!errand->probe)
        LIST_INSERT_HEAD(&hand->out, errand, out);
    if (!called_off)
        errand->probe = probe_start(&hand->setup, &errand->place, &errand->step, &probe_events, errand);
    else if (!errand->probe || !probe_leave(errand->probe))
        come_back(hand, errand);
}

/* The next wish of the owner; NULL when there is none, or the end was asked for. */
static struct errand *next_asked(struct hand *hand, bool *called_off)
{
    struct errand *errand = NULL;

    pthread_mutex_lock(&hand->lock);
    if (!hand->stopping)
        errand = TAILQ_FIRST(&hand->asked);
    if (errand) {
        TAILQ_REMOVE(&hand->asked, errand, ask);
        errand->asked = false;
        *called_off = errand->called_off;
    }
    pthread_mutex_unlock(&hand->lock);
    return errand;
}

static bool is_stopping(struct hand *hand)
{
    bool stopping;

    pthread_mutex_lock(&hand->lock);
    stopping = hand->stopping;
    pthread_mutex_unlock(&hand->lock);
    return stopping;
}

static void stop(struct hand *hand)
{
    struct errand *errand;

    while ((errand = LIST_FIRST(&hand->out)) != NULL) {
        LIST_REMOVE(errand, out);
        probe_cancel(errand->probe);
    }
    net_timer_free(hand->tell);
    net_loop_stop(hand->setup.loop);
}

static void on_wake(void *context)
{
    struct hand *hand = context;
    struct errand *errand;
    bool called_off;

    while ((errand = next_asked(hand, &called_off)) != NULL)
        do_as_asked(hand, errand, called_off);
    if (is_stopping(hand))
        stop(hand); /* and nothing wakes it any more */
}

static void release(struct hand *hand)
{
    net_loop_free(hand->setup.loop);
    pthread_mutex_destroy(&hand->lock);
    free(hand);
}

struct hand *hand_new(const struct probe_setup *setup, bool quiet)
{
    struct hand *hand = mem_alloc(sizeof *hand);

    hand->owner = setup->loop;
    hand->setup = *setup;
    hand->quiet = quiet;
    TAILQ_INIT(&hand->asked);
    STAILQ_INIT(&hand->told);
    LIST_INIT(&hand->out);
    hand->setup.loop = net_loop_new(on_wake, hand);
    if (!hand->setup.loop) {
        free(hand);
        return NULL;
    }
    pthread_mutex_init(&hand->lock, NULL);
    hand->tell = net_timer_new(hand->setup.loop, on_tell, hand);
    if (net_loop_start(hand->setup.loop, "probes", &hand->thread))
        return hand;
    net_timer_free(hand->tell);
    release(hand);
    return NULL;
}

static void ask(struct hand *hand, struct errand *errand, bool called_off)
{
    pthread_mutex_lock(&hand->lock);
    errand->called_off |= called_off;
    if (!errand->asked && !errand->over)
        TAILQ_INSERT_TAIL(&hand->asked, errand, ask);
    errand->asked = !errand->over;
    pthread_mutex_unlock(&hand->lock);
    net_loop_wake(hand->setup.loop);
}

void hand_send(struct hand *hand, struct errand *errand)
{
    errand->hand = hand;
    ask(hand, errand, false);
}

void hand_call_off(struct hand *hand, struct errand *errand)
{
    ask(hand, errand, true);
}

void hand_fetch(struct hand *hand, struct errand_news *news)
{
    STAILQ_INIT(news);
    pthread_mutex_lock(&hand->lock);
    STAILQ_CONCAT(news, &hand->told);
    pthread_mutex_unlock(&hand->lock);
}

unsigned hand_read(struct hand *hand, struct errand *errand, enum stage *stage)
{
    unsigned news;

    pthread_mutex_lock(&hand->lock);
    errand->told = false;
    *stage = errand->stage;
    news = errand->news;
    errand->news = 0;
    pthread_mutex_unlock(&hand->lock);
    return news;
}

void hand_stop(struct hand *hand)
{
    pthread_mutex_lock(&hand->lock);
    hand->stopping = true;
    pthread_mutex_unlock(&hand->lock);
    net_loop_wake(hand->setup.loop);
}

void hand_free(struct hand *hand)
{
    if (!hand)
        return;
    pthread_join(hand->thread, NULL);
    release(hand);
}
