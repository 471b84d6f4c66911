/* What the admin asked about, before anything is known of it. */
#pragma once

#include "engine/base/words.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A host with an optional port: a smart host, or the host of an endpoint URL. */
struct host_port {
    char *host;    /* A-labels in lower case without trailing dot, or an IP literal without brackets */
    unsigned port; /* 0 = the protocol's (or --smtp-port) */
    bool literal;  /* `host` is an IP literal */
};

struct target_spec {
    char *domain;  /* A-labels, lower case, no trailing dot; for an endpoint URL the URL in canonical form */
    char *unicode; /* the same for people (U-labels) */
    enum target_class class;
    enum requirement requirement;
    enum protocol protocol;  /* PROTOCOL_SMTP for domains */
    bool is_endpoint;        /* an endpoint URL: `hosts` has one item and there is no MX walk */
    struct host_port *hosts; /* smart hosts, or the URL's host; NULL = route by MX */
    size_t host_count;
    char *tls_domain;               /* A-labels, may begin "*."; NULL */
    char *connector, *owner, *note; /* NULL when not given */
    char *source;                   /* "partners.csv:12", "command line" */
};

void target_spec_init(struct target_spec *spec);
void target_spec_release(struct target_spec *spec);
void target_spec_copy(struct target_spec *to, const struct target_spec *from);

/* Adds a host; `host` is copied. */
void target_spec_add_host(struct target_spec *spec, const char *host, unsigned port, bool literal);
