#include "engine/input/connector.h"

#include "engine/base/mem.h"
#include "engine/base/text.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum export_kind export_kind(const struct record *record)
{
    static const struct {
        const char *field;
        enum export_kind kind;
    } marks[] = {
        {"Bindings", EXPORT_RECEIVE},
        {"AddressSpaces", EXPORT_SEND},
        {"DNSRoutingEnabled", EXPORT_SEND},
        {"IgnoreSTARTTLS", EXPORT_SEND},
        {"RouteMessageOutboundConnector", EXPORT_RULE},
        {"RecipientDomainIs", EXPORT_RULE},
        {"TLSSendDomainSecureList", EXPORT_TRANSPORT},
        {"TLSReceiveDomainSecureList", EXPORT_TRANSPORT},
        {"SenderDomains", EXPORT_INBOUND},
        {"TlsSenderCertificateName", EXPORT_INBOUND},
        {"RecipientDomains", EXPORT_OUTBOUND},
        {"SmartHosts", EXPORT_OUTBOUND},
        {"UseMXRecord", EXPORT_OUTBOUND},
        {"TlsSettings", EXPORT_OUTBOUND},
        {"RequireTls", EXPORT_INBOUND},
        {"DomainName", EXPORT_ACCEPTED},
    };
    size_t i;

    for (i = 0; i < sizeof marks / sizeof marks[0]; i++)
        if (record_field(record, marks[i].field))
            return marks[i].kind;
    return EXPORT_NONE;
}

static char *read_tls(const struct record *record, struct connector *out)
{
    static const struct {
        const char *name, *number;
        enum requirement requirement;
    } settings[] = {
        {"EncryptionOnly", "1", REQUIREMENT_ENCRYPTION},
        {"CertificateValidation", "2", REQUIREMENT_CHAIN},
        {"DomainValidation", "3", REQUIREMENT_NAME},
    };
    const struct field *field = record_field(record, "TlsSettings");
    const char *text;
    size_t i;

    if (!field)
        field = record_field(record, "TlsAuthLevel");
    if (!field)
        return NULL;
    out->tls_said = SAID_YES;
    if (field->kind == FIELD_NULL)
        return NULL;
    text = record_text(record, field, 0);
    for (i = 0; field->kind == FIELD_TEXT && i < sizeof settings / sizeof settings[0]; i++)
        if (strcasecmp(text, settings[i].name) == 0 || strcmp(text, settings[i].number) == 0) {
            out->requirement = settings[i].requirement;
            return NULL;
        }
    return fields_complaint(record, field, "null, EncryptionOnly, CertificateValidation or DomainValidation");
}

static char *read_name(const struct record *record, struct connector *out)
{
    char *guid = NULL, *message;

    out->name = fields_name(record);
    message = fields_text(record, "Guid", &guid);
    if (!message && !out->name)
        message = mem_string("it has no Name; expected one, since mxscope tells connectors apart by it");
    out->guid = guid ? text_escaped(guid, strlen(guid)) : NULL;
    free(guid);
    return message;
}

static char *read_outbound(const struct record *record, struct connector *out)
{
    const struct field *dane = record_field(record, "SmtpDaneMode");
    char *message;

    out->dane_mandatory = dane && strcasecmp(record_text(record, dane, 0), "Mandatory") == 0;
    (void)((message = fields_flag(record, "UseMXRecord", &out->use_mx)) ||
           (message = fields_flag(record, "IsTransportRuleScoped", &out->rule_scoped)) ||
           (message = fields_flag(record, "AllAcceptedDomains", &out->all_accepted)) ||
           (message = fields_flag(record, "RouteAllMessagesViaOnPremises", &out->through_premises)) ||
           (message =
                fields_list(record, "RecipientDomains", &out->domains, &out->domains_said, &out->cut)) ||
           (message = fields_list(record, "SmartHosts", &out->hosts, &out->hosts_said, &out->cut)) ||
           (message = read_tls(record, out)) ||
           (message = fields_text(record, "TlsDomain", &out->tls_domain)));
    return message;
}

