/* For tests: a lab of its own zone and personas, questions to its DNS server, and guests that speak to its
 * mail servers in lines. What can't be done fails the test; who waits for a minute in vain hears nothing. */
#pragma once

#include "engine/base/buf.h"
#include "engine/lab/lab.h"

#include <openssl/ssl.h>
#include <stdint.h>
#include <sys/types.h>

struct lab *guest_lab(const char *zone, const char *personas);

/* A connected socket; -1 when nobody is there. */
int guest_socket(int kind, const char *address, unsigned port);
void guest_read(int fd, void *bytes, size_t length);

#define GUEST_A    1
#define GUEST_MX   15
#define GUEST_AAAA 28

struct guest_reply {
    ssize_t length;
    uint8_t bytes[65536];
};

/* `edns`: the size that is told, 0: none. */
void guest_ask(const struct lab *lab, const char *name, uint16_t type, unsigned edns,
               struct guest_reply *reply);
void guest_ask_tcp(const struct lab *lab, const char *name, uint16_t type, struct guest_reply *reply);
unsigned guest_rcode(const struct guest_reply *reply);
unsigned guest_answers(const struct guest_reply *reply);
bool guest_truncated(const struct guest_reply *reply);
bool guest_authenticated(const struct guest_reply *reply);

unsigned guest_dns_port(const struct lab *lab);
/* A question as it is sent; released by the caller. */
void guest_query(struct buf *query, const char *name, uint16_t type, unsigned edns);

/* A client that speaks lines. */
struct guest {
    int fd;
    SSL *ssl;
};

/* To the SMTP port. Ended by guest_leave. */
struct guest guest_call(const struct lab *lab, const char *address);
void guest_leave(struct guest *client);

/* A byte; as SSL_read and recv. */
int guest_take(struct guest *client, char *byte);
/* The code of the next whole reply; -1 when the connection ends before. */
int guest_hear(struct guest *client);
/* The same after a line was said. */
int guest_say(struct guest *client, const char *line);

/* A handshake with the lab's authority as the only trust; the verify result, or -1 when it fails. With a
 * server name, and only with that kind of key, unless NULL and 0. */
long guest_handshake_as(const struct lab *lab, struct guest *client, const char *name, int key);
long guest_handshake(const struct lab *lab, struct guest *client);
/* From the greeting on. */
long guest_start_tls(const struct lab *lab, struct guest *client);
