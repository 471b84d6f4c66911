#include "engine/net/resolver.h"

#include "engine/base/map.h"
#include "engine/base/mem.h"
#include "engine/net/dns_client.h"
#include "engine/net/resolver_compose.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#define TIMEOUT_S      10.0
#define TIMEOUT_MOST_S 3600.0
#define TRIES          3
#define TRIES_MOST     8
#define IN_FLIGHT      500
#define REVERSE_SIZE   80

/* What a caller asks for; also the first letter of its key in the cache. */
enum kind {
    KIND_MX = 'm',
    KIND_IPV4 = '4',
    KIND_IPV6 = '6',
    KIND_BOTH = 'b',
    KIND_SOA = 's',
    KIND_PTR = 'p',
    KIND_TXT = 't'
};

struct waiter {
    resolver_mx_cb *on_mx;
    resolver_address_cb *on_address;
    resolver_names_cb *on_names;
    resolver_zone_cb *on_zone;
    void *context;
    STAILQ_ENTRY(waiter) link;
};

STAILQ_HEAD(waiters, waiter);

struct entry;

/* One question to DNS, asked once. */
struct part {
    struct resolver *resolver;
    enum dns_type type;
    struct dns_answer answer;
    bool done;
    struct entry *users[2]; /* who waits: at most one of a single kind and one KIND_BOTH */
    unsigned user_count;
    SLIST_ENTRY(part) all;
};

/* One answer as callers see it, made of one or two parts. */
struct entry {
    enum kind kind;
    struct part *parts[2]; /* A and AAAA, or one and NULL; NULL for what is not asked */
    unsigned missing;      /* parts that are not done */
    bool done, queued;     /* queued: in resolver->ready */
    struct mx_answer mx;   /* strings belong to the parts */
    struct address_answer address;
    struct names_answer names;
    struct zone_answer zone;
    struct waiters waiters;
    STAILQ_ENTRY(entry) ready;
    SLIST_ENTRY(entry) all;
};

STAILQ_HEAD(entries, entry);

struct resolver {
    struct dns_client *client;
    struct net_timer *deliver;
    struct map cache; /* "m/name", "4/name", … to entries; "MX/name", "A/name", … to parts */
    struct entries ready;
    SLIST_HEAD(, part) parts; /* all there ever were: handed out answers stay valid */
    SLIST_HEAD(, entry) entries;
    bool delivering, dead;
    unsigned long hits;
};

static void wake(struct resolver *resolver)
{
    net_timer_start(resolver->deliver, resolver->delivering ? 1 : 0);
}

static void make_ready(struct resolver *resolver, struct entry *entry)
{
    if (entry->queued)
        return;
    entry->queued = true;
    STAILQ_INSERT_TAIL(&resolver->ready, entry, ready);
    wake(resolver);
}

static const struct dns_answer *answer_of(const struct entry *entry, unsigned slot)
{
    return entry->parts[slot] ? &entry->parts[slot]->answer : NULL;
}

static void complete(struct resolver *resolver, struct entry *entry)
{
    if (entry->kind == KIND_MX)
        compose_mx(&entry->mx, answer_of(entry, 0));
    else if (entry->kind == KIND_SOA || entry->kind == KIND_PTR || entry->kind == KIND_TXT)
        compose_names(&entry->names, answer_of(entry, 0));
    else
        compose_address(&entry->address, answer_of(entry, 0), answer_of(entry, 1));
    if (entry->kind == KIND_SOA)
        compose_zone(&entry->zone, answer_of(entry, 0));
    entry->done = true;
    make_ready(resolver, entry);
}

static void on_part(void *context, struct dns_answer *answer)
{
    struct part *part = context;
    unsigned i;

    part->answer = *answer;
    memset(answer, 0, sizeof *answer);
    part->done = true;
    for (i = 0; i < part->user_count; i++)
        if (--part->users[i]->missing == 0)
            complete(part->resolver, part->users[i]);
}

static const char *type_name(enum dns_type type)
{
    switch (type) {
    case DNS_TYPE_A:
        return "A";
    case DNS_TYPE_CNAME:
        return "CNAME";
    case DNS_TYPE_SOA:
        return "SOA";
    case DNS_TYPE_PTR:
        return "PTR";
    case DNS_TYPE_MX:
        return "MX";
    case DNS_TYPE_TXT:
        return "TXT";
    case DNS_TYPE_AAAA:
        break;
    }
    return "AAAA";
}

