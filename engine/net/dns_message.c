#include "engine/net/dns_message_private.h"

#include "engine/base/mem.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_WIRE   255 /* with the root's empty label */
#define LABEL_MOST  63
#define JUMPS_MOST  64
#define CNAMES_MOST 16

enum { CLASS_IN = 1, TYPE_NS = 2, TYPE_OPT = 41 };

enum {
    FLAG_QR = 0x8000,
    FLAG_OPCODE = 0x7800,
    FLAG_AA = 0x0400,
    FLAG_TC = 0x0200,
    FLAG_RD = 0x0100,
    FLAG_RA = 0x0080,
    FLAG_AD = 0x0020,
    FLAG_RCODE = 0x000f
};

/* Appends one byte of a label to `text`, which has room. */
static size_t spell(char *text, uint8_t byte)
{
    if (isascii(byte) && (isalnum(byte) || byte == '-' || byte == '_')) {
        text[0] = (char)tolower(byte);
        return 1;
    }
    return (size_t)snprintf(text, 5, "\\%03u", byte);
}

/* One byte of a label in `*text`, escaped or not; -1 when an escape is broken. */
static int unspell(const char **text)
{
    const char *at = *text;

    if (*at != '\\') {
        *text = at + 1;
        return (uint8_t)*at;
    }
    if (isdigit((uint8_t)at[1]) && isdigit((uint8_t)at[2]) && isdigit((uint8_t)at[3])) {
        int value = (at[1] - '0') * 100 + (at[2] - '0') * 10 + (at[3] - '0');

        *text = at + 4;
        return value <= 255 ? value : -1;
    }
    if (!at[1] || isdigit((uint8_t)at[1]))
        return -1;
    *text = at + 2;
    return (uint8_t)at[1];
}

/* Appends one label and steps over the dot behind it; false when it can't be one. */
static bool add_label(struct buf *wire, const char **text)
{
    size_t mark = buf_mark(wire, 1);
    size_t length = 0;

    for (; **text && **text != '.'; length++) {
        int byte = unspell(text);

        if (byte < 0)
            return false;
        buf_u8(wire, (uint8_t)byte);
    }
    if (**text == '.')
        (*text)++;
    buf_fill(wire, mark, 1);
    return length && length <= LABEL_MOST;
}

static bool add_name(struct buf *out, const char *text)
{
    struct buf wire;
    bool good = true;

    buf_init(&wire, NAME_WIRE);
    if (strcmp(text, ".") == 0)
        text++;
    while (good && *text)
        good = add_label(&wire, &text);
    buf_u8(&wire, 0);
    good = good && !wire.failed;
    if (good)
        buf_add(out, wire.bytes, wire.length);
    buf_release(&wire);
    return good;
}

/* Follows a compression pointer, which must lead back: before `*start`, where this run of labels began. */
static bool jump(const struct dns_message *m, struct reader *labels, uint8_t high, size_t *start)
{
    size_t to = (size_t)(high & 0x3f) << 8 | reader_u8(labels);

    if (labels->failed || to >= *start)
        return false;
    *start = to;
    *labels = reader_of(m->bytes + to, m->length - to);
    return true;
}

/* Appends a label of `length` bytes to `text`. */
static bool read_label(struct reader *labels, uint8_t length, char **text, size_t *wire)
{
    const uint8_t *bytes = reader_bytes(labels, length);
    size_t i;

    *wire += length + 1u;
    if (!bytes || length > LABEL_MOST || *wire >= NAME_WIRE)
        return false;
    if (*wire > length + 1u)
        *(*text)++ = '.';
    for (i = 0; i < length; i++)
        *text += spell(*text, bytes[i]);
    return true;
}

bool dns_read_name(const struct dns_message *m, struct reader *r, char text[DNS_NAME_TEXT])
{
    struct reader labels = *r;
    size_t start = (size_t)(r->at - m->bytes), wire = 0;
    unsigned jumps = 0;
    uint8_t length;

    while ((length = reader_u8(&labels)) != 0) {
        if (length >= 0xc0) {
            struct reader at = labels;

            reader_u8(&at);
            if (!jumps++)
                *r = at;
            if (jumps > JUMPS_MOST || !jump(m, &labels, length, &start))
                return reader_fail(r);
        } else if (!read_label(&labels, length, &text, &wire)) {
            return reader_fail(r);
        }
    }
    *text = '\0';
    if (labels.failed)
        return reader_fail(r);
    if (!jumps)
        *r = labels;
    return true;
}

char *dns_name_normal(const char *name)
{
    char text[DNS_NAME_TEXT];
    struct dns_message m = {0};
    struct reader r;
    struct buf wire;
    bool good;

    buf_init(&wire, NAME_WIRE);
    good = add_name(&wire, name);
    m.bytes = wire.bytes;
    m.length = wire.length;
    r = reader_of(wire.bytes, wire.length);
    good = good && dns_read_name(&m, &r, text);
    buf_release(&wire);
    return good ? mem_string(text) : NULL;
}

