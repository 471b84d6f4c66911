/* Which connection comes next at an endpoint, and what its answer means. Pure: no socket, no clock.
 *
 * The ladder: a real handshake first; then hellos that offer every suite and every version up to a cap, each
 * cap just below what was settled before, until the server says no. A version is refused only when the server
 * was offered it and said so: by choosing a lower version, or by an alert that means so (protocol_version; or
 * handshake_failure and insufficient_security in every shape that was tried). Silence and other alerts settle
 * nothing: they leave `unknown`.
 *
 * One question is put in up to three shapes: as a mail server would, without the newest extensions, without
 * the server name; the last only as long as no hello with the name was answered.
 *
 * What would count against the server is looked at again before it is believed: no STARTTLS on a second
 * connection, no version at or above the floor in a second offer of all versions. Where answers contradict
 * each other, or leave a hole between versions, all versions are offered a few times more, and facts.tally
 * tells how often what came. */
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
    bool offer;         /* just the baseline's suites, at or above its floor */
    bool look;          /* one more offer of all versions */
    bool nameless;      /* without the server name */
    enum tls_auth auth; /* only to see a certificate of that kind of key */
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
    enum injection_state
        injection; /* to STEP_INJECTION, whose kind says just whether it is to be asked again:
                      NONE, or SILENCE for a close that counts when it is seen twice */
};

/* Where the ladder stands. Zeroed by plan_init; owns nothing. */
struct plan {
    bool injection_wanted; /* the caller's to set: the last step of a full plan, where TLS works */
    bool injection_asked;
    unsigned injection_closes; /* checks that ended with a close */
    bool handshake_made;
    bool over;            /* given up, or there is no TLS */
    bool silent;          /* one cap got no clear answer in any shape */
    bool refused;         /* one cap was refused in all of its shapes, with nothing accepted before */
    unsigned alien;       /* answers in a row that were no TLS */
    unsigned barren;      /* connections on which there was no STARTTLS */
    bool named;           /* a hello with the server name was answered by a ServerHello */
    bool nameless;        /* there is no name to be sent, or it is left out since it spoils the answer */
    unsigned other_asked; /* times: for a certificate of the other kind */
    int cap;              /* the next hello's cap; -1: the ladder is at its end */
    bool disputed;        /* a version was refused first and accepted then, with no sentinel to explain it */
    unsigned looks;       /* made */
    unsigned doubts;      /* bit per version: to be asked for alone */
    unsigned asked[TLS_VERSIONS]; /* times that it was asked for alone */
    struct plan_tries {           /* how the shapes of the present question ended */
        unsigned made;
        bool doubtful;          /* one was answered neither by a ServerHello nor by a refusal … */
        enum probe_error error; /* … and the first of these by this */
        int alert;              /* the last one's, or -1 */
    } tries;
};

/* `named`: hellos can carry a server name. */
void plan_init(struct plan *plan, bool named);

/* The next step; STEP_DONE when the verdict is decided (`full` false) or every version is settled. */
void plan_next(const struct plan *plan, const struct facts *facts, const struct baseline *baseline, bool full,
               struct step *step);

/* Folds the answer to a step that plan_next gave into the versions, the offer and the tally of full offers
 * (the tally of STARTTLS is kept by who reads the dialogue, and is looked at here). ANSWER_NONE must come
 * here only when the step is not tried again: what it was to decide is then unknown, and nothing more is
 * asked. */
void plan_apply(struct plan *plan, struct facts *facts, const struct baseline *baseline,
                const struct step *step, const struct answer *said);

/* True when nothing that plan_next could still ask for changes the endpoint's verdict. */
bool plan_decided(const struct plan *plan, const struct facts *facts, const struct baseline *baseline);

/* "handshake", "hello up to TLS 1.1", "hello with TLS 1.3 alone", "hello with the suites of exchange-online",
 * "another look at all versions", "hello for an ECDSA certificate"; ", without the server name" behind it.
 * The caller frees. */
char *plan_purpose(const struct step *step, const struct baseline *baseline);
