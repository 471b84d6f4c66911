#include "engine/probe/crew.h"

#include "engine/base/mem.h"
#include "engine/probe/hand.h"

#include <stdlib.h>

/* Unless more are asked for. Four threads do 3.7 times as much as one, for a few in a hundred more of
 * processor time. The owner's part that no hand can take is a tenth of the whole, so nine or more would wait
 * for it. */
#define SIZE_MOST 4

struct seat {
    struct hand *hand; /* NULL: the owner's */
    unsigned running;
};

struct crew {
    struct probe_setup setup;
    struct errand_list all; /* that are out */
    unsigned count;
    struct seat seats[]; /* the owner's first */
};

/* One processor is left to whoever looks, to the snapshot's writer and to the rest of the machine. */
unsigned crew_size(void)
{
    unsigned processors = net_processors();

    if (processors <= 2)
        return 1;
    return processors - 1 < SIZE_MOST ? processors - 1 : SIZE_MOST;
}

struct crew *crew_new(const struct probe_setup *setup, unsigned size, bool quiet)
{
    struct crew *crew = mem_alloc(sizeof *crew + size * sizeof crew->seats[0]);
    struct hand *hand;

    crew->setup = *setup;
    crew->count = 1;
    LIST_INIT(&crew->all);
    while (crew->count < size && (hand = hand_new(setup, quiet)) != NULL)
        crew->seats[crew->count++].hand = hand;
    return crew;
}

unsigned crew_count(const struct crew *crew)
{
    return crew->count;
}

/* The owner has all the rest to do besides, the more of it the more hands it has. So its own probes, and one
 * more for the rest, weigh half as much as there are threads (tests/bench/threads measures it). */
static struct seat *least_busy(struct crew *crew)
{
    struct seat *best = crew->seats;
    unsigned least = (best->running + 1) * crew->count;

    for (unsigned i = 1; i < crew->count; i++)
        if (crew->seats[i].running * 2 < least) {
            best = &crew->seats[i];
            least = best->running * 2;
        }
    return best;
}

static void drop(struct errand *errand)
{
    errand->seat->running--;
    LIST_REMOVE(errand, all);
    probe_result_release(&errand->shown);
    free(errand);
}

static void on_staged(void *context, enum stage stage)
{
    struct errand *errand = context;

    errand->callbacks.staged(errand->context, stage);
}

static void on_done(void *context, struct probe_result *result)
{
    struct errand *errand = context;
    struct probe_callbacks callbacks = errand->callbacks;
    void *whose = errand->context;

    drop(errand);
    callbacks.done(whose, result);
}

static void on_shown(void *context, struct probe_result *result)
{
    struct errand *errand = context;

    if (errand->callbacks.shown)
        errand->callbacks.shown(errand->context, result);
}

static const struct probe_callbacks own_events = {on_staged, on_done, on_shown};

struct errand *crew_probe(struct crew *crew, const struct probe_place *place, const struct step *step,
                          const struct probe_callbacks *callbacks, void *context)
{
    struct errand *errand = mem_alloc(sizeof *errand);

    errand->place = *place;
    errand->step = *step;
    errand->callbacks = *callbacks;
    errand->context = context;
    errand->seat = least_busy(crew);
    errand->seat->running++;
    LIST_INSERT_HEAD(&crew->all, errand, all);
    if (errand->seat->hand)
        hand_send(errand->seat->hand, errand);
    else
        errand->probe = probe_start(&crew->setup, place, step, &own_events, errand);
    return errand;
}

bool errand_leave(struct errand *errand)
{
    errand->forsaken = true;
    if (errand->seat->hand) {
        hand_call_off(errand->seat->hand, errand);
        return true;
    }
    if (probe_leave(errand->probe))
        return true;
    drop(errand);
    return false;
}

static void take(struct errand *errand)
{
    enum stage stage;
    unsigned news = hand_read(errand->seat->hand, errand, &stage);

    if (news & ERRAND_OVER) {
        struct probe_result result;

        probe_result_move(&result, &errand->result);
        on_done(errand, &result);
        probe_result_release(&result);
        return;
    }
    if (news & ERRAND_STAGED && !errand->forsaken)
        on_staged(errand, stage);
    if (news & ERRAND_SHOWN && !errand->forsaken)
        on_shown(errand, &errand->shown);
}

void crew_deliver(struct crew *crew)
{
    for (unsigned i = 1; i < crew->count; i++) {
        struct errand_news news;
        struct errand *errand;

        hand_fetch(crew->seats[i].hand, &news);
        while ((errand = STAILQ_FIRST(&news)) != NULL) {
            STAILQ_REMOVE_HEAD(&news, tell);
            take(errand);
        }
    }
}

void crew_stop(struct crew *crew)
{
    struct errand *errand;

    if (!crew)
        return;
    for (unsigned i = 1; i < crew->count; i++)
        hand_stop(crew->seats[i].hand);
    LIST_FOREACH(errand, &crew->all, all)
    if (!errand->seat->hand) {
        probe_cancel(errand->probe);
        errand->probe = NULL;
    }
}

void crew_free(struct crew *crew)
{
    struct errand *errand;

    if (!crew)
        return;
    for (unsigned i = 1; i < crew->count; i++)
        hand_free(crew->seats[i].hand);
    while ((errand = LIST_FIRST(&crew->all)) != NULL) {
        probe_result_release(&errand->result);
        drop(errand);
    }
    free(crew);
}
