/* The detail page of a connector's row. */
#pragma once

#include "tui/page.h"
#include "tui/rows.h"

/* What it demands, which way its mail takes, how its domains fare. */
void detail_bundle(struct page *page, const struct rows *rows, uint32_t connector);

/* "2 overdue, 1 promised"; "", and no field, when nobody noted anything. The caller frees. */
char *detail_campaign_words(const struct rows_campaign *campaign);
void detail_campaign(struct page *page, const struct rows_campaign *campaign);

/* Targets per verdict, the worst first; verdicts of none are left out. */
void detail_counts(struct page *page, const unsigned *counts);
