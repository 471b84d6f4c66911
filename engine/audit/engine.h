/* The inside of an audit: what its thread owns. Private to this room; everything here runs on that thread.
 *
 *   target ──► host ──► endpoint ──► address ──► lane ──► groups of the operator
 *   route.c    host.c   work.c       schedule.c  lane.c
 *
 * Users are counted downwards: a host without a target and an endpoint without a host do nothing. Nodes stay
 * until the audit is freed, since the same key names the same thing for ever. */
#pragma once

#include "engine/audit/audit.h"
#include "engine/audit/backoff.h"
#include "engine/audit/evidence.h"
#include "engine/audit/inbox.h"
#include "engine/audit/jitter.h"
#include "engine/audit/limits.h"
#include "engine/audit/outbox.h"
#include "engine/base/map.h"
#include "engine/net/loop.h"
#include "engine/net/resolver.h"
#include "engine/probe/crew.h"
#include "engine/probe/probe.h"

#include <stdatomic.h>
#include <sys/queue.h>

struct contacts_lookup;
struct control;
struct engine_endpoint;
struct preflight_run;

TAILQ_HEAD(engine_endpoints, engine_endpoint);
TAILQ_HEAD(engine_targets, engine_target);
TAILQ_HEAD(engine_addresses, engine_address);
TAILQ_HEAD(engine_lanes, engine_lane);

/* The verdict of every endpoint comes before the rest of any ladder, and where mail goes before what only
 * stands beside the way of some target. */
enum urgency { URGENCY_READINESS, URGENCY_BESIDE, URGENCY_REST, URGENCIES };

/* What is bounded beside the addresses: a network or a registrable domain (operator.h). */
struct engine_group {
    struct audit *audit;
    unsigned running;
    struct backoff slow;  /* of the configured gap */
    struct backoff taken; /* places of those that are open at once: fewer after a 421 */
    const struct engine_address
        *cut_by; /* the latest that cut a connection since the latest good one; NULL */
    uint64_t open_at_ms;
    uint64_t armed_for;      /* when `timer` runs: the moment it stands for; else 0 */
    struct net_timer *timer; /* for open_at_ms; NULL until first needed */
    struct engine_lanes parked[URGENCIES];
    unsigned ready[URGENCIES]; /* its lanes in audit->ready */
};

/* Addresses that wait and that the same groups bound: those of one network whose next endpoint is of one
 * domain. An operator's addresses move as one, however many there are. */
struct engine_lane {
    struct audit *audit;
    struct engine_group *groups[2]; /* network, domain; NULL for no bound */
    struct engine_addresses waiting[URGENCIES];
    int urgency;                  /* of the list it is in; -1: in none */
    struct engine_group *barrier; /* parked there; NULL: ready, or in no list */
    TAILQ_ENTRY(engine_lane) link;
};

/* What is paced: one address, whatever endpoints it has. */
struct engine_address {
    struct audit *audit;
    struct net_address address;
    struct engine_endpoints waiting[URGENCIES];
    unsigned running;
    unsigned long made;       /* connections there that this machine had room for */
    bool hesitant;            /* it greets late, so its connections are long */
    bool routed;              /* a route leads there, as preflight found, although none leads to the world */
    struct backoff slow;      /* of the configured gap */
    uint64_t open_at_ms;      /* no connection before */
    struct net_timer *timer;  /* for open_at_ms; NULL until first needed */
    struct engine_lane *lane; /* where it waits; NULL: nowhere */
    int listed;               /* in the lane: the urgency of its list */
    TAILQ_ENTRY(engine_address) link;
};

enum work {
    WORK_REST,
    WORK_WAITING, /* in its address's queue */
    WORK_RUNNING, /* a probe is out */
    WORK_PAUSING, /* before another try */
    WORK_LATER,   /* it put us off: before the last try, much later */
    WORK_LEAVING, /* called off, its probe still says QUIT */
};

