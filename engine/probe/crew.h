/* Probes on several threads, for one owner: the thread of the setup's loop. The owner probes too; beside it
 * stand hands, each with a thread and a loop of its own. A crew of one has no hands: its probes run as
 * probe_start runs them.
 *
 * Every function is called on the owner's thread, but crew_free, and every callback comes there. */
#pragma once

#include "engine/probe/probe.h"

#include <stdbool.h>

struct crew;
struct errand;

/* How many threads help on this machine. */
unsigned crew_size(void);

/* Starts `size` - 1 hands, or as many as this machine has room for (crew_count). Setup and what it leads to
 * are borrowed. `quiet`: nobody wants to hear of stages; `staged` may be called, or not. */
struct crew *crew_new(const struct probe_setup *setup, unsigned size, bool quiet);

/* The threads that probe, the owner among them. */
unsigned crew_count(const struct crew *crew);

/* As probe_start, by whoever has least to do. What `place` and `step` lead to must outlive the crew's
 * threads. A stage may be told late, or not at all when the next one follows at once; so
 * may what a handshake showed, when the end does. */
struct errand *crew_probe(struct crew *crew, const struct probe_place *place, const struct step *step,
                          const struct probe_callbacks *callbacks, void *context);

/* As probe_leave; once, before `done`. A hand is asked to leave, and `done` comes in any case: with a
 * result that is of no use, and that has no dialogue where there was nothing to wait for. */
bool errand_leave(struct errand *errand);

/* To be called after each wake of the setup's loop: runs the callbacks of what came from the hands. */
void crew_deliver(struct crew *crew);

/* Closes every connection at once, without a callback, and lets the hands end; nothing is delivered any
 * more. NULL is allowed. */
void crew_stop(struct crew *crew);

/* After crew_stop, while the setup's loop exists: waits for the hands' end, which takes as long as their
 * streams drain (net_loop_stop). NULL is allowed. */
void crew_free(struct crew *crew);
