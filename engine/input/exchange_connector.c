#include "engine/input/exchange_private.h"

#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/input/host.h"
#include "engine/input/name.h"
#include "engine/input/records.h"

#include <stdlib.h>
#include <string.h>

/* A connector on its way into targets. */
struct way {
    struct exchange *x;
    const struct connector *connector;
    struct target_spec model; /* what the specs of its domains have in common */
    bool nowhere;             /* none of its smart hosts can be probed */
};

static const struct target_spec *known(const struct exchange *x, const char *pair)
{
    uintptr_t place = (uintptr_t)map_get(&x->gathered->pairs, pair);

    return place ? &x->out->specs[place - 1] : NULL;
}

static bool same_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool same_demand(const struct target_spec *a, const struct target_spec *b)
{
    size_t i;

    if (a->requirement != b->requirement || a->host_count != b->host_count || a->cost != b->cost ||
        a->never_tls != b->never_tls || !same_text(a->tls_domain, b->tls_domain))
        return false;
    for (i = 0; i < a->host_count; i++)
        if (strcmp(a->hosts[i].host, b->hosts[i].host) != 0 || a->hosts[i].port != b->hosts[i].port)
            return false;
    return true;
}

/* Adds the spec, or takes it as said already. */
static void add_spec(struct exchange *x, struct target_spec *spec)
{
    char *pair = mem_format("%s %s", spec->domain, spec->connector);
    const struct target_spec *same = known(x, pair);

    if (!same) {
        input_add(x->out, spec);
        map_put(&x->gathered->pairs, pair, (void *)(uintptr_t)x->out->count);
    } else {
        if (!same_demand(same, spec))
            exchange_note(x, "%s stands with another requirement or route at %s; that one is used",
                          spec->unicode, same->source);
        target_spec_release(spec);
    }
    free(pair);
}

/* The carrier has the connector's model; `pattern` is copied. */
static struct carrier *add_carrier(struct way *w, enum connector_match match, const char *pattern)
{
    struct carrier *carrier = gathered_add_carrier(w->x->gathered);

    target_spec_copy(&carrier->model, &w->model);
    carrier->model.match = match;
    carrier->model.pattern = mem_string(pattern);
    carrier->place = exchange_place(w->x);
    carrier->guid = mem_string(w->connector->guid);
    return carrier;
}

static const char *domains_field(const struct way *w)
{
    return w->connector->server ? "AddressSpaces" : "RecipientDomains";
}

static unsigned cost_of(const struct way *w, size_t index)
{
    return w->connector->costs ? w->connector->costs[index] : 0;
}

/* "*" or "*.contoso.com" → a carrier, unless it only checks. */
static char *read_wildcard(struct way *w, const char *text, unsigned cost, bool check)
{
    char *ascii = NULL, *pattern;
    const char *wrong = text[1] ? name_host(text + 2, &ascii) : NULL;

    if (wrong)
        return fields_item_complaint(domains_field(w), text, wrong,
                                     "a domain such as contoso.com, or *.contoso.com");
    if (!check) {
        pattern = ascii ? mem_format("*.%s", ascii) : mem_string("*");
        add_carrier(w, MATCH_WILDCARD, pattern)->model.cost = cost;
        free(pattern);
    }
    free(ascii);
    return NULL;
}

/* Looks at one domain, and adds what it stands for unless it only checks: either all of a connector's domains
 * are taken, or none. */