bool dns_query_build(struct buf *out, uint16_t id, const char *name, enum dns_type type, unsigned payload)
{
    buf_u16(out, id);
    buf_u16(out, FLAG_RD | FLAG_AD);
    buf_u16(out, 1);
    buf_u16(out, 0);
    buf_u16(out, 0);
    buf_u16(out, payload ? 1 : 0);
    if (!add_name(out, name))
        return false;
    buf_u16(out, (uint16_t)type);
    buf_u16(out, CLASS_IN);
    if (payload) {
        buf_u8(out, 0);
        buf_u16(out, TYPE_OPT);
        buf_u16(out, (uint16_t)payload);
        buf_u32(out, 0);
        buf_u16(out, 0);
    }
    return !out->failed;
}

bool dns_next_record(const struct dns_message *m, struct reader *r, struct dns_raw *record)
{
    if (!dns_read_name(m, r, record->owner))
        return false;
    record->type = reader_u16(r);
    record->class = reader_u16(r);
    record->ttl = reader_u32(r);
    record->data = reader_vector(r, 2);
    return !r->failed;
}

/* True for records of `type` that belong to `owner`. */
static bool is_of(const struct dns_raw *record, const char *owner, unsigned type)
{
    return record->type == type && record->class == CLASS_IN && strcmp(record->owner, owner) == 0;
}

/* Header and question; false when this is no answer to the question. */
static bool read_head(struct dns_message *m, const char *name, enum dns_type type)
{
    char question[DNS_NAME_TEXT];
    struct reader r = reader_of(m->bytes, m->length);
    unsigned questions;

    reader_u16(&r); /* the id was compared on arrival */
    m->flags = reader_u16(&r);
    questions = reader_u16(&r);
    m->answers = reader_u16(&r);
    m->authorities = reader_u16(&r);
    reader_u16(&r);
    if (r.failed || !(m->flags & FLAG_QR) || m->flags & FLAG_OPCODE || questions != 1)
        return false;
    if (!dns_read_name(m, &r, question) || strcmp(question, name) != 0)
        return false;
    if (reader_u16(&r) != (unsigned)type || reader_u16(&r) != CLASS_IN)
        return false;
    m->records = r;
    return true;
}

/* True when every answer record can be walked over. */
static bool answers_are_whole(const struct dns_message *m)
{
    struct reader r = m->records;
    struct dns_raw record;
    unsigned i;

    for (i = 0; i < m->answers; i++)
        if (!dns_next_record(m, &r, &record))
            return false;
    return true;
}

enum follow { FOLLOW_END, FOLLOW_ON, FOLLOW_BROKEN };

/* Replaces `name` by what its CNAME says, if it has one. */
static enum follow follow_cname(const struct dns_message *m, char name[DNS_NAME_TEXT], struct trail *trail)
{
    struct reader r = m->records;
    struct dns_raw record;
    unsigned i;

    for (i = 0; i < m->answers; i++) {
        dns_next_record(m, &r, &record);
        if (!is_of(&record, name, DNS_TYPE_CNAME))
            continue;
        if (!dns_read_name(m, &record.data, name) || !reader_done(&record.data))
            return FOLLOW_BROKEN;
        trail_add(trail, RECORD_CNAME, record.owner, name, record.ttl);
        return FOLLOW_ON;
    }
    return FOLLOW_END;
}

/* Leaves the end of the chain in `name`; DNS_OK unless it is broken or a circle. */
static enum dns_status follow_all(const struct dns_message *m, char name[DNS_NAME_TEXT], struct trail *trail)
{
    unsigned i;

    for (i = 0; i <= CNAMES_MOST; i++) {
        enum follow step = follow_cname(m, name, trail);

        if (step != FOLLOW_ON)
            return step == FOLLOW_END ? DNS_OK : DNS_MALFORMED;
    }
    return DNS_SERVFAIL;
}

static void collect(const struct dns_message *m, const char *owner, enum dns_type type,
                    struct dns_answer *answer)
{
    struct reader r = m->records;
    struct dns_raw record;
    unsigned i;

    for (i = 0; i < m->answers; i++) {
        struct dns_record item = {0};

        dns_next_record(m, &r, &record);
        item.ttl = record.ttl;
        if (!is_of(&record, owner, type))
            continue;
        if (!dns_read_data(m, &record.data, type, &item)) {
            answer->malformed++;
            continue;
        }
        if ((answer->count & (answer->count - 1)) == 0) /* doubled at every power of two */
            answer->records = mem_resize(answer->records, answer->count ? answer->count * 2 : 1, sizeof item);
        answer->records[answer->count++] = item;
    }
}

static int compare_named(const void *a, const void *b)
{
    const struct dns_record *one = a, *two = b;

    if (one->preference != two->preference)
        return one->preference < two->preference ? -1 : 1;
    return strcmp(one->name, two->name);
}

