/* Cuts the records of a handshake's clear part into smaller ones, as some servers and middleboxes do: RFC
 * 5246 section 6.2.1 lets a message lie in any number of them. Pure. */
#pragma once

#include "engine/base/buf.h"

#include <stdbool.h>
#include <stddef.h>

struct records {
    size_t most; /* bytes of a record; 0 = leaves all as it is */
    bool over;   /* a ChangeCipherSpec came by: what follows is encrypted and stays whole */
};

/* Appends the records, which must be whole; what is no record is appended as it is. */
void records_cut(struct records *records, const void *bytes, size_t length, struct buf *out);
