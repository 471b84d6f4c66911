#include "engine/lab/dns_reply.h"

#include "engine/base/reader.h"

#include <ctype.h>
#include <string.h>

#define NAME_MOST   255
#define LABEL_MOST  63
#define CNAMES_MOST 8
#define PLAIN_UDP   512
#define EDNS_UDP    1232
#define TTL         300
#define TYPE_OPT    41
#define CLASS_IN    1

enum rcode { RCODE_OK = 0, RCODE_SERVFAIL = 2, RCODE_NXDOMAIN = 3, RCODE_NOTIMP = 4, RCODE_REFUSED = 5 };

#define FLAG_QR 0x8000
#define FLAG_TC 0x0200
#define FLAG_RD 0x0100
#define FLAG_RA 0x0080
#define FLAG_AD 0x0020

struct query {
    uint16_t id, flags, type, class;
    char name[NAME_MOST + 1]; /* lower case, no trailing dot */
    const uint8_t *question;  /* the question as sent, to be sent back */
    size_t question_length;
    bool edns;
    uint16_t payload;
};

static bool read_name(struct reader *r, char name[NAME_MOST + 1])
{
    size_t length = 0;
    uint8_t label;

    while ((label = reader_u8(r)) != 0) {
        const uint8_t *bytes = label <= LABEL_MOST ? reader_bytes(r, label) : NULL;

        if (!bytes || length + label + 1 > NAME_MOST)
            return reader_fail(r);
        if (length)
            name[length++] = '.';
        for (uint8_t i = 0; i < label; i++)
            name[length++] = (char)tolower(bytes[i]);
    }
    name[length] = '\0';
    return !r->failed;
}

/* Looks for an OPT record, which stands at the root: one zero byte. */
static void read_edns(struct reader *r, struct query *query)
{
    if (reader_u8(r) != 0 || reader_u16(r) != TYPE_OPT)
        return;
    query->payload = reader_u16(r);
    query->edns = !r->failed;
}

static bool read_query(struct query *query, const void *bytes, size_t length)
{
    struct reader r = reader_of(bytes, length);
    uint16_t questions, additional;

    query->id = reader_u16(&r);
    query->flags = reader_u16(&r);
    questions = reader_u16(&r);
    reader_u32(&r);
    additional = reader_u16(&r);
    query->question = r.at;
    if (r.failed || query->flags & FLAG_QR || questions != 1 || !read_name(&r, query->name))
        return false;
    query->type = reader_u16(&r);
    query->class = reader_u16(&r);
    query->question_length = (size_t)(r.at - query->question);
    if (r.failed)
        return false;
    if (additional)
        read_edns(&r, query);
    return true;
}

static void write_name(struct buf *out, const char *name)
{
    while (*name) {
        size_t length = strcspn(name, ".");

        buf_u8(out, (uint8_t)length);
        buf_add(out, name, length);
        name += length + (name[length] == '.');
    }
    buf_u8(out, 0);
}

/* One byte of a text in which \\DDD and \\X stand for others. */
static uint8_t next_byte(const char **at)
{
    unsigned value = 0;

    if (**at != '\\' || !(*at)[1])
        return (uint8_t) * (*at)++;
    (*at)++;
    if (!isdigit((unsigned char)**at))
        return (uint8_t) * (*at)++;
    for (int i = 0; i < 3 && isdigit((unsigned char)**at); i++)
        value = value * 10 + (unsigned)(*(*at)++ - '0');
    return (uint8_t)value;
}

static void write_mailbox(struct buf *out, const char *name)
{
    while (*name) {
        size_t mark = buf_mark(out, 1);

        while (*name && *name != '.')
            buf_u8(out, next_byte(&name));
        buf_fill(out, mark, 1);
        name += *name == '.';
    }
    buf_u8(out, 0);
}

static void write_strings(struct buf *out, const char *text)
{
    do {
        size_t mark = buf_mark(out, 1);

        while (*text && *text != '\n')
            buf_u8(out, next_byte(&text));
        buf_fill(out, mark, 1);
    } while (*text++);
}

