#include "engine/lab/zone.h"

#include "engine/base/buf.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/lab/lines.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define BULK_MOST  60000
#define BULK_NET   80  /* bulk servers live in 127.80.0.0/16 and up */
#define BULK_OCTET 250 /* values of an octet that bulk uses, from 1 */

struct parser {
    struct zone *zone;
    struct lines lines;
    struct map servers; /* address text → index + 1 */
    unsigned bulk;      /* bulk addresses given out */
    char **error;
};

static char *normal(const char *name)
{
    size_t length = strlen(name), i;
    char *copy;

    if (length && name[length - 1] == '.')
        length--;
    copy = mem_string_n(name, length);
    for (i = 0; i < length; i++)
        copy[i] = (char)tolower((unsigned char)copy[i]);
    return copy;
}

/* A name brings its ancestors along: they exist, with no records. */
static struct zone_name *name_entry(struct zone *zone, const char *name)
{
    struct zone_name *entry = map_get(&zone->names, name);
    const char *dot;

    if (entry)
        return entry;
    entry = mem_alloc(sizeof *entry);
    entry->name = mem_string(name);
    map_put(&zone->names, name, entry);
    dot = strchr(name, '.');
    if (dot)
        name_entry(zone, dot + 1);
    return entry;
}

static struct zone_record *add_record(struct zone_name *entry, enum zone_type type)
{
    struct zone_record *record;

    entry->records = mem_resize(entry->records, entry->count + 1, sizeof *entry->records);
    record = &entry->records[entry->count++];
    memset(record, 0, sizeof *record);
    record->type = type;
    return record;
}

static void add_mx(struct zone_name *entry, unsigned preference, const char *exchange)
{
    struct zone_record *record = add_record(entry, ZONE_MX);

    record->preference = preference;
    record->text = normal(exchange);
}

static bool read_mx(struct parser *p, struct zone_name *entry)
{
    char **words = p->lines.words;
    unsigned long preference;

    if (p->lines.count != 4 || !text_number(words[2], 0, 65535, &preference))
        return lines_fail(&p->lines, p->error, "expected NAME MX PREFERENCE EXCHANGE");
    add_mx(entry, (unsigned)preference, words[3]);
    return true;
}

static bool read_address(struct parser *p, struct zone_name *entry, enum zone_type type)
{
    struct net_address address;
    size_t i;

    if (p->lines.count < 3)
        return lines_fail(&p->lines, p->error, "expected NAME %s ADDRESS...", p->lines.words[1]);
    for (i = 2; i < p->lines.count; i++) {
        if (!net_address_parse(p->lines.words[i], &address) || (address.family == 4) != (type == ZONE_A))
            return lines_fail(&p->lines, p->error, "\"%s\" is no address of this family", p->lines.words[i]);
        add_record(entry, type)->address = address;
    }
    return true;
}

static bool read_alias(struct parser *p, struct zone_name *entry)
{
    if (p->lines.count != 3)
        return lines_fail(&p->lines, p->error, "expected NAME CNAME NAME");
    add_record(entry, ZONE_CNAME)->text = normal(p->lines.words[2]);
    return true;
}

static bool read_text(struct parser *p, struct zone_name *entry)
{
    struct buf strings;

    if (p->lines.count < 3)
        return lines_fail(&p->lines, p->error, "expected NAME TXT VALUE...");
    buf_init(&strings, 0);
    for (size_t i = 2; i < p->lines.count; i++) {
        if (strlen(p->lines.words[i]) > 255) {
            buf_release(&strings);
            return lines_fail(&p->lines, p->error, "expected NAME TXT VALUE of at most 255 bytes");
        }
        buf_printf(&strings, "%s%s", i > 2 ? "\n" : "", p->lines.words[i]);
    }
    add_record(entry, ZONE_TXT)->text = buf_take_string(&strings);
    return true;
}

