/* One address of the lab: who answers there, with which certificate. */
#pragma once

#include "engine/lab/client_hello.h"
#include "engine/lab/mail.h"

#include <openssl/ssl.h>

struct mail_listener {
    uv_tcp_t tcp;
    struct mail_server *server;
    enum protocol protocol;
};

/* One of the certificates that a server shows. */
struct mail_face {
    const struct persona *persona;
    const char *name; /* of `names`, when each has its own; else NULL */
    enum lab_key key;
    SSL_CTX *context;
};

struct mail_server {
    struct mail *mail;
    const struct zone_server *zone;
    const struct persona *persona;
    struct strings names;    /* host names, or the address where there are none */
    struct mail_face *faces; /* made when first needed */
    size_t face_count;
    unsigned long served; /* connections so far */
    unsigned open;        /* now */
    unsigned hellos;      /* ClientHellos taken since there was room for all that `handshakes` allows */
    uint64_t hello_at;    /* when the last one was taken, milliseconds of the loop */
    struct mail_listener *listeners;
    size_t listener_count;
    int blocked[3]; /* of `listen=full`: listener and the connections that fill it; -1 = none */
};

/* Opens the listeners. */
enum mail_opened mail_server_open(struct mail_server *server, uint16_t port_base, char **error);
void mail_server_close(struct mail_server *server);
void mail_server_release(struct mail_server *server);

/* Who answers the next connection; counts it. */
const struct persona *mail_server_turn(struct mail_server *server);

/* The TLS context that this persona here shows to that hello; NULL when there can't be one. */
SSL_CTX *mail_server_context(struct mail_server *server, const struct persona *persona,
                             const struct client_hello *hello);

/* True when the persona's `handshakes` are used up for now. */
bool mail_server_tired(struct mail_server *server, const struct persona *persona);
/* Counts a ClientHello that was taken. */
void mail_server_took(struct mail_server *server);
