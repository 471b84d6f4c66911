/* One connection: one step of a plan at one endpoint, from connect to close. A thin pump that moves bytes
 * between a stream, a dialogue and TLS, and keeps the time. */
#pragma once

#include "engine/model/facts.h"
#include "engine/net/address.h"
#include "engine/net/local.h"
#include "engine/net/loop.h"
#include "engine/probe/plan.h"
#include "engine/smtp/dialogue.h"
#include "engine/tls/session.h"

#include <stdbool.h>
#include <stdint.h>

/* What all probes of an engine share; borrowed, outlives them. */
struct probe_setup {
    struct net_loop *loop;
    struct tls_context *tls;
    const struct net_address *source; /* NULL = the kernel's choice */
    const char *helo_name;
    unsigned connect_ms, banner_ms;
    unsigned io_ms; /* for each wait; a whole stage may take three times as long */
};

struct probe_place {
    struct net_address address;
    uint16_t port;
    enum protocol protocol;
    const char *server_name; /* "" for none; borrowed */
};

#define PROBE_ALERT_SIZE 24

/* What one connection brought. All pointers are borrowed and end with the callback, unless the result is
 * moved out of it. */
struct probe_result {
    struct answer answer;
    enum stage stage;       /* how far it came */
    enum probe_error error; /* why it came no further; PROBE_OK when the step was completed */
    const char *detail;     /* the server's words or the alert's name; NULL */
    int64_t at;             /* seconds since 1970, when it began */
    unsigned milliseconds;
    int connect_ms, banner_ms, starttls_ms, handshake_ms; /* -1 when not reached */
    const struct dialogue_result *dialogue;               /* of `talk` */
    struct dialogue *talk;
    struct tls_session_result tls;   /* of a handshake that was begun */
    struct certificate *certificate; /* the receiver may take it, leaving NULL */
    unsigned dh_bits; /* size of the Diffie-Hellman prime that the server sent; 0 when there was none */
    bool sslv2;       /* it answered in SSLv2 */
    enum net_shortage shortage;        /* of PROBE_LOCAL_LIMIT */
    char alert_text[PROBE_ALERT_SIZE]; /* for `detail` */
};

/* Moves a result out of the callback: `to`, which is overwritten, owns certificate and dialogue, and may go
 * to another thread. */
void probe_result_move(struct probe_result *to, struct probe_result *from);
/* Frees what a moved result owns, or nothing of a zeroed one. */
void probe_result_release(struct probe_result *result);

struct probe_callbacks {
    void (*staged)(void *context, enum stage stage);          /* a stage began */
    void (*done)(void *context, struct probe_result *result); /* once; the probe is gone after it */
    /* What a handshake showed, while EHLO and QUIT behind it are still to be answered by a server so far away
     * that it takes a while; at most once, before `done`, which tells all of it anew. NULL: of no interest.
     */
    void (*shown)(void *context, struct probe_result *result);
};

struct probe;

/* Callbacks run later on the loop's thread. `step` is copied, `place` too, the pointers in them are borrowed.
 */
struct probe *probe_start(const struct probe_setup *setup, const struct probe_place *place,
                          const struct step *step, const struct probe_callbacks *callbacks, void *context);

/* Calls the probe off: QUIT goes out behind the reply that is awaited, and `done` comes when that was
 * answered or after two seconds; its result is of no use. False when no QUIT can be said: the probe is gone
 * at once, without a callback. */
bool probe_leave(struct probe *probe);

/* Closes at once, without a callback. NULL is allowed. */
void probe_cancel(struct probe *probe);