static char *read_domain(struct way *w, size_t index, bool check)
{
    const char *text = w->connector->domains.items[index], *wrong;
    char *ascii = NULL, *unicode = NULL;
    struct target_spec spec;

    if (strcmp(text, "*") == 0 || strncmp(text, "*.", 2) == 0)
        return read_wildcard(w, text, cost_of(w, index), check);
    wrong = name_domain(text, &ascii, &unicode);
    if (wrong)
        return fields_item_complaint(domains_field(w), text, wrong,
                                     "a domain such as contoso.com, or *.contoso.com");
    if (check) {
        free(ascii);
        free(unicode);
        return NULL;
    }
    target_spec_copy(&spec, &w->model);
    spec.domain = ascii;
    spec.unicode = unicode;
    spec.match = MATCH_EXACT;
    spec.cost = cost_of(w, index);
    add_spec(w->x, &spec);
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

static char *read_host(struct way *w, const char *text)
{
    struct host_port host;
    const char *wrong;
    char *shown;

    if (is_network(text)) {
        shown = text_escaped(text, strnlen(text, 80));
        exchange_note(w->x, "smart host %s is a network, not a host, so left out", shown);
        free(shown);
        return NULL;
    }
    wrong = host_parse(text, &host);
    if (wrong)
        return fields_item_complaint("SmartHosts", text, wrong,
                                     "a host such as mail.contoso.com or 192.0.2.1");
    if (w->model.host_count == TARGET_HOSTS_MOST) {
        free(host.host);
        return fields_item_complaint("SmartHosts", text, "stands behind 10000 others", "no more than those");
    }
    if (!host.port && w->connector->port != 25)
        host.port = w->connector->port;
    if (!has_host(&w->model, &host))
        target_spec_add_host(&w->model, host.host, host.port, host.literal);
    free(host.host);
    return NULL;
}

static char *read_hosts(struct way *w)
{
    const struct connector *c = w->connector;
    char *message = NULL;
    size_t i;

    if (!c->hosts.count)
        return mem_format("%s is False and SmartHosts is missing or empty; expected a host to send to",
                          c->server ? "DNSRoutingEnabled" : "UseMXRecord");
    if (c->hosts.count > INPUT_RECORDS_MOST / (c->domains.count + 1))
        return mem_format("expected fewer than %d pairs of domain and smart host", INPUT_RECORDS_MOST);
    for (i = 0; i < c->hosts.count && !message; i++)
        message = read_host(w, c->hosts.items[i]);
    if (!message && !w->model.host_count) {
        exchange_note(w->x, "no smart host is left that could be probed, so left out");
        w->nowhere = true;
    }
    return message;
}

/* Smart hosts when the connector does not use MX records. */
static char *read_route(struct way *w)
{
    const struct connector *c = w->connector;

    if (c->use_mx == SAID_NO || (c->use_mx == SAID_NOTHING && c->hosts.count))
        return read_hosts(w);
    if (c->hosts.count)
        exchange_note(w->x, "%s is True, so its SmartHosts are not looked at",
                      c->server ? "DNSRoutingEnabled" : "UseMXRecord");
    if (c->port && c->port != 25)
        strings_addf(&w->model.remarks,
                     "connector \"%s\" sends to port %u, and what is judged here is the port of "
                     "other mail",
                     c->name, c->port);
    return NULL;
}

/* A send connector that routes by DNS compares with the recipient's domain when it has no TlsDomain
 * (Set-SendConnector). */
static char *read_tls_domain(struct way *w)
{
    const struct connector *c = w->connector;
    bool wildcard = c->tls_domain && strncmp(c->tls_domain, "*.", 2) == 0;
    const char *field = c->server ? "TlsAuthLevel" : "TlsSettings", *wrong;
    char *ascii = NULL;

    if (!c->tls_domain && (w->model.requirement != REQUIREMENT_NAME || (c->server && !w->model.host_count)))
        return NULL;
    if (!c->tls_domain)
        return mem_format(
            "%s is DomainValidation and TlsDomain is missing; expected the name that the certificate "
            "must have",
            field);
    if (c->tls_said == SAID_NOTHING)
        w->model.requirement = REQUIREMENT_NAME;
    if (w->model.requirement != REQUIREMENT_NAME) {
        exchange_note(w->x, "TlsDomain has no effect, since %s is not DomainValidation", field);
        return NULL;
    }
    wrong = name_host(c->tls_domain + (wildcard ? 2 : 0), &ascii);
    if (wrong)
        return fields_item_complaint("TlsDomain", c->tls_domain, wrong,
                                     "a name such as mail.contoso.com or *.contoso.com");
    w->model.tls_domain = mem_format("%s%s", wildcard ? "*." : "", ascii);
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
    if (c->domains.count || c->rule_scoped == SAID_YES || c->all_accepted == SAID_YES || !c->domains_said)
        return NULL;
    if (c->foreign.count)
        return "its address spaces are not of type SMTP, so left out";
    return c->server ? "it has no address space, so left out" : "it has no recipient domain, so left out";
}

/* What is assumed, or can't be shown, of a connector that gives targets. */
static void note_limits(struct way *w)
{
    const struct connector *c = w->connector;
    size_t i;

    if (c->enabled == SAID_NOTHING || c->test_mode == SAID_NOTHING)
        exchange_note(w->x, "the export does not say %s; taken as one that carries mail",
                      c->enabled == SAID_NOTHING ? "Enabled" : "TestMode");
    if (c->tls_said == SAID_NOTHING && c->server)
        exchange_note(w->x, "the export does not say RequireTLS; taken as False");
    else if (c->tls_said == SAID_NOTHING)
        exchange_note(w->x, "the export does not say TlsSettings; taken as %s",
                      c->tls_domain ? "DomainValidation, since it has a TlsDomain" : "EncryptionOnly");
    if (c->use_mx == SAID_NOTHING)
        exchange_note(w->x, "the export does not say %s; taken as %s",
                      c->server ? "DNSRoutingEnabled" : "UseMXRecord",
                      c->hosts.count ? "False, since it has SmartHosts" : "True");
    if (c->through_premises == SAID_YES)
        exchange_note(w->x,
                      "RouteAllMessagesViaOnPremises is True: mail for other domains takes it too; those "
                      "are not shown");
    for (i = 0; i < c->foreign.count; i++) {
        char *shown = text_escaped(c->foreign.items[i], strnlen(c->foreign.items[i], 80));

        exchange_note(w->x, "address space %s is not of type SMTP, so left out", shown);
        free(shown);
    }
}

static void remark(struct way *w)
{
    const struct connector *c = w->connector;

    if (c->dane_mandatory)
        strings_addf(&w->model.remarks,
                     "SmtpDaneMode of connector \"%s\" is Mandatory: it demands more than is "
                     "judged here",
                     c->name);
    if (c->cut)
        strings_addf(&w->model.remarks,
                     "the export cut lists of connector \"%s\" short: it may have more domains "
                     "or smart hosts",
                     c->name);
}

static char *read_domains(struct way *w)
{
    const struct connector *c = w->connector;
    char *message = NULL;
    size_t i;

    if (w->x->out->count + c->domains.count > INPUT_RECORDS_MOST)
        return mem_format("expected at most %d domains in all", INPUT_RECORDS_MOST);
    for (i = 0; i < c->domains.count && !message; i++)
        message = read_domain(w, i, true);
    for (i = 0; i < c->domains.count && !message; i++)
        read_domain(w, i, false);
    if (message)
        return message;
    if (c->rule_scoped == SAID_YES)
        add_carrier(w, MATCH_RULE, NULL);
    if (c->all_accepted == SAID_YES)
        add_carrier(w, MATCH_ACCEPTED, NULL);
    return NULL;
}

static char *read_targets(struct way *w)
{
    const struct connector *c = w->connector;
    const char *reason = left_out(c);
    char *message;

    if (reason) {
        exchange_note(w->x, "%s", reason);
        return NULL;
    }
    if (!c->domains_said && c->rule_scoped != SAID_YES && c->all_accepted != SAID_YES)
        return mem_format("%s is missing; expected a list of domains", domains_field(w));
    message = read_route(w);
    if (message || w->nowhere)
        return message;
    message = read_tls_domain(w);
    if (message)
        return message;
    note_limits(w);
    remark(w);
    message = read_domains(w);
    return !message && c->cut ? mem_string("a list was cut short at export; expected all its items")
                              : message;
}

static uint64_t mix(uint64_t hash, const char *text)
{
    for (; text && *text; text++)
        hash = (hash ^ (uint8_t)*text) * 0x100000001b3u;
    return (hash ^ 0xff) * 0x100000001b3u;
}

static uint64_t mix_list(uint64_t hash, const struct strings *list)
{
    size_t i;

    for (i = 0; i < list->count; i++)
        hash = mix(hash, list->items[i]);
    return mix(hash, "");
}

/* All that matters of a connector, for comparison. */
static uintptr_t gist(const struct connector *c)
{
    uint64_t hash = 0xcbf29ce484222325u;
    char *flags = mem_format("%d%d%d%d%d%d%d%d%d%d", c->enabled, c->test_mode, c->use_mx, c->rule_scoped,
                             c->all_accepted, c->through_premises, c->tls_said, (int)c->requirement,
                             c->never_tls, c->domain_secure);

    hash = mix(mix(mix(hash, flags), c->name), c->tls_domain);
    hash = mix_list(mix_list(mix_list(hash, &c->domains), &c->hosts), &c->foreign);
    free(flags);
    return (uintptr_t)hash | 1;
}

/* Was the connector listed before? A second listing that differs is told. */
static bool is_repeated(struct exchange *x, const struct connector *c)
{
    uintptr_t says, before;

    if (!c->guid)
        return false;
    says = gist(c);
    before = (uintptr_t)map_get(&x->gathered->guids, c->guid);
    if (!before)
        map_put(&x->gathered->guids, c->guid, (void *)says);
    else if (before != says)
        exchange_note(x,
                      "listed before with the same Guid and other settings; the first is used, this one left "
                      "out");
    return before != 0;
}

char *exchange_read_connector(struct exchange *x)
{
    struct connector connector;
    struct way w = {.x = x, .connector = &connector};
    char *message = connector_read(x->record, x->kind, &connector);

    target_spec_init(&w.model);
    if (!message && !is_repeated(x, &connector)) {
        w.model.class = CLASS_PARTNER;
        w.model.protocol = PROTOCOL_SMTP;
        w.model.name_rule = NAME_RULE_EXCHANGE;
        w.model.requirement =
            connector.tls_said || connector.server ? connector.requirement : REQUIREMENT_ENCRYPTION;
        w.model.never_tls = connector.never_tls;
        w.model.domain_secure = connector.domain_secure == SAID_YES;
        if (connector.never_tls)
            w.model.requirement = REQUIREMENT_NONE;
        w.model.connector = mem_string(connector.name);
        w.model.source = exchange_source(x);
        message = read_targets(&w);
    }
    target_spec_release(&w.model);
    connector_release(&connector);
    return message;
}