struct engine_endpoint {
    struct audit *audit;
    struct endpoint_key key;
    struct engine_address *address;
    struct engine_lane *lane;
    unsigned users;  /* hosts in use that lead here */
    unsigned routes; /* of these, hosts on some target's route */
    enum work work;
    enum urgency urgency; /* WAITING: which queue */
    struct plan plan;
    struct step step;              /* WAITING, RUNNING, PAUSING: what comes next */
    struct facts *facts;           /* NULL before the first step, and after the last one when they went out */
    unsigned tries;                /* of `step` that said nothing */
    bool came_later;               /* the try after WORK_LATER was made */
    bool put_off;                  /* LATER: it is in audit->put_off */
    unsigned starved;              /* tries of `step` that this machine had no room for */
    uint64_t starved_ms;           /* waited for that, while nobody else found room either */
    unsigned long made, made_here; /* connections that had room, at the latest of these tries: all, at its
                                      address */
    enum net_shortage waits_for;   /* PAUSING, for want of that; else nothing */
    bool given_up;                 /* this machine had no room for the rest of it */
    struct answer answer;          /* to `step`, by the try that brought most */
    struct errand *errand;         /* RUNNING, LEAVING */
    bool wanted_again;             /* LEAVING: to begin anew behind it */
    struct net_timer *pause;
    unsigned round; /* of the latest re-probe of it alone */
    bool ready_done, full_done;
    bool shown;       /* RUNNING: facts that `facts` does not have yet went out ahead of them */
    bool falls_short; /* known once ready_done: at risk, in clear or not ready by the baseline alone */
    enum stage activity, told; /* now; as last published */
    bool untold;               /* in audit->untold */
    TAILQ_ENTRY(engine_endpoint) queue;
    STAILQ_ENTRY(engine_endpoint) told_link;

    struct control *control; /* it is a control's, and nobody hears of it; NULL: an ordinary one */
    enum port_sign sign;     /* what its first connection said of the way there */
    struct facts *kept;      /* of one that failed as all do, in case its port proves to be blocked; NULL */
    bool blocked;            /* it was given up since its port is blocked here */
    bool insists;            /* it was asked for again, so it is probed in spite of that */
};

struct engine_host {
    struct audit *audit;
    struct host_key key;
    bool exchange; /* some MX names it */
    unsigned users;
    unsigned routes; /* of these, targets whose mail goes there */
    bool asked;      /* the resolver will call back */
    bool wanted;     /* … and the answer counts */
    bool resolved;
    bool renew;     /* probe its endpoints again once they are known */
    unsigned round; /* of the latest re-probe */
    struct engine_endpoint **endpoints;
    size_t endpoint_count;
};

/* Hosts that a target leads to. */
struct engine_way {
    struct engine_host **hosts;
    size_t count;
};

/* Whether somebody will be asked whom to write to about it (contacts.c). */
enum contacts_place { CONTACTS_NOWHERE, CONTACTS_UNDECIDED, CONTACTS_IN_LINE };

struct engine_target {
    struct audit *audit;
    uint32_t id;
    struct target_spec spec;
    bool asked, wanted; /* as for hosts */
    bool resolved;      /* its route is known */
    bool removed;       /* only waits for the resolver's callback */
    bool renew;
    unsigned round;
    struct engine_way way;    /* of its mail */
    struct engine_way beside; /* its MX, when its mail goes by smart host; none that is on the way */
    enum dns_status told;     /* what came of the domain's own lookup */
    enum contacts_place contacts;
    bool contacts_asked; /* on request */
    TAILQ_ENTRY(engine_target) contacts_link;
    LIST_ENTRY(engine_target) all;
};

/* Read by other threads. */
struct engine_counts {
    atomic_uint targets, targets_resolved, endpoints, ready_done, full_done, running, queued, waiting_later;
    atomic_uint open;                         /* as the audit's own */
    atomic_uint waiting_files, waiting_ports; /* endpoints that wait since this machine had none */
    atomic_uint most_running;
    atomic_ulong connections, queries;
    atomic_bool paused, cancelled, resolver_behind;
    atomic_bool few_files; /* most_running is fewer than was asked for */
};

