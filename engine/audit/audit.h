/* The engine's one face. One thread of its own runs one loop and owns the resolver, all that is planned and
 * all that is known; it makes the connections, with further threads where that helps. Callers post commands
 * from any one thread and drain events; nothing here blocks on the network. Instances do not know each other.
 */
#pragma once

#include "engine/model/baseline.h"
#include "engine/model/event.h"
#include "engine/model/target.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define AUDIT_THREADS_MOST 16

enum depth { DEPTH_READINESS, DEPTH_FULL };

struct audit_options {
    const struct baseline *baseline; /* its floor and suites steer what is probed; copied */
    enum depth depth;
    const char *const *dns_servers; /* NULL = the system's */
    size_t dns_server_count;
    unsigned smtp_port;         /* for MX and smart hosts without one; 25 */
    const char *helo_name;      /* NULL = the machine's FQDN */
    const char *trust_store;    /* NULL = the system's */
    const char *source_address; /* NULL = the kernel's choice; the other family is left out */
    bool no_ipv4, no_ipv6;
    unsigned concurrency; /* connections at once, 256; fewer, with EVENT_TROUBLE, where descriptors are few */
    unsigned threads;  /* that make connections, the engine's own among them; 0 = as many as help (crew.h) */
    unsigned per_host; /* at once to one address, 1 */
    double per_host_gap; /* seconds between two connections to one address, 1.0; this gap and the operators'
                            vary by a quarter, double where a server has had enough of us, and shrink again */
    double connect_timeout, banner_timeout, io_timeout, dns_timeout; /* seconds: 10, 60, 30, 10 */
    unsigned retries;        /* further tries after an inconclusive result, 1 */
    unsigned per_operator;   /* connections at once to one operator (see operator.h), 8; 0 = no limit, and
                                no gap */
    double per_operator_gap; /* seconds between the starts of two connections to one operator, 0.1 */
    double quiet;            /* seconds without such signs, until a pause that they stretched is halved; 0 =
                                120, twice the longest pause */
    double retry_later;      /* seconds until those who put us off are asked once more, 60; 0 = never */
    double local_wait;       /* seconds that a probe waits while this machine has no local port, descriptor or
                                memory for any connection, 75; then its endpoint is given up (local-limit) */
    bool check_injection;    /* also send a command in clear behind STARTTLS (CVE-2011-0411) */
    const char *const *controls; /* domains or hosts known to take mail with STARTTLS; copied, NULL = the
                                    built-in ones, asked only when all else fails alike */
    size_t control_count;
    bool no_activity;            /* nobody watches: EVENT_ACTIVITY is spared */
    bool resolve_only;           /* DNS only: no server is contacted */
    uint64_t jitter_seed;        /* of the pauses between connections; 0 = chosen at random */
    const char *world4, *world6; /* addresses by which routes into the world are looked up; nothing is sent
                                    there. NULL = root servers' */
};

/* The defaults of CONTRACT. */
void audit_options_init(struct audit_options *options);

struct audit;

/* Starts the thread. NULL and *error (one sentence, the caller frees) when the resolver, trust store or an
 * address is unusable. Options are copied. */
struct audit *audit_new(const struct audit_options *options, char **error);

/* Joins the thread and frees everything, in the middle of anything, at once: open dialogues are cut off. To
 * leave as a guest should, cancel first and wait for EVENT_IDLE. */
void audit_free(struct audit *audit);

/* Readable (poll it) while events wait. */
int audit_descriptor(const struct audit *audit);

/* Takes the next event; false when none waits. The caller releases it. Facts of shared endpoints come once.
 */
bool audit_next(struct audit *audit, struct event *event);

/* Commands; they return at once. `id` is the caller's, unique, and comes back in events. */
void audit_add(struct audit *audit, uint32_t id, const struct target_spec *spec);
void audit_remove(struct audit *audit, uint32_t id); /* stops what only this target needs */
/* Facts of that endpoint are known from an earlier run: it counts as done and is not probed unless that is
 * asked for. To be said before a target that leads there is added. */
void audit_keep(struct audit *audit, const struct endpoint_key *key);
void audit_reprobe_target(struct audit *audit, uint32_t id); /* DNS and every endpoint again */
void audit_reprobe_host(struct audit *audit, const struct host_key *key);
void audit_reprobe_endpoint(struct audit *audit, const struct endpoint_key *key);
/* Whom to write to about that target is looked up now: EVENT_CONTACTS, unless it is no domain or its own
 * lookup failed. Of itself the engine does so for partners, and for those that fall short by its baseline,
 * once readiness is decided. */
void audit_contacts(struct audit *audit, uint32_t id);
/* Ends all probing; facts so far are published. EVENT_IDLE follows once open dialogues had their QUIT, within
 * about two seconds. */
void audit_cancel(struct audit *audit);
void audit_pause(struct audit *audit); /* starts no new connection until audit_resume */
void audit_resume(struct audit *audit);

struct audit_progress {
    unsigned targets, targets_resolved;        /* resolved: route and addresses known */
    unsigned endpoints, ready_done, full_done; /* endpoints known; readiness decided; all done */
    unsigned running, queued;                  /* connections open; steps that wait */
    unsigned waiting_later;                    /* endpoints that put us off, until they are asked once more */
    unsigned long connections;                 /* made so far */
    unsigned long queries;                     /* DNS queries sent */
    enum limit limit; /* what keeps this from being faster at the moment, other than manners */
    bool paused, cancelled;
};
/* Safe from the caller's thread at any time. */
void audit_progress(struct audit *audit, struct audit_progress *progress);

/* Something that was asked for is not done, or the events that tell of it were not all taken: false from the
 * last EVENT_IDLE on, until there is work again. For the thread that gives commands and takes events; the
 * counts above change one by one, and say nothing of pauses. */
bool audit_busy(struct audit *audit);

struct limits;
/* What this machine was found to have at the start; valid as long as the audit. */
const struct limits *audit_limits(const struct audit *audit);

/* The name used in EHLO and the vantage point's name; valid as long as the audit. */
const char *audit_helo_name(const struct audit *audit);
