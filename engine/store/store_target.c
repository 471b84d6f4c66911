#include "engine/store/store_target.h"

#include "engine/base/day.h"
#include "engine/base/mem.h"
#include "engine/model/kept_name.h"
#include "engine/policy/mailbox.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define PORT_MOST 65535
#define LIST_MOST 1000000 /* no more than what 4,000,000 records of input may bring is refused */
#define URIS_MOST 100

/* Each content begins with its form. A target has a due date since the second and what DNS says of contacts
 * since the third; since the fourth, and of a host since the second, its name is the row's alone. */
enum { FORM = 1, TARGET_DUE = 2, TARGET_CONTACTS = 3, TARGET_NAMED = 4, HOST_NAMED = 2 };

/* Flags of a target, in the order of their bits, which are for ever; behind them stands what people set. */
enum { BIT_ENDPOINT, BIT_DOMAIN_SECURE, BIT_NEVER_TLS, BIT_REMOVED, BIT_BY_HAND };

static void pack_dns(struct buf *out, const struct vocabulary *words, const struct dns_facts *dns)
{
    pack_word(out, words, WORD_DNS, dns->status);
    buf_u8(out, dns->authenticated);
    pack_text(out, dns->detail);
    pack_number(out, dns->trail.count);
    for (size_t i = 0; i < dns->trail.count; i++) {
        const struct trail_record *record = &dns->trail.records[i];

        pack_word(out, words, WORD_RECORD, record->type);
        pack_text(out, record->name);
        pack_text(out, record->data);
        pack_number(out, record->ttl);
    }
    buf_u8(out, dns->trail.cut);
}

static void unpack_trail(struct reader *in, const struct vocabulary *words, struct trail *trail)
{
    size_t count = unpack_count(in, TRAIL_MOST);

    for (size_t i = 0; i < count && !in->failed; i++) {
        enum record_type type = (enum record_type)unpack_word(in, words, WORD_RECORD);
        char *name = unpack_some_text(in), *data = unpack_some_text(in);
        uint32_t ttl = (uint32_t)unpack_bounded(in, UINT32_MAX);

        trail_add(trail, type, name, data, ttl);
        free(name);
        free(data);
    }
    trail->cut = unpack_bounded(in, 1);
}

static void unpack_dns(struct reader *in, const struct vocabulary *words, struct dns_facts *dns)
{
    dns->status = (enum dns_status)unpack_word(in, words, WORD_DNS);
    dns->authenticated = unpack_bounded(in, 1);
    dns->detail = unpack_text(in);
    unpack_trail(in, words, &dns->trail);
}

static void pack_port(struct buf *out, const struct vocabulary *words, const struct host_key *key)
{
    pack_number(out, key->port);
    pack_word(out, words, WORD_PROTOCOL, key->protocol);
}

/* Behind `key->name`. */
static void unpack_port(struct reader *in, const struct vocabulary *words, struct host_key *key)
{
    key->port = (unsigned)unpack_bounded(in, PORT_MOST);
    key->protocol = (enum protocol)unpack_word(in, words, WORD_PROTOCOL);
    if (!key->port || !kept_name_ok(key->name))
        reader_fail(in);
}

static void pack_route(struct buf *out, const struct vocabulary *words, enum route route,
                       const struct dns_facts *dns, const struct strings *warnings)
{
    pack_word(out, words, WORD_ROUTE, route);
    pack_dns(out, words, dns);
    pack_strings(out, warnings);
}

static void pack_route_hosts(struct buf *out, const struct vocabulary *words, const struct target_host *hosts,
                             size_t count)
{
    pack_number(out, count);
    for (size_t i = 0; i < count; i++) {
        pack_text(out, hosts[i].host->key.name);
        pack_port(out, words, &hosts[i].host->key);
        pack_signed(out, hosts[i].preference);
    }
}

static void unpack_route(struct reader *in, const struct vocabulary *words, enum event_type type,
                         struct event *event)
{
    size_t count;

    event->type = type;
    event->route = (enum route)unpack_word(in, words, WORD_ROUTE);
    unpack_dns(in, words, &event->dns);
    unpack_strings(in, LIST_MOST, &event->warnings);
    count = unpack_count(in, TARGET_HOSTS_MOST);
    for (size_t i = 0; i < count && !in->failed; i++) {
        event->hosts = mem_resize(event->hosts, i + 1, sizeof *event->hosts);
        event->host_count++;
        event->hosts[i].key.name = unpack_some_text(in);
        unpack_port(in, words, &event->hosts[i].key);
        event->hosts[i].preference = unpack_int(in);
    }
}

