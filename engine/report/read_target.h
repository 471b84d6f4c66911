/* An element of `domains[]` as the target that it tells of, and the events that bring back what is known of
 * it. Verdicts are read to be held against those that follow, and for the history; nothing else is made of
 * them. */
#pragma once

#include "engine/model/model.h"
#include "engine/report/take.h"

struct read_host {
    struct event addresses; /* EVENT_ADDRESSES */
    bool resolved;          /* false: there is no such event yet */
    struct facts **facts;   /* of each address; NULL where nothing is known; owned */
};

struct read_target {
    struct target_spec spec;
    struct event route, beside; /* ROUTE_UNRESOLVED where nothing is known */
    struct event contacts;
    struct read_host *hosts; /* of the route, then those beside it; owned */
    size_t host_count;
    struct past *past; /* owned */
    size_t past_count;
    struct judgement said;
};

/* Fills `target`, which the caller releases whatever comes. Hosts and endpoints that `model` knows already
 * must be told of as they are there. */
void read_target(const struct take *element, const struct model *model, struct read_target *target);
void read_target_release(struct read_target *target);

/* Adds the target to the model, with all that is known of it. The judgements are those that follow. */
struct target *read_target_apply(struct model *model, struct read_target *target);