/* The part from the cache, or a new one, which is asked for at once. */
static struct part *part_of(struct resolver *resolver, const char *name, enum dns_type type, bool *asked)
{
    char *key = mem_format("%s/%s", type_name(type), name);
    struct part *part = map_get(&resolver->cache, key);

    if (!part) {
        part = mem_alloc(sizeof *part);
        part->resolver = resolver;
        part->type = type;
        SLIST_INSERT_HEAD(&resolver->parts, part, all);
        map_put(&resolver->cache, key, part);
        dns_client_ask(resolver->client, name, type, on_part, part);
        *asked = true;
    }
    free(key);
    return part;
}

static void use_part(struct entry *entry, unsigned slot, struct part *part)
{
    entry->parts[slot] = part;
    if (part->done)
        return;
    entry->missing++;
    part->users[part->user_count++] = entry;
}

static struct entry *add_entry(struct resolver *resolver, enum kind kind)
{
    struct entry *entry = mem_alloc(sizeof *entry);

    entry->kind = kind;
    STAILQ_INIT(&entry->waiters);
    SLIST_INSERT_HEAD(&resolver->entries, entry, all);
    return entry;
}

/* A name that can't be asked for; no answer about it can exist. */
static struct entry *impossible(struct resolver *resolver, enum kind kind)
{
    struct entry *entry = add_entry(resolver, kind);

    entry->done = true;
    entry->mx.status = entry->address.status = entry->names.status = entry->zone.status = DNS_MALFORMED;
    return entry;
}

static struct entry *new_entry(struct resolver *resolver, enum kind kind, const char *name, bool *asked)
{
    struct entry *entry = add_entry(resolver, kind);

    if (kind == KIND_MX)
        use_part(entry, 0, part_of(resolver, name, DNS_TYPE_MX, asked));
    if (kind == KIND_SOA)
        use_part(entry, 0, part_of(resolver, name, DNS_TYPE_SOA, asked));
    if (kind == KIND_PTR)
        use_part(entry, 0, part_of(resolver, name, DNS_TYPE_PTR, asked));
    if (kind == KIND_TXT)
        use_part(entry, 0, part_of(resolver, name, DNS_TYPE_TXT, asked));
    if (kind == KIND_IPV4 || kind == KIND_BOTH)
        use_part(entry, 0, part_of(resolver, name, DNS_TYPE_A, asked));
    if (kind == KIND_IPV6 || kind == KIND_BOTH)
        use_part(entry, 1, part_of(resolver, name, DNS_TYPE_AAAA, asked));
    if (!entry->missing)
        complete(resolver, entry);
    return entry;
}

static struct entry *entry_of(struct resolver *resolver, enum kind kind, const char *name)
{
    char *normal = dns_name_normal(name), *key;
    struct entry *entry;
    bool asked = false;

    if (!normal)
        return impossible(resolver, kind);
    key = mem_format("%c/%s", (char)kind, normal);
    entry = map_get(&resolver->cache, key);
    if (!entry) {
        entry = new_entry(resolver, kind, normal, &asked);
        map_put(&resolver->cache, key, entry);
    }
    if (!asked)
        resolver->hits++;
    free(key);
    free(normal);
    return entry;
}

static struct waiter *wait_for(struct resolver *resolver, enum kind kind, const char *name, void *context)
{
    struct entry *entry = entry_of(resolver, kind, name);
    struct waiter *waiter = mem_alloc(sizeof *waiter);

    waiter->context = context;
    STAILQ_INSERT_TAIL(&entry->waiters, waiter, link);
    if (entry->done)
        make_ready(resolver, entry);
    return waiter;
}

void resolver_mx(struct resolver *resolver, const char *name, resolver_mx_cb *callback, void *context)
{
    wait_for(resolver, KIND_MX, name, context)->on_mx = callback;
}

