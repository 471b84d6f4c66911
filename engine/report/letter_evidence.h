/* The lists of a letter. Each line is ended, and is not wrapped yet. */
#pragma once

#include "engine/base/buf.h"
#include "engine/model/model.h"

/* What each address that falls short does: host, address and port, when it was asked, versions, certificate.
 */
void letter_evidence(struct buf *out, const struct model *model, const struct target *target);

/* What helps, an item for each kind of fault. */
void letter_changes(struct buf *out, const struct model *model, const struct target *target);