struct audit {
    struct audit_options options; /* its pointers lead to what follows */
    struct baseline *baseline;
    char *helo_name;
    struct net_address source;
    pthread_t thread;
    struct inbox inbox;
    struct outbox outbox;
    uint32_t asked, done; /* the caller's: commands that make work, and those that an EVENT_IDLE answered */
    struct engine_counts counts;

    struct net_loop *loop;
    struct resolver *resolver;
    struct tls_context *tls;
    struct probe_setup setup;
    struct crew *crew;
    struct map targets, hosts, endpoints, addresses, groups, lanes;
    struct jitter jitter;
    LIST_HEAD(, engine_target) all_targets;
    struct engine_lanes ready[URGENCIES]; /* lanes that may go on now */
    unsigned running;                     /* connections */
    unsigned long made;                   /* connections that this machine had room for */
    struct limits limits;
    unsigned threads; /* that this machine has room for */
    unsigned most_running, most_queries, most_per_host;
    unsigned most_ever;   /* what `most_running` was at first; a shortage makes it fewer */
    unsigned roomy;       /* connections made with all places taken, since `most_running` changed */
    unsigned open;        /* pieces of work not done: names asked, endpoints not at rest */
    unsigned hosts_asked; /* hosts whose addresses are waited for */
    unsigned put_off;     /* endpoints that are undecided until their last try, much later */
    struct engine_targets undecided, contacts_line;
    LIST_HEAD(, contacts_lookup) lookups;
    unsigned lookups_open; /* their number */
    uint64_t looked_ms;    /* when `undecided` was last walked over */
    unsigned round;
    bool renewed; /* hosts or endpoints alone are asked for again in this round */
    bool paused, stopped;
    STAILQ_HEAD(, engine_endpoint) untold;
    struct net_timer *tell;
    struct net_timer *flush; /* of the outbox */
    bool flushing;           /* `flush` runs */
    uint64_t flushed_ms;     /* when it last did its work */

    struct preflight_run *preflight;
    struct strings controls; /* the options' own copy */
    bool idle_due;           /* all work is done, which is told once preflight is at rest too */
    uint32_t taken, told;    /* commands that make work: taken from the inbox, and answered by EVENT_IDLE */
};

/* engine.c: counting work, events */
void engine_begin(struct audit *audit); /* one more piece of work */
void engine_end(struct audit *audit);   /* one less; EVENT_IDLE when it was the last */
void engine_rest(struct audit *audit);  /* tells EVENT_IDLE when it is due and nothing is left to wait for */
void engine_put(struct audit *audit, const struct event *event); /* takes the content over */
void engine_flush(void *audit);                                  /* the other thread sees what was put */
void engine_trouble(struct audit *audit, char *text);            /* takes the text over */
void engine_count_queries(struct audit *audit);
void engine_wake(void *audit); /* another thread put something there: commands, results */

/* route.c: targets */
void target_add(struct audit *audit, uint32_t id, struct target_spec *spec); /* takes the content over */
void target_remove(struct audit *audit, uint32_t id);
void target_reprobe(struct audit *audit, uint32_t id);
void target_ask_contacts(struct audit *audit, uint32_t id);
void target_cancel(struct engine_target *target);
void target_free(struct engine_target *target);

/* host.c */
/* One user more, or one less; `beside` when it stands beside the route of that user. */
struct engine_host *host_take(struct audit *audit, const struct host_key *key, bool exchange, bool beside);
void host_drop(struct engine_host *host, bool beside);
/* Asks for its addresses again and probes its endpoints again, once a round. */
void host_reprobe(struct engine_host *host, unsigned round);
void host_cancel(struct engine_host *host);
void host_free(void *host);
/* True when addresses of that family are not probed in this run. */
bool host_leaves_out(const struct audit *audit, const struct net_address *address);

