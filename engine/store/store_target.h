/* What a snapshot holds of targets with their routes, hosts with their addresses, where an endpoint is, and
 * of a target's history, as bytes and back. `name` is that of the row: the domain of a target, the name of a
 * host, the address of an endpoint, which the bytes do not repeat; rows up to schema 2 did, and those that do
 * are read by what they say. */
#pragma once

#include "engine/model/model.h"
#include "engine/store/pack.h"
#include "engine/store/vocabulary.h"

/* A target as it is kept: its spec, whether it was removed, and the events that bring its route and contacts
 * back. */
struct kept_target {
    struct target_spec spec;
    bool removed;
    struct event route, beside; /* ROUTE_UNRESOLVED where nothing is known */
    struct event contacts;      /* without a directory where nothing is known */
};

void pack_target(struct buf *out, const struct vocabulary *words, const struct target *target);
/* Fills `kept`, which the caller releases whatever comes; `in` has failed when the bytes are no target, or
 * name what can't be a name. */
void unpack_target(struct reader *in, const struct vocabulary *words, const char *name,
                   struct kept_target *kept);
void kept_target_release(struct kept_target *kept);

void pack_host(struct buf *out, const struct vocabulary *words, const struct host *host);
/* Fills an EVENT_ADDRESSES; likewise. */
void unpack_host(struct reader *in, const struct vocabulary *words, const char *name, struct event *event);

void pack_endpoint_key(struct buf *out, const struct vocabulary *words, const struct endpoint_key *key);
void unpack_endpoint_key(struct reader *in, const struct vocabulary *words, const char *name,
                         struct endpoint_key *key);

/* One verdict of the history of the target in row `target`; reading returns that row. */
void pack_past(struct buf *out, const struct vocabulary *words, uint32_t target, const struct past *past);
uint32_t unpack_past(struct reader *in, const struct vocabulary *words, struct past *past);
