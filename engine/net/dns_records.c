#include "engine/net/dns_message_private.h"

#include "engine/base/mem.h"

#include <stdlib.h>
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

bool dns_read_soa(const struct dns_message *m, struct reader *data, char **primary, char **mailbox)
{
    char names[2][DNS_NAME_TEXT];

    if (!dns_read_name(m, data, names[0]) || !dns_read_name(m, data, names[1]) || !reader_bytes(data, 20) ||
        !reader_done(data))
        return false;
    *primary = mem_string(names[0]);
    *mailbox = mem_string(names[1]);
    return true;
}

static bool read_soa(const struct dns_message *m, struct reader *data, struct dns_record *item)
{
    char *mailbox;

    if (!dns_read_soa(m, data, &item->name, &mailbox))
        return false;
    free(mailbox);
    return true;
}

static void spell(struct buf *text, struct reader bytes)
{
    while (reader_left(&bytes)) {
        uint8_t byte = reader_u8(&bytes);

        if (byte < ' ' || byte > '~' || byte == '\\')
            buf_printf(text, "\\%03u", byte);
        else
            buf_u8(text, byte);
    }
}

/* One string or more, which are one text (RFC 1035, section 3.3.14; RFC 8460, section 3). */
static bool read_text(struct reader *data, struct dns_record *item)
{
    struct buf text;

    buf_init(&text, 0);
    do {
        spell(&text, reader_vector(data, 1));
    } while (!data->failed && reader_left(data));
    if (!data->failed)
        item->name = mem_string(buf_string(&text));
    buf_release(&text);
    return !data->failed;
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
    case DNS_TYPE_TXT:
        return read_text(data, item);
    case DNS_TYPE_A:
    case DNS_TYPE_AAAA:
        break;
    }
    return read_address(data, type, item);
}
