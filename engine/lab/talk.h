/* What a mail server says to a command line: SMTP, submission, IMAP, POP3 and a little HTTP. Sans-IO; TLS and
 * time are the caller's. */
#pragma once

#include "engine/base/buf.h"
#include "engine/lab/persona.h"

#include <stdbool.h>
#include <stddef.h>

struct talk {
    const struct persona *persona; /* borrowed */
    enum protocol protocol;
    const char *host; /* the server's own name; borrowed */
    bool tls;         /* inside TLS */
    bool tired;       /* puts STARTTLS off */
};

enum talk_action {
    TALK_ON,
    TALK_TLS,     /* after this reply: TLS */
    TALK_QUIT,    /* after this reply: close; the client said goodbye */
    TALK_CLOSE,   /* after this reply: close */
    TALK_RESET,   /* after this reply: reset */
    TALK_SILENCE, /* never say anything again */
    TALK_FLOOD,   /* say this reply again and again, and listen no more */
};

/* Appends the banner that the protocol begins with (none for HTTP). */
enum talk_action talk_greet(const struct talk *talk, struct buf *out);

/* Appends the reply to one line, which came without its line end. */
enum talk_action talk_line(const struct talk *talk, const char *line, struct buf *out);