static void write_soa_data(struct buf *out, const char *mailbox)
{
    write_name(out, "ns.lab.example");
    write_mailbox(out, mailbox);
    for (unsigned i = 0; i < 5; i++)
        buf_u32(out, TTL);
}

static size_t write_head(struct buf *out, const char *owner, uint16_t type)
{
    write_name(out, owner);
    buf_u16(out, type);
    buf_u16(out, CLASS_IN);
    buf_u32(out, TTL);
    return buf_mark(out, 2);
}

static void write_record(struct buf *out, const char *owner, const struct zone_record *record)
{
    size_t mark = write_head(out, owner, (uint16_t)record->type);

    if (record->type == ZONE_MX) {
        buf_u16(out, (uint16_t)record->preference);
        write_name(out, record->text);
    } else if (record->type == ZONE_CNAME || record->type == ZONE_PTR) {
        write_name(out, record->text);
    } else if (record->type == ZONE_TXT) {
        write_strings(out, record->text);
    } else if (record->type == ZONE_SOA) {
        write_soa_data(out, record->text);
    } else {
        buf_add(out, record->address.bytes, record->type == ZONE_A ? 4 : 16);
    }
    buf_fill(out, mark, 2);
}

static void write_soa(struct buf *out, const char *owner)
{
    size_t mark = write_head(out, owner, ZONE_SOA);

    write_soa_data(out, "hostmaster.lab.example");
    buf_fill(out, mark, 2);
}

static void write_opt(struct buf *out)
{
    buf_u8(out, 0);
    buf_u16(out, TYPE_OPT);
    buf_u16(out, EDNS_UDP);
    buf_u32(out, 0);
    buf_u16(out, 0);
}

struct answer {
    enum rcode rcode;
    unsigned answers, authority;
    bool authenticated;
    unsigned delay;
    enum zone_fault fault;
};

static const struct zone_record *find_record(const struct zone_name *entry, enum zone_type type)
{
    for (size_t i = 0; i < entry->count; i++)
        if (entry->records[i].type == type)
            return &entry->records[i];
    return NULL;
}

/* A negative answer carries the SOA of the zone that the name is in, else it would be a mere referral (RFC
 * 2308, section 2.2): its own, a parent's, or that of all names here. */
static void write_zone(const struct zone *zone, const char *name, struct buf *out)
{
    while (name) {
        const struct zone_name *entry = zone_find(zone, name);
        const struct zone_record *record = entry ? find_record(entry, ZONE_SOA) : NULL;

        if (record) {
            write_record(out, entry->name, record);
            return;
        }
        name = strchr(name, '.');
        name += name != NULL;
    }
    write_soa(out, "example");
}

static unsigned write_all(struct buf *out, const struct zone_name *entry, enum zone_type type)
{
    unsigned written = 0;

    for (size_t i = 0; i < entry->count; i++) {
        if (entry->records[i].type == type) {
            write_record(out, entry->name, &entry->records[i]);
            written++;
        }
    }
    return written;
}

static void look_at(const struct zone_name *entry, uint16_t type, struct answer *answer)
{
    answer->authenticated = answer->authenticated && entry->authenticated;
    if (entry->delay > answer->delay)
        answer->delay = entry->delay;
    if (entry->fault != ZONE_ANSWERS &&
        (entry->fault_type == ZONE_ANY_TYPE || entry->fault_type == (enum zone_type)type))
        answer->fault = entry->fault;
}

/* The root has its SOA whether or not the zone says anything of the root. */
static void resolve_root(const struct zone *zone, uint16_t type, struct buf *out, struct answer *answer)
{
    const struct zone_name *entry = zone_find(zone, "");

    answer->authenticated = entry && entry->authenticated;
    if (entry)
        look_at(entry, type, answer);
    write_soa(out, "");
    answer->answers = 1;
}

/* Follows CNAMEs from name to name and writes what it finds on the way. */
static void resolve(const struct zone *zone, const struct query *query, struct buf *out,
                    struct answer *answer)
{
    const char *name = query->name;

