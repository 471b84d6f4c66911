/* The detail page's parts on what the sender has said of a target: connectors, inbound expectations, and the
 * words to send to the partner. */
#pragma once

#include "engine/model/model.h"
#include "tui/page.h"

/* Fields: the connector and how it came to carry the target, where it stands, what it demands. */
void detail_connector(struct page *page, const struct target_spec *spec);

/* The words of model_forward under a heading; nothing when there are none. */
void detail_message(struct page *page, const struct model *model, const struct target *target);

/* The lists of other connectors and of inbound expectations, each with a heading unless it is empty. */
void detail_other_connectors(struct page *page, const struct target_spec *spec);
void detail_inbound(struct page *page, const struct target_spec *spec);
