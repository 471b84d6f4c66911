#include "engine/input/connector.h"

#include "engine/base/mem.h"
#include "engine/base/text.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum connector_kind connector_kind(const json_t *record)
{
    static const struct {
        const char *field;
        enum connector_kind kind;
    } marks[] = {
        {"AddressSpaces", CONNECTOR_SEND},        {"SenderDomains", CONNECTOR_INBOUND},
        {"RequireTls", CONNECTOR_INBOUND},        {"TlsSenderCertificateName", CONNECTOR_INBOUND},
        {"RecipientDomains", CONNECTOR_OUTBOUND}, {"SmartHosts", CONNECTOR_OUTBOUND},
        {"UseMXRecord", CONNECTOR_OUTBOUND},      {"TlsSettings", CONNECTOR_OUTBOUND},
    };
    size_t i;

    for (i = 0; i < sizeof marks / sizeof marks[0]; i++)
        if (json_object_get(record, marks[i].field))
            return marks[i].kind;
    return CONNECTOR_NONE;
}

/* A field's value; PowerShell may wrap it in an object with its text or list. NULL when the field is not
 * there. */
static const json_t *field(const json_t *record, const char *name)
{
    const json_t *value = json_object_get(record, name), *inner = NULL;

    if (json_is_object(value)) {
        inner = json_object_get(value, "Value");
        if (!inner)
            inner = json_object_get(value, "value");
    }
    return inner ? inner : value;
}

static bool is_blank(const json_t *value)
{
    return json_is_null(value) || (json_is_string(value) && !*json_string_value(value));
}

/* A list or object that the export replaced by the name of its type. */
static bool is_lost(const char *text)
{
    static const char *const prefixes[] = {"System.", "Microsoft.", "Deserialized."};
    size_t i;

    if (!strpbrk(text, "[`") && !strstr(text, "List") && !strstr(text, "Property"))
        return false;
    for (i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++)
        if (strncmp(text, prefixes[i], strlen(prefixes[i])) == 0)
            return true;
    return false;
}

static char *complaint(const char *name, const json_t *value, const char *expected)
{
    char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT), *shown, *message;

    shown = text_escaped(text ? text : "?", text ? strnlen(text, 80) : 1);
    message = mem_format("%s is %s; expected %s", name, shown, expected);
    free(shown);
    free(text);
    return message;
}

static char *read_flag(const json_t *record, const char *name, enum said *out)
{
    const json_t *value = field(record, name);
    const char *text = json_string_value(value);

    *out = SAID_NOTHING;
    if (!value || is_blank(value))
        return NULL;
    if (json_is_true(value) || (text && strcasecmp(text, "true") == 0))
        *out = SAID_YES;
    else if (json_is_false(value) || (text && strcasecmp(text, "false") == 0))
        *out = SAID_NO;
    else
        return complaint(name, value, "true or false");
    return NULL;
}

static char *read_text(const json_t *record, const char *name, char **out)
{
    const json_t *value = field(record, name);

    if (!value || is_blank(value))
        return NULL;
    if (!json_is_string(value) || is_lost(json_string_value(value)))
        return complaint(name, value, "text or null");
    *out = mem_string(json_string_value(value));
    return NULL;
}

/* Adds the words of a text: one item, or a list that was joined. */
static void add_words(struct strings *out, const char *text)
{
    static const char between[] = " ,;\t\r\n";
    char *copy = mem_string(text), *rest = NULL, *word;

    for (word = strtok_r(copy, between, &rest); word; word = strtok_r(NULL, between, &rest))
        strings_add(out, word);
    free(copy);
}

