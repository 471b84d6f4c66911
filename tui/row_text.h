/* A row of the tree as text for the clipboard: name, verdict, TLS versions, what happens to mail, route and
 * reason, a tab between them, the same six for every row. */
#pragma once

#include "engine/base/buf.h"
#include "tui/rows.h"

/* Appends the row's line, without a line end. Text from strangers comes escaped (engine/base/text.h), so that
 * no tab or line end is in it. What a row has not is empty; a group or connector has counts for a reason.
 * Verdicts and reasons are the words of reports. */
void row_text(struct buf *out, const struct model *model, const struct rows *rows, const struct row *row);

/* The lines of all tagged targets in the model's order, a line end behind each. */
void row_text_tagged(struct buf *out, const struct model *model, const struct rows *rows);
