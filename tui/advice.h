/* What to do next about a target, a host or an endpoint: short steps that follow from its verdict and what is
 * around it. Pure. */
#pragma once

#include "engine/base/words.h"
#include "engine/model/verdict.h"

#include <stdbool.h>
#include <stddef.h>

struct situation {
    struct judgement judgement;
    enum requirement requirement;
    enum target_class class;
    const char *connector;            /* that demands it; NULL */
    const char *owner;                /* who looks after it here; NULL */
    const char *contact;              /* whom to write to; NULL */
    enum contact_state contact_state; /* how far people are with that */
    bool message;                     /* there are words to send (engine/model/forward.h) */
    bool never_tls;                   /* the sender uses no TLS here, whatever is offered */
    bool beside;                      /* mail does not take this way: nothing is to be done */
    bool masked;                      /* something on the way hides STARTTLS from us */
    bool injectable;                  /* it runs commands that came in clear inside TLS (CVE-2011-0411) */
    bool dated;        /* a certificate was seen, and `days_left` is of the one that ends first */
    int days_left;     /* negative when it is over */
    unsigned unjudged; /* endpoints that could not be judged, beside others that could */
};

struct step {
    const char *request; /* the request that does it (tui/requests.h), static; NULL: it is done elsewhere */
    char *text;          /* one or two sentences, owned */
};

#define STEPS_MOST 8

/* A zeroed struct is empty. */
struct advice {
    struct step steps[STEPS_MOST];
    size_t count;
};

/* Fills an empty advice; it stays empty when there is nothing to do: pending, ready and dated far ahead, a
 * domain that takes no mail. */
void advice_make(struct advice *advice, const struct situation *situation);
void advice_release(struct advice *advice);