static bool read_soa(struct parser *p, struct zone_name *entry)
{
    if (p->lines.count != 3)
        return lines_fail(&p->lines, p->error, "expected NAME SOA MAILBOX, as hostmaster.NAME");
    add_record(entry, ZONE_SOA)->text = mem_string(p->lines.words[2]);
    return true;
}

static const struct {
    const char *word;
    enum zone_type type;
} types[] = {{"A", ZONE_A},     {"AAAA", ZONE_AAAA}, {"MX", ZONE_MX},  {"CNAME", ZONE_CNAME},
             {"TXT", ZONE_TXT}, {"PTR", ZONE_PTR},   {"SOA", ZONE_SOA}};

static enum zone_type type_of(const char *word)
{
    size_t i;

    for (i = 0; i < sizeof types / sizeof *types; i++)
        if (strcasecmp(types[i].word, word) == 0)
            return types[i].type;
    return ZONE_ANY_TYPE;
}

static const char *const faults[] = {
    [ZONE_SERVFAIL] = "SERVFAIL",   [ZONE_REFUSED] = "REFUSED",   [ZONE_DROP] = "DROP",
    [ZONE_MALFORMED] = "MALFORMED", [ZONE_NXDOMAIN] = "NXDOMAIN",
};

static bool read_fault(struct parser *p, struct zone_name *entry, enum zone_fault fault)
{
    entry->fault = fault;
    if (p->lines.count > 2)
        entry->fault_type = type_of(p->lines.words[2]);
    if (p->lines.count > 3 || (p->lines.count == 3 && !entry->fault_type))
        return lines_fail(&p->lines, p->error, "expected NAME %s [A|AAAA|MX|CNAME|TXT|PTR|SOA]",
                          faults[fault]);
    return true;
}

static bool read_directive(struct parser *p, struct zone_name *entry)
{
    const char *word = p->lines.words[1];
    unsigned long delay;
    enum zone_fault fault;

    for (fault = ZONE_SERVFAIL; fault <= ZONE_NXDOMAIN; fault++)
        if (strcasecmp(faults[fault], word) == 0)
            return read_fault(p, entry, fault);
    if (strcasecmp(word, "AD") == 0 && p->lines.count == 2) {
        entry->authenticated = true;
        return true;
    }
    if (strcasecmp(word, "DELAY") != 0 || p->lines.count != 3 ||
        !text_number(p->lines.words[2], 0, 60000, &delay))
        return lines_fail(
            &p->lines, p->error,
            "expected a record type, SERVFAIL, REFUSED, DROP, MALFORMED, NXDOMAIN, AD or DELAY MS");
    entry->delay = (unsigned)delay;
    return true;
}

/* The name of an address in reverse DNS; it is written down by the address. */
static char *reverse_name(const struct net_address *address)
{
    const uint8_t *bytes = address->bytes;
    struct buf text;

    if (address->family == 4)
        return mem_format("%u.%u.%u.%u.in-addr.arpa", bytes[3], bytes[2], bytes[1], bytes[0]);
    buf_init(&text, 0);
    for (int i = 15; i >= 0; i--)
        buf_printf(&text, "%x.%x.", bytes[i] & 15u, bytes[i] >> 4);
    buf_add_string(&text, "ip6.arpa");
    return buf_take_string(&text);
}

static bool read_pointer(struct parser *p)
{
    struct net_address address;
    char *name;

    if (p->lines.count != 3 || !net_address_parse(p->lines.words[0], &address))
        return lines_fail(&p->lines, p->error, "expected ADDRESS PTR NAME");
    name = reverse_name(&address);
    add_record(name_entry(p->zone, name), ZONE_PTR)->text = normal(p->lines.words[2]);
    free(name);
    return true;
}