void resolver_address(struct resolver *resolver, const char *name, bool want4, bool want6,
                      resolver_address_cb *callback, void *context)
{
    enum kind kind = want4 == want6 ? KIND_BOTH : want4 ? KIND_IPV4 : KIND_IPV6;

    wait_for(resolver, kind, name, context)->on_address = callback;
}

void resolver_root(struct resolver *resolver, resolver_names_cb *callback, void *context)
{
    wait_for(resolver, KIND_SOA, ".", context)->on_names = callback;
}

void resolver_zone(struct resolver *resolver, const char *name, resolver_zone_cb *callback, void *context)
{
    wait_for(resolver, KIND_SOA, name, context)->on_zone = callback;
}

void resolver_text(struct resolver *resolver, const char *name, resolver_names_cb *callback, void *context)
{
    wait_for(resolver, KIND_TXT, name, context)->on_names = callback;
}

/* "1.2.0.192.in-addr.arpa", or a digit of four bits each under ip6.arpa. */
static void reverse_name(const struct net_address *address, char text[REVERSE_SIZE])
{
    const uint8_t *bytes = address->bytes;
    char *at = text;
    int i;

    if (address->family == 4) {
        snprintf(text, REVERSE_SIZE, "%u.%u.%u.%u.in-addr.arpa", bytes[3], bytes[2], bytes[1], bytes[0]);
        return;
    }
    for (i = 15; i >= 0; i--)
        at += snprintf(at, 5, "%x.%x.", bytes[i] & 15u, bytes[i] >> 4);
    memcpy(at, "ip6.arpa", sizeof "ip6.arpa");
}

void resolver_pointer(struct resolver *resolver, const struct net_address *address,
                      resolver_names_cb *callback, void *context)
{
    char name[REVERSE_SIZE];

    reverse_name(address, name);
    wait_for(resolver, KIND_PTR, name, context)->on_names = callback;
}

static void forget_entry(struct resolver *resolver, enum kind kind, const char *name)
{
    char *key = mem_format("%c/%s", (char)kind, name);
    const struct entry *entry = map_get(&resolver->cache, key);

    if (entry && entry->done)
        map_remove(&resolver->cache, key);
    free(key);
}

static void forget_part(struct resolver *resolver, enum dns_type type, const char *name)
{
    char *key = mem_format("%s/%s", type_name(type), name);
    const struct part *part = map_get(&resolver->cache, key);

    if (part && part->done)
        map_remove(&resolver->cache, key);
    free(key);
}

void resolver_forget(struct resolver *resolver, const char *name)
{
    char *normal = dns_name_normal(name);

    if (!normal)
        return;
    forget_entry(resolver, KIND_SOA, normal);
    forget_entry(resolver, KIND_PTR, normal);
    forget_entry(resolver, KIND_TXT, normal);
    forget_entry(resolver, KIND_MX, normal);
    forget_entry(resolver, KIND_IPV4, normal);
    forget_entry(resolver, KIND_IPV6, normal);
    forget_entry(resolver, KIND_BOTH, normal);
    forget_part(resolver, DNS_TYPE_SOA, normal);
    forget_part(resolver, DNS_TYPE_PTR, normal);
    forget_part(resolver, DNS_TYPE_TXT, normal);
    forget_part(resolver, DNS_TYPE_MX, normal);
    forget_part(resolver, DNS_TYPE_A, normal);
    forget_part(resolver, DNS_TYPE_AAAA, normal);
    free(normal);
}

static void drop_waiters(struct waiters *waiters)
{
    struct waiter *waiter;

    while ((waiter = STAILQ_FIRST(waiters)) != NULL) {
        STAILQ_REMOVE_HEAD(waiters, link);
        free(waiter);
    }
}

static void free_entry(struct entry *entry)
{
    drop_waiters(&entry->waiters);
    free(entry->mx.records);
    free(entry->address.addresses);
    free(entry->names.names);
    free(entry);
}

static void destroy(struct resolver *resolver)
{
    struct entry *entry;
    struct part *part;

    if (resolver->client)
        dns_client_free(resolver->client);
    net_timer_free(resolver->deliver);
    map_release(&resolver->cache, NULL);
    while ((entry = SLIST_FIRST(&resolver->entries)) != NULL) {
        SLIST_REMOVE_HEAD(&resolver->entries, all);
        free_entry(entry);
    }
    while ((part = SLIST_FIRST(&resolver->parts)) != NULL) {
        SLIST_REMOVE_HEAD(&resolver->parts, all);
        dns_answer_release(&part->answer);
        free(part);
    }
    free(resolver);
}

