/* The ghosts of a comparison. For tui/against and its parts alone. */
#pragma once

#include "tui/against.h"

struct ghost {
    struct target target;      /* a copy with the ghost's id; what it points to is the earlier model's */
    const struct target *then; /* what it was: a target, */
    const struct endpoint *endpoint; /* or an endpoint; NULL */
    char *name;                      /* of an endpoint, and `target`'s then; owned */
    size_t stays;                    /* of an endpoint: which of its users was last found to be there */
};

/* Makes the ghost of a target of the earlier session, or drops it, as is due. */
void ghosts_look_at(struct against *against, const struct target *then);
void ghosts_look_at_server(struct against *against, const struct endpoint *then);

/* The same for the target with its servers. */
void ghosts_look(struct against *against, const struct target *then);

/* Notes where a target's mail goes that went elsewhere then; with a look at those servers, and at the ones
 * that were noted before. */
void ghosts_note(struct against *against, const struct target *target);
void ghosts_look_behind(struct against *against, const struct target *target);

/* Drops all, from the rows too; frees them only. */
void ghosts_drop(struct against *against);
void ghosts_release(struct against *against);