static bool read_record(struct parser *p)
{
    bool pointer = p->lines.count > 1 && type_of(p->lines.words[1]) == ZONE_PTR;
    char *name = normal(p->lines.words[0]);
    struct zone_name *entry = pointer ? NULL : name_entry(p->zone, name);
    enum zone_type type = p->lines.count > 1 ? type_of(p->lines.words[1]) : ZONE_ANY_TYPE;

    free(name);
    if (p->lines.count < 2)
        return lines_fail(&p->lines, p->error, "expected something after \"%s\"", p->lines.words[0]);
    if (pointer)
        return read_pointer(p);
    if (type == ZONE_MX)
        return read_mx(p, entry);
    if (type == ZONE_A || type == ZONE_AAAA)
        return read_address(p, entry, type);
    if (type == ZONE_CNAME)
        return read_alias(p, entry);
    if (type == ZONE_TXT)
        return read_text(p, entry);
    if (type == ZONE_SOA)
        return read_soa(p, entry);
    return read_directive(p, entry);
}

static bool is_loopback(const struct net_address *address)
{
    static const uint8_t one[16] = {[15] = 1};

    if (address->family == 4)
        return address->bytes[0] == 127;
    return memcmp(address->bytes, one, sizeof one) == 0;
}

static struct zone_server *add_server(struct parser *p, const struct net_address *address,
                                      const char *persona)
{
    struct zone *zone = p->zone;
    char text[NET_ADDRESS_SIZE];
    struct zone_server *server;

    net_address_print(address, text);
    if (map_get(&p->servers, text))
        return NULL;
    if ((zone->server_count & (zone->server_count + 1)) == 0)
        zone->servers = mem_resize(zone->servers, 2 * (zone->server_count + 1), sizeof *zone->servers);
    server = &zone->servers[zone->server_count++];
    *server =
        (struct zone_server){.address = *address, .persona = mem_string(persona), .line = p->lines.number};
    map_put(&p->servers, text, (void *)(uintptr_t)zone->server_count);
    return server;
}

static bool read_server(struct parser *p)
{
    struct net_address address;

    if (p->lines.count != 3 || !net_address_parse(p->lines.words[1], &address) || !is_loopback(&address))
        return lines_fail(&p->lines, p->error, "expected server ADDRESS PERSONA, in 127.0.0.0/8 or ::1");
    if (!add_server(p, &address, p->lines.words[2]))
        return lines_fail(&p->lines, p->error, "%s has a server already", p->lines.words[1]);
    return true;
}

struct bulk {
    unsigned long count;
    const char *prefix, *persona, *domain;
};

static bool read_bulk_words(struct parser *p, struct bulk *bulk)
{
    size_t i;

    if (p->lines.count < 2 || !text_number(p->lines.words[1], 1, BULK_MOST, &bulk->count))
        return lines_fail(&p->lines, p->error, "expected bulk COUNT prefix=NAME persona=NAME, at most %d",
                          BULK_MOST);
    for (i = 2; i < p->lines.count; i++) {
        char *key = p->lines.words[i], *value = line_value(key);

        if (value && strcmp(key, "prefix") == 0)
            bulk->prefix = value;
        else if (value && strcmp(key, "persona") == 0)
            bulk->persona = value;
        else if (value && strcmp(key, "domain") == 0)
            bulk->domain = value;
        else
            return lines_fail(&p->lines, p->error, "expected prefix=, persona= or domain=, not \"%s\"", key);
    }
    if (!bulk->prefix || !bulk->persona)
        return lines_fail(&p->lines, p->error, "bulk needs prefix= and persona=");
    return true;
}

static struct net_address bulk_address(unsigned n)
{
    struct net_address address = {.family = 4, .bytes = {127}};

    address.bytes[1] = (uint8_t)(BULK_NET + n / (BULK_OCTET * BULK_OCTET));
    address.bytes[2] = (uint8_t)(n / BULK_OCTET % BULK_OCTET + 1);
    address.bytes[3] = (uint8_t)(n % BULK_OCTET + 1);
    return address;
}

