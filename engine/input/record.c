#include "engine/input/record.h"

#include "engine/base/mem.h"

#include <string.h>
#include <strings.h>
#include <stdlib.h>

void record_init(struct record *record)
{
    memset(record, 0, sizeof *record);
    buf_init(&record->text, 0);
}

void record_release(struct record *record)
{
    free(record->fields);
    buf_release(&record->text);
    record_init(record);
}

void record_begin(struct record *record, unsigned line)
{
    record->line = line;
    record->number++;
    record->count = 0;
    buf_reset(&record->text);
}

bool record_wants(const char *name, size_t length)
{
    /* clang-format off */
    static const char *const wanted[] = {
        /* what every object has */
        "Name", "Identity", "Guid", "Enabled", "State",
        /* Get-OutboundConnector */
        "ConnectorType", "RecipientDomains", "UseMXRecord", "SmartHosts", "TlsSettings", "TlsDomain",
        "IsTransportRuleScoped", "AllAcceptedDomains", "RouteAllMessagesViaOnPremises", "SmtpDaneMode",
        "TestMode",
        /* Get-InboundConnector */
        "SenderDomains", "RequireTls", "RestrictDomainsToCertificate", "RestrictDomainsToIPAddresses",
        "TlsSenderCertificateName",
        /* Get-SendConnector */
        "AddressSpaces", "SmartHostsString", "TlsAuthLevel", "IgnoreSTARTTLS", "DNSRoutingEnabled",
        "DomainSecureEnabled", "Port",
        /* Get-TransportConfig */
        "TLSSendDomainSecureList", "TLSReceiveDomainSecureList",
        /* Get-AcceptedDomain */
        "DomainName", "DomainType", "MatchSubDomains",
        /* Get-TransportRule */
        "RouteMessageOutboundConnector", "RecipientDomainIs", "Mode", "Conditions", "Exceptions",
        "ExceptIfRecipientDomainIs",
        /* Get-ReceiveConnector, which is told apart from the others by it */
        "Bindings",
    };
    /* clang-format on */
    size_t i;

    for (i = 0; length && i < sizeof wanted / sizeof wanted[0]; i++)
        if ((wanted[i][0] ^ name[0]) % 32 == 0 && strncasecmp(wanted[i], name, length) == 0 &&
            !wanted[i][length])
            return true;
    return false;
}

static size_t put(struct record *record, const char *text, size_t length)
{
    size_t at = record->text.length;

    buf_add(&record->text, text, length);
    buf_u8(&record->text, 0);
    return at;
}

void record_add(struct record *record, const char *name, size_t length, enum field_kind kind)
{
    struct field *field;

    if (record->count == record->capacity) {
        record->capacity = record->capacity ? 2 * record->capacity : 32;
        record->fields = mem_resize(record->fields, record->capacity, sizeof *record->fields);
    }
    field = &record->fields[record->count++];
    field->name = put(record, name, length);
    field->kind = kind;
    field->first = record->text.length;
    field->count = 0;
}

/* A list or object that the export replaced by the name of its type. */
static bool is_type(const char *text, size_t length)
{
    static const char *const prefixes[] = {"System.", "Microsoft.", "Deserialized."};
    size_t i;

    for (i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++)
        if (length > strlen(prefixes[i]) && strncmp(text, prefixes[i], strlen(prefixes[i])) == 0)
            return memchr(text, '[', length) || memchr(text, '`', length) ||
                   memmem(text, length, "List", 4) || memmem(text, length, "Property", 8) ||
                   memmem(text, length, "Hashtable", 9);
    return false;
}

void record_item(struct record *record, const char *text, size_t length)
{
    struct field *field = &record->fields[record->count - 1];

    if (field->kind == FIELD_TEXT && !length) {
        field->kind = FIELD_NULL;
        return;
    }
    if (is_type(text, length))
        field->kind = FIELD_LOST;
    put(record, text, length);
    field->count++;
}

const struct field *record_field(const struct record *record, const char *name)
{
    size_t i;

    for (i = 0; i < record->count; i++) {
        const char *each = record_name(record, &record->fields[i]);

        if ((*each ^ *name) % 32 == 0 && strcasecmp(each, name) == 0)
            return &record->fields[i];
    }
    return NULL;
}

const char *record_text(const struct record *record, const struct field *field, size_t index)
{
    const char *at = (const char *)record->text.bytes + field->first;

    if (index >= field->count)
        return "";
    while (index--)
        at += strlen(at) + 1;
    return at;
}

const char *record_name(const struct record *record, const struct field *field)
{
    return (const char *)record->text.bytes + field->name;
}