/* work.c: endpoints */
/* One user more, or one less; `routed` when that host is on some target's route. */
struct engine_endpoint *endpoint_take(struct audit *audit, const struct net_address *address,
                                      const struct host_key *host, bool literal, bool routed);
void endpoint_resume(struct engine_endpoint *endpoint); /* goes on with what was cancelled */
void endpoint_drop(struct engine_endpoint *endpoint, bool routed);
void endpoint_set_routed(struct engine_endpoint *endpoint, bool routed); /* a host of it is now, or is not */
void endpoint_reprobe(struct engine_endpoint *endpoint);
/* It is done already, unless it is at work. */
void endpoint_keep(struct audit *audit, const struct net_address *address, const struct endpoint_key *key);
void endpoint_start(struct engine_endpoint *endpoint);  /* makes the connection for `step` */
void endpoint_cancel(struct engine_endpoint *endpoint); /* publishes what is known */
void endpoint_stop(struct engine_endpoint *endpoint);   /* ends its timer */
void endpoint_free(void *endpoint);
struct engine_endpoint *endpoint_new(struct audit *audit, const struct net_address *address,
                                     const struct endpoint_key *key); /* in no map */
/* Takes it out of whatever it does; false while a goodbye is still to be said. */
bool endpoint_withdraw(struct engine_endpoint *endpoint);
/* Gives it up, or what it found, since its port is blocked here. Not while its probe is out. */
void endpoint_block(struct engine_endpoint *endpoint);
void endpoint_tell(struct engine_endpoint *endpoint, enum stage stage); /* what it does now */
void endpoint_tell_all(void *audit);                                    /* publishes changed activities */
void endpoint_publish(struct engine_endpoint *endpoint, struct facts *facts); /* takes the facts over */

/* retry.c: whether a step is tried once more, and when */
bool retry_wanted(const struct engine_endpoint *endpoint, const struct probe_result *result);
bool retry_ask(struct engine_endpoint *endpoint); /* false when the answer stands */
bool retry_starved(struct engine_endpoint *endpoint,
                   enum net_shortage shortage); /* false when it is to be given up */
void retry_end_pause(struct engine_endpoint *endpoint);
/* A connection was made: after as many as are open at once, while a shortage bounds them, one more is tried.
 */
void retry_found_room(struct audit *audit);

/* schedule.c */
struct engine_address *address_find(struct audit *audit, const struct net_address *address);
void address_queue(struct engine_endpoint *endpoint);   /* → WORK_WAITING */
void address_unqueue(struct engine_endpoint *endpoint); /* out of the queue */
void address_release(struct engine_endpoint *endpoint); /* its connection ended: the gap begins */
void address_stop(struct engine_address *address);      /* ends its timer */
void address_free(void *address);
/* What a connection there met: it is paced more slowly after a sign that it was one too many, and less so
 * after each good one. Before address_release. */
void address_note(struct engine_endpoint *endpoint, const struct probe_result *result);
void schedule_run(struct audit *audit); /* starts what may start */
void schedule_init_backoff(const struct audit *audit, struct backoff *backoff);

/* lane.c */
/* The lane of endpoints at that address with that server name ("" for none). */
struct engine_lane *lane_find(struct audit *audit, const struct net_address *address, const char *name);
void lane_put(struct engine_lane *lane, struct engine_address *address, int urgency); /* at the end */
void lane_remove(struct engine_address *address);
/* The address whose turn it is among those of that urgency; NULL when none may go on now. */
struct engine_address *lane_next(struct audit *audit, int urgency);
void lane_start(struct engine_lane *lane);   /* a connection of it begins: the gaps begin */
void lane_release(struct engine_lane *lane); /* one ended */
/* A 421 to one of it; a connection that `address` cut before it said anything, which counts from the second
 * address of a group on; a good connection. */
void lane_throttled(struct engine_lane *lane);
void lane_cut(struct engine_lane *lane, const struct engine_address *address);
void lane_speed_up(struct engine_lane *lane);
void group_stop(struct engine_group *group); /* ends its timer */
void group_free(void *group);
void lane_free(void *lane);