static bool add_bulk(struct parser *p, const struct bulk *bulk, unsigned long i)
{
    char *domain = bulk->domain ? normal(bulk->domain) : mem_format("%s-%lu.example", bulk->prefix, i);
    char *host =
        bulk->domain ? mem_format("%s-%lu.%s", bulk->prefix, i, domain) : mem_format("mx.%s", domain);
    struct net_address address = bulk_address(p->bulk++);
    bool added = add_server(p, &address, bulk->persona) != NULL;

    add_mx(name_entry(p->zone, domain), bulk->domain ? 10 + (unsigned)(i / 20 * 10) : 10, host);
    add_record(name_entry(p->zone, host), ZONE_A)->address = address;
    free(host);
    free(domain);
    return added || lines_fail(&p->lines, p->error, "a bulk address has a server already");
}

static bool read_bulk(struct parser *p)
{
    struct bulk bulk = {0};
    unsigned long i;

    if (!read_bulk_words(p, &bulk))
        return false;
    if (p->bulk + bulk.count > BULK_MOST)
        return lines_fail(&p->lines, p->error, "more than %d bulk servers", BULK_MOST);
    for (i = 0; i < bulk.count; i++)
        if (!add_bulk(p, &bulk, i))
            return false;
    return true;
}

static bool read_line(struct parser *p)
{
    if (strcmp(p->lines.words[0], "server") == 0)
        return read_server(p);
    if (strcmp(p->lines.words[0], "bulk") == 0)
        return read_bulk(p);
    return read_record(p);
}

static int by_name(const void *a, const void *b)
{
    return strcmp((*(struct zone_name *const *)a)->name, (*(struct zone_name *const *)b)->name);
}

static void name_servers(struct parser *p, const struct zone_name *entry)
{
    char text[NET_ADDRESS_SIZE];
    size_t i;

    for (i = 0; i < entry->count; i++) {
        uintptr_t index;

        if (entry->records[i].type != ZONE_A && entry->records[i].type != ZONE_AAAA)
            continue;
        net_address_print(&entry->records[i].address, text);
        index = (uintptr_t)map_get(&p->servers, text);
        if (index)
            strings_add_once(&p->zone->servers[index - 1].names, entry->name);
    }
}

/* Host names of each server, in the alphabet's order, since a map has none. */
static void name_all_servers(struct parser *p)
{
    size_t count = p->zone->names.count, cursor = 0, i;
    struct zone_name **all = mem_array(count + 1, sizeof *all);

    for (i = 0; i < count; i++)
        all[i] = map_next(&p->zone->names, &cursor);
    qsort(all, count, sizeof *all, by_name);
    for (i = 0; i < count; i++)
        name_servers(p, all[i]);
    free(all);
}

struct zone *zone_parse(const char *source, const char *text, char **error)
{
    struct parser p = {.zone = mem_alloc(sizeof *p.zone), .lines = lines_of(source, text), .error = error};
    bool good = true;

    *error = NULL;
    map_init(&p.zone->names);
    map_init(&p.servers);
    while (good && lines_next(&p.lines, error))
        good = read_line(&p);
    if (!*error)
        name_all_servers(&p);
    lines_release(&p.lines);
    map_release(&p.servers, NULL);
    if (*error) {
        zone_free(p.zone);
        return NULL;
    }
    return p.zone;
}

static void free_name(void *value)
{
    struct zone_name *entry = value;
    size_t i;

    for (i = 0; i < entry->count; i++)
        free(entry->records[i].text);
    free(entry->records);
    free(entry->name);
    free(entry);
}

void zone_free(struct zone *zone)
{
    size_t i;

    if (!zone)
        return;
    map_release(&zone->names, free_name);
    for (i = 0; i < zone->server_count; i++) {
        free(zone->servers[i].persona);
        strings_release(&zone->servers[i].names);
    }
    free(zone->servers);
    free(zone);
}

const struct zone_name *zone_find(const struct zone *zone, const char *name)
{
    return map_get(&zone->names, name);
}
