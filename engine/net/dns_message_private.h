/* The inside of reading DNS messages: what the walk through one (dns_message.c, dns_zone.c) and the readers
 * of single records (dns_records.c) share. */
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

/* A record as it stands in a message. */
struct dns_raw {
    char owner[DNS_NAME_TEXT];
    unsigned type, class;
    uint32_t ttl;
    struct reader data; /* ends where the record does */
};

/* Reads the record at `r`, which it leaves behind it. */
bool dns_next_record(const struct dns_message *m, struct reader *r, struct dns_raw *record);

/* Reads a name, compressed or not (RFC 1035, section 4.1.4), and leaves `r` behind it. */
bool dns_read_name(const struct dns_message *m, struct reader *r, char text[DNS_NAME_TEXT]);

/* Reads a record's data, which must end where it says; false when it can't be read. The name in `item` is the
 * caller's. */
bool dns_read_data(const struct dns_message *m, struct reader *data, enum dns_type type,
                   struct dns_record *item);

/* A SOA's two names (RFC 1035, section 3.3.13), the five numbers behind them being there; they are the
 * caller's. False when it can't be read; then there are none. */
bool dns_read_soa(const struct dns_message *m, struct reader *data, char **primary, char **mailbox);

/* Fills in the zone of `name`, the end of the chain of CNAMEs, where the message tells one. */
void dns_read_zone(const struct dns_message *m, const char *name, struct dns_answer *answer);
