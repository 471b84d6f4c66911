#include "engine/input/exchange_private.h"

#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/input/name.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Disabled, as a record without targets is told of. */
static bool is_disabled(struct exchange *x)
{
    enum said enabled = SAID_NOTHING;
    char *message = fields_flag(x->record, "Enabled", &enabled);

    free(message);
    if (enabled == SAID_NO)
        exchange_note(x, "disabled, so left out");
    return enabled == SAID_NO;
}

/* "smtp:*.contoso.com;1", "contoso.com", "smtp:*;1" → the name alone; the caller frees. */
static char *sender_name(const char *text)
{
    const char *colon = strchr(text, ':');

    text = colon ? colon + 1 : text;
    return mem_string_n(text, strcspn(text, ";"));
}

static char *read_sender(struct exchange *x, const char *text, const struct expectation *expectation)
{
    char *name = sender_name(text), *ascii = NULL, *unicode = NULL;
    bool all = strcmp(name, "*") == 0, wildcard = all || strncmp(name, "*.", 2) == 0;
    const char *wrong = all        ? NULL
                        : wildcard ? name_host(name + 2, &ascii)
                                   : name_domain(name, &ascii, &unicode);
    struct inbound *inbound;

    free(name);
    if (wrong)
        return fields_item_complaint("SenderDomains", text, wrong, "a domain such as smtp:contoso.com;1");
    inbound = gathered_add_inbound(x->gathered);
    inbound->ascii = ascii ? ascii : mem_string("");
    inbound->unicode = unicode ? unicode : mem_string(inbound->ascii);
    inbound->wildcard = wildcard;
    inbound->place = exchange_place(x);
    inbound->expectation = *expectation;
    inbound->expectation.connector = mem_string(expectation->connector);
    inbound->expectation.source = mem_string(expectation->source);
    inbound->expectation.certificate_name = mem_string(expectation->certificate_name);
    inbound->expectation.sender_domain =
        all ? mem_string("*") : mem_format("%s%s", wildcard ? "*." : "", inbound->unicode);
    return NULL;
}

/* Adds one for each sender domain, or none after a complaint. */
static char *read_senders(struct exchange *x, const struct strings *domains,
                          const struct expectation *expectation)
{
    size_t before = x->gathered->inbound_count, i;
    char *message = NULL;

    for (i = 0; i < domains->count && !message; i++)
        message = read_sender(x, domains->items[i], expectation);
    for (; message && x->gathered->inbound_count > before; x->gathered->inbound_count--) {
        struct inbound *inbound = &x->gathered->inbound[x->gathered->inbound_count - 1];

        free(inbound->ascii);
        free(inbound->unicode);
        free(inbound->place);
        free(inbound->expectation.connector);
        free(inbound->expectation.source);
        free(inbound->expectation.certificate_name);
        free(inbound->expectation.sender_domain);
    }
    return message;
}

static char *read_demands(struct exchange *x, struct expectation *out)
{
    enum said tls = SAID_NOTHING, certificate = SAID_NOTHING, address = SAID_NOTHING;
    char *message, *name = NULL;

    (void)((message = fields_flag(x->record, "RequireTls", &tls)) ||
           (message = fields_flag(x->record, "RestrictDomainsToCertificate", &certificate)) ||
           (message = fields_flag(x->record, "RestrictDomainsToIPAddresses", &address)) ||
           (message = fields_text(x->record, "TlsSenderCertificateName", &name)));
    out->enabled = true;
    out->require_tls = tls == SAID_YES;
    out->by_certificate = certificate == SAID_YES;
    out->by_address = address == SAID_YES;
    out->certificate_name = name ? text_escaped(name, strlen(name)) : NULL;
    free(name);
    return message;
}

static bool is_guid_known(struct exchange *x)
{
    char *guid = NULL, *message = fields_text(x->record, "Guid", &guid);
    bool known = guid && map_get(&x->gathered->guids, guid);

    if (guid && !known)
        map_put(&x->gathered->guids, guid, (void *)1);
    free(message);
    free(guid);
    return known;
}

char *exchange_read_inbound(struct exchange *x)
{
    struct expectation expectation = {0};
    struct strings domains = {0};
    enum said said = SAID_NOTHING;
    bool cut = false;
    char *message;

    if (!x->name)
        return mem_string("it has no Name; expected one, since mxscope tells connectors apart by it");
    if (is_guid_known(x) || is_disabled(x))
        return NULL;
    message = read_demands(x, &expectation);
    if (!message)
        message = fields_spaces(x->record, "SenderDomains", &domains, &said, &cut);
    if (!message && !domains.count)
        exchange_note(x, "it names no sender domain, so it is shown beside no partner");
    expectation.connector = mem_string(x->name);
    expectation.source = exchange_source(x);
    if (!message)
        message = read_senders(x, &domains, &expectation);
    if (!message && cut)
        message = mem_string("SenderDomains was cut short at export; expected all its items");
    free(expectation.connector);
    free(expectation.source);
    free(expectation.certificate_name);
    strings_release(&domains);
    return message;
}