    if (!*name && query->type == ZONE_SOA) {
        resolve_root(zone, query->type, out, answer);
        return;
    }
    answer->authenticated = true;
    for (unsigned hop = 0; hop <= CNAMES_MOST; hop++) {
        const struct zone_name *entry = zone_find(zone, name);
        const struct zone_record *alias;

        if (!entry) {
            answer->rcode = RCODE_NXDOMAIN;
            answer->authenticated &= hop > 0;
            return;
        }
        look_at(entry, query->type, answer);
        alias = query->type == ZONE_CNAME ? NULL : find_record(entry, ZONE_CNAME);
        if (!alias) {
            answer->answers += write_all(out, entry, (enum zone_type)query->type);
            return;
        }
        write_record(out, entry->name, alias);
        answer->answers++;
        name = alias->text;
    }
    answer->rcode = RCODE_SERVFAIL;
}

static void write_header(struct buf *out, const struct query *query, uint16_t flags,
                         const struct answer *answer)
{
    buf_u16(out, query->id);
    buf_u16(out, (uint16_t)(FLAG_QR | FLAG_RA | (query->flags & FLAG_RD) | flags | (uint16_t)answer->rcode));
    buf_u16(out, 1);
    buf_u16(out, (uint16_t)answer->answers);
    buf_u16(out, (uint16_t)answer->authority);
    buf_u16(out, query->edns ? 1 : 0);
    buf_add(out, query->question, query->question_length);
}

/* Says that there is an answer, and breaks off inside of it. */
static void write_malformed(struct buf *out, const struct query *query)
{
    struct answer answer = {.answers = 3};

    write_header(out, query, 0, &answer);
    buf_add(out, "\x3f\xff\xff mail", 8);
}

static void finish(const struct zone *zone, struct query *query, struct answer *answer, struct buf *body,
                   bool tcp, struct buf *out)
{
    size_t limit = query->edns && query->payload > PLAIN_UDP ? query->payload : PLAIN_UDP;
    uint16_t flags = answer->authenticated && answer->rcode != RCODE_SERVFAIL ? FLAG_AD : 0;

    if (limit > EDNS_UDP)
        limit = EDNS_UDP;
    if (answer->rcode != RCODE_SERVFAIL && (answer->rcode == RCODE_NXDOMAIN || !answer->answers)) {
        write_zone(zone, query->name, body);
        answer->authority = 1;
    }
    if (!tcp && body->length + query->question_length + 12 + (query->edns ? 11 : 0) > limit) {
        *answer = (struct answer){.rcode = answer->rcode};
        buf_reset(body);
        flags |= FLAG_TC;
    }
    write_header(out, query, flags, answer);
    buf_add(out, body->bytes, body->length);
    if (query->edns)
        write_opt(out);
}

static enum dns_reply_kind refuse(const struct query *query, enum rcode rcode, struct buf *out)
{
    struct answer answer = {.rcode = rcode};

    write_header(out, query, 0, &answer);
    if (query->edns)
        write_opt(out);
    return DNS_REPLY_SEND;
}

static unsigned rcode_of(enum zone_fault fault)
{
    if (fault == ZONE_NXDOMAIN)
        return RCODE_NXDOMAIN;
    return fault == ZONE_REFUSED ? RCODE_REFUSED : RCODE_SERVFAIL;
}

enum dns_reply_kind dns_reply(const struct zone *zone, const void *query, size_t length, bool tcp,
                              struct buf *out, unsigned *delay)
{
    struct query q = {0};
    struct answer answer = {0};
    struct buf body;

    *delay = 0;
    if (!read_query(&q, query, length))
        return DNS_REPLY_NONE;
    if (q.flags & 0x7800 || q.class != CLASS_IN)
        return refuse(&q, RCODE_NOTIMP, out);
    buf_init(&body, 60000);
    resolve(zone, &q, &body, &answer);
    *delay = answer.delay;
    if (answer.fault == ZONE_ANSWERS)
        finish(zone, &q, &answer, &body, tcp, out);
    else if (answer.fault == ZONE_MALFORMED)
        write_malformed(out, &q);
    else if (answer.fault != ZONE_DROP)
        refuse(&q, rcode_of(answer.fault), out);
    buf_release(&body);
    return answer.fault == ZONE_DROP ? DNS_REPLY_NONE : DNS_REPLY_SEND;
}
