/* What the engine tells whoever drains it; the model applies these. */
#pragma once

#include "engine/base/strings.h"
#include "engine/base/trail.h"
#include "engine/base/words.h"
#include "engine/model/directory.h"
#include "engine/model/facts.h"
#include "engine/model/preflight.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A host is known by name, port and protocol; an endpoint by address, port, protocol and server name. The
 * keys are permanent: the same ones name the same thing in every run and snapshot. */
struct host_key {
    char *name; /* A-labels or IP literal */
    unsigned port;
    enum protocol protocol;
};

struct endpoint_key {
    char *address;
    unsigned port;
    enum protocol protocol;
    char *server_name; /* the host's name, "" for an IP literal */
};

struct dns_facts {
    enum dns_status status;
    bool authenticated;
    char *detail;       /* one sentence, e.g. the CNAME that was followed; NULL */
    struct trail trail; /* the records that the lookup went by */
};

/* Frees what it holds and makes it one that was not queried. */
void dns_facts_release(struct dns_facts *dns);

enum event_type {
    EVENT_ROUTE,  /* a target's route is known */
    EVENT_BESIDE, /* where its domain's MX lead is known, though its mail goes by smart host: `hosts` without
                     those that are on the route */
    EVENT_ADDRESSES, /* a host's addresses are known */
    EVENT_ACTIVITY,  /* an endpoint went to `stage`, or back to the queue (STAGE_QUEUED) or to rest
                        (STAGE_DONE) */
    EVENT_FACTS,     /* an endpoint's facts so far; replaces earlier ones */
    EVENT_CONTACTS,  /* what DNS says of whom to write to about a target; what was answered replaces earlier
                        answers */
    EVENT_IDLE, /* all that was asked so far is done, which may be nothing; `target`: how many commands that
                   were (audit_busy compares it) */
    EVENT_PREFLIGHT, /* what is known of the place that probes leave from; replaces earlier ones */
    EVENT_TROUBLE,   /* local trouble that people must see: `text` */
};

struct route_host {
    struct host_key key;
    int preference; /* -1 for smart hosts and direct ones */
};

struct event {
    enum event_type type;
    uint32_t target;          /* ROUTE, BESIDE, CONTACTS: the id given to audit_add; IDLE: a count */
    enum route route;         /* ROUTE, BESIDE */
    struct dns_facts dns;     /* ROUTE, BESIDE, ADDRESSES */
    struct strings warnings;  /* ROUTE, BESIDE, ADDRESSES */
    struct route_host *hosts; /* ROUTE, BESIDE */
    size_t host_count;
    struct host_key host;         /* ADDRESSES */
    struct strings addresses;     /* ADDRESSES: canonical text */
    struct endpoint_key endpoint; /* ACTIVITY, FACTS; ADDRESSES makes the keys from host and addresses */
    enum stage stage;             /* ACTIVITY */
    struct facts *facts;          /* FACTS; owned by the event */
    struct preflight preflight;   /* PREFLIGHT */
    struct directory *directory;  /* CONTACTS; owned by the event */
    char *text;                   /* TROUBLE */
};

void event_release(struct event *event);
void host_key_copy(struct host_key *to, const struct host_key *from);
void host_key_release(struct host_key *key);
void endpoint_key_copy(struct endpoint_key *to, const struct endpoint_key *from);
void endpoint_key_release(struct endpoint_key *key);
/* "smtp/25/mx.example" and "smtp/25/192.0.2.1/mx.example": for maps; the caller frees. */
char *host_key_text(const struct host_key *key);
char *endpoint_key_text(const struct endpoint_key *key);

/* The key of the endpoint that `address` (canonical text) makes with its host; release it. */
void endpoint_key_make(struct endpoint_key *to, const struct host_key *host, const char *address);
