/* The inside of a session: what its lines (session.c) and its TLS (session_tls.c) share. */
#pragma once

#include "engine/lab/session.h"
#include "engine/lab/talk.h"
#include "engine/lab/wire.h"

#define INPUT_MOST (128 * 1024)

enum mode {
    MODE_TALK,  /* lines in, replies out, in clear or inside TLS */
    MODE_HELLO, /* collects the ClientHello */
    MODE_TLS,   /* hands bytes to TLS, which may hold lines */
    MODE_DEAF,  /* reads and ignores */
};

struct session {
    TAILQ_ENTRY(session) next;
    struct mail_server *server;
    const struct persona *persona;
    struct talk talk;
    struct wire wire;
    bool greeted;
    enum mode mode;
    struct tls_server *tls;
    struct buf input;      /* of the present mode */
    struct buf rest;       /* of the greeting, behind its teaser */
    struct buf kept;       /* came in clear behind STARTTLS, to be run inside TLS */
    struct buf flood;      /* is sent again and again */
    uint64_t touched;      /* milliseconds of the loop */
    unsigned long flooded; /* bytes */
};

/* session.c */
void session_reply(
    struct session *session); /* sends what is in the wire's output after the persona's delay */
void session_end_after(struct session *session, enum wire_after after);
void session_greet(struct session *session);
void session_take_lines(struct session *session); /* of the input */

/* session_tls.c */
void session_take_hello(struct session *session); /* of the input, once it is whole */
void session_take_tls(struct session *session, const void *bytes, size_t length);
