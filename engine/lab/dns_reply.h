/* The lab's answers to DNS queries, as bytes (RFC 1035, 6891): a recursive resolver that knows one zone.
 * Pure. */
#pragma once

#include "engine/base/buf.h"
#include "engine/lab/zone.h"

#include <stdbool.h>
#include <stddef.h>

enum dns_reply_kind {
    DNS_REPLY_NONE, /* drop the query: not a query, or the zone says so */
    DNS_REPLY_SEND, /* send what was appended, after `*delay` milliseconds */
};

/* Appends the answer to `out`. Over UDP an answer that is longer than the client takes (512 bytes, or its
 * EDNS size up to 1232) is cut to its header and question with TC set. */
enum dns_reply_kind dns_reply(const struct zone *zone, const void *query, size_t length, bool tcp,
                              struct buf *out, unsigned *delay);
