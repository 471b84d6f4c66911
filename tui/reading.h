/* A snapshot that a thread of its own reads, so that nobody waits for it. */
#pragma once

#include "engine/model/model.h"
#include "engine/store/store.h"

/* An earlier session. */
struct earlier {
    struct model *model;          /* owned */
    struct store_session session; /* what is said of it; owned */
    char *baseline;               /* what it was judged by itself; owned */
};
void earlier_release(struct earlier *earlier); /* a zeroed one is allowed */
/* The same on a thread of its own, for large ones take their time; NULL when there can be no thread, and all
 * is done. disposal_end waits for it and frees what comes back; NULL is allowed. */
struct disposal;
struct disposal *earlier_dispose(struct earlier *earlier);
void disposal_end(struct disposal *disposal);

struct reading;

/* Begins. `baseline` (taken over) is what the session is judged by, as of its own time (compare_align). NULL
 * and *error when there can be no thread. */
struct reading *reading_begin(const char *path, struct baseline *baseline, char **error);

/* Readable when it is over. */
int reading_descriptor(const struct reading *reading);
bool reading_over(const struct reading *reading);

/* How much was read, in percent. */
unsigned reading_share(const struct reading *reading);

/* It is to be over soon, and what was read is not wanted. */
void reading_cancel(struct reading *reading);

/* Waits for the end where it has not come, and frees the reading. True when all was read. False and *error
 * when it could not be, *error NULL when it was cancelled; then there is nothing to release. */
bool reading_end(struct reading *reading, struct earlier *earlier, char **error);
