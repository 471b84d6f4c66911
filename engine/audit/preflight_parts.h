/* What the parts of preflight share. */
#pragma once

#include "engine/audit/control.h"
#include "engine/audit/preflight_run.h"
#include "engine/model/preflight.h"

/* The way out by one family. */
struct preflight_family {
    bool left_out, routed;
    struct net_address from; /* family 0 without a route */
    const struct names_answer *reverse;
    const struct address_answer *back;
};

struct preflight_run {
    struct audit *audit;
    struct preflight state;
    bool untold;
    struct net_timer *tell;
    struct preflight_family families[2]; /* IPv4, IPv6 */

    unsigned questions;   /* at the resolver */
    enum dns_status root; /* what it last said of the root; DNS_NOT_QUERIED before */
    bool root_open;       /* it is being asked about the root */
    bool answered;        /* … and has answered a lookup since */
    bool ever;            /* it has answered a lookup at some time */
    bool stood;           /* it knew the root at some time */
    struct map failed;    /* operators whose lookups failed since one was answered */
    bool lost;            /* lookups failed while it was in trouble, which it stays in until asked again */
    bool silent;          /* the resolver says nothing: its answers are not waited for */
    bool forsaken;        /* cancelled: as well */
    unsigned helo_open;   /* of them, what the EHLO name is judged by */
    const struct address_answer *forward;
    char *sender_domain; /* whose exchanges are looked at; NULL */
    unsigned exchanges;  /* whose addresses are not known yet */
    bool sender_open;    /* some of them will not be known */
    unsigned own_open;   /* questions about the own address and name */
    bool holding;        /* no probe starts before these are answered, or `hold` runs out */
    struct net_timer *hold;

    bool short_of_files, short_of_ports;   /* it was, and that was told */
    unsigned without_files, without_ports; /* endpoints that were given up for it */
    unsigned pace_cuts;                    /* of the resolver's, that were told */

    struct evidence evidence;
    bool blocked;
    struct control **controls;
    size_t control_count;
    unsigned controls_open;
    bool controls_asked;
    struct net_timer *settle; /* runs from the first suspicion until it is acted on */
    bool settling;
};

/* Sets one check and sees that it is told. `detail` is taken over and may be NULL. */
void preflight_note(struct preflight_run *run, enum check check, enum check_state state, char *detail);

/* preflight_words.c: the sentences of two checks in that state; the caller frees. NULL: nothing to say */
char *preflight_port_text(const struct preflight_run *run, enum check_state state);
char *preflight_path_text(const struct preflight_run *run, enum check_state state);

/* preflight_dns.c: what is asked of the resolver */
void preflight_ask_resolver(struct preflight_run *run);      /* again, unless it is being asked */
void preflight_ask_resolver_anew(struct preflight_run *run); /* whatever was found before */
void preflight_ask_helo(struct preflight_run *run);
/* preflight_limits.c: what this machine lets a run do at once */
void preflight_look_at_limits(struct preflight_run *run);
/* Lets the probes go. */
void preflight_release_hold(struct preflight_run *run);
void preflight_ask_sender(struct preflight_run *run);
/* `why`: "is a mail exchange of contoso.com". */
void preflight_warn_sender(struct preflight_run *run, const struct net_address *from, const char *why);