/* Whoever waits now; one who asks again from the callback waits for the next turn. */
static void call_waiters(struct resolver *resolver, struct entry *entry)
{
    struct waiters now = STAILQ_HEAD_INITIALIZER(now);
    struct waiter *waiter;

    STAILQ_CONCAT(&now, &entry->waiters);
    while (!resolver->dead && (waiter = STAILQ_FIRST(&now)) != NULL) {
        STAILQ_REMOVE_HEAD(&now, link);
        if (waiter->on_mx)
            waiter->on_mx(waiter->context, &entry->mx);
        else if (waiter->on_names)
            waiter->on_names(waiter->context, &entry->names);
        else if (waiter->on_zone)
            waiter->on_zone(waiter->context, &entry->zone);
        else
            waiter->on_address(waiter->context, &entry->address);
        free(waiter);
    }
    drop_waiters(&now);
}

static void deliver(void *context)
{
    struct resolver *resolver = context;
    struct entries ready = STAILQ_HEAD_INITIALIZER(ready);
    struct entry *entry;

    STAILQ_CONCAT(&ready, &resolver->ready);
    resolver->delivering = true;
    while (!resolver->dead && (entry = STAILQ_FIRST(&ready)) != NULL) {
        STAILQ_REMOVE_HEAD(&ready, ready);
        entry->queued = false;
        call_waiters(resolver, entry);
    }
    resolver->delivering = false;
    if (resolver->dead)
        destroy(resolver);
}

/* A deadline of less than a millisecond is one of a millisecond. */
static unsigned milliseconds(double seconds)
{
    if (!(seconds > 0))
        seconds = TIMEOUT_S;
    if (seconds > TIMEOUT_MOST_S)
        seconds = TIMEOUT_MOST_S;
    return seconds < 0.001 ? 1 : (unsigned)(seconds * 1000);
}

static bool choose_servers(struct dns_servers *servers, const struct resolver_options *options, char **error)
{
    if (options->servers && options->server_count)
        return dns_servers_parse(servers, options->servers, options->server_count, error);
    return dns_servers_system(servers, NULL, error);
}

struct resolver *resolver_new(struct net_loop *loop, const struct resolver_options *options, char **error)
{
    struct dns_client_options asked = {0};
    struct resolver *resolver;

    if (!choose_servers(&asked.servers, options, error))
        return NULL;
    asked.timeout = milliseconds(options->timeout);
    asked.tries = options->tries ? options->tries : TRIES;
    if (asked.tries > TRIES_MOST)
        asked.tries = TRIES_MOST;
    asked.most_in_flight = options->most_in_flight ? options->most_in_flight : IN_FLIGHT;
    resolver = mem_alloc(sizeof *resolver);
    map_init(&resolver->cache);
    STAILQ_INIT(&resolver->ready);
    SLIST_INIT(&resolver->parts);
    SLIST_INIT(&resolver->entries);
    resolver->deliver = net_timer_new(loop, deliver, resolver);
    resolver->client = dns_client_new(loop, &asked);
    if (!resolver->client) {
        *error = mem_string("the DNS resolver can't start: c-ares gave no channel");
        destroy(resolver);
        return NULL;
    }
    return resolver;
}

void resolver_free(struct resolver *resolver)
{
    resolver->dead = true;
    if (!resolver->delivering)
        destroy(resolver);
}

void resolver_counts(const struct resolver *resolver, struct resolver_counts *counts)
{
    const struct dns_client_counts *sent = dns_client_counts(resolver->client);

    counts->queries = sent->queries;
    counts->answers = sent->answers;
    counts->timeouts = sent->timeouts;
    counts->hits = resolver->hits;
}

void resolver_pace(const struct resolver *resolver, struct resolver_pace *pace)
{
    struct dns_pace now;

    dns_client_pace(resolver->client, &now);
    *pace = (struct resolver_pace){now.most, now.allowed, now.cuts, now.waits};
}
