/* The session that is shown, held against an earlier one. A thread reads the earlier one; then targets are
 * compared a few at a time, and again when they change. The rows are told how each stands (rows_set_since),
 * and get ghosts for what is there no more. */
#pragma once

#include "engine/model/model.h"
#include "tui/reading.h"
#include "tui/rows.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ghost;

/* A zeroed one holds nothing. */
struct against {
    char *path;             /* of the earlier snapshot; owned; NULL: nothing is compared */
    struct earlier earlier; /* of `path` */
    int64_t when;           /* it is as of then, seconds since 1970 */
    struct model *model;    /* what is compared with it, and its rows; borrowed */
    struct rows *rows;

    struct reading *reading;   /* of `wanted`; NULL: none is read */
    struct reading *leaving;   /* cancelled, and not over yet; NULL */
    struct disposal *disposal; /* of the session that was compared with before; NULL */
    char *wanted;              /* owned */

    bool round;                                 /* everything is being compared; */
    bool fresh;                                 /* for the first time */
    size_t next_target, next_gone, next_server; /* how far that has come */
    uint32_t *queue;                            /* targets to be compared again, by id; owned */
    size_t queued;
    uint8_t *waits;       /* by target id: it is in the queue; owned */
    uint32_t *likes;      /* by target id: the id of what it is in the earlier session; 0: nothing; owned */
    uint32_t **elsewhere; /* by target id: servers of the earlier session that its mail goes to now and did
                             not go to then, their number first; NULL: none; owned */
    size_t id_room;       /* of all three */
    uint32_t *ghost_of;   /* by the earlier session's ids: the ghost's; 0: none; owned */
    size_t before_room;
    struct ghost **ghosts; /* by id less `first_ghost`; NULL where dropped; owned */
    uint32_t first_ghost;
    size_t ghost_count;
    unsigned counts[since_count]; /* of targets; those that are gone too, and no ghost of a server */
    unsigned servers_gone;
};

/* Begins to read the snapshot. What was compared before stays until that is done. False and *error when it
 * can't begin. */
bool against_begin(struct against *against, struct model *model, struct rows *rows, const char *path,
                   char **error);

/* Reading and comparing go on; or there is something that waits to be compared again. */
bool against_busy(const struct against *against);
/* The first round is under way, or the reading before it; how far it came, in percent. */
bool against_coming(const struct against *against, unsigned *share);

/* "reading old.mxscope: 40 %" while that goes on; NULL when it does not. The caller frees. */
char *against_progress(const struct against *against);

/* Readable when the reading is over; -1: none is under way. */
int against_descriptor(const struct against *against);

enum against_news { AGAINST_QUIET, AGAINST_MOVED, AGAINST_DONE, AGAINST_FAILED };
/* Goes on for `most` targets. AGAINST_MOVED: marks may be others now; AGAINST_DONE: the first round ended;
 * AGAINST_FAILED: the file can't be read, for the reason in *error (the caller frees). */
enum against_news against_go_on(struct against *against, size_t most, char **error);

/* The reading, or the first round, is given up: what was compared before stays where it was only read. */
void against_cancel(struct against *against);

/* What changed in the model (ids of targets), once the rows know of it. */
void against_changed(struct against *against, const uint32_t *changed, size_t count);

/* Ends the comparison: no row is marked any longer. */
void against_end(struct against *against);
/* The same without a word to rows and model, which may be gone. Waits for the thread. */
void against_release(struct against *against);

/* How an endpoint of the model stands; SINCE_NOT_COMPARED where nothing is compared. */
enum since against_endpoint(const struct against *against, const struct endpoint *endpoint);

/* "Compared with old.mxscope of 2026-11-23: 2 regressed, …" for the comparison of both sessions; the caller
 * frees. */
char *against_title(const struct against *against, const struct comparison *comparison);

/* What a ghost was in the earlier session: a target, or an endpoint; NULL when it is the other. */
const struct target *against_target_of(const struct against *against, uint32_t ghost);
const struct endpoint *against_endpoint_of(const struct against *against, uint32_t ghost);
