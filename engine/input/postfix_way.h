/* Where Postfix's next-hops lead (transport(5), "RESULT FORMAT"). Private to postfix*.c. */
#pragma once

#include "engine/model/target.h"

struct way {
    struct target_spec hosts; /* only its hosts: those in brackets, and addresses */
    struct strings hops; /* as each of these hosts stands in the list, lower case: the key of its policy */
    char *mx_of;         /* a domain by whose MX it leads, A-labels; NULL */
    unsigned mx_port;    /* that stands behind it; 0: none */
    char *first;         /* the first next-hop as it stands, lower case */
    unsigned skipped;    /* further domains */
};

/* A list of next-hops, tried in order; "" is the recipient's `domain`. NULL, or a static fragment that says
 * what is wrong. Release `way` either way. */
const char *way_read(const char *nexthops, const char *domain, struct way *way);
void way_release(struct way *way);

/* smtp_tls_secure_cert_match and the like, "nexthop:dot-nexthop:mail.example.org", for a next-hop: names,
 * ".names" and the word "hostname" with colons between; the caller frees. Words that are no names are left
 * out. */
char *way_patterns(const char *match, const char *nexthop);
