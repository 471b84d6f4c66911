/* What the parts of the reader of Postfix's tables share. Private to postfix*.c. */
#pragma once

#include "engine/base/map.h"
#include "engine/base/words.h"
#include "engine/input/input.h"
#include "engine/tls/version.h"

/* One level of smtp_tls_policy_maps, with what it says besides. */
struct postfix_policy {
    char *key;              /* lower case; as it stands in the table */
    char *source;           /* "tls_policy:3" */
    const char *level;      /* Postfix's word, static; NULL: none is said anywhere */
    char *match;            /* colons between; NULL */
    bool protocols;         /* these two are said */
    enum tls_version floor; /* lowest version that the protocols allow */
    bool capped;            /* they leave out newer versions */
    bool used;              /* some next-hop came to it */
    size_t covered;
};

struct postfix_transport {
    char *key, *source;
    char *value;    /* as it stands in the table, escaped */
    char *nexthops; /* behind the colon; "" for the recipient's domain */
    char *why_not;  /* why no target comes of it; NULL */
    size_t covered;
};

struct postfix {
    struct postfix_transport *transports;
    size_t transport_count;
    struct postfix_policy *policies;
    size_t policy_count;
    struct map transport_keys, policy_keys; /* key → index + 1 */
    bool main_seen;
    char *main_source;
    char *relayhost, *relayhost_source; /* NULL when there is none */
    struct postfix_policy fallback;     /* of main.cf: level, protocols for may and for more */
    const char *obsolete;               /* of smtp_enforce_tls or smtp_use_tls, when no level is said; NULL */
    bool may_protocols;
    enum tls_version may_floor;
    char *verify_match, *secure_match; /* NULL: Postfix's defaults */
    char *transport_maps, *policy_maps;
};

/* The input's own; made when there is none. */
struct postfix *postfix_of(struct input *input);

/* Calls `take` with each logical line: comments and blank lines left out, continuations joined. */
void postfix_lines(const char *text, void (*take)(void *context, unsigned line, char *text), void *context);

/* A level by its word; NULL when there is none of that name. */
const char *postfix_level(const char *word);

/* "protocols" of a table or main.cf; false when it can't be read. */
bool postfix_protocols(const char *text, enum tls_version *floor, bool *capped);

/* Adds an entry; "FILE:LINE: …" problems go to `out`. `text` is one logical line. */
void postfix_add_transport(struct postfix *postfix, const char *source, unsigned line, char *text,
                           struct input *out);
void postfix_add_policy(struct postfix *postfix, const char *source, unsigned line, char *text,
                        struct input *out);
void postfix_add_parameter(struct postfix *postfix, const char *source, unsigned line, char *text,
                           struct input *out);
void postfix_refuse(struct input *out, const char *source, unsigned line, const char *text, const char *why);
