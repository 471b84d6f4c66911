/* One outbound connector of Exchange Online, as Get-OutboundConnector and ConvertTo-Json write it. What the
 * export does not say stays apart from a no. */
#pragma once

#include "engine/base/strings.h"
#include "engine/base/words.h"

#include <jansson.h>
#include <stdbool.h>

enum said { SAID_NOTHING, SAID_NO, SAID_YES };

/* What an object of an export is, by the fields that it has. */
enum connector_kind { CONNECTOR_NONE, CONNECTOR_OUTBOUND, CONNECTOR_INBOUND, CONNECTOR_SEND };

struct connector {
    char *name; /* escaped */
    char *guid; /* escaped; NULL when it has none */
    enum said enabled, test_mode;
    /* What follows is read only of a connector that is neither disabled nor in test mode. */
    enum said use_mx, rule_scoped, all_accepted, through_premises;
    enum said domains_said, hosts_said, tls_said;
    struct strings domains, hosts; /* as they stand in the export */
    enum requirement requirement;  /* of TlsSettings; none while that is null or not said */
    char *tls_domain;              /* as it stands in the export; NULL */
    bool dane_mandatory;
};

enum connector_kind connector_kind(const json_t *record);

/* Reads an object of kind CONNECTOR_OUTBOUND: enums as names or integers, booleans also as text, lists also
 * as one text or wrapped ({"value": […]}); fields that it does not know, sidecar keys among them, are passed
 * over. On success NULL, otherwise what is wrong and what was expected (the caller frees). Release `out`
 * either way. */
char *connector_read(const json_t *record, struct connector *out);

void connector_release(struct connector *connector);
