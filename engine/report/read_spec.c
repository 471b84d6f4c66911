#include "engine/report/read_spec.h"

#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/model/kept_name.h"

#include <stdlib.h>
#include <string.h>

#define LIST_MOST 1000000 /* no more than what 4,000,000 records of input may bring is refused */
#define PORT_MOST 65535
#define COST_MOST UINT16_MAX

/* "smtp://…" is an endpoint, and its protocol is the scheme; everything else is a domain. */
static void read_name(const struct take *element, struct target_spec *spec)
{
    struct take at = take_member(element, "domain");
    const char *scheme;
    char *name;
    unsigned protocol = PROTOCOL_SMTP;

    spec->domain = take_some_text(element, "domain");
    spec->unicode = take_text(element, "unicode");
    if (!spec->unicode)
        spec->unicode = mem_string(spec->domain);
    scheme = strstr(spec->domain, "://");
    spec->is_endpoint = scheme;
    name = mem_string_n(spec->domain, scheme ? (size_t)(scheme - spec->domain) : 0);
    if (!kept_name_ok(spec->domain) || (scheme && !take_word_parse(TAKE_PROTOCOL, name, &protocol)))
        take_fail(&at, "a domain in A-labels, or a URL such as smtp://host:port");
    spec->protocol = (enum protocol)protocol;
    free(name);
}

/* The host of "host:25", "[::1]:25", "[::1]" and "host", and its port in *port: NULL for what has another
 * form. The caller frees. */
static char *split_port(const char *text, unsigned long *port)
{
    bool bracketed = *text == '[';
    const char *end = strchr(text, bracketed ? ']' : ':'), *colon;
    char *host;

    host = end ? mem_string_n(text + bracketed, (size_t)(end - text) - bracketed)
               : mem_string(bracketed ? "" : text);
    colon = end ? end + bracketed : "";
    *port = 0;
    if (!*colon || (*colon == ':' && text_number(colon + 1, 1, PORT_MOST, port)))
        return host;
    free(host);
    return NULL;
}

static void read_smart_host(const struct take *item, struct target_spec *spec)
{
    const char *text = json_is_string(item->value) ? json_string_value(item->value) : "";
    unsigned long port = 0;
    char *host = split_port(text, &port);
    bool literal = host && kept_address_ok(host);

    if (host && (literal || (kept_name_ok(host) && *text != '[')))
        target_spec_add_host(spec, host, (unsigned)port, literal);
    else
        take_fail(item, "a host, \"host:port\" or \"[address]:port\"");
    free(host);
}

/* The host of a URL is in its list too, where there is one. */
static void read_url_host(const struct take *element, struct target_spec *spec)
{
    struct take at = take_member(element, "domain");
    unsigned long port = 0;
    const char *text = strstr(spec->domain, "://");
    char *host = text ? split_port(text + strlen("://"), &port) : NULL;
    bool literal = host && kept_address_ok(host);

    if (host && (literal || kept_name_ok(host)))
        target_spec_add_host(spec, host, (unsigned)port, literal);
    else
        take_fail(&at, "a URL such as smtp://host:port");
    free(host);
}

static void read_smart_hosts(const struct take *element, struct target_spec *spec)
{
    size_t count;
    struct take list = take_list(element, "smart_hosts", TARGET_HOSTS_MOST, &count);

    if (!list.value && spec->is_endpoint && !take_failed(element)) {
        read_url_host(element, spec);
        return;
    }
    for (size_t i = 0; i < count && !take_failed(element); i++) {
        struct take item = take_item(&list, i);

        read_smart_host(&item, spec);
    }
    if (spec->is_endpoint && spec->host_count != 1)
        take_fail(&list, "one host, that of the URL");
}

static void read_others(const struct take *element, struct target_spec *spec)
{
    size_t count;
    struct take list = take_list(element, "other_connectors", LIST_MOST, &count);

    for (size_t i = 0; i < count && !take_failed(element); i++) {
        struct take item = take_item(&list, i);
        struct connector_ref other = {
            .name = take_text(&item, "connector"),
            .source = take_text(&item, "source"),
            .match = (enum connector_match)take_word_or(&item, "match", TAKE_MATCH, MATCH_NONE),
            .pattern = take_text(&item, "pattern"),
        };

        target_spec_add_other(spec, &other);
        free(other.name);
        free(other.source);
        free(other.pattern);
    }
}

static void read_inbound(const struct take *element, struct target_spec *spec)
{
    size_t count;
    struct take list = take_list(element, "inbound", LIST_MOST, &count);

    for (size_t i = 0; i < count && !take_failed(element); i++) {
        struct take item = take_item(&list, i);
        struct expectation inbound = {
            .connector = take_text(&item, "connector"),
            .source = take_text(&item, "source"),
            .sender_domain = take_text(&item, "sender_domain"),
            .enabled = take_flag(&item, "enabled", false),
            .require_tls = take_flag(&item, "require_tls", false),
            .certificate_name = take_text(&item, "certificate_name"),
            .by_certificate = take_flag(&item, "restricted_to_certificate", false),
            .by_address = take_flag(&item, "restricted_to_addresses", false),
            .mutual = take_flag(&item, "mutual_tls", false),
        };

        target_spec_add_inbound(spec, &inbound);
        free(inbound.connector);
        free(inbound.source);
        free(inbound.sender_domain);
        free(inbound.certificate_name);
    }
}

static void read_connector(const struct take *element, struct target_spec *spec)
{
    spec->tls_domain = take_text(element, "tls_domain");
    spec->name_rule = (enum name_rule)take_word_or(element, "sent_by", TAKE_NAME_RULE, NAME_RULE_STRICT);
    if (!take_is_null(element, "floor"))
        spec->floor = (enum tls_version)take_word(element, "floor", TAKE_VERSION);
    spec->domain_secure = take_flag(element, "domain_secure", false);
    spec->never_tls = take_flag(element, "never_tls", false);
    spec->connector = take_text(element, "connector");
    spec->match = (enum connector_match)take_word_or(element, "match", TAKE_MATCH, MATCH_NONE);
    spec->pattern = take_text(element, "pattern");
    spec->cost = (unsigned)take_count(element, "cost", 1, COST_MOST, 0);
    take_strings(element, "remarks", LIST_MOST, false, &spec->remarks);
    read_smart_hosts(element, spec);
    read_others(element, spec);
    read_inbound(element, spec);
}

static void read_by_hand(const struct take *element, struct target_spec *spec)
{
    size_t count;
    struct take list = take_list(element, "set_by_hand", hand_count, &count);

    for (size_t i = 0; i < count && !take_failed(element); i++) {
        struct take item = take_item(&list, i);

        spec->by_hand |= BY_HAND(take_item_word(&item, TAKE_HAND));
    }
}

void read_spec(const struct take *element, struct target_spec *spec)
{
    target_spec_init(spec);
    read_name(element, spec);
    spec->class = (enum target_class)take_word(element, "class", TAKE_CLASS);
    spec->requirement = (enum requirement)take_word(element, "requirement", TAKE_REQUIREMENT);
    read_connector(element, spec);
    spec->source = take_text(element, "source");
    spec->note = take_text(element, "note");
    spec->owner = take_text(element, "owner");
    spec->contact = take_text(element, "contact");
    spec->contact_state =
        (enum contact_state)take_word_or(element, "contact_state", TAKE_CONTACT, CONTACT_NONE);
    spec->due = take_day(element, "due");
    read_by_hand(element, spec);
}
