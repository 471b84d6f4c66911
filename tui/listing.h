/* A list on its way into the session: a thread reads it, then it is weighed (tui/pasted.h) a few targets at a
 * time, then it waits for the moment at which it can be asked about. */
#pragma once

#include "engine/model/model.h"
#include "tui/list_reading.h"
#include "tui/pasted.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A zeroed one holds nothing. */
struct listing {
    struct list_reading *reading; /* of `files`; NULL: none is read */
    struct list_reading *leaving; /* cancelled, and not over yet; NULL */
    struct strings files;
    struct pasted incoming; /* that was read: PASTED_WEIGHED, and then it waits */
};

/* Begins to read a file, `before` (files that were read already, copied) with it. What was on its way is
 * given up. False and *error when it can't begin. */
bool listing_begin(struct listing *listing, const char *path, const struct strings *before, char **error);

/* The same with a text (copied); a short one is read at once. */
bool listing_begin_text(struct listing *listing, const uint8_t *bytes, size_t length, char **error);

/* It is read or weighed. */
bool listing_coming(const struct listing *listing);
/* Something can be done about it now, without waiting for the thread. */
bool listing_busy(const struct listing *listing);
/* It can be asked about. */
bool listing_ready(const struct listing *listing);

/* Readable when the reading is over; -1: none is under way. */
int listing_descriptor(const struct listing *listing);

/* "reading partners.csv: 40 %" while it comes; NULL when it does not. The caller frees. */
char *listing_progress(const struct listing *listing);

/* Goes on for `most` targets. False and *error (the caller frees) when the file can't be read. */
bool listing_go_on(struct listing *listing, const struct model *model, size_t most, char **error);

/* Moves what is ready to `pasted`, in place of what was there. */
void listing_take(struct listing *listing, struct pasted *pasted);

/* What is on its way is not wanted. */
void listing_cancel(struct listing *listing);
/* The same, and waits for the thread. */
void listing_release(struct listing *listing);
