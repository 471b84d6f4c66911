/* SMTP replies (RFC 5321 §4.2), read in whatever pieces they come. Sans-IO. IMAP and POP3 answers are read
 * into the same struct by their own grammars (imap.h, pop3.h). */
#pragma once

#include "engine/base/strings.h"

#include <stdbool.h>
#include <stddef.h>

#define REPLY_LINE_MOST                                                                                      \
    2048 /* bytes of one line with its end; RFC 5321 §4.5.3.1.5 says 512, servers say more */
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
    char *line; /* the line in progress, as it came */
    size_t line_length, line_capacity, total;
    size_t skip;    /* bytes of an IMAP literal still to pass over */
    bool continued; /* the line in progress goes on behind a literal */
};

/* Zeroed is ready. `reply_clear` makes it ready for the next reply and frees what it held. */
void reply_clear(struct reply *reply);

/* Takes bytes up to the end of one reply; returns how many were taken (the rest belong to what comes next,
 * and nothing is taken once the status is no longer REPLY_PENDING). Lines end in LF, a CR before it is
 * dropped; a bare CR is text. The status does not depend on how the bytes are cut into pieces; a line that is
 * none is found out by its first bytes, without waiting for its end. */
size_t reply_feed(struct reply *reply, const void *bytes, size_t length);

/* How the replies of one protocol read. `command` is what the reply answers; NULL: the greeting. */
struct reply_grammar {
    /* False when `line`, of which `length` bytes are there, can't be a line of a reply. */
    bool (*plausible)(const struct reply *reply, const char *command, const char *line, size_t length);
    /* Takes one whole line without its end and sets status and code, or leaves the reply pending. IMAP and
     * POP3 have no codes: 200 stands for yes, 400 for not now, 421 for goodbye, 500 for no. */
    void (*judge)(struct reply *reply, const char *command, const char *line, size_t length);
};

/* reply_feed for any grammar. IMAP and POP3 lines are kept whole in `lines`. */
size_t reply_feed_as(struct reply *reply, const struct reply_grammar *grammar, const char *command,
                     const void *bytes, size_t length);

extern const struct reply_grammar smtp_grammar;
