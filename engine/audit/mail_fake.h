/* For tests: mail servers on loopback, one manner each, in a thread of their own, that count their guests. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum mail_manner {
    MAIL_PLAIN,    /* EHLO without STARTTLS */
    MAIL_ALERT,    /* STARTTLS, then handshake_failure to every hello */
    MAIL_HANG_UP,  /* STARTTLS, then closes at the hello */
    MAIL_THROTTLE, /* 421 at the banner */
    MAIL_GREYLIST, /* 450 at the banner of the first connection, then as MAIL_PLAIN */
    MAIL_SILENT,   /* accepts and says nothing */
    MAIL_CLOSE,    /* accepts and closes */
    MAIL_DRIP,     /* a banner without an end, a byte at a time */
    MAIL_SLOW,     /* as MAIL_PLAIN, but EHLO is answered after a while */
    MAIL_BUSY,     /* 421 at the banner of the first two connections, then as MAIL_PLAIN */
    MAIL_GREYER,   /* 450 at the banner of the first two connections, then as MAIL_PLAIN */
};

struct mail_fake;

/* `count` servers on 127.x.y.1 … 127.x.y.`count`, one port for all; at most 40. */
struct mail_fake *mail_fake_new(const enum mail_manner *manners, size_t count);
/* The same, each server in a network (/24) of its own: 127.x.y.1, 127.x.y+1.1 … */
struct mail_fake *mail_fake_new_spread(const enum mail_manner *manners, size_t count);
void mail_fake_free(struct mail_fake *fake);
unsigned mail_fake_port(const struct mail_fake *fake);
/* Static storage within the fake. */
const char *mail_fake_address(const struct mail_fake *fake, size_t index);

struct mail_counts {
    unsigned connections, quits;
    unsigned most_at_once; /* open at this server at the same time */
    unsigned open;
};
void mail_fake_counts(struct mail_fake *fake, size_t index, struct mail_counts *counts);
/* The most that were open at all servers together at the same time, those that MAIL_THROTTLE turned away left
 * out. */
unsigned mail_fake_most_at_once(struct mail_fake *fake);