static void pack_connectors(struct buf *out, const struct vocabulary *words, const struct target_spec *spec)
{
    pack_number(out, spec->other_count);
    for (size_t i = 0; i < spec->other_count; i++) {
        const struct connector_ref *other = &spec->others[i];

        pack_text(out, other->name);
        pack_text(out, other->source);
        pack_word(out, words, WORD_MATCH, other->match);
        pack_text(out, other->pattern);
    }
    pack_number(out, spec->inbound_count);
    for (size_t i = 0; i < spec->inbound_count; i++) {
        const struct expectation *inbound = &spec->inbound[i];

        pack_text(out, inbound->connector);
        pack_text(out, inbound->source);
        pack_text(out, inbound->sender_domain);
        pack_text(out, inbound->certificate_name);
        buf_u8(out, (uint8_t)(inbound->enabled | inbound->require_tls << 1 | inbound->by_certificate << 2 |
                              inbound->by_address << 3 | inbound->mutual << 4));
    }
}

static void unpack_other(struct reader *in, const struct vocabulary *words, struct target_spec *spec)
{
    struct connector_ref other = {0};

    other.name = unpack_text(in);
    other.source = unpack_text(in);
    other.match = (enum connector_match)unpack_word(in, words, WORD_MATCH);
    other.pattern = unpack_text(in);
    target_spec_add_other(spec, &other);
    free(other.name);
    free(other.source);
    free(other.pattern);
}

static void unpack_inbound(struct reader *in, struct target_spec *spec)
{
    struct expectation inbound = {0};
    uint8_t bits;

    inbound.connector = unpack_text(in);
    inbound.source = unpack_text(in);
    inbound.sender_domain = unpack_text(in);
    inbound.certificate_name = unpack_text(in);
    bits = reader_u8(in);
    inbound.enabled = bits & 1;
    inbound.require_tls = bits >> 1 & 1;
    inbound.by_certificate = bits >> 2 & 1;
    inbound.by_address = bits >> 3 & 1;
    inbound.mutual = bits >> 4 & 1;
    target_spec_add_inbound(spec, &inbound);
    free(inbound.connector);
    free(inbound.source);
    free(inbound.sender_domain);
    free(inbound.certificate_name);
}

static void unpack_connectors(struct reader *in, const struct vocabulary *words, struct target_spec *spec)
{
    size_t count = unpack_count(in, LIST_MOST);

    for (size_t i = 0; i < count && !in->failed; i++)
        unpack_other(in, words, spec);
    count = unpack_count(in, LIST_MOST);
    for (size_t i = 0; i < count && !in->failed; i++)
        unpack_inbound(in, spec);
}

static void pack_smart_hosts(struct buf *out, const struct target_spec *spec)
{
    pack_number(out, spec->host_count);
    for (size_t i = 0; i < spec->host_count; i++) {
        pack_text(out, spec->hosts[i].host);
        pack_number(out, spec->hosts[i].port);
        buf_u8(out, spec->hosts[i].literal);
    }
}

static void unpack_smart_hosts(struct reader *in, struct target_spec *spec)
{
    size_t count = unpack_count(in, TARGET_HOSTS_MOST);

    for (size_t i = 0; i < count && !in->failed; i++) {
        char *host = unpack_some_text(in);
        unsigned port = (unsigned)unpack_bounded(in, PORT_MOST);
        bool literal = unpack_bounded(in, 1);

        if (literal ? !kept_address_ok(host) : !kept_name_ok(host))
            reader_fail(in);
        target_spec_add_host(spec, host, port, literal);
        free(host);
    }
}

static void pack_spec(struct buf *out, const struct vocabulary *words, const struct target *target)
{
    const struct target_spec *spec = &target->spec;

    pack_text(out, strcmp(spec->unicode, spec->domain) != 0 ? spec->unicode : NULL);
    pack_number(out, (uint64_t)spec->is_endpoint << BIT_ENDPOINT |
                         (uint64_t)spec->domain_secure << BIT_DOMAIN_SECURE |
                         (uint64_t)spec->never_tls << BIT_NEVER_TLS |
                         (uint64_t)target->removed << BIT_REMOVED | (uint64_t)spec->by_hand << BIT_BY_HAND);
    pack_word(out, words, WORD_CLASS, spec->class);
    pack_word(out, words, WORD_REQUIREMENT, spec->requirement);
    pack_word(out, words, WORD_PROTOCOL, spec->protocol);
    pack_text(out, spec->tls_domain);
    pack_word(out, words, WORD_NAME_RULE, spec->name_rule);
    pack_number(out, spec->floor);
    pack_text(out, spec->connector);
    pack_text(out, spec->owner);
    pack_text(out, spec->note);
    pack_text(out, spec->contact);
    pack_word(out, words, WORD_CONTACT, spec->contact_state);
    pack_word(out, words, WORD_MATCH, spec->match);
    pack_text(out, spec->pattern);
    pack_number(out, spec->cost);
    pack_text(out, spec->source);
    pack_strings(out, &spec->remarks);
    pack_smart_hosts(out, spec);
    pack_connectors(out, words, spec);
    pack_number(out, (uint64_t)spec->due);
}

