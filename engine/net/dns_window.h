/* How many questions may be out at a resolver at once, by what becomes of its queries. Pure.
 *
 * It begins with a few, grows while answers come, and is halved when queries get lost: when a query got no
 * answer, and its repetition did. Silence about a name proves nothing, since its own servers may be the
 * silent ones. A few losses in a hundred are the network's and cost nothing. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

/* Of one query, inside its owner's memory; all zero until it was sent. */
struct dns_sent {
    unsigned cuts;      /* of the window, when it went out */
    uint64_t passed_ms; /* when its repetition was answered before it; 0: it was not */
    LIST_ENTRY(dns_sent) link;
};

struct dns_window {
    unsigned most, allowed;
    unsigned answers, lost; /* since it was last changed or weighed */
    unsigned long losses;   /* in all */
    unsigned cuts;
    LIST_HEAD(, dns_sent) passed;
};

/* `most` at least 1. */
void dns_window_init(struct dns_window *window, unsigned most);

void dns_window_sent(const struct dns_window *window, struct dns_sent *sent);
void dns_window_answered(struct dns_window *window);

/* The repetition of `sent` was answered. Unless its own answer follows on its heels, since resolvers answer
 * all repetitions of a question at once and in any order, it counts as lost. */
void dns_window_passed(struct dns_window *window, struct dns_sent *sent, uint64_t now_ms);

/* Its answer came after all, or its memory goes. */
void dns_window_forget(struct dns_sent *sent);

/* Counts as lost what was passed a while ago. A query that went out before the latest cut is paid for by that
 * one. True when this cuts the window. */
bool dns_window_weigh(struct dns_window *window, uint64_t now_ms);
