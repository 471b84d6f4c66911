/* The lab's mail servers: a listener for each address and protocol, and the connections to them. Lives on one
 * loop. */
#pragma once

#include "engine/base/map.h"
#include "engine/lab/authority.h"
#include "engine/lab/persona.h"
#include "engine/lab/zone.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>
#include <uv.h>

#define SESSIONS_MOST   4096
#define SESSION_IDLE_MS 120000

struct mail_counts {
    atomic_ulong connections, quits, most_at_once, waited_ms;
};

struct session;
struct mail_server;

TAILQ_HEAD(sessions, session);

struct mail {
    uv_loop_t *loop; /* all but what follows `counts` is borrowed */
    struct authority *authority;
    const struct zone *zone;
    const struct map *personas;
    struct mail_counts *counts;
    unsigned shake_ms, shake_seed; /* replies come up to so much later; the seed moves on */
    struct mail_server *servers;   /* owned */
    size_t server_count;
    struct sessions sessions; /* the one that was silent for longest first */
    unsigned session_count;
    uv_timer_t sweep;   /* ends silent sessions */
    char buffer[65536]; /* what was just read, by whichever session */
};

enum mail_opened { MAIL_OPEN, MAIL_PORT_TAKEN, MAIL_FAILED };

/* Opens every listener at port_base + protocol. MAIL_FAILED sets *error (the caller frees): a persona that
 * there isn't, or no descriptors. Unless open, mail_close and a run of the loop must follow, as after
 * use. */
enum mail_opened mail_open(struct mail *mail, uint16_t port_base, char **error);

/* Starts closing everything; run the loop until it ends, then mail_release. */
void mail_close(struct mail *mail);
void mail_release(struct mail *mail);