static void unpack_flags(struct reader *in, struct kept_target *kept)
{
    uint64_t bits = unpack_number(in);

    kept->spec.is_endpoint = bits >> BIT_ENDPOINT & 1;
    kept->spec.domain_secure = bits >> BIT_DOMAIN_SECURE & 1;
    kept->spec.never_tls = bits >> BIT_NEVER_TLS & 1;
    kept->removed = bits >> BIT_REMOVED & 1;
    kept->spec.by_hand = bits >> BIT_BY_HAND & (BY_HAND(hand_count) - 1);
    if (bits >> (BIT_BY_HAND + hand_count))
        reader_fail(in);
}

static void unpack_names(struct reader *in, uint8_t form, const char *name, struct target_spec *spec)
{
    bool named = form >= TARGET_NAMED;

    spec->domain = named ? mem_string(name) : unpack_some_text(in);
    spec->unicode = named ? unpack_text(in) : unpack_some_text(in);
    if (!spec->unicode)
        spec->unicode = mem_string(name);
}

/* Behind its names. */
static void unpack_spec(struct reader *in, const struct vocabulary *words, uint8_t form,
                        struct kept_target *kept)
{
    struct target_spec *spec = &kept->spec;

    unpack_flags(in, kept);
    spec->class = (enum target_class)unpack_word(in, words, WORD_CLASS);
    spec->requirement = (enum requirement)unpack_word(in, words, WORD_REQUIREMENT);
    spec->protocol = (enum protocol)unpack_word(in, words, WORD_PROTOCOL);
    spec->tls_domain = unpack_text(in);
    spec->name_rule = (enum name_rule)unpack_word(in, words, WORD_NAME_RULE);
    spec->floor = (enum tls_version)unpack_bounded(in, TLS_VERSIONS - 1);
    spec->connector = unpack_text(in);
    spec->owner = unpack_text(in);
    spec->note = unpack_text(in);
    spec->contact = unpack_text(in);
    spec->contact_state = (enum contact_state)unpack_word(in, words, WORD_CONTACT);
    spec->match = (enum connector_match)unpack_word(in, words, WORD_MATCH);
    spec->pattern = unpack_text(in);
    spec->cost = (unsigned)unpack_bounded(in, UINT16_MAX);
    spec->source = unpack_text(in);
    unpack_strings(in, LIST_MOST, &spec->remarks);
    unpack_smart_hosts(in, spec);
    unpack_connectors(in, words, spec);
    if (form >= TARGET_DUE)
        spec->due = (int32_t)unpack_bounded(in, DAY_MOST);
}

static bool is_sound(const struct target_spec *spec)
{
    return kept_name_ok(spec->domain) && (!spec->is_endpoint || spec->host_count == 1);
}

static void pack_directory(struct buf *out, const struct vocabulary *words, const struct directory *directory)
{
    buf_u8(out, directory != NULL);
    if (!directory)
        return;
    pack_word(out, words, WORD_DNS, directory->zone_status);
    pack_text(out, directory->zone);
    pack_text(out, directory->mailbox);
    pack_word(out, words, WORD_DNS, directory->report_status);
    pack_text(out, directory->record);
    pack_strings(out, &directory->uris);
}

/* Addresses are looked at again: who wrote the file may have been anybody. */
static struct directory *unpack_directory(struct reader *in, const struct vocabulary *words)
{
    struct directory *directory;

    if (!unpack_bounded(in, 1))
        return NULL;
    directory = directory_new();
    directory->zone_status = (enum dns_status)unpack_word(in, words, WORD_DNS);
    directory->zone = unpack_text(in);
    directory->mailbox = unpack_text(in);
    directory->report_status = (enum dns_status)unpack_word(in, words, WORD_DNS);
    directory->record = unpack_text(in);
    unpack_strings(in, URIS_MOST, &directory->uris);
    if (directory->mailbox && !mailbox_ok(directory->mailbox))
        reader_fail(in);
    return directory;
}

