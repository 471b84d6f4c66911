/* Asks DNS servers one question at a time, thousands of them at once: picks the server, repeats, falls back
 * to TCP and to plain DNS without EDNS, gives up in time. As many are out at once as the servers take
 * (dns_window.h); a question that got no word while queries were getting lost stands in line once more, eight
 * rounds at most, and so is given up later than its timeout says. When no server says a word any more, not
 * even about the root, all questions in line end in DNS_TIMEOUT at once; later ones find out anew. Keeps
 * nothing: the cache is the resolver's. */
#pragma once

#include "engine/net/dns_message.h"
#include "engine/net/dns_servers.h"
#include "engine/net/loop.h"

struct dns_client;

struct dns_client_options {
    struct dns_servers servers; /* at least one */
    unsigned timeout;           /* milliseconds from the first send until a question is given up */
    unsigned tries;             /* per server */
    unsigned most_in_flight;    /* questions on the wire at once, at most; others wait in line */
};

struct dns_client_counts {
    unsigned long queries;  /* sent */
    unsigned long answers;  /* that could be taken for one, of any status */
    unsigned long timeouts; /* queries that were not answered in their time */
};

/* `answer` is the callee's to release or to move away. Must not free the client. */
typedef void dns_client_cb(void *context, struct dns_answer *answer);

/* NULL when no channel can be opened. */
struct dns_client *dns_client_new(struct net_loop *loop, const struct dns_client_options *options);

/* Never calls back from inside the call. `name` as dns_name_normal spells it. Addresses are asked for before
 * all else that waits: what was begun comes to its end, and the first servers are known while most domains
 * are still in line. */
void dns_client_ask(struct dns_client *client, const char *name, enum dns_type type, dns_client_cb *callback,
                    void *context);

/* Drops every question without calling back. */
void dns_client_free(struct dns_client *client);

struct dns_pace {
    unsigned most, allowed; /* questions out at once: at most, and now */
    unsigned cuts;          /* times that lost queries made it fewer */
    bool waits;             /* questions are in line */
};
void dns_client_pace(const struct dns_client *client, struct dns_pace *pace);

const struct dns_client_counts *dns_client_counts(const struct dns_client *client);
