/* What the two halves of the client share: dns_client.c sends questions and keeps the time, dns_weigh.c says
 * what answers, or the want of them, mean. */
#pragma once

#include "engine/net/dns_channel.h"
#include "engine/net/dns_client.h"
#include "engine/net/dns_window.h"

#include <sys/queue.h>

struct question;

/* One query on the wire. It outlives its question when that was decided without it. */
struct query {
    struct dns_client *client;
    struct question *question; /* NULL: nobody waits for it */
    struct dns_channel *tcp;   /* its own connection; NULL for UDP */
    unsigned server;
    bool ended;             /* TCP: the answer came, or never will */
    struct dns_sent sent;   /* UDP */
    LIST_ENTRY(query) link; /* in question->queries */
    LIST_ENTRY(query) all;  /* in client->udp or client->tcp */
};

struct question {
    struct dns_client *client;
    char *name;
    enum dns_type type;
    dns_client_cb *callback;
    void *context;
    struct dns_answer answer;
    LIST_HEAD(, query) queries;
    struct query *latest;    /* the one that `due` is for; NULL when it has ended */
    unsigned attempts, most; /* sent, and how many may be */
    unsigned server;         /* of the last attempt */
    uint32_t failed;         /* servers that answered with a failure, a bit each */
    unsigned hops;
    uint64_t due, deadline; /* the loop's milliseconds; the deadline is 0 before the first send */
    unsigned long heard;    /* the client's count at the first send */
    unsigned long losses;   /* … and the window's */
    unsigned rounds, starved;
    bool tcp, plain, unauthenticated;
    TAILQ_ENTRY(question) link; /* in one of the client's lines */
};

TAILQ_HEAD(line, question);

LIST_HEAD(queries, query);

struct dns_client {
    struct net_loop *loop;
    struct dns_client_options options;
    struct dns_channel *channels[DNS_SERVERS_MOST];
    bool plain[DNS_SERVERS_MOST]; /* servers that don't understand EDNS */
    unsigned first_wait;          /* milliseconds; doubled for every round over the servers */
    struct net_timer *tick;       /* runs while queries are out */
    struct net_timer *turn;       /* runs when there is something to do */
    struct line waiting, active, decided;
    struct queries udp, tcp;
    struct dns_window window;
    unsigned preferred;  /* the server to begin with: not the one that last kept us waiting */
    unsigned in_flight;  /* length of `active` */
    bool urgent;         /* someone in `active` is due now */
    unsigned long heard; /* answers of any kind */
    unsigned unheard;    /* questions in a row during which no server said a word */
    bool doubting;       /* the servers may be gone: a canary is out, and no other question starts */
    bool busy;           /* inside the turn */
    bool ticking;
    struct dns_client_counts counts;
};

/* Its question does not wait for it any more. */
void dns_query_detach(struct query *query);
/* It waits for none of its queries any more. */
void dns_question_detach(struct question *question);

/* Its callback is told later, from the client's turn. */
void dns_question_fail(struct question *question, enum dns_status status);

/* Takes an answer: decides the question, or has it asked again, elsewhere or in another manner. `answer` is
 * the caller's to release. */
void dns_question_weigh(struct question *question, unsigned server, bool tcp, struct dns_answer *answer);

/* Nothing will come of its latest query. The next server is asked at once; when all had their turn, or no
 * descriptor was left for it, only after a pause. */
void dns_question_lost(struct question *question);
