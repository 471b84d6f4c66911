/* Exports of connectors as JSON (CONTRACT, "Input files"): Exchange Online's Get-OutboundConnector. Private
 * to this room. */
#pragma once

#include "engine/input/input.h"

/* Reads an export into `out`: each recipient domain of a connector that carries mail becomes a partner target
 * with the connector's requirement and route; what makes no target, or is not judged, is noted with the
 * reason. A connector that is listed again (same Guid) is merged. A document that is no whole JSON, or lists
 * no connector, is one problem and gives no target; a connector that can't be understood is a problem and
 * gives none itself. */
void connectors_read(const char *source, const char *text, struct input *out);
