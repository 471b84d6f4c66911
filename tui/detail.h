/* What the detail pane says of one row: the explanation first, then everything that is known. Built for the
 * selected row only. */
#pragma once

#include "tui/page.h"
#include "tui/rows.h"

#include <stdint.h>

/* Appends to an initialised page. `now` in seconds since 1970, for the days that certificates have left. */
void detail_build(struct page *page, const struct model *model, const struct rows *rows,
                  const struct row *row, int64_t now);

/* A name for the row: "Partners", "contoso.example", "mx1.contoso.example", "192.0.2.1"; the caller frees.
 * A target is named in Unicode unless `ascii`. */
char *detail_title(const struct model *model, const struct rows *rows, const struct row *row, bool ascii);
