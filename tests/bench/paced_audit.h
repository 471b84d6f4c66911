/* Stands in for the engine behind engine/audit/audit.h in the screen's benchmark: no sockets, no DNS. A
 * thread makes events about random endpoints of a model at a pace: half of them a step of probing, half
 * facts, most of which change a verdict. */
#pragma once

#include "engine/audit/audit.h"

#include <stdatomic.h>

struct pacing {
    atomic_uint rate;       /* events a second, from now on; 0: none */
    atomic_ulong made;      /* events so far */
    atomic_llong screen_ns; /* processor time of the thread that called paced_audit_new, every few
                               milliseconds */
};

/* What endpoint number `number` of the made-up session is: its host's name and its address. The caller frees.
 */
char *paced_host(unsigned number);
char *paced_address(unsigned number);

/* `pacing` is borrowed and may be shared with another process. Endpoints are those from 0 to `count` - 1. */
struct audit *paced_audit_new(unsigned count, struct pacing *pacing);
void paced_audit_free(struct audit *audit);