static bool is_repeated(const struct dns_answer *answer, size_t kept, const struct dns_record *item)
{
    size_t i;

    if (item->name)
        return kept && compare_named(&answer->records[kept - 1], item) == 0;
    for (i = 0; i < kept; i++)
        if (net_address_equal(&answer->records[i].address, &item->address))
            return true;
    return false;
}

static void sort_out(struct dns_answer *answer)
{
    size_t kept = 0, i;

    if (answer->count && answer->records[0].name)
        qsort(answer->records, answer->count, sizeof *answer->records, compare_named);
    for (i = 0; i < answer->count; i++) {
        if (is_repeated(answer, kept, &answer->records[i]))
            free(answer->records[i].name);
        else
            answer->records[kept++] = answer->records[i];
    }
    answer->count = kept;
}

/* Whether the authority section holds NS records or a SOA, as far as it can be read. */
static void look_at_authority(const struct dns_message *m, bool *ns, bool *soa)
{
    struct reader r = m->records;
    struct dns_raw record;
    unsigned i;

    *ns = *soa = false;
    for (i = 0; i < m->answers + m->authorities && dns_next_record(m, &r, &record); i++) {
        if (i < m->answers)
            continue;
        *ns = *ns || record.type == TYPE_NS;
        *soa = *soa || record.type == DNS_TYPE_SOA;
    }
}

/* An answer without a record of the type: nothing there, or a server that does not look further (RFC 2308,
 * section 2.2). */
static enum dns_status judge_empty(const struct dns_message *m, struct dns_answer *answer)
{
    bool ns, soa;

    if (answer->malformed)
        return DNS_MALFORMED;
    look_at_authority(m, &ns, &soa);
    if (m->flags & FLAG_RA || soa)
        return DNS_NO_DATA;
    answer->unfinished = answer->canonical != NULL;
    return ns && !(m->flags & FLAG_AA) ? DNS_SERVFAIL : DNS_NO_DATA;
}

static void add_to_trail(struct dns_answer *answer, const char *owner, enum dns_type type)
{
    char text[DNS_NAME_TEXT + NET_ADDRESS_SIZE];

    for (size_t i = 0; i < answer->count; i++) {
        const struct dns_record *record = &answer->records[i];

        if (type == DNS_TYPE_MX)
            snprintf(text, sizeof text, "%u %s", record->preference, *record->name ? record->name : ".");
        else
            net_address_print(&record->address, text);
        trail_add(&answer->trail,
                  type == DNS_TYPE_MX  ? RECORD_MX
                  : type == DNS_TYPE_A ? RECORD_A
                                       : RECORD_AAAA,
                  owner, text, record->ttl);
    }
}

static enum dns_status rcode_status(unsigned rcode)
{
    switch (rcode) {
    case DNS_RCODE_OK:
        return DNS_OK;
    case DNS_RCODE_NXDOMAIN:
        return DNS_NXDOMAIN;
    case DNS_RCODE_REFUSED:
        return DNS_REFUSED;
    default:
        return DNS_SERVFAIL;
    }
}

static void read_answers(const struct dns_message *m, const char *name, enum dns_type type,
                         struct dns_answer *answer)
{
    char last[DNS_NAME_TEXT];
    enum dns_status chain;

    snprintf(last, sizeof last, "%s", name);
    chain = follow_all(m, last, &answer->trail);
    if (chain == DNS_OK && strcmp(last, name) != 0)
        answer->canonical = mem_string(last);
    if (chain == DNS_OK && type == DNS_TYPE_SOA)
        dns_read_zone(m, last, answer);
    if (answer->status != DNS_OK || chain != DNS_OK) {
        answer->status = answer->status == DNS_OK ? chain : answer->status;
        return;
    }
    collect(m, last, type, answer);
    sort_out(answer);
    if (type == DNS_TYPE_MX || type == DNS_TYPE_A || type == DNS_TYPE_AAAA)
        add_to_trail(answer, last, type);
    if (!answer->count)
        answer->status = judge_empty(m, answer);
}

void dns_answer_parse(struct dns_answer *answer, const void *bytes, size_t length, const char *name,
                      enum dns_type type)
{
    struct dns_message m = {.bytes = bytes, .length = length};

    memset(answer, 0, sizeof *answer);
    answer->status = DNS_MALFORMED;
    if (!read_head(&m, name, type))
        return;
    answer->rcode = m.flags & FLAG_RCODE;
    answer->truncated = m.flags & FLAG_TC;
    answer->authenticated = m.flags & FLAG_AD;
    if (!answers_are_whole(&m))
        return;
    answer->status = rcode_status(answer->rcode);
    read_answers(&m, name, type, answer);
}

void dns_answer_release(struct dns_answer *answer)
{
    size_t i;

    for (i = 0; i < answer->count; i++)
        free(answer->records[i].name);
    free(answer->records);
    free(answer->canonical);
    free(answer->zone);
    free(answer->mailbox);
    trail_release(&answer->trail);
    memset(answer, 0, sizeof *answer);
}
