/* The inside of a probe: what its pump (probe.c) and the reading of its end (probe_answer.c) share. */
#pragma once

#include "engine/net/stream.h"
#include "engine/probe/probe.h"

enum mode {
    MODE_CONNECT,
    MODE_TALK,      /* the dialogue in clear */
    MODE_HANDSHAKE, /* BoringSSL's */
    MODE_TALK_TLS,  /* the dialogue inside TLS */
    MODE_HELLO,     /* the hello is out */
};

struct probe {
    const struct probe_setup *setup;
    struct probe_place place;
    struct step step;
    struct probe_callbacks callbacks;
    void *context;
    struct net_stream *stream;
    struct net_timer *timer;
    struct dialogue *dialogue; /* NULL once the result was moved */
    struct tls_session *session;
    struct hello_reader reader;
    struct buf out, plain; /* TLS bytes to send; decrypted bytes */
    enum mode mode;
    enum dialogue_phase phase; /* the dialogue's, when last looked at */
    bool looked;               /* `phase` is set */
    bool over;                 /* nothing more will be done: `settle` ends it */
    bool leaving;              /* called off: only QUIT is still to be said */
    enum probe_error end;      /* what ended the connection or TLS, other than words of the server */
    uint64_t began_us, stage_began_us;
    uint64_t stage_due_ms;      /* when the present stage must be through */
    struct probe_result result; /* `talk` is set when it is told */
};

/* Fills in what the connection brought so far, from dialogue, hello or handshake: answer, error and detail.
 * At the end, and ahead of it where a handshake is shown, whose certificate goes with that. */
void probe_answer(struct probe *probe);