char *exchange_read_accepted(struct exchange *x)
{
    char *text = NULL, *message = fields_text(x->record, "DomainName", &text), *ascii = NULL, *unicode = NULL;
    struct accepted_domain *accepted;
    const char *wrong;

    if (!message && !text)
        message = mem_string("DomainName is missing; expected a domain");
    if (message)
        return message;
    if (strcmp(text, "*") == 0 || strncmp(text, "*.", 2) == 0) {
        exchange_note(x, "it stands for all domains below it and names none to probe, so left out");
        free(text);
        return NULL;
    }
    wrong = name_domain(text, &ascii, &unicode);
    if (wrong) {
        message = fields_item_complaint("DomainName", text, wrong, "a domain such as contoso.com");
    } else {
        accepted = gathered_add_accepted(x->gathered);
        accepted->ascii = ascii;
        accepted->unicode = unicode;
        accepted->source = exchange_source(x);
    }
    free(text);
    return message;
}

/* True when a rule has conditions or exceptions beside the recipient's domain. */
static bool is_partial(const struct record *record)
{
    static const char *const exceptions[] = {"Exceptions", "ExceptIfRecipientDomainIs"};
    const struct field *conditions = record_field(record, "Conditions");
    size_t i;

    for (i = 0; i < sizeof exceptions / sizeof exceptions[0]; i++) {
        const struct field *field = record_field(record, exceptions[i]);

        if (field && field->count)
            return true;
    }
    return conditions && conditions->count > 1;
}

/* Why the rule moves no mail; NULL when it does. */
static const char *idle(const struct record *record)
{
    const struct field *state = record_field(record, "State"), *mode = record_field(record, "Mode");

    if (state && strcasecmp(record_text(record, state, 0), "Disabled") == 0)
        return "disabled, so left out";
    if (mode && mode->kind == FIELD_TEXT && strcasecmp(record_text(record, mode, 0), "Enforce") != 0)
        return "in test mode, so left out";
    return NULL;
}

char *exchange_read_rule(struct exchange *x)
{
    char *connector = NULL, *message = fields_text(x->record, "RouteMessageOutboundConnector", &connector);
    const char *reason = idle(x->record);
    struct strings domains = {0};
    struct rule *rule;
    enum said said;

    if (!message && !connector) {
        x->gathered->idle_rules++;
        return NULL;
    }
    if (!message)
        message = fields_list(x->record, "RecipientDomainIs", &domains, &said, NULL);
    if (!message && (reason || !domains.count))
        exchange_note(x, "%s",
                      reason ? reason
                             : "it chooses a connector by something other than the recipient's "
                               "domain, which names no domain to probe, so left out");
    if (message || reason || !domains.count) {
        free(connector);
        strings_release(&domains);
        return message;
    }
    rule = gathered_add_rule(x->gathered);
    rule->name = mem_string(x->name ? x->name : "");
    rule->place = exchange_place(x);
    rule->connector = connector;
    rule->domains = domains;
    rule->partial = is_partial(x->record);
    return NULL;
}

static char *read_secure_domain(struct exchange *x, const char *text, bool send)
{
    struct expectation expectation = {.enabled = true, .require_tls = true, .mutual = true};
    char *ascii = NULL, *unicode = NULL, *message = NULL;
    const char *wrong = name_domain(text, &ascii, &unicode);

    if (wrong)
        return fields_item_complaint(send ? "TLSSendDomainSecureList" : "TLSReceiveDomainSecureList", text,
                                     wrong, "a domain such as contoso.com");
    if (send) {
        struct secure_domain *secure = gathered_add_secure(x->gathered);

        secure->ascii = mem_string(ascii);
        secure->unicode = mem_string(unicode);
        secure->source = exchange_source(x);
    } else {
        expectation.connector = mem_string("TLSReceiveDomainSecureList");
        expectation.source = exchange_source(x);
        message = read_sender(x, text, &expectation);
        free(expectation.connector);
        free(expectation.source);
    }
    free(ascii);
    free(unicode);
    return message;
}

static char *read_secure_list(struct exchange *x, const char *name, bool send)
{
    struct strings domains = {0};
    enum said said;
    char *message = fields_list(x->record, name, &domains, &said, NULL);
    size_t i;

    for (i = 0; i < domains.count && !message; i++)
        message = read_secure_domain(x, domains.items[i], send);
    strings_release(&domains);
    return message;
}

char *exchange_read_transport(struct exchange *x)
{
    size_t before = x->gathered->secure_count + x->gathered->inbound_count;
    char *message = read_secure_list(x, "TLSSendDomainSecureList", true);

    if (!message)
        message = read_secure_list(x, "TLSReceiveDomainSecureList", false);
    if (!message && before == x->gathered->secure_count + x->gathered->inbound_count)
        exchange_note(x, "its secure lists are empty, so it names no domain");
    return message;
}