static char *read_list(const json_t *record, const char *name, struct strings *out, enum said *said)
{
    static const char expected[] = "a list of texts (ConvertTo-Json needs -Depth 4)";
    const json_t *value = field(record, name), *item;
    size_t i;

    *said = value ? SAID_YES : SAID_NOTHING;
    if (!value || is_blank(value))
        return NULL;
    if (json_is_string(value) && !is_lost(json_string_value(value)))
        add_words(out, json_string_value(value));
    else if (!json_is_array(value))
        return complaint(name, value, expected);
    json_array_foreach(value, i, item)
    {
        if (!json_is_string(item) || is_lost(json_string_value(item)))
            return complaint(name, item, expected);
        add_words(out, json_string_value(item));
    }
    return NULL;
}

static char *read_tls(const json_t *record, struct connector *out)
{
    static const struct {
        const char *name, *number;
        enum requirement requirement;
    } settings[] = {
        {"EncryptionOnly", "1", REQUIREMENT_ENCRYPTION},
        {"CertificateValidation", "2", REQUIREMENT_CHAIN},
        {"DomainValidation", "3", REQUIREMENT_NAME},
    };
    const char *name = json_object_get(record, "TlsSettings") ? "TlsSettings" : "TlsAuthLevel";
    const json_t *value = field(record, name);
    char *text = NULL;
    size_t i;

    if (!value)
        return NULL;
    out->tls_said = SAID_YES;
    if (is_blank(value))
        return NULL;
    text = json_is_integer(value) ? mem_format("%lld", (long long)json_integer_value(value))
                                  : mem_string(json_string_value(value));
    for (i = 0; text && i < sizeof settings / sizeof settings[0]; i++)
        if (strcasecmp(text, settings[i].name) == 0 || strcmp(text, settings[i].number) == 0) {
            out->requirement = settings[i].requirement;
            free(text);
            return NULL;
        }
    free(text);
    return complaint(name, value, "null, EncryptionOnly, CertificateValidation or DomainValidation");
}

static char *read_name(const json_t *record, struct connector *out)
{
    char *message, *name = NULL, *guid = NULL;

    message = read_text(record, "Name", &name);
    if (!message)
        message = read_text(record, "Guid", &guid);
    if (!message && !name)
        message = mem_string("it has no Name; expected one, since mxscope tells connectors apart by it");
    out->name = name ? text_escaped(name, strlen(name)) : NULL;
    out->guid = guid ? text_escaped(guid, strlen(guid)) : NULL;
    free(name);
    free(guid);
    return message;
}

static char *read_rest(const json_t *record, struct connector *out)
{
    char *message, *dane = NULL;

    (void)((message = read_flag(record, "UseMXRecord", &out->use_mx)) ||
           (message = read_flag(record, "IsTransportRuleScoped", &out->rule_scoped)) ||
           (message = read_flag(record, "AllAcceptedDomains", &out->all_accepted)) ||
           (message = read_flag(record, "RouteAllMessagesViaOnPremises", &out->through_premises)) ||
           (message = read_list(record, "RecipientDomains", &out->domains, &out->domains_said)) ||
           (message = read_list(record, "SmartHosts", &out->hosts, &out->hosts_said)) ||
           (message = read_tls(record, out)) || (message = read_text(record, "TlsDomain", &out->tls_domain)));
    if (json_is_string(field(record, "SmtpDaneMode")))
        dane = mem_string(json_string_value(field(record, "SmtpDaneMode")));
    out->dane_mandatory = dane && strcasecmp(dane, "Mandatory") == 0;
    free(dane);
    return message;
}

char *connector_read(const json_t *record, struct connector *out)
{
    char *message;

    memset(out, 0, sizeof *out);
    out->requirement = REQUIREMENT_NONE;
    message = read_name(record, out);
    if (!message)
        message = read_flag(record, "Enabled", &out->enabled);
    if (!message)
        message = read_flag(record, "TestMode", &out->test_mode);
    if (message || out->enabled == SAID_NO || out->test_mode == SAID_YES)
        return message;
    return read_rest(record, out);
}

void connector_release(struct connector *connector)
{
    free(connector->name);
    free(connector->guid);
    free(connector->tls_domain);
    strings_release(&connector->domains);
    strings_release(&connector->hosts);
    memset(connector, 0, sizeof *connector);
}