/* "smtp:contoso.com;5", "contoso.com;5", "SMTP:contoso.com", "contoso.com" (Set-SendConnector). */
static char *read_space(struct connector *out, const char *text)
{
    const char *colon = strchr(text, ':'), *cost = strchr(text, ';');
    size_t type = colon && (!cost || colon < cost) ? (size_t)(colon - text) : 0;
    const char *space = type ? colon + 1 : text;
    unsigned long number = 1;
    char *domain;

    if (type && !(type == 4 && strncasecmp(text, "smtp", 4) == 0)) {
        strings_add(&out->foreign, text);
        return NULL;
    }
    if (cost && !text_number(cost + 1, 1, 100, &number))
        return fields_item_complaint("AddressSpaces", text, "the cost is not a number from 1 to 100",
                                     "an address space such as smtp:contoso.com;1");
    domain = mem_string_n(space, cost ? (size_t)(cost - space) : strlen(space));
    out->costs = mem_resize(out->costs, out->domains.count + 1, sizeof *out->costs);
    out->costs[out->domains.count] = (unsigned)number;
    strings_add(&out->domains, domain);
    free(domain);
    return NULL;
}

static char *read_spaces(const struct record *record, struct connector *out)
{
    struct strings spaces = {0};
    char *message = fields_spaces(record, "AddressSpaces", &spaces, &out->domains_said, &out->cut);
    size_t i;

    for (i = 0; i < spaces.count && !message; i++)
        message = read_space(out, spaces.items[i]);
    strings_release(&spaces);
    return message;
}

static char *read_hosts(const struct record *record, struct connector *out)
{
    const struct field *field = record_field(record, "SmartHosts");
    const char *name = field && field->kind != FIELD_LOST ? "SmartHosts" : "SmartHostsString";

    if (field && !record_field(record, "SmartHostsString"))
        name = "SmartHosts";
    return fields_list(record, name, &out->hosts, &out->hosts_said, &out->cut);
}

static char *read_port(const struct record *record, struct connector *out)
{
    const struct field *field = record_field(record, "Port");
    unsigned long port = 0;

    if (!field || field->kind == FIELD_NULL)
        return NULL;
    if (field->kind != FIELD_TEXT || !text_number(record_text(record, field, 0), 1, 65535, &port))
        return fields_complaint(record, field, "a port from 1 to 65535");
    out->port = (unsigned)port;
    return NULL;
}

static char *read_send(const struct record *record, struct connector *out)
{
    enum said requires = SAID_NOTHING, ignores = SAID_NOTHING;
    char *message;

    (void)((message = fields_flag(record, "DNSRoutingEnabled", &out->use_mx)) ||
           (message = fields_flag(record, "RequireTLS", &requires)) ||
           (message = fields_flag(record, "IgnoreSTARTTLS", &ignores)) ||
           (message = fields_flag(record, "DomainSecureEnabled", &out->domain_secure)) ||
           (message = read_spaces(record, out)) || (message = read_hosts(record, out)) ||
           (message = read_port(record, out)) || (message = read_tls(record, out)) ||
           (message = fields_text(record, "TlsDomain", &out->tls_domain)));
    out->test_mode = SAID_NO;
    out->never_tls = ignores == SAID_YES;
    if (requires != SAID_NOTHING)
        out->tls_said = SAID_YES;
    if (requires == SAID_YES && out->requirement == REQUIREMENT_NONE)
        out->requirement = REQUIREMENT_ENCRYPTION;
    return message;
}

char *connector_read(const struct record *record, enum export_kind kind, struct connector *out)
{
    char *message;

    memset(out, 0, sizeof *out);
    out->requirement = REQUIREMENT_NONE;
    out->server = kind == EXPORT_SEND;
    message = read_name(record, out);
    if (!message)
        message = fields_flag(record, "Enabled", &out->enabled);
    if (!message && !out->server)
        message = fields_flag(record, "TestMode", &out->test_mode);
    if (message || out->enabled == SAID_NO || out->test_mode == SAID_YES)
        return message;
    return out->server ? read_send(record, out) : read_outbound(record, out);
}

void connector_release(struct connector *connector)
{
    free(connector->name);
    free(connector->guid);
    free(connector->tls_domain);
    free(connector->costs);
    strings_release(&connector->domains);
    strings_release(&connector->foreign);
    strings_release(&connector->hosts);
    memset(connector, 0, sizeof *connector);
}
