/* Looks at the place that probes leave from, before and beside the probing: resolver, routes, EHLO name, who
 * sends mail from here, and by what probes bring whether the mail port and STARTTLS get out. What it finds
 * goes out as EVENT_PREFLIGHT, whenever that changed. Private to this room, on its thread.
 *
 * When the mail port proves to be blocked here, its endpoints are given up with PROBE_PORT_BLOCKED until one
 * that is probed again gets through. */
#pragma once

#include "engine/audit/engine.h"

/* Asks at once for what can be known without contacting any mail server; given controls are contacted. */
void preflight_run_start(struct audit *audit);
void preflight_run_cancel(struct audit *audit); /* nobody waits any more */
void preflight_run_resume(struct audit *audit); /* somebody does again; asks again what was called off */
void preflight_run_stop(struct audit *audit);   /* nothing calls back after this */
void preflight_run_free(struct audit *audit);

/* Asks again what failed for want of a resolver. */
void preflight_run_again(struct audit *audit);

/* What became of a lookup of a target or of one of its hosts. When many fail alike the resolver is asked
 * about the root again, to tell whether it is to blame. */
void preflight_run_heard(struct audit *audit, const char *name, enum dns_status status);

/* This machine had not what another connection to that address needs. */
void preflight_run_short(struct audit *audit, enum net_shortage shortage,
                         const struct engine_address *address);
/* Its endpoint was given up for that. */
void preflight_run_gave_up(struct audit *audit, enum net_shortage shortage);
/* So many answers came from the resolver: is it kept from answering more? */
void preflight_run_paced(struct audit *audit, unsigned long answers);

/* True while no probe is to start, since whether the own address sends mail is about to be known. */
bool preflight_run_holds(const struct audit *audit);

/* True while something is out whose answer is worth waiting for before the run is called done. */
bool preflight_run_busy(const struct audit *audit);

/* Publishes what changed since. */
void preflight_run_tell(struct audit *audit);

/* For work.c, which gives the endpoint up when one of these is true: before the next step is queued, and
 * when a result came. */
bool preflight_run_stops(struct engine_endpoint *endpoint);
bool preflight_run_took(struct engine_endpoint *endpoint, const struct probe_result *result);
/* Keeps a copy of the facts that go out, where they may have to be taken back. */
void preflight_run_keep(struct engine_endpoint *endpoint);
