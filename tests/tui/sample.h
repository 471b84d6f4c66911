/* A small session made up for screen tests: partners, opportunistic domains, a relay and a service, with
 * facts of every kind. */
#pragma once

#include "engine/model/model.h"

#include <stddef.h>
#include <stdint.h>

/* When the made-up servers were probed: 2026-11-24. Certificates of theirs end 50 days later. */
#define SAMPLE_PROBED_AT 1795514400

/* A model by the exchange-online baseline without targets. */
struct model *sample_empty(void);

/* The made-up session; every target has its facts. */
struct model *sample_model(void);

/* Adds a domain; nothing is known of it yet. */
struct target *sample_add(struct model *model, const char *domain, enum target_class class);

/* What an endpoint is to look like. */
struct sample_endpoint {
    const char *address;
    int lowest, highest; /* accepted versions, -1: no TLS offered */
    enum probe_error error;
};

/* Applies to `target` the events that give it one host with these endpoints. `host` may be one that others
 * have. */
void sample_route(struct model *model, const struct target *target, const char *host, int preference);
/* The same for a host beside the target's route. */
void sample_beside(struct model *model, const struct target *target, const char *host, int preference);
void sample_addresses(struct model *model, const char *host, const struct sample_endpoint *endpoints,
                      size_t count);
void sample_facts(struct model *model, const char *host, const struct sample_endpoint *endpoint);

/* Trouble with port 25 and with the EHLO name, a good resolver, the rest unknown. */
void sample_preflight(struct model *model);

/* The same as an event, which the caller releases: for fakes of the engine. */
void sample_facts_event(struct event *event, const char *host, const struct sample_endpoint *endpoint);
void sample_route_event(struct event *event, uint32_t target, const char *host, int preference);
void sample_addresses_event(struct event *event, const char *host, const struct sample_endpoint *endpoints,
                            size_t count);
