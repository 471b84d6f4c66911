/* What the detail pane says of a row while the session is held against an earlier one. */
#pragma once

#include "tui/against.h"
#include "tui/page.h"
#include "tui/rows.h"

/* Appends a section "Since 2026-11-23 (old.mxscope)" for a target, an endpoint or what is there no more;
 * nothing where nothing is compared, or where the row is of another kind. */
void detail_since(struct page *page, const struct against *against, const struct row *row);
