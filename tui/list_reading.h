/* Files of targets, or a long text, that a thread of its own reads, so that nobody waits for it. */
#pragma once

#include "engine/base/strings.h"
#include "engine/input/input.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct list_reading;

/* Begins with these files (copied), which are read together: connectors, accepted domains and rules say
 * something of each other. NULL and *error when there can be no thread. */
struct list_reading *list_reading_begin(const struct strings *paths, char **error);

/* The same with a text (copied), as list_text reads it. */
struct list_reading *list_reading_begin_text(const uint8_t *bytes, size_t length, char **error);

/* Reads what was pasted, and finishes `input`: lines may end with CR alone, as terminals send them. */
void list_text(const uint8_t *bytes, size_t length, struct input *input);

/* Readable when it is over. */
int list_reading_descriptor(const struct list_reading *reading);
bool list_reading_over(const struct list_reading *reading);

/* How much was read, in percent. */
unsigned list_reading_share(const struct list_reading *reading);

/* It is to be over soon, and what was read is not wanted. */
void list_reading_cancel(struct list_reading *reading);

/* Waits for the end where it has not come, and frees the reading. True when all was read: the input is
 * finished, and the caller's. False and *error when a file could not be, *error NULL when it was cancelled;
 * then there is nothing to release. */
bool list_reading_end(struct list_reading *reading, struct input *input, char **error);
