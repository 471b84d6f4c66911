#include "engine/input/connectors.h"

#include "engine/base/map.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/input/connector.h"
#include "engine/input/host.h"
#include "engine/input/json_list.h"
#include "engine/input/name.h"
#include "engine/input/records.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT_COMMAND                                                                                       \
    "$c = @(Get-OutboundConnector -ResultSize Unlimited) + "                                                 \
    "@(Get-OutboundConnector -IncludeTestModeConnectors $true) + "                                           \
    "@(Get-OutboundConnector -IsTransportRuleScoped $true); "                                                \
    "ConvertTo-Json -InputObject $c -Depth 4 | Out-File -Encoding utf8 outbound.json"

struct reader {
    const char *source;
    struct input *out;
    struct map guids; /* Guid → what its connector says (owned) */
    struct map pairs; /* "domain connector" → index of its spec + 1 */
    struct map names; /* domain → index of its first spec + 1 */
    bool said_foreign;
    /* the record at hand */
    unsigned line;
    size_t number;
    const struct connector *connector;
    struct target_spec model; /* what the specs of its domains have in common */
};

static void note(struct reader *r, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void note(struct reader *r, const char *format, ...)
{
    char *text = NULL;
    va_list arguments;

    va_start(arguments, format);
    if (vasprintf(&text, format, arguments) < 0)
        abort();
    va_end(arguments);
    strings_addf(&r->out->notes, "%s:%u: connector \"%s\": %s", r->source, r->line, r->connector->name, text);
    free(text);
}

static void problem(struct reader *r, const char *name, const char *why)
{
    char *quoted = name ? mem_format(" \"%s\"", name) : mem_string("");

    input_problem(r->out, r->line,
                  mem_format("%s:%u: connector %zu%s: %s", r->source, r->line, r->number, quoted, why));
    free(quoted);
}

/* "TEXT: why; expected …" of an item of a list. */
static char *complaint(const char *field, const char *text, const char *why, const char *expected)
{
    char *shown = text_escaped(text, strnlen(text, 80));
    char *message = mem_format("%s '%s': %s; expected %s", field, shown, why, expected);

    free(shown);
    return message;
}

/* Remembers where a domain and connector stand; a domain's first spec stays its first. */
static void remember(struct reader *r, size_t index)
{
    const struct target_spec *spec = &r->out->specs[index];
    void *place = (void *)(uintptr_t)(index + 1);
    char *pair = mem_format("%s %s", spec->domain, spec->connector);

    if (!map_get(&r->pairs, pair))
        map_put(&r->pairs, pair, place);
    if (!map_get(&r->names, spec->domain))
        map_put(&r->names, spec->domain, place);
    free(pair);
}

static const struct target_spec *recall(const struct reader *r, const struct map *map, const char *key)
{
    uintptr_t place = (uintptr_t)map_get(map, key);

    return place ? &r->out->specs[place - 1] : NULL;
}

static bool same_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool same_demand(const struct target_spec *a, const struct target_spec *b)
{
    size_t i;

    if (a->requirement != b->requirement || a->host_count != b->host_count ||
        !same_text(a->tls_domain, b->tls_domain))
        return false;
    for (i = 0; i < a->host_count; i++)
        if (strcmp(a->hosts[i].host, b->hosts[i].host) != 0 || a->hosts[i].port != b->hosts[i].port)
            return false;
    return true;
}

/* Adds the spec, or takes it as said already. */
static void add_spec(struct reader *r, struct target_spec *spec)
{
    char *pair = mem_format("%s %s", spec->domain, spec->connector);
    const struct target_spec *same = recall(r, &r->pairs, pair), *other;

    free(pair);
    if (same) {
        if (!same_demand(same, spec))
            note(r, "%s stands with another requirement or route at %s; that one is used", spec->unicode,
                 same->source);
        target_spec_release(spec);
        return;
    }
    other = recall(r, &r->names, spec->domain);
    if (other)
        note(r, "%s has connector \"%s\" too (%s); mail takes one of them, both are judged", spec->unicode,
             other->connector, other->source);
    input_add(r->out, spec);
    remember(r, r->out->count - 1);
}

/* A recipient domain → a spec; NULL and no spec for a wildcard. */
static char *read_domain(struct reader *r, const char *text, struct input *specs)
{
    char *ascii = NULL, *unicode = NULL, *shown;
    struct target_spec spec;
    const char *wrong;

    if (strcmp(text, "*") == 0 || (strncmp(text, "*.", 2) == 0 && !strchr(text + 1, '*'))) {
        shown = text_escaped(text, strnlen(text, 256));
        note(r, "recipient domain %s is a wildcard that names no domain to probe, so left out", shown);
        free(shown);
        return NULL;
    }
    wrong = name_domain(text, &ascii, &unicode);
    if (wrong)
        return complaint("RecipientDomains", text, wrong, "a domain such as contoso.com, or *.contoso.com");
    target_spec_copy(&spec, &r->model);
    free(spec.domain);
    free(spec.unicode);
    spec.domain = ascii;
    spec.unicode = unicode;
    input_add(specs, &spec);
    return NULL;
}

static bool has_host(const struct target_spec *spec, const struct host_port *host)
{
    size_t i;

    for (i = 0; i < spec->host_count; i++)
        if (spec->hosts[i].port == host->port && strcmp(spec->hosts[i].host, host->host) == 0)
            return true;
    return false;
}

/* An address with a prefix length. */
static bool is_network(const char *text)
{
    size_t length = strcspn(text, "/");
    char *address = mem_string_n(text, length);
    struct host_port host = {0};
    unsigned long bits;
    bool is = text[length] && text_number(text + length + 1, 0, 128, &bits) && !host_parse(address, &host) &&
              host.literal;

    free(host.host);
    free(address);
    return is;
}

static char *read_host(struct reader *r, const char *text)
{
    struct host_port host;
    const char *wrong;
    char *shown;

    if (is_network(text)) {
        shown = text_escaped(text, strnlen(text, 80));
        note(r, "smart host %s is a network, not a host, so left out", shown);
        free(shown);
        return NULL;
    }
    wrong = host_parse(text, &host);
    if (wrong)
        return complaint("SmartHosts", text, wrong, "a host such as mail.contoso.com or 192.0.2.1");
    if (!has_host(&r->model, &host))
        target_spec_add_host(&r->model, host.host, host.port, host.literal);
    free(host.host);
    return NULL;
}

/* Smart hosts when the connector does not use MX records. *nowhere when none of them can be probed. */
static char *read_route(struct reader *r, bool *nowhere)
{
    const struct connector *c = r->connector;
    bool smart = c->use_mx == SAID_NO || (c->use_mx == SAID_NOTHING && c->hosts.count);
    char *message = NULL;
    size_t i;

    *nowhere = false;
    if (!smart && c->hosts.count)
        note(r, "UseMXRecord is True, so its SmartHosts are not looked at");
    if (!smart)
        return NULL;
    if (!c->hosts.count)
        return mem_string(
            "UseMXRecord is False and SmartHosts is missing or empty; expected a host to send to");
    if (c->hosts.count > INPUT_RECORDS_MOST / (c->domains.count + 1))
        return mem_format("expected fewer than %d pairs of recipient domain and smart host",
                          INPUT_RECORDS_MOST);
    for (i = 0; i < c->hosts.count && !message; i++)
        message = read_host(r, c->hosts.items[i]);
    if (!message && !r->model.host_count) {
        note(r, "no smart host is left that could be probed, so left out");
        *nowhere = true;
    }
    return message;
}

static char *read_tls_domain(struct reader *r)
{
    const struct connector *c = r->connector;
    bool wildcard = c->tls_domain && strncmp(c->tls_domain, "*.", 2) == 0;
    char *ascii = NULL;
    const char *wrong;

    if (c->tls_said == SAID_NOTHING && c->tls_domain)
        r->model.requirement = REQUIREMENT_NAME;
    if (!c->tls_domain && r->model.requirement != REQUIREMENT_NAME)
        return NULL;
    if (!c->tls_domain)
        return mem_string("TlsSettings is DomainValidation and TlsDomain is missing; expected the name "
                          "that the certificate must have");
    if (r->model.requirement != REQUIREMENT_NAME) {
        note(r, "TlsDomain has no effect, since TlsSettings is not DomainValidation");
        return NULL;
    }
    wrong = name_host(c->tls_domain + (wildcard ? 2 : 0), &ascii);
    if (wrong)
        return complaint("TlsDomain", c->tls_domain, wrong,
                         "a name such as mail.contoso.com or *.contoso.com");
    r->model.tls_domain = mem_format("%s%s", wildcard ? "*." : "", ascii);
    free(ascii);
    return NULL;
}

/* Why a connector gives no target at all; NULL when it does. */
static const char *left_out(const struct connector *c)
{
    if (c->enabled == SAID_NO)
        return "disabled, so left out";
    if (c->test_mode == SAID_YES)
        return "in test mode, so left out";
    if (c->domains.count)
        return NULL;
    if (c->rule_scoped == SAID_YES)
        return "a transport rule chooses it and Get-TransportRule knows its domains, so left out; name "
               "them as partners";
    if (c->all_accepted == SAID_YES)
        return "it carries all accepted domains, which Get-AcceptedDomain knows, so left out; name them as "
               "partners";
    return c->domains_said ? "it has no recipient domain, so left out" : NULL;
}

/* What is assumed, or can't be shown, of a connector that gives targets. */
static void note_limits(struct reader *r)
{
    const struct connector *c = r->connector;

    if (c->enabled == SAID_NOTHING || c->test_mode == SAID_NOTHING)
        note(r, "the export does not say %s; taken as one that carries mail",
             c->enabled == SAID_NOTHING ? "Enabled" : "TestMode");
    if (c->tls_said == SAID_NOTHING)
        note(r, "the export does not say TlsSettings; taken as %s",
             c->tls_domain ? "DomainValidation, since it has a TlsDomain" : "EncryptionOnly");
    if (c->use_mx == SAID_NOTHING)
        note(r, "the export does not say UseMXRecord; taken as %s",
             c->hosts.count ? "False, since it has SmartHosts" : "True");
    if (c->all_accepted == SAID_YES)
        note(r, "it carries all accepted domains too; those are not shown");
    if (c->through_premises == SAID_YES)
        note(r, "RouteAllMessagesViaOnPremises is True: mail for other domains takes it too; those are not "
                "shown");
    if (c->dane_mandatory)
        note(r, "SmtpDaneMode is Mandatory: it demands more than is judged here");
}

static char *read_domains(struct reader *r)
{
    const struct connector *c = r->connector;
    struct input specs = {0};
    char *message = NULL;
    size_t i;

    if (r->out->count + c->domains.count > INPUT_RECORDS_MOST)
        return mem_format("expected at most %d recipient domains in all", INPUT_RECORDS_MOST);
    for (i = 0; i < c->domains.count && !message; i++)
        message = read_domain(r, c->domains.items[i], &specs);
    for (i = 0; i < specs.count && !message; i++)
        add_spec(r, &specs.specs[i]);
    if (!message)
        specs.count = 0; /* they were handed on */
    input_release(&specs);
    return message;
}

static char *read_targets(struct reader *r)
{
    const struct connector *c = r->connector;
    const char *reason = left_out(c);
    bool nowhere = false;
    char *message;

    if (reason) {
        note(r, "%s", reason);
        return NULL;
    }
    if (!c->domains_said)
        return mem_string("RecipientDomains is missing; expected a list of domains");
    message = read_route(r, &nowhere);
    if (message || nowhere)
        return message;
    message = read_tls_domain(r);
    if (message)
        return message;
    note_limits(r);
    return read_domains(r);
}

static void join(struct buf *out, const struct strings *list)
{
    size_t i;

    for (i = 0; i < list->count; i++)
        buf_printf(out, "%s ", list->items[i]);
    buf_u8(out, '\n');
}

/* All that matters of a connector, for comparison. */
static char *gist(const struct connector *c)
{
    struct buf out;

    buf_init(&out, 0);
    buf_printf(&out, "%d%d%d%d%d%d%d%d\n%s\n%s\n", c->enabled, c->test_mode, c->use_mx, c->rule_scoped,
               c->all_accepted, c->through_premises, c->tls_said, (int)c->requirement, c->name,
               c->tls_domain ? c->tls_domain : "");
    join(&out, &c->domains);
    join(&out, &c->hosts);
    return buf_take_string(&out);
}

/* Was the connector listed before? A second listing that differs is told. */
static bool is_repeated(struct reader *r)
{
    char *says, *before;

    if (!r->connector->guid)
        return false;
    says = gist(r->connector);
    before = map_get(&r->guids, r->connector->guid);
    if (!before) {
        map_put(&r->guids, r->connector->guid, says);
        return false;
    }
    if (strcmp(before, says) != 0)
        note(r, "listed before with the same Guid and other settings; the first is used, this one left out");
    free(says);
    return true;
}

static void read_outbound(struct reader *r, const json_t *record)
{
    struct connector connector;
    char *message = connector_read(record, &connector);

    r->connector = &connector;
    target_spec_init(&r->model);
    if (!message && !is_repeated(r)) {
        r->model.class = CLASS_PARTNER;
        r->model.protocol = PROTOCOL_SMTP;
        r->model.requirement = connector.tls_said ? connector.requirement : REQUIREMENT_ENCRYPTION;
        r->model.connector = mem_string(connector.name);
        r->model.source = mem_format("%s:%u, connector %zu", r->source, r->line, r->number);
        message = read_targets(r);
    }
    if (message)
        problem(r, connector.name, message);
    free(message);
    target_spec_release(&r->model);
    connector_release(&connector);
    r->connector = NULL;
}

/* An object of another kind. The command is said once. */
static void refuse(struct reader *r, enum connector_kind kind)
{
    const char *what = kind == CONNECTOR_SEND ? "a send connector of Exchange Server, which is not read yet"
                                              : "this is no outbound connector";
    char *why =
        r->said_foreign ? mem_string(what) : mem_format("%s; expected the JSON of: %s", what, EXPORT_COMMAND);

    problem(r, NULL, why);
    r->said_foreign = true;
    free(why);
}

static void read_record(struct reader *r, const struct json_record *record)
{
    json_error_t error;
    json_t *json = json_loadb(record->text, record->length, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, &error);
    enum connector_kind kind = json ? connector_kind(json) : CONNECTOR_NONE;
    struct connector inbound = {0};

    r->line = record->line;
    if (!json) {
        char *shown = text_escaped(error.text, strlen(error.text));
        char *why = mem_format("not valid JSON in line %u: %s", r->line + (unsigned)error.line - 1, shown);

        problem(r, NULL, why);
        free(shown);
        free(why);
    } else if (kind == CONNECTOR_OUTBOUND) {
        read_outbound(r, json);
    } else if (kind == CONNECTOR_INBOUND) {
        const char *name = json_string_value(json_object_get(json, "Name"));

        inbound.name = text_escaped(name ? name : "", name ? strlen(name) : 0);
        r->connector = &inbound;
        note(r, "inbound: what a partner sends with can't be probed, so left out");
        r->connector = NULL;
        free(inbound.name);
    } else {
        refuse(r, kind);
    }
    json_decref(json);
}

static void know_earlier(struct reader *r)
{
    size_t i;

    for (i = 0; i < r->out->count; i++)
        if (r->out->specs[i].connector && r->out->specs[i].class == CLASS_PARTNER)
            remember(r, i);
}

void connectors_read(const char *source, const char *text, struct input *out)
{
    struct reader r = {.source = source, .out = out};
    struct json_list list;
    unsigned line;
    const char *wrong = json_list_read(text, &list, &line);

    if (wrong) {
        input_problem(out, line,
                      mem_format("%s:%u: not whole JSON: %s; expected the JSON of: %s", source, line, wrong,
                                 EXPORT_COMMAND));
        return;
    }
    if (!list.count)
        input_problem(out, 0,
                      mem_format("%s: no connector in it; expected the JSON of: %s", source, EXPORT_COMMAND));
    map_init(&r.guids);
    map_init(&r.pairs);
    map_init(&r.names);
    know_earlier(&r);
    for (r.number = 1; r.number <= list.count; r.number++)
        read_record(&r, &list.records[r.number - 1]);
    map_release(&r.guids, free);
    map_release(&r.pairs, NULL);
    map_release(&r.names, NULL);
    json_list_release(&list);
}
