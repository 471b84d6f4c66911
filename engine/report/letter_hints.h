/* Where servers that many run have the settings that a partner is asked to change. */
#pragma once

#include "engine/base/buf.h"
#include "engine/model/model.h"

/* An item for each server and each kind of fault of the target; never empty. Each line is ended, and is not
 * wrapped yet. */
void letter_hints(struct buf *out, const struct model *model, const struct target *target);

/* A command that shows the first fault to whoever types it: of this program's own words and an address, never
 * of a name. Nothing where there is no fault. */
void letter_command(struct buf *out, const struct model *model, const struct target *target);
