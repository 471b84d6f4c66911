/* A session that was only looked at goes online target by target: the engine is given one when that is asked
 * for, and no other. */
#pragma once

#include "engine/audit/audit.h"
#include "engine/model/model.h"

#include <stdbool.h>
#include <stddef.h>

/* All zero: the engine has every target. */
struct online {
    bool *asleep; /* by target id: the engine does not know it; owned */
    size_t count;
};

/* The targets that the model holds now are asleep. What was seen of the place that they were probed from is
 * forgotten (tui/resume.h), for this may be another one. */
void online_begin(struct online *online, struct model *model);
void online_release(struct online *online);

bool online_is_asleep(const struct online *online, const struct target *target);

/* Gives the engine `target` if that is asleep. Its endpoints of which the model has facts are left alone; the
 * others are probed. */
void online_wake(struct online *online, struct audit *audit, const struct target *target);

/* Of one that was removed and comes back: a target that sleeps goes on sleeping. */
void online_add(const struct online *online, struct audit *audit, const struct target *target);