void pack_target(struct buf *out, const struct vocabulary *words, const struct target *target)
{
    const struct beside *beside = &target->beside;

    buf_u8(out, TARGET_NAMED);
    pack_spec(out, words, target);
    pack_route(out, words, target->route, &target->dns, &target->warnings);
    pack_route_hosts(out, words, target->hosts, target->host_count);
    pack_route(out, words, beside->route, &beside->dns, &beside->warnings);
    pack_route_hosts(out, words, beside->hosts, beside->host_count);
    pack_directory(out, words, target->directory);
}

void unpack_target(struct reader *in, const struct vocabulary *words, const char *name,
                   struct kept_target *kept)
{
    uint8_t form = reader_u8(in);

    memset(kept, 0, sizeof *kept);
    if (form < FORM || form > TARGET_NAMED)
        reader_fail(in);
    unpack_names(in, form, name, &kept->spec);
    unpack_spec(in, words, form, kept);
    unpack_route(in, words, EVENT_ROUTE, &kept->route);
    unpack_route(in, words, EVENT_BESIDE, &kept->beside);
    kept->contacts.type = EVENT_CONTACTS;
    if (form >= TARGET_CONTACTS)
        kept->contacts.directory = unpack_directory(in, words);
    if (!is_sound(&kept->spec))
        reader_fail(in);
}

void kept_target_release(struct kept_target *kept)
{
    target_spec_release(&kept->spec);
    event_release(&kept->route);
    event_release(&kept->beside);
    event_release(&kept->contacts);
}

void pack_host(struct buf *out, const struct vocabulary *words, const struct host *host)
{
    buf_u8(out, HOST_NAMED);
    pack_port(out, words, &host->key);
    pack_dns(out, words, &host->dns);
    pack_strings(out, &host->warnings);
    pack_number(out, host->endpoint_count);
    for (size_t i = 0; i < host->endpoint_count; i++)
        pack_text(out, host->endpoints[i]->key.address);
}

void unpack_host(struct reader *in, const struct vocabulary *words, const char *name, struct event *event)
{
    uint8_t form = reader_u8(in);

    *event = (struct event){.type = EVENT_ADDRESSES};
    if (form < FORM || form > HOST_NAMED)
        reader_fail(in);
    event->host.name = form >= HOST_NAMED ? mem_string(name) : unpack_some_text(in);
    unpack_port(in, words, &event->host);
    unpack_dns(in, words, &event->dns);
    unpack_strings(in, LIST_MOST, &event->warnings);
    unpack_strings(in, LIST_MOST, &event->addresses);
    for (size_t i = 0; i < event->addresses.count; i++)
        if (!kept_address_ok(event->addresses.items[i]))
            reader_fail(in);
}

void pack_endpoint_key(struct buf *out, const struct vocabulary *words, const struct endpoint_key *key)
{
    pack_text(out, NULL);
    pack_number(out, key->port);
    pack_word(out, words, WORD_PROTOCOL, key->protocol);
    pack_text(out, key->server_name);
}

/* Up to schema 2 the address stands in the content too. */
void unpack_endpoint_key(struct reader *in, const struct vocabulary *words, const char *name,
                         struct endpoint_key *key)
{
    key->address = unpack_text(in);
    if (!key->address)
        key->address = mem_string(name);
    key->port = (unsigned)unpack_bounded(in, PORT_MOST);
    key->protocol = (enum protocol)unpack_word(in, words, WORD_PROTOCOL);
    key->server_name = unpack_some_text(in);
    if (!key->port || !kept_address_ok(key->address) ||
        (*key->server_name && !kept_name_ok(key->server_name)))
        reader_fail(in);
}

void pack_past(struct buf *out, const struct vocabulary *words, uint32_t target, const struct past *past)
{
    buf_u8(out, FORM);
    pack_number(out, target);
    pack_signed(out, past->when);
    pack_word(out, words, WORD_VERDICT, past->judgement.verdict);
    pack_word(out, words, WORD_REASON, past->judgement.reason);
    pack_word(out, words, WORD_PROBE_ERROR, past->judgement.error);
}

uint32_t unpack_past(struct reader *in, const struct vocabulary *words, struct past *past)
{
    uint32_t target;

    if (reader_u8(in) != FORM)
        reader_fail(in);
    target = (uint32_t)unpack_bounded(in, UINT32_MAX);
    past->when = unpack_time(in);
    past->judgement.verdict = (enum verdict)unpack_word(in, words, WORD_VERDICT);
    past->judgement.reason = (enum reason)unpack_word(in, words, WORD_REASON);
    past->judgement.error = (enum probe_error)unpack_word(in, words, WORD_PROBE_ERROR);
    return target;
}
