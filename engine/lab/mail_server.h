/* One address of the lab: who answers there, with which certificate. */
#pragma once

#include "engine/lab/mail.h"

#include <openssl/ssl.h>

#define SERVER_FACES 3 /* the persona itself, `first` and `every` */

struct mail_listener {
    uv_tcp_t tcp;
    struct mail_server *server;
    enum protocol protocol;
};

struct mail_server {
    struct mail *mail;
    const struct zone_server *zone;
    const struct persona *persona;
    struct strings names; /* host names, or the address where there are none */
    struct {
        const struct persona *persona;
        SSL_CTX *context;
    } faces[SERVER_FACES]; /* made when first needed */
    unsigned long served;  /* connections so far */
    unsigned open;         /* now */
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

/* The TLS context of that persona here; NULL when there can't be one. */
SSL_CTX *mail_server_context(struct mail_server *server, const struct persona *persona);
