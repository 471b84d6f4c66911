/* One connector that mail leaves by: an outbound connector of Exchange Online (Get-OutboundConnector) or a
 * send connector of Exchange Server (Get-SendConnector). */
#pragma once

#include "engine/base/strings.h"
#include "engine/base/words.h"
#include "engine/input/fields.h"
#include "engine/input/record.h"

#include <stdbool.h>

/* What a record of an export is, by the fields that it has. */
enum export_kind {
    EXPORT_NONE,
    EXPORT_OUTBOUND,
    EXPORT_INBOUND,
    EXPORT_SEND,
    EXPORT_RECEIVE,
    EXPORT_ACCEPTED,
    EXPORT_RULE,
    EXPORT_TRANSPORT,
};

struct connector {
    bool server; /* a send connector */
    char *name;  /* escaped */
    char *guid;  /* escaped; NULL when it has none */
    enum said enabled, test_mode;
    /* What follows is read only of a connector that is neither disabled nor in test mode. */
    enum said use_mx, rule_scoped, all_accepted, through_premises, domain_secure;
    enum said domains_said, hosts_said, tls_said;
    struct strings domains; /* as they stand in the export; of a send connector its SMTP address spaces */
    unsigned *costs;        /* one for each of a send connector's domains, 1–100; else NULL */
    struct strings foreign; /* address spaces of other types */
    struct strings hosts;   /* as they stand in the export */
    enum requirement requirement; /* none while that is null or not said */
    char *tls_domain;             /* as it stands in the export; NULL */
    unsigned port;                /* of a send connector; 0: not said */
    bool never_tls;               /* IgnoreSTARTTLS */
    bool dane_mandatory;
    bool cut; /* a list was cut short at export */
};

enum export_kind export_kind(const struct record *record);

/* Reads a record of kind EXPORT_OUTBOUND or EXPORT_SEND: enums as names or integers; fields that it does not
 * know are passed over. On success NULL, otherwise what is wrong and what was expected (the caller frees).
 * Release `out` either way. */
char *connector_read(const struct record *record, enum export_kind kind, struct connector *out);

void connector_release(struct connector *connector);
