/* SMTP replies (RFC 5321 §4.2), read in whatever pieces they come. Sans-IO. */
#pragma once

#include "engine/base/strings.h"

#include <stdbool.h>
#include <stddef.h>

#define REPLY_LINE_MOST  2048  /* bytes of one line; RFC 5321 §4.5.3.1.5 says 512, servers say more */
#define REPLY_TOTAL_MOST 65536 /* bytes of one reply, all lines */

enum reply_status {
    REPLY_PENDING,  /* more bytes are needed */
    REPLY_COMPLETE, /* `code` and `lines` are set */
    REPLY_NOT_SMTP, /* a line that is no reply line, or codes that differ within one reply */
    REPLY_TOO_LONG,
};

struct reply {
    enum reply_status status;
    int code;             /* 200–599 */
    struct strings lines; /* text after the code and its separator, escaped, one item a line */
    /* private */
    char *line;
    size_t line_length, line_capacity, total;
};

/* Zeroed is ready. `reply_clear` makes it ready for the next reply. */
void reply_clear(struct reply *reply);

/* Takes bytes up to the end of one reply; returns how many were taken (the rest belong to what comes next).
 * Lines end in LF, a CR before it is dropped; a bare CR is text. */
size_t reply_feed(struct reply *reply, const void *bytes, size_t length);
