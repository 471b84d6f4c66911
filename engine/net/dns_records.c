#include "engine/net/dns_message_private.h"

#include "engine/base/mem.h"

#include <string.h>

static bool read_mx(const struct dns_message *m, struct reader *data, struct dns_record *item)
{
    char exchange[DNS_NAME_TEXT];

    item->preference = reader_u16(data);
    if (!dns_read_name(m, data, exchange) || !reader_done(data))
        return false;
    item->name = mem_string(exchange);
    return true;
}

static bool read_pointer(const struct dns_message *m, struct reader *data, struct dns_record *item)
{
    char name[DNS_NAME_TEXT];

    if (!dns_read_name(m, data, name) || !reader_done(data))
        return false;
    item->name = mem_string(name);
    return true;
}

/* RFC 1035, section 3.3.13: two names and five numbers, of which only the first name is kept. */
static bool read_soa(const struct dns_message *m, struct reader *data, struct dns_record *item)
{
    char primary[DNS_NAME_TEXT], mailbox[DNS_NAME_TEXT];

    if (!dns_read_name(m, data, primary) || !dns_read_name(m, data, mailbox) || !reader_bytes(data, 20) ||
        !reader_done(data))
        return false;
    item->name = mem_string(primary);
    return true;
}

static bool read_address(struct reader *data, enum dns_type type, struct dns_record *item)
{
    size_t length = type == DNS_TYPE_A ? 4 : 16;
    const uint8_t *bytes = reader_bytes(data, length);

    if (!bytes || !reader_done(data))
        return false;
    item->address.family = type == DNS_TYPE_A ? 4 : 6;
    memcpy(item->address.bytes, bytes, length);
    return true;
}

bool dns_read_data(const struct dns_message *m, struct reader *data, enum dns_type type,
                   struct dns_record *item)
{
    switch (type) {
    case DNS_TYPE_MX:
        return read_mx(m, data, item);
    case DNS_TYPE_PTR:
    case DNS_TYPE_CNAME:
        return read_pointer(m, data, item);
    case DNS_TYPE_SOA:
        return read_soa(m, data, item);
    case DNS_TYPE_A:
    case DNS_TYPE_AAAA:
        break;
    }
    return read_address(data, type, item);
}
