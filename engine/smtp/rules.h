/* What differs between the mail protocols up to STARTTLS: commands, grammar, and how capabilities are told.
 */
#pragma once

#include "engine/base/strings.h"
#include "engine/base/words.h"
#include "engine/smtp/reply.h"

#include <stdbool.h>

/* What the awaited reply answers. */
enum question {
    ASKED_NOTHING, /* the greeting */
    ASKED_HELLO,
    ASKED_HELO, /* the plain greeting after a refused EHLO */
    ASKED_STARTTLS,
    ASKED_HELLO_TLS,
    ASKED_QUIT,
};

struct rules {
    const struct reply_grammar *grammar;
    const char *commands[ASKED_QUIT + 1]; /* NULL: there is none */
    const char *keyword;                  /* the capability that offers STARTTLS */
    bool names_itself;                    /* EHLO and HELO carry our name */
    bool codes;                           /* replies carry three digits */
    bool hello_optional;                  /* a server may lack the capability command (RFC 2449 §5) */
    void (*capabilities)(const struct strings *lines, struct strings *to);
    bool (*past_starttls)(const struct reply *greeting); /* NULL, or: no STARTTLS after this greeting */
};

/* NULL for https, which has no dialogue. */
const struct rules *rules_of(enum protocol protocol);

/* True when one of `capabilities` is `keyword`, in any case. */
bool rules_offered(const struct rules *rules, const struct strings *capabilities);

/* True when one of `capabilities` is a word of capitals as long as `keyword` with three X in a row: a
 * firewall wrote over the keyword. */
bool rules_masked(const struct rules *rules, const struct strings *capabilities);
