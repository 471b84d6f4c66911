/* Which connection comes next at an endpoint, and what its answer means. Pure: no socket, no clock.
 *
 * The ladder: a real handshake first; then hellos that offer every suite and every version up to a cap, each
 * cap just below what was settled before, until the server says no. A version is refused only when the server
 * was offered it and said so: by an alert that a second, differently shaped hello confirmed (protocol_version
 * needs no second one), or by choosing a lower version. Silence settles nothing: it leaves `unknown`. */
#pragma once

#include "engine/model/baseline.h"
#include "engine/model/facts.h"
#include "engine/tls/hello.h"
#include "engine/tls/version.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum step_kind {
    STEP_DONE,      /* nothing is left to do at this depth */
    STEP_HANDSHAKE, /* BoringSSL's handshake, EHLO again inside TLS, QUIT */
    STEP_HELLO,     /* a hand-built hello, its answer, nothing more */
    STEP_INJECTION, /* a command in clear behind STARTTLS, then a handshake (CVE-2011-0411) */
};

struct step {
    enum step_kind kind;
    bool offer; /* just the baseline's suites, at or above its floor */
    enum tls_version lowest, highest;
    const uint16_t *suites; /* borrowed from the baseline; NULL = all */
    size_t suite_count;
    enum hello_shape shape;
    bool wants_chain; /* no certificate was seen yet: take it from a hello's answer, where TLS 1.2 and below
                         show it */
};

enum answer_kind {
    ANSWER_NONE,    /* the connection ended before our hello went out: it says nothing about TLS */
    ANSWER_NO_TLS,  /* the dialogue ended as it should, without TLS: STARTTLS is not offered */
    ANSWER_CHOSE,   /* a ServerHello (HelloRetryRequest included) */
    ANSWER_ALERT,   /* an alert instead of a ServerHello */
    ANSWER_SILENCE, /* closed, reset, timed out, or no TLS came back: `error` says which */
};

/* What one step brought for the versions. */
struct answer {
    enum answer_kind kind;
    enum tls_version version; /* CHOSE */
    uint16_t suite;           /* CHOSE */
    bool retry_request;       /* CHOSE */
    enum hello_sentinel sentinel;
    int alert; /* ALERT: its number */
    enum probe_error
        error; /* why, unless it chose; ALERT: PROBE_TLS_ALERT; NO_TLS: PROBE_STARTTLS_REJECTED */
    enum injection_state injection; /* to STEP_INJECTION, whose kind says just whether it is to be asked again
                                       (NONE) */
};

/* Where the ladder stands. Zeroed by plan_init; owns nothing. */
struct plan {
    bool injection_wanted; /* the caller's to set: the last step of a full plan, where TLS works */
    bool injection_asked;
    bool handshake_made;
    bool over;               /* given up, or there is no TLS */
    bool silent;             /* one cap got no clear answer in either shape */
    int cap;                 /* the next hello's cap; -1: the ladder is at its end */
    unsigned doubts;         /* bit per version: to be asked for alone */
    unsigned doubts_settled; /* bit per version: was asked for alone */
    struct plan_try {        /* how the first shape of the present question ended */
        bool made;
        int alert; /* -1: silence */
        enum probe_error error;
    } first;
};

void plan_init(struct plan *plan);

/* The next step; STEP_DONE when the verdict is decided (`full` false) or every version is settled. */
void plan_next(const struct plan *plan, const struct facts *facts, const struct baseline *baseline, bool full,
               struct step *step);

/* Folds the answer to a step that plan_next gave into the versions and the offer. ANSWER_NONE must come here
 * only when the step is not tried again: what it was to decide is then unknown, and nothing more is asked. */
void plan_apply(struct plan *plan, struct facts *facts, const struct baseline *baseline,
                const struct step *step, const struct answer *said);

/* True when nothing that plan_next could still ask for changes the endpoint's verdict. */
bool plan_decided(const struct plan *plan, const struct facts *facts, const struct baseline *baseline);

/* "handshake", "hello up to TLS 1.1", "hello with TLS 1.3 alone", "hello with the suites of exchange-online";
 * the caller frees. */
char *plan_purpose(const struct step *step, const struct baseline *baseline);
