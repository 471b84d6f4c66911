/* The detail page of a connector's row. */
#pragma once

#include "tui/page.h"
#include "tui/rows.h"

/* What it demands, which way its mail takes, how its domains fare. */
void detail_bundle(struct page *page, const struct rows *rows, uint32_t connector);

/* Targets per verdict, the worst first; verdicts of none are left out. */
void detail_counts(struct page *page, const unsigned *counts);
