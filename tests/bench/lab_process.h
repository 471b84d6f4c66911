/* The lab in a process of its own, so that its CPU and memory are not the engine's: domains that share hosts,
 * all of whose servers are alike or of a few kinds. Ends with its parent. */
#pragma once

#include "tests/bench/child.h"

#include <stdbool.h>
#include <sys/types.h>

#define LAB_KINDS 10 /* one server of so many is of the other kind */

struct lab_plan {
    unsigned domains;    /* domain-0.example …, each with one MX */
    unsigned hosts;      /* mx-0.example …, which the domains share in turn, each with one A */
    unsigned addresses;  /* which the hosts share, 0: as many as descriptors allow */
    const char *persona; /* keys of a persona: "reply-delay=20" */
    const char *other;   /* of one server of LAB_KINDS; NULL: as the rest */
    unsigned dns_delay;  /* milliseconds before each answer of the DNS server */
};

struct lab_process {
    pid_t pid;
    int ask, hear; /* pipes */
    char dns[64], trust[256];
    unsigned port; /* SMTP */
};

/* Ends the program with a message when it can't be started. */
void lab_process_start(struct lab_process *lab, const struct lab_plan *plan);
/* All connections' milliseconds of waiting so far that the lab imposed. */
unsigned long lab_process_waited(struct lab_process *lab);
void lab_process_stop(struct lab_process *lab);

/* "domain-7.example"; the caller frees. */
char *lab_domain(unsigned number);
/* "127.80.1.8" for 7, an address of a server; the caller frees. */
char *lab_address(unsigned number);
