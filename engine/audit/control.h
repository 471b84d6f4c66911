/* A server that is known to take mail with STARTTLS, asked over one ordinary connection to tell trouble here
 * from trouble there. Paced like all others, and never a target: no event tells of it. Private to this room.
 */
#pragma once

#include "engine/audit/engine.h"
#include "engine/audit/evidence.h"

struct control;

/* `name`: a domain (its best MX is asked, else its own address), a host or an IP address. `done` runs once,
 * later, unless the control is cancelled before; it must not free the control. */
struct control *control_new(struct audit *audit, const char *name, void (*done)(void *context),
                            void *context);

/* Calls it off, with a QUIT where a dialogue is open. True while that QUIT is still to be said: `done` comes
 * behind it. */
bool control_cancel(struct control *control);
/* Asks again one that was called off. True when `done` will come, false when it had come before that. */
bool control_again(struct control *control);
void control_stop(struct control *control); /* silently, for the end of the audit */
void control_free(struct control *control); /* when nothing can call back any more */

const char *control_name(const struct control *control);
struct control_word control_word(const struct control *control);
/* Why it told nothing of the way to a mail port, for a sentence: "no such name (NXDOMAIN)"; NULL when it did.
 * The caller frees. */
char *control_silence(const struct control *control);

/* For work.c: its connection ended. */
void control_took(struct control *control, const struct probe_result *result);
