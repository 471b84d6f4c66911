/* A mail internet on loopback: one DNS server and many mail servers with scripted behaviour, for the demo,
 * tests and benchmarks. Runs in threads of its own; several labs may live in one process. Binds 127.0.0.0/8
 * and ::1 only. */
#pragma once

#include "engine/base/words.h"

#include <stddef.h>

struct lab;

struct lab_options {
    unsigned port_base;   /* first of LAB_PORTS consecutive ports; 0 = any block that is free */
    const char *zone;     /* zone text; NULL = the built-in data/lab/zone.txt */
    const char *personas; /* persona text; NULL = the built-in data/lab/personas.txt */
    unsigned shake_ms;    /* replies come up to so much later, at random; 0 = as the personas say */
    unsigned shake_seed;
};
#define LAB_PORTS 9 /* one per protocol in the order of enum protocol, then DNS (UDP and TCP) */

/* Starts the lab; when it returns, every port is open. On failure NULL and *error, one sentence that the
 * caller frees, naming file and line for a bad zone or persona. */
struct lab *lab_new(const struct lab_options *options, char **error);

/* Stops the threads, closes everything, removes the trust file. NULL is allowed. */
void lab_free(struct lab *lab);

/* "127.0.0.1:PORT" of the DNS server. */
const char *lab_dns(const struct lab *lab);

/* Port of a protocol; PROTOCOL_SMTP is what every MX of the lab listens on. */
unsigned lab_port(const struct lab *lab, enum protocol protocol);

/* A PEM file with the lab's certificate authority, for --trust-store. */
const char *lab_trust_store(const struct lab *lab);

/* The demo's targets as a CSV input (data/lab/demo.csv); static text. */
const char *lab_demo_targets(void);

/* Counters, for tests of manners and sharing. */
struct lab_counts {
    unsigned long connections;  /* accepted by the mail servers */
    unsigned long quits;        /* QUIT or LOGOUT received */
    unsigned long queries;      /* DNS */
    unsigned long most_at_once; /* most connections open at one address at the same time */
    unsigned long waited_ms;    /* for which replies were held back, all connections together */
};
void lab_counts(const struct lab *lab, struct lab_counts *counts);
