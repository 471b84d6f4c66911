/* What the admin asked about, before anything is known of it. */
#pragma once

#include "engine/base/strings.h"
#include "engine/base/words.h"
#include "engine/tls/version.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A host with an optional port: a smart host, or the host of an endpoint URL. */
struct host_port {
    char *host;    /* A-labels in lower case without trailing dot, or an IP literal without brackets */
    unsigned port; /* 0 = the protocol's (or --smtp-port) */
    bool literal;  /* `host` is an IP literal */
};

/* Another connector that could carry the domain, and does not as long as the target's own is there. */
struct connector_ref {
    char *name;
    char *source; /* "connectors.json:2, connector 1" */
    enum connector_match match;
    char *pattern; /* the wildcard or the rule's name; NULL */
};

/* What an inbound connector demands of the mail that the same partner sends. Never probed: only the partner's
 * own servers can show it. */
struct expectation {
    char *connector;
    char *source;
    char *sender_domain;    /* as the connector has it: "contoso.com", "*.contoso.com", "*" */
    bool enabled;           /* not known counts as enabled */
    bool require_tls;       /* mail in clear is rejected */
    char *certificate_name; /* TlsSenderCertificateName; NULL */
    bool by_certificate;    /* RestrictDomainsToCertificate: other certificates are rejected */
    bool by_address;        /* RestrictDomainsToIPAddresses: other addresses are rejected */
    bool mutual;            /* Domain Security: both sides show certificates */
};

/* What people set themselves. No input says otherwise of it from then on, also where they left it empty. */
enum hand { HAND_CLASS, HAND_NOTE, HAND_OWNER, HAND_CONTACT, HAND_STATE, HAND_DUE, hand_count };
const char *hand_name(enum hand hand); /* the JSON key of what was set */
#define BY_HAND(what) (1u << (what))   /* its bit, which is for ever */

/* Smart hosts or exchanges of one target: more than DNS answers with. Who finds a host of a target looks at
 * all of them, so inputs and files that name more are refused. */
#define TARGET_HOSTS_MOST 10000

struct target_spec {
    char *domain;  /* A-labels, lower case, no trailing dot; for an endpoint URL the URL in canonical form */
    char *unicode; /* the same for people (U-labels); may be `domain` itself */
    enum target_class class;
    enum requirement requirement;
    enum protocol protocol;  /* PROTOCOL_SMTP for domains */
    bool is_endpoint;        /* an endpoint URL: `hosts` has one item and there is no MX walk */
    struct host_port *hosts; /* smart hosts, or the URL's host; NULL = route by MX */
    size_t host_count;
    char *tls_domain;         /* A-labels, may begin "*."; with NAME_RULE_POSTFIX patterns with colons
                                 between them, each a name, ".name" (any name below it) or the word
                                 "hostname"; NULL */
    enum name_rule name_rule; /* how `tls_domain` is held against a certificate */
    enum tls_version floor;   /* the sender's own floor for it; the baseline's counts when it is higher */
    bool domain_secure;       /* the send connector does Domain Security for domains on the secure list */
    bool never_tls;           /* the sender does not use TLS here, whatever is offered */
    char *connector, *owner, *note; /* NULL when not given */
    char *contact;                  /* whom to write to, "postmaster@contoso.com"; NULL */
    enum contact_state contact_state;
    int32_t due;                  /* when it is to be done, a day of engine/base/day.h; 0: none was set */
    unsigned by_hand;             /* BY_HAND of what people set; nothing that was only read */
    enum connector_match match;   /* how `connector` came to carry it; MATCH_NONE when there is none */
    char *pattern;                /* the wildcard or the rule that brought it; NULL */
    unsigned cost;                /* of an Exchange Server address space, 1–100, the lowest wins; 0: none */
    struct connector_ref *others; /* owned; best first */
    size_t other_count;
    struct expectation *inbound; /* owned */
    size_t inbound_count;
    struct strings remarks; /* sentences on what is assumed, or not judged here; shown as warnings */
    char *source;           /* "partners.csv:12", "command line" */
};

void target_spec_init(struct target_spec *spec);
void target_spec_release(struct target_spec *spec);
void target_spec_copy(struct target_spec *to, const struct target_spec *from);

/* Adds a host; `host` is copied. */
void target_spec_add_host(struct target_spec *spec, const char *host, unsigned port, bool literal);

/* Add a deep copy. */
void target_spec_add_other(struct target_spec *spec, const struct connector_ref *other);
void target_spec_add_inbound(struct target_spec *spec, const struct expectation *expectation);
