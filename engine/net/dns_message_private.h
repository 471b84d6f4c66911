/* The inside of reading DNS messages: what the walk through one (dns_message.c) and the readers of single
 * records (dns_records.c) share. */
#pragma once

#include "engine/base/reader.h"
#include "engine/net/dns_message.h"

#define DNS_NAME_TEXT 1024 /* 254 bytes, each as \DDD, and the NUL */

struct dns_message {
    const uint8_t *bytes;
    size_t length;
    unsigned flags;
    unsigned answers, authorities;
    struct reader records; /* at the first answer */
};

/* Reads a name, compressed or not (RFC 1035, section 4.1.4), and leaves `r` behind it. */
bool dns_read_name(const struct dns_message *m, struct reader *r, char text[DNS_NAME_TEXT]);

/* Reads a record's data, which must end where it says; false when it can't be read. The name in `item` is the
 * caller's. */
bool dns_read_data(const struct dns_message *m, struct reader *data, enum dns_type type,
                   struct dns_record *item);
