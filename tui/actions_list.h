/* A list that comes into the session while the keys are answered: read, weighed, asked about, added. */
#pragma once

#include "tui/state.h"

#include <stdint.h>

/* Begins; a short text, or few targets, are through at once. False and *error when no file can be read. */
bool list_read_file(struct screen *screen, const char *path, char **error);
bool list_read_text(struct screen *screen, const uint8_t *bytes, size_t length, char **error);

/* The answer was yes. */
void list_add(struct screen *screen);

/* It is read, weighed or added: something of it is still to come. */
bool list_under_way(const struct screen *screen);
/* Something can be done about it now. */
bool list_busy(const struct screen *screen);
/* Goes on for a moment; asks about the list when that is ready and nothing else is asked. */
void list_go_on(struct screen *screen);
/* Goes on to the end, and waits for the thread: for who has no other keys. */
void list_finish(struct screen *screen);

/* It is given up; what was added already stays, and can be undone. */
void list_cancel(struct screen *screen);
